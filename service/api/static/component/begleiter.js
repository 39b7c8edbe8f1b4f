// Begleiter in a shop's page: <begleiter-advisor>, <begleiter-consent>, <begleiter-suggestions>. See docs/integrate.md.

import { AdvisorElement } from "./advisor.js";
import { SuggestionsElement } from "./choice.js";
import { ConsentElement } from "./consent.js";

/** @type {[string, CustomElementConstructor][]} */
const ELEMENTS = [
  ["begleiter-consent", ConsentElement],
  ["begleiter-suggestions", SuggestionsElement],
  ["begleiter-advisor", AdvisorElement],
];
for (const [name, element] of ELEMENTS) if (!customElements.get(name)) customElements.define(name, element);

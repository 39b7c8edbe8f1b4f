// What belongs to a product: the shop's companions with their reason, and what the model suggests.

import { ServiceElement } from "./base.js";
import { el } from "./elements.js";
import { card, takeButton } from "./products.js";
import { Refused } from "./wire.js";

/**
 * @typedef {import("./shapes.js").Companion} Companion
 * @typedef {import("./shapes.js").Match} Match
 * @typedef {import("./shapes.js").Suggestion} Suggestion
 * @typedef {import("./products.js").Showing} Showing
 */

const MOST = 4;

/** The chosen product, what must not be forgotten, and what is often taken along. */
export function choicePanel(
  /** @type {ServiceElement} */ element,
  /** @type {Match} */ match,
  /** @type {Companion[]} */ companions,
  /** @type {Showing} */ showing,
  /** @type {() => void} */ another,
) {
  const { words } = showing;
  const back = el("button.quiet", { type: "button", part: "another", onclick: another }, words.say("another"));
  const of = (/** @type {string} */ kind) =>
    companions
      .filter((each) => each.kind === kind)
      .map((each) => ({ ...each, because: { text: each.because, sku: match.sku } }));
  const more = el("div");
  const known = [match.sku, ...companions.map(({ sku }) => sku)];
  suggestionsFor(element, { basket: [match.sku], occasion: "product" }, known).then((found) =>
    more.replaceChildren(productGroup(element, "others", found, showing, match.sku)),
  );
  return el(
    "div.choice-panel",
    {},
    el("h3", { tabindex: -1 }, words.say("chosen")),
    card(match, showing, { part: "product" }, back),
    productGroup(element, "needed", of("must_have"), showing, match.sku),
    productGroup(element, "nice", of("nice_to_have"), showing, match.sku),
    more,
  );
}

/**
 * What goes with a basket; nothing, where the service cannot say.
 * @param {ServiceElement} element @param {{basket: string[], occasion: string}} asked @param {string[]} known
 * @returns {Promise<Suggestion[]>}
 */
export async function suggestionsFor(element, asked, known) {
  const body = { ...asked, limit: MOST + known.length, locale: element.locale };
  try {
    const found = await element.shopper.call("POST", "/v1/cross-sell", { body });
    return found.suggestions.filter((/** @type {Suggestion} */ each) => !known.includes(each.sku)).slice(0, MOST);
  } catch (refused) {
    if (refused instanceof Refused) return [];
    throw refused;
  }
}

/**
 * @param {ServiceElement} element @param {string} heading
 * @param {(import("./shapes.js").Product & {kind: string, because: {text: string}})[]} found
 * @param {Showing} showing @param {string | null} beside the product that it is shown with
 * @param {string[]} levels the headings' of the group and of a product
 */
export function productGroup(element, heading, found, showing, beside, levels = ["h3", "h4"]) {
  if (!found.length) return "";
  const items = found.map((each) => {
    const detail = { sku: each.sku, kind: each.kind, for: beside, product: each };
    const take = takeButton(each, showing.words, () => element.announce("chosen", detail));
    const because = el("p.because", { part: "because" }, each.because.text);
    return el("li", {}, card(each, showing, { part: "companion", heading: levels[1] }, because, take));
  });
  return el(
    "section",
    { part: heading },
    el(levels[0], {}, showing.words.say(heading)),
    el("ul.cards", { role: "list" }, ...items),
  );
}

/** <begleiter-suggestions basket="SKU SKU" occasion="basket">: what goes with a basket or a product, anywhere in the shop. */
export class SuggestionsElement extends ServiceElement {
  async begin() {
    const basket = (this.getAttribute("basket") ?? "").split(/\s+/).filter(Boolean);
    const occasion = this.getAttribute("occasion") ?? "basket";
    const places = { url: this.getAttribute("product-url"), image: this.getAttribute("product-image") };
    const showing = { words: this.words, places };
    const found = await suggestionsFor(this, { basket, occasion }, basket);
    const group = (/** @type {string} */ heading, /** @type {(kind: string) => boolean} */ fits) =>
      productGroup(
        this,
        heading,
        found.filter(({ kind }) => fits(kind)),
        showing,
        null,
        ["h2", "h3"],
      );
    const groups = [
      group("needed", (kind) => kind === "must_have"),
      group("nice", (kind) => kind === "nice_to_have"),
      group("others", (kind) => !kind.endsWith("_have")),
    ];
    this.root.replaceChildren(el("div.advisor", { lang: this.words.tag }, ...groups));
  }
}

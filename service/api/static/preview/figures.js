// How the answers part the products, which products nobody ever sees, and what the assortment lacks.

import { el } from "../component/elements.js";
import { bar, inWords, percent, someOf } from "./parts.js";

/** @typedef {import("../component/texts.js").Words} Words */

const LISTED = 12;

/** @param {any} found the reply @param {Words} words @returns {HTMLElement[]} */
export function figures(found, words) {
  return [
    el("p.lead", {}, `${words.say("models", { n: found.models })} ${words.say("bar")}`),
    el("section", {}, el("h2", {}, words.say("perQuestion")), el("p.help", {}, words.say("evenHelp")), ...found.questions.map((/** @type {any} */ each) => question(each, words))),
    gaps(found.gaps, words),
    neverShown(found.never_shown, found.models, words),
  ];
}

/** @param {any} found @param {Words} words */
function question(found, words) {
  const about = [inWords("choose", found.choose, words), inWords("effect", found.effect, words)];
  const facts = [words.say("even", { share: percent(found.evenness, words) })];
  if (found.not_stated > 0) facts.push(words.say("silent", { share: percent(found.not_stated, words) }));
  const answers = found.answers.map((/** @type {any} */ each) =>
    el(`li${each.fits ? "" : ".none"}`, {}, el("span.what", {}, each.text), bar(each.share, words.say("products", { n: each.fits }), words)),
  );
  return el("article.card", {}, el("h3", {}, found.text), el("p.help", {}, `${about.join(", ")} · ${facts.join(" · ")}`), el("ul.plain.shares", {}, ...answers));
}

/** @param {any} found @param {Words} words */
function gaps(found, words) {
  const heading = el("h2", {}, words.say("gaps"));
  if (!found.found.length) return el("section", {}, heading, el("p", {}, words.say("noGaps")));
  const items = found.found.map((/** @type {{text: string}[]} */ gap) => {
    const parts = gap.flatMap(({ text }, at) => [at ? el("small", {}, ` ${words.say("and")} `) : "", el("strong", {}, text)]);
    return el("li", {}, ...parts);
  });
  const how = words.say("gapsHelp") + (found.complete ? "" : ` ${words.say("gapsSome")}`);
  return el("section.gaps", {}, heading, el("p.help", {}, how), someOf(items, LISTED, words));
}

/** @param {any} found @param {number} all @param {Words} words */
function neverShown(found, all, words) {
  const heading = el("h2", {}, words.say("neverShown"));
  const list = (/** @type {{sku: string, name: string}[]} */ products) =>
    someOf(products.map(({ sku, name }) => el("li", {}, name, el("small", {}, ` ${sku}`))), LISTED, words);
  const parts = [];
  if (found.proven.length) parts.push(el("p", {}, words.say("proven")), list(found.proven));
  if (found.sampled.length) parts.push(el("p", {}, words.say("sampled", { n: found.paths })), list(found.sampled));
  if (!parts.length) parts.push(el("p", {}, words.say("allShown")));
  if (found.models_looked_at < all) parts.push(el("p.help", {}, words.say("lookedAt", { n: found.models_looked_at, all })));
  return el("section", {}, heading, ...parts);
}

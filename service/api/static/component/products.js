// Products as cards: the shortlist with its reasons, companions, and what else belongs to a choice.

import { address, el } from "./elements.js";

/**
 * @typedef {import("./shapes.js").Product} Product
 * @typedef {import("./shapes.js").Match} Match
 * @typedef {import("./texts.js").Words} Words
 * @typedef {{url: string | null, image: string | null}} Places addresses with `{sku}` in them, for feeds without any
 * @typedef {{words: Words, places: Places, names?: Record<string, string>}} Showing
 */

/** @param {string | null} stated @param {string | null} pattern @param {string} sku */
function place(stated, pattern, sku) {
  return address(stated ?? pattern?.replaceAll("{sku}", encodeURIComponent(sku)));
}

/**
 * @param {Product} product @param {Showing} showing
 * @param {{part: string, heading?: string}} as @param {...(Node | null | undefined | false)} rest
 */
export function card(product, { words, places }, { part, heading = "h4" }, ...rest) {
  const image = place(product.image, places.image, product.sku);
  const url = place(product.url, places.url, product.sku);
  const picture = image && el("img", { src: image, alt: "", loading: "lazy", part: "image" });
  return el(
    "article.card",
    { part, "data-sku": product.sku },
    picture,
    el(
      "div.about",
      {},
      el(heading, { part: "name" }, url ? el("a", { href: url }, product.name) : product.name),
      el("p.price", { part: "price" }, words.price(product.price, product.currency)),
      ...rest,
    ),
  );
}

/**
 * What speaks for a product, what against it, and what nobody knows.
 * @param {Match} match @param {Showing} showing
 */
export function reasons(match, { words, names = {} }) {
  const line = (/** @type {string} */ kind, /** @type {string} */ mark, /** @type {string} */ text) =>
    el(
      `li.${kind}`,
      { part: kind },
      el("span.mark", { "aria-hidden": "true" }, mark),
      el("span.hidden", {}, `${words.say(kind)}: `),
      text,
    );
  const unknown = match.unknown.every((name) => names[name])
    ? match.unknown.map((name) => names[name])
    : [words.say("unstated", { n: match.unknown.length })];
  const not = (/** @type {string} */ text) => `${words.say("unknown")}: ${text}`;
  return el(
    "ul.reasons",
    { role: "list", part: "reasons" },
    ...match.fits.map(({ text }) => line("fits", "✓", text)),
    ...match.misses.map(({ text }) => line("misses", "✗", text)),
    match.unknown.length > 0 &&
      el("li.unknown", { part: "unknown" }, el("span.mark", { "aria-hidden": "true" }, "?"), not(words.list(unknown))),
  );
}

/**
 * A button that takes the product along; it says so once it is done.
 * @param {Product} product @param {Words} words @param {() => void} take
 */
export function takeButton(product, words, take) {
  const button = el(
    "button",
    { type: "button", part: "add", "aria-label": `${words.say("add")}: ${product.name}` },
    words.say("add"),
  );
  button.addEventListener("click", () => {
    take();
    button.textContent = `✓ ${words.say("added")}`;
    button.setAttribute("aria-label", `${words.say("added")}: ${product.name}`);
  });
  return button;
}

// Small things that several views of the preview show.

import { el } from "../component/elements.js";

/** @typedef {import("../component/texts.js").Words} Words */

/**
 * A share as a bar, with its figure beside it.
 * @param {number} share @param {string} label @param {Words} words
 */
export function bar(share, label, words) {
  const filled = el("span.filled");
  filled.style.width = `${Math.round(share * 100)}%`;
  return el("div.share", {}, el("span.bar", { "aria-hidden": "true" }, filled), el("span", {}, label), el("span.percent", {}, percent(share, words)));
}

/** @param {number} share @param {Words} words */
export function percent(share, words) {
  return new Intl.NumberFormat(words.tag, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** @param {string} prefix @param {string} word the file's own word @param {Words} words */
export function inWords(prefix, word, words) {
  return words.say(prefix + word[0].toUpperCase() + word.slice(1));
}

/**
 * A list of which only the first are shown until somebody wants more.
 * @param {HTMLElement[]} items @param {number} most @param {Words} words
 */
export function someOf(items, most, words) {
  const list = el("ul.plain", {}, ...items.slice(0, most));
  if (items.length <= most) return list;
  const onclick = (/** @type {Event} */ event) => {
    list.append(...items.slice(most));
    /** @type {Element} */ (event.target).remove();
    items[most].setAttribute("tabindex", "-1");
    items[most].focus();
  };
  return el("div", {}, list, el("button", { type: "button", onclick }, words.say("more", { n: items.length - most })));
}

// Going on elsewhere: a one-time code to be read, typed or scanned, and a field for a code from another device.

import { address, el, freshId } from "./elements.js";

/**
 * @typedef {import("./texts.js").Words} Words
 * @typedef {import("./shapes.js").Handover} Handover
 * @typedef {{words: Words, place: (code: string) => string, offer: () => Promise<Handover>, enter: (code: string) => void}} Going
 */

const MARK = "#begleiter-handover=";

/**
 * The code in the page's address, if it is for this questionnaire; it is taken out there, being good only once.
 * @param {string} questionnaire
 */
export function arrivingCode(questionnaire) {
  const [meant, code] = location.hash.startsWith(MARK) ? location.hash.slice(MARK.length).split("/") : [];
  if (!code || meant !== questionnaire) return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return code;
}

/**
 * Where the other device is to go: this page, unless the shop names another one with `{code}` in it.
 * @param {string | null} pattern @param {string} questionnaire @param {string} code
 */
export function placeFor(pattern, questionnaire, code) {
  const here = location.href.split("#")[0] + MARK;
  return address(pattern?.replaceAll("{code}", `${questionnaire}/${code}`)) ?? `${here}${questionnaire}/${code}`;
}

/** @param {Going} going */
export function handoverPanel({ words, place, offer, enter }) {
  const shown = el("div.code", { role: "status" });
  const show = async () => {
    const { code, expires_at: until } = await offer();
    const told = el("p", {}, words.say("codeShown", { time: words.time(until) }));
    shown.replaceChildren(el("p", {}, el("strong", { part: "code" }, code)), told);
    const drawn = await picture(place(code), words.say("qr")).catch(() => null);
    if (drawn) shown.append(drawn); // without its module the code is still there to be typed
  };
  const open = el("button.quiet", { type: "button", part: "elsewhere", onclick: show }, words.say("elsewhere"));
  const id = freshId();
  const field = /** @type {HTMLInputElement} */ (
    el("input.number", { id, required: true, autocomplete: "off", spellcheck: "false", part: "enter-code" })
  );
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    enter(field.value.trim());
    field.value = "";
  };
  const go = el("button", { type: "submit", part: "go-on" }, words.say("next"));
  const labelled = el("span.field", {}, el("label", { for: id }, words.say("code")), field);
  const entering = el("form", { onsubmit: submit }, el("div.actions", {}, labelled, go));
  return [open, shown, el("details", {}, el("summary", {}, words.say("haveCode")), entering)];
}

/** @param {string} text @param {string} label */
async function picture(text, label) {
  /** @type {{squares: typeof import("./qr.js").squares}} */
  const { squares } = await import(new URL("begleiter-qr.js", import.meta.url).href);
  const rows = squares(text);
  if (!rows) return null;
  const dark = rows.flatMap((row, y) => row.map((is, x) => (is ? `M${x} ${y}h1v1h-1z` : "")));
  const drawn = svg("svg", { viewBox: `-4 -4 ${rows.length + 8} ${rows.length + 8}`, role: "img", "aria-label": label });
  drawn.append(svg("path", { d: dark.join("") }));
  return drawn;
}

/** @param {string} tag @param {Record<string, string>} attributes */
function svg(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// One question as a form. Whatever is asked, `answer(value)` gets the wire's form of the reply.

import { el, freshId } from "./elements.js";
import { NOT_SURE } from "./wire.js";

/**
 * @typedef {import("./shapes.js").Question} Question
 * @typedef {import("./shapes.js").Option} Option
 * @typedef {Pick<import("./shapes.js").Written, "unit" | "options">} Told what an answer's words need of its question
 * @typedef {import("./texts.js").Words} Words
 * @typedef {{words: Words, current: unknown, answer: (value: unknown) => void}} Asking
 */

/**
 * The question's form; its legend is what gets the focus.
 * @param {Question} question @param {Asking} asking
 */
export function questionForm(question, asking) {
  const { words } = asking;
  const help = question.help && el("p.help", { id: freshId(), part: "help" }, question.help);
  const error = el("p.error", { id: freshId(), role: "alert", part: "error" });
  const legend = el("legend.question", { tabindex: -1, part: "question" }, question.text);
  const input = INPUTS[question.choose](question, asking);
  const next = input.submits && el("button.primary", { type: "submit", part: "next" }, words.say("next"));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const given = input.read?.() ?? {};
    error.textContent = given.wrong ?? "";
    if (given.wrong) input.body.querySelector("input")?.focus();
    else if ("value" in given) asking.answer(given.value);
  };
  return el(
    "form",
    { novalidate: true, onsubmit: submit },
    el(
      "fieldset",
      { "aria-describedby": help ? help.id : null },
      legend,
      help,
      proposal(question, words),
      input.body,
      error,
    ),
    el("div.actions", {}, next, question.not_sure && notSure(asking)),
  );
}

/** @param {Asking} asking */
function notSure({ words, current, answer }) {
  const pressed = current === NOT_SURE;
  return el(
    "button",
    { type: "button", part: "not-sure", "aria-pressed": pressed ? "true" : null, onclick: () => answer(NOT_SURE) },
    words.say("notSure"),
  );
}

/** @param {Question} question @param {Words} words */
function proposal(question, words) {
  if (!question.prefilled) return null;
  return el("p.help", {}, `${valueText(question, question.prefilled.value, words)} (${words.say("profile")})`);
}

/**
 * An answer in words.
 * @param {Told | undefined} question @param {unknown} value @param {Words} words
 * @returns {string}
 */
export function valueText(question, value, words) {
  const unit = question?.unit ?? null;
  if (value === NOT_SURE || value === null) return words.say("notSure");
  if (typeof value === "number") return words.number(value, unit);
  if (typeof value === "object" && !Array.isArray(value)) {
    const { from = null, to = null } = /** @type {{from?: number | null, to?: number | null}} */ (value);
    if (from !== null && to !== null)
      return words.say("between", { from: words.number(from), to: words.number(to, unit) });
    return from !== null
      ? `${words.say("from")} ${words.number(from, unit)}`
      : `${words.say("to")} ${words.number(to ?? 0, unit)}`;
  }
  const ids = Array.isArray(value) ? value : [value];
  return words.list(ids.map((id) => question?.options.find((option) => option.id === id)?.text ?? String(id)));
}

/**
 * @typedef {{wrong?: string, value?: unknown}} Given
 * @typedef {{body: HTMLElement, submits: boolean, read?: () => Given}} Input
 * @type {Record<string, (question: Question, asking: Asking) => Input>}
 */
const INPUTS = {
  one: (question, asking) => ({ submits: false, body: choices(question, (option) => oneChoice(option, asking)) }),
  many: severalChoices,
  number: numberField,
  range: rangeFields,
};

/** @param {Question} question @param {(option: Option) => HTMLElement} build */
function choices(question, build) {
  return el("ul.choices", { role: "list" }, ...question.options.map((option) => el("li", {}, build(option))));
}

/** @param {Option} option @param {Words} words */
function count(option, words) {
  if (option.remaining === undefined) return null;
  return el(
    "span.count",
    { part: "count" },
    option.remaining ? words.say("left", { n: option.remaining }) : words.say("noneLeft"),
  );
}

/** @param {Option} option @param {Asking} asking */
function oneChoice(option, { words, current, answer }) {
  const closed = option.remaining === 0;
  const choose = () => closed || answer(option.id);
  const states = {
    "aria-disabled": closed ? "true" : null,
    "aria-pressed": current === undefined ? null : String(current === option.id),
  };
  return el(
    "button.choice",
    { type: "button", part: "option", ...states, onclick: choose },
    el("span", {}, option.text),
    count(option, words),
  );
}

/** @param {Question} question @param {Asking} asking @returns {Input} */
function severalChoices(question, { words, current }) {
  const chosen = new Set(Array.isArray(current) ? current : []);
  const body = choices(question, (option) => {
    const closed = option.remaining === 0 && !chosen.has(option.id);
    const onclick = closed && ((/** @type {Event} */ event) => event.preventDefault());
    const states = { checked: chosen.has(option.id), "aria-disabled": closed ? "true" : null };
    const box = el("input", { type: "checkbox", value: option.id, ...states, ...(onclick && { onclick }) });
    return el(
      "label.choice",
      { part: "option", "data-closed": closed || null },
      box,
      el("span", {}, option.text),
      count(option, words),
    );
  });
  const read = () => {
    const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (body.querySelectorAll("input:checked"));
    const value = [...boxes].map((box) => box.value);
    return value.length ? { value } : { wrong: words.say("wantOne") };
  };
  return { submits: true, body: el("div", {}, !question.help && el("p.help", {}, words.say("several")), body), read };
}

/** @param {string} label @param {string | null} unit @param {Record<string, unknown>} given */
export function field(label, unit, given) {
  const id = freshId();
  const input = /** @type {HTMLInputElement} */ (
    el("input.number", { id, type: "number", inputmode: "decimal", step: "any", part: "number", ...given })
  );
  const whole = el("span.field", {}, el("label", { for: id }, label), el("span.unit", {}, input, unit));
  return { input, whole };
}

/** @param {Question} question @param {Asking} asking @returns {Input} */
function numberField(question, { words, current }) {
  const { from = null, to = null } = question.range ?? {};
  const value = typeof current === "number" ? current : (question.prefilled?.value ?? null);
  const { input, whole } = field(question.text, question.unit, { min: from, max: to, value });
  whole.querySelector("label")?.classList.add("hidden");
  const read = () => {
    const number = input.valueAsNumber;
    if (Number.isNaN(number)) return { wrong: words.say("wantNumber") };
    const outside = (from !== null && number < from) || (to !== null && number > to);
    if (outside && from !== null && to !== null) return { wrong: words.say("wantBetween", { from, to }) };
    return { value: number };
  };
  return { submits: true, body: whole, read };
}

/** @param {Question} question @param {Asking} asking @returns {Input} */
function rangeFields(question, { words, current }) {
  const before = /** @type {{from?: number, to?: number}} */ (typeof current === "object" && current ? current : {});
  const low = field(words.say("lowest"), question.unit, { value: before.from, placeholder: words.say("any") });
  const high = field(words.say("highest"), question.unit, { value: before.to, placeholder: words.say("any") });
  const fields = el("div.fields", {}, low.whole, high.whole);
  const body = el("div", {}, slider(question, words, low.input, high.input), fields);
  const read = () => {
    const [from, to] = [low.input.valueAsNumber, high.input.valueAsNumber];
    if (from > to) return { wrong: words.say("reversed") };
    const ends = { ...(Number.isNaN(from) ? {} : { from }), ...(Number.isNaN(to) ? {} : { to }) };
    if (Object.keys(ends).length) return { value: ends };
    return question.not_sure ? { value: NOT_SURE } : { wrong: words.say("wantEnd") };
  };
  return { submits: true, body, read };
}

/**
 * Two handles on one track, in step with the two number fields; a handle at its end means "any".
 * @param {Question} question @param {Words} words @param {HTMLInputElement} low @param {HTMLInputElement} high
 */
function slider(question, words, low, high) {
  const step = stepOf(question.range);
  if (!step) return null;
  const [min, max] = [Math.floor(step.from / step.by) * step.by, Math.ceil(step.to / step.by) * step.by];
  const handle = (/** @type {string} */ name, /** @type {number} */ at) =>
    /** @type {HTMLInputElement} */ (
      el("input", { type: "range", "aria-label": words.say(name), min, max, step: step.by, value: at, part: "slider" })
    );
  const ends = [handle("lowest", min), handle("highest", max)];
  const track = el("div.slider", {}, el("div.track"), ...ends);
  const share = (/** @type {string} */ value) => `${((Number(value) - min) / (max - min)) * 100}%`;
  const show = () => {
    track.style.setProperty("--low", share(ends[0].value));
    track.style.setProperty("--high", share(ends[1].value));
    for (const [end, open] of /** @type {const} */ ([
      [ends[0], min],
      [ends[1], max],
    ])) {
      end.setAttribute(
        "aria-valuetext",
        Number(end.value) === open ? words.say("any") : words.number(Number(end.value), question.unit),
      );
    }
  };
  const follow = () => {
    ends[0].value = String(Number.isNaN(low.valueAsNumber) ? min : low.valueAsNumber);
    ends[1].value = String(Number.isNaN(high.valueAsNumber) ? max : high.valueAsNumber);
    show();
  };
  const move = (/** @type {number} */ moved) => {
    const [a, b] = ends.map((end) => Number(end.value));
    if (a > b) ends[moved].value = String(moved ? a : b);
    low.value = Number(ends[0].value) === min ? "" : ends[0].value;
    high.value = Number(ends[1].value) === max ? "" : ends[1].value;
    show();
  };
  ends.forEach((end, index) => end.addEventListener("input", () => move(index)));
  for (const input of [low, high]) input.addEventListener("input", follow);
  follow();
  const scale = el(
    "div.scale",
    { "aria-hidden": "true" },
    el("span", {}, words.number(min, question.unit)),
    el("span", {}, words.number(max, question.unit)),
  );
  return el("div", {}, track, scale);
}

/**
 * A round step that cuts the range into 20 to 50 parts.
 * @param {Question["range"]} range
 */
function stepOf(range) {
  if (!range || range.from === null || range.to === null || range.from >= range.to) return null;
  const rough = (range.to - range.from) / 50;
  const power = 10 ** Math.floor(Math.log10(rough));
  const by = power * /** @type {number} */ ([1, 2, 5, 10].find((each) => each * power >= rough));
  return { from: range.from, to: range.to, by };
}

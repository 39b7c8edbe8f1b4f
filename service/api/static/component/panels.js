// The parts of the advisor around its questions: how far it is, a conflict with its ways out, the answers so far.

import { el } from "./elements.js";
import { valueText } from "./questions.js";

/**
 * @typedef {import("./dialogue.js").Dialogue} Dialogue
 * @typedef {import("./shapes.js").State} State
 * @typedef {import("./texts.js").Words} Words
 */

/**
 * How far the shopper is, to be seen and to be read out.
 * @param {State} state @param {Words} words
 */
export function progressLine(state, words) {
  const { answered, at_most: most } = state.progress;
  const fitting = words.say("fitting", { n: state.remaining });
  const step = state.question ? words.say("progress", { n: Math.min(answered + 1, most), most }) : "";
  const bar = step && el("progress", { max: most, value: answered, "aria-label": step });
  const line = el("div", {}, step && el("p", {}, step), bar, el("p.fitting", { part: "remaining" }, fitting));
  return { line, spoken: [fitting, step].filter(Boolean).join(". ") };
}

/** @param {Dialogue} dialogue @param {string} id */
function questionOf({ questionnaire, state }, id) {
  return [...(questionnaire?.questions ?? []), state?.question].find((each) => each?.id === id) ?? undefined;
}

/**
 * An answer in words, the profile's included.
 * @param {Dialogue} dialogue @param {string} id @param {Words} words
 */
export function answerText(dialogue, id, words) {
  const { answers, prefilled } = /** @type {State} */ (dialogue.state);
  const value = answers[id] ?? prefilled[id]?.value ?? null;
  return valueText(questionOf(dialogue, id), value, words);
}

/** @param {Dialogue} dialogue @param {Words} words @param {(questions: string[]) => void} giveUp */
export function conflictPanel(dialogue, words, giveUp) {
  const { ways_out: ways } = /** @type {NonNullable<State["conflict"]>} */ (dialogue.state?.conflict);
  const buttons = ways.map(({ give_up: questions, remaining }) => {
    const what = words.list(questions.map((id) => words.say("quoted", { what: answerText(dialogue, id, words) })));
    const then = el("span.count", { part: "count" }, words.say("then", { n: remaining }));
    const title = words.list(questions.map((id) => questionOf(dialogue, id)?.text ?? id));
    const whole = el("span", {}, el("small", {}, title), words.say("without", { what }));
    return el(
      "li",
      {},
      el("button.choice", { type: "button", part: "way-out", onclick: () => giveUp(questions) }, whole, then),
    );
  });
  return el(
    "div.conflict",
    { part: "conflict" },
    el("h3", { tabindex: -1 }, words.say("conflict")),
    el("p", {}, words.say("ways")),
    el("ul.choices", { role: "list" }, ...buttons),
  );
}

/**
 * Every answer with a button to change it, and one to begin again.
 * @param {Dialogue} dialogue @param {Words} words @param {(id: string) => void} edit @param {() => void} restart
 */
export function answersPanel(dialogue, words, edit, restart) {
  const { answers, prefilled, set_aside: aside } = /** @type {State} */ (dialogue.state);
  const given = (dialogue.questionnaire?.questions ?? []).filter(
    ({ id }) => (answers[id] ?? null) !== null || id in prefilled,
  );
  if (!given.length) return [];
  const rows = given.map(({ id, text }) => {
    const from = (answers[id] ?? null) === null ? words.say("profile") : aside.includes(id) ? words.say("aside") : "";
    const label = `${words.say("change")}: ${text}`;
    const change = el(
      "button.quiet",
      { type: "button", part: "change", "aria-label": label, onclick: () => edit(id) },
      words.say("change"),
    );
    const value = el("dd", {}, answerText(dialogue, id, words), from && el("small", {}, ` (${from})`), change);
    return el("div", {}, el("dt", {}, text), value);
  });
  const again = el("button.quiet", { type: "button", part: "restart", onclick: restart }, words.say("restart"));
  return [el("h3", {}, words.say("answers")), el("dl", {}, ...rows), again];
}

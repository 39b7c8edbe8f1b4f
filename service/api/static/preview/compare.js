// What the text means differently from the version in force, and where the same answers lead in both.

import { el } from "../component/elements.js";
import { valueText } from "../component/questions.js";

/**
 * @typedef {import("../component/texts.js").Words} Words
 * @typedef {import("../component/texts.js").Words} ShopperWords
 * @typedef {{name: string, before: string | null, after: string | null}} Field
 */

/**
 * @param {any} found the reply @param {Words} words
 * @param {{answers: Record<string, unknown>, questionnaire: any, shopper: ShopperWords}} played
 * @returns {HTMLElement[]}
 */
export function comparison(found, words, played) {
  const changes = found.changes.map((/** @type {any} */ each) => change(each, words));
  const told = found.published === null ? "isNew" : found.same ? "isSame" : "differs";
  return [
    el("section", {}, el("h2", {}, words.say(told, { n: changes.length })), el("ul.plain.changes", {}, ...changes)),
    el("section", {}, el("h2", {}, words.say("sameAnswers")), given(played, words), outcomes(found, words)),
  ];
}

/** @param {any} found @param {Words} words */
function change(found, words) {
  const name = words.say(found.what === "questionnaire" ? "whole" : found.what, { id: found.id, within: found.within ?? "" });
  const rows = found.fields.map((/** @type {Field} */ each) =>
    el("tr", {}, el("th", { scope: "row" }, each.name), el("td", {}, text(each.before, words)), el("td", {}, text(each.after, words))),
  );
  const head = el("tr", {}, el("td"), ...["before", "after"].map((key) => el("th", { scope: "col" }, words.say(key))));
  return el(
    `li.card.${found.how}`,
    {},
    el("h3", {}, el("span.tag", {}, words.say(found.how)), ` ${name}`),
    el("div.wide", { tabindex: 0, role: "group", "aria-label": name }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...rows))),
  );
}

/** @param {string | null} told @param {Words} words */
function text(told, words) {
  return told === null ? el("small", {}, words.say("nothing")) : told;
}

/** @param {{answers: Record<string, unknown>, questionnaire: any, shopper: ShopperWords}} played @param {Words} words */
function given({ answers, questionnaire, shopper }, words) {
  const questions = questionnaire?.questions ?? [];
  const told = Object.entries(answers).map(([id, value]) => {
    const question = questions.find((/** @type {{id: string}} */ each) => each.id === id);
    return `${question?.text ?? id} ${valueText(question, value, shopper)}`;
  });
  if (!told.length) return el("p.help", {}, words.say("noAnswersYet", { play: words.say("play") }));
  return el("p", {}, words.say("answersFrom", { play: words.say("play"), what: told.join(" · ") }));
}

/** @param {any} found @param {Words} words */
function outcomes(found, words) {
  const both = ["before", "after"].filter((side) => found[side]);
  return el("div.both", {}, ...both.map((side) => outcome(words.say(side), found[side], words)));
}

/** @param {string} heading @param {any} found @param {Words} words */
function outcome(heading, { state, not_taken: refused }, words) {
  const next = state.conflict ? words.say("noneFits") : state.question ? words.say("next", { what: state.question.text }) : words.say("end");
  const shown = state.shortlist.map((/** @type {any} */ each) => el("li", {}, each.name, el("small", {}, ` ${words.price(each.price, each.currency)}`)));
  return el(
    "article.card",
    {},
    el("h3", {}, heading),
    el("p.figure", {}, words.say("leftOver", { n: state.remaining })),
    el("p", {}, next),
    refused.length > 0 && el("p.error", {}, words.say("notTaken", { what: refused.join(", ") })),
    el("ol", {}, ...shown),
  );
}

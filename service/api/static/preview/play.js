// Plays the text as a shopper would see it, with the component's own questions and cards; nothing is stored anywhere.

import { el, sheet } from "../component/elements.js";
import { answersPanel, conflictPanel, progressLine } from "../component/panels.js";
import { card, reasons } from "../component/products.js";
import { questionForm } from "../component/questions.js";
import { STYLES } from "../component/styles.js";
import { Words as ShopperWords } from "../component/texts.js";
import { NOT_SURE } from "../component/wire.js";

/**
 * @typedef {import("../component/shapes.js").State} State
 * @typedef {import("../component/shapes.js").Question} Question
 * @typedef {import("../component/shapes.js").Questionnaire} Questionnaire
 * @typedef {import("../component/texts.js").Words} Words
 * @typedef {(what: string, more?: Record<string, unknown>) => Promise<any>} Ask
 * @typedef {{ask: Ask, words: Words, failed: (error: unknown) => void}} About
 */

const STYLE = sheet(STYLES);
const MOST_DETOURS = 12;

/** One try-out of one text; `answers` outlives an edit of the text as far as its questions do. */
export class Play {
  /** @param {About} about @param {Record<string, unknown>} answers @param {string} locale */
  constructor(about, answers, locale) {
    this.#about = about;
    this.answers = answers;
    this.#locale = locale;
    this.#shopper = new ShopperWords(locale);
    this.body = el("div.player");
    this.#root = this.body.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [STYLE];
  }

  #about;
  #locale;
  #shopper;
  #root;
  /** @type {Question | null} */
  #editing = null;
  #busy = false;
  /** @type {State | null} */
  state = null;
  /** @type {Questionnaire | null} */
  questionnaire = null;

  async begin() {
    this.questionnaire = await this.#about.ask("questionnaire", { locale: this.#locale });
    const found = await this.#about.ask("comparison", { locale: this.#locale, answers: this.answers });
    this.answers = found.after.state.answers;
    this.state = found.after.state;
    this.#draw();
  }

  /** @param {() => Promise<void>} act */
  async #once(act) {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await act();
      this.#draw();
      /** @type {HTMLElement | null} */ (this.#root.querySelector(".asked legend, .asked h3"))?.focus();
    } catch (error) {
      this.#about.failed(error);
    } finally {
      this.#busy = false;
    }
  }

  /** @param {Record<string, unknown>} answers @returns {Promise<State>} */
  #advice(answers) {
    return this.#about.ask("advice", { locale: this.#locale, answers });
  }

  /** @param {Record<string, unknown>} answers */
  #take(answers) {
    return this.#once(async () => {
      this.state = await this.#advice(answers);
      this.answers = this.state.answers;
      this.#editing = null;
    });
  }

  /**
   * Asks an earlier question again, as it stands with all the other answers.
   * @param {string} id
   */
  #edit(id) {
    return this.#once(async () => {
      const { [id]: _, ...others } = this.answers;
      for (let detours = 0; detours < MOST_DETOURS; detours += 1) {
        const { question } = await this.#advice(others);
        if (question?.id === id) {
          this.#editing = question;
          return;
        }
        if (!question?.not_sure) break;
        others[question.id] = NOT_SURE;
      }
      const written = this.questionnaire?.questions.find((each) => each.id === id);
      this.#editing = /** @type {Question} */ ({ ...written, range: null, prefilled: null });
    });
  }

  /** @param {string[]} questions */
  #giveUp(questions) {
    return this.#take(Object.fromEntries(Object.entries(this.answers).filter(([id]) => !questions.includes(id))));
  }

  #draw() {
    const state = /** @type {State} */ (this.state);
    const words = this.#shopper;
    const { line, spoken } = progressLine(state, words);
    const asked = el("div.asked", {}, ...this.#asked(state));
    const listed = el("div.listed", {}, this.#shortlist(state));
    const answered = el("div.answered", {}, ...answersPanel(/** @type {any} */ (this), words, (id) => this.#edit(id), () => this.#take({})), ...this.#skipped(state));
    const title = el("h2", {}, this.questionnaire?.title ?? "");
    const whole = el("section.advisor", { "aria-label": this.#about.words.say("play"), lang: words.tag });
    whole.append(el("header", {}, title, el("div.progress", {}, line)), el("p.hidden", { role: "status" }, spoken), el("div.columns", {}, asked, listed), answered);
    this.#root.replaceChildren(whole);
  }

  /** @param {State} state */
  #asked(state) {
    const question = this.#editing ?? (state.conflict ? null : state.question);
    if (question) {
      const current = this.#editing ? this.answers[question.id] : undefined;
      const answer = (/** @type {unknown} */ value) => this.#take({ ...this.answers, [question.id]: value });
      return [questionForm(question, { words: this.#shopper, current, answer }), this.#back(question.id)];
    }
    if (state.conflict) {
      return [conflictPanel(/** @type {any} */ (this), this.#shopper, (ids) => this.#giveUp(ids)), this.#back(null)];
    }
    return [el("h3", { tabindex: -1 }, this.#shopper.say("done")), this.#back(null)];
  }

  /** @param {string | null} here */
  #back(here) {
    const order = (this.questionnaire?.questions ?? []).map(({ id }) => id);
    const before = here ? order.slice(0, order.indexOf(here)) : order;
    const id = before.reverse().find((each) => each in this.answers && !this.state?.set_aside.includes(each));
    if (!id) return "";
    const button = el("button.quiet", { type: "button", onclick: () => this.#edit(id) }, this.#shopper.say("back"));
    return el("div.actions", {}, button);
  }

  /** @param {State} state */
  #shortlist(state) {
    const words = this.#shopper;
    const heading = !state.shortlist.length ? "nothing" : state.question ? "soFar" : "best";
    const showing = { words, places: { url: null, image: null }, names: this.questionnaire?.attributes };
    const cards = state.shortlist.map((match) => el("li", {}, card(match, showing, { part: "product" }, reasons(match, showing))));
    return el("div", {}, el("h3", {}, words.say(heading)), el("ul.cards", { role: "list" }, ...cards), this.#companions(state));
  }

  /** @param {State} state */
  #companions(state) {
    if (!state.companions.length) return "";
    const { words } = this.#about;
    const name = (/** @type {string} */ sku) => state.shortlist.find((each) => each.sku === sku)?.name ?? sku;
    const items = state.companions.map((each) =>
      el("li", {}, words.say("belongsTo", { name: each.name, other: name(each.for) }), el("p.because", {}, each.because)),
    );
    return el("section", { lang: words.tag }, el("h3", {}, words.say("goesWith")), el("ul.choices", { role: "list" }, ...items));
  }

  /** @param {State} state */
  #skipped(state) {
    if (!state.skipped.length) return [];
    const { words } = this.#about;
    const rows = state.skipped.map(({ question, because }) => {
      const text = this.questionnaire?.questions.find(({ id }) => id === question)?.text ?? question;
      return el("div", {}, el("dt", {}, text), el("dd", { lang: words.tag }, words.say(because === "prefilled" ? "prefilledBy" : "noDifference")));
    });
    return [el("h3", { lang: words.tag }, words.say("skipped")), el("dl", {}, ...rows)];
  }
}

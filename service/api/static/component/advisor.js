// <begleiter-advisor>: one question at a time, the shortlist beside it, and a way back from everywhere.

import { ServiceElement } from "./base.js";
import { answerText, conflictPanel, answersPanel, progressLine } from "./panels.js";
import { ConsentElement } from "./consent.js";
import { Dialogue } from "./dialogue.js";
import { el, freshId } from "./elements.js";
import { arrivingCode, handoverPanel, placeFor } from "./handover.js";
import { Memory } from "./memory.js";
import { card, reasons } from "./products.js";
import { choicePanel } from "./choice.js";
import { questionForm } from "./questions.js";

/**
 * @typedef {import("./shapes.js").State} State
 * @typedef {import("./shapes.js").Question} Question
 * @typedef {import("./shapes.js").Match} Match
 * @typedef {import("./memory.js").Step} Step
 */

const FRESH_FOR = 3000;

/**
 * Attributes: `questionnaire`; optional `endpoint`, `locale`, `remember="tab"`, `handover-url` (with `{code}` in it), `product-url` and `product-image` (with
 * `{sku}` in them). Property: `token`. Events: `begleiter:answer`, `:shortlist`, `:chosen`, `:consent`.
 */
export class AdvisorElement extends ServiceElement {
  #titleId = freshId();
  #title = el("h2", { id: this.#titleId, part: "title" });
  #progress = el("div.progress", { part: "progress" });
  #asked = el("div.asked", { part: "dialogue" });
  #listed = el("div.listed", { part: "shortlist" });
  #answered = el("div.answered", { part: "answers" });
  #handover = el("div.answered", { part: "handover" });

  /** @type {Dialogue | null} */
  #dialogue = null;
  /** @type {Memory | null} */
  #memory = null;
  /** @type {Question | null} */
  #editing = null;
  /** @type {Match | null} */
  #chosen = null;
  #declined = new Set();
  #fresh = "";
  #busy = false;
  #seen = "";
  #seenAt = 0;

  async begin() {
    this.#frame();
    const questionnaire = this.getAttribute("questionnaire") ?? "";
    const endpoint = this.getAttribute("endpoint") ?? "";
    const memory = new Memory(`${endpoint}:${questionnaire}`, this.getAttribute("remember") === "tab");
    const dialogue = new Dialogue(this.wire, memory, { questionnaire, locale: this.locale, shopper: this.shopper });
    this.#memory = memory;
    this.#dialogue = dialogue;
    [this.#editing, this.#chosen, this.#busy] = [null, null, false];
    await dialogue.open(arrivingCode(questionnaire));
    this.#render();
    this.#handover.replaceChildren(...this.#elsewherePanel(dialogue, questionnaire));
    if (dialogue.stray) this.failed(dialogue.stray);
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("storage", this.#elsewhere);
    document.addEventListener("visibilitychange", this.#back);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("storage", this.#elsewhere);
    document.removeEventListener("visibilitychange", this.#back);
  }

  /** Forgets the session and its answers, as a shop does when its shopper signs out. */
  async forget() {
    await this.#dialogue?.restart();
    this.#show({});
  }

  /** Asks the service anew, for instance after the shopper changed a consent elsewhere on the page. */
  async refresh() {
    if (this.#busy || !this.#dialogue?.state) return;
    await this.#dialogue.refresh();
    this.#render();
  }

  #elsewhere = (/** @type {StorageEvent} */ event) => {
    if (event.key === this.#memory?.key && event.newValue) this.refresh().catch((refused) => this.failed(refused));
  };

  #back = () => {
    const stale = Date.now() - this.#seenAt > FRESH_FOR;
    if (document.visibilityState === "visible" && stale) this.refresh().catch((refused) => this.failed(refused));
  };

  #frame() {
    this.#asked.addEventListener("click", ignoreSecond, true);
    const retold = el("div.columns", {}, this.#asked, this.#listed);
    const whole = el("section.advisor", { part: "advisor", "aria-labelledby": this.#titleId, lang: this.words.tag });
    whole.append(el("header", {}, this.#title, this.#progress), this.status, this.notice, retold, this.#answered, this.#handover);
    this.root.replaceChildren(whole);
    if (!this.#title.textContent) this.#title.textContent = this.words.say("loading");
    this.#seen = "";
  }

  /**
   * Does one thing at a time, and shows it: a second click while the first is under way is none.
   * @param {() => Promise<unknown>} act
   */
  async #once(act) {
    if (this.#busy) return;
    this.#busy = true;
    this.#asked.setAttribute("aria-busy", "true");
    try {
      await act();
      this.#busy = false;
    } catch (refused) {
      this.#busy = false;
      this.#render();
      this.failed(refused);
    } finally {
      this.#asked.removeAttribute("aria-busy");
    }
  }

  /** @param {Step[]} steps */
  #send(steps) {
    return this.#once(async () => {
      const state = await /** @type {Dialogue} */ (this.#dialogue).send(steps);
      this.#fresh = steps[0]?.question;
      for (const step of steps) this.announce("answer", { ...step, remaining: state.remaining });
      if (this.#chosen) this.#render(); // chosen while the answer was under way: the answer does not undo it
      else this.#show({});
    });
  }

  /** @param {string} id */
  #edit(id) {
    return this.#once(async () => this.#show({ editing: await /** @type {Dialogue} */ (this.#dialogue).ask(id) }));
  }

  /**
   * Shows another view and moves the focus to its beginning.
   * @param {{editing?: Question | null, chosen?: Match | null}} view
   */
  #show({ editing = null, chosen = null }) {
    if (!this.notice.dataset.weather) this.say("");
    [this.#editing, this.#chosen] = [editing, chosen];
    this.#render();
    const start = (chosen ? this.#listed : this.#asked).querySelector("legend, h3");
    /** @type {HTMLElement | null} */ (start)?.focus();
  }

  /** Draws what the state says; what has not changed stays as it is, with its focus and half-made inputs. */
  #render() {
    const dialogue = /** @type {Dialogue} */ (this.#dialogue);
    const { state, questionnaire } = dialogue;
    if (!state || !questionnaire) return;
    this.#seenAt = Date.now();
    const seen = JSON.stringify([state, this.#editing?.id, this.#chosen?.sku, [...this.#declined], this.#fresh, this.words.tag]);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#title.textContent = questionnaire.title;
    const { line, spoken } = progressLine(state, this.words);
    this.#progress.replaceChildren(line);
    this.status.textContent = spoken;
    this.#asked.replaceChildren(...this.#dialoguePanel(state));
    this.#listed.replaceChildren(this.#chosen ? this.#choice(this.#chosen) : this.#shortlist(state));
    this.#asked.hidden = Boolean(this.#chosen);
    this.#listed.hidden = Boolean(state.conflict && !this.#editing);
    this.#asked.parentElement?.classList.toggle("wide", Boolean(this.#chosen) || !(this.#editing ?? state.question));
    this.#answered.replaceChildren(
      ...answersPanel(
        dialogue,
        this.words,
        (id) => this.#edit(id),
        () => this.#restart(),
      ),
    );
    if (dialogue.renewed) this.say(this.words.say("renewed"));
    dialogue.renewed = false;
    this.announce("shortlist", { remaining: state.remaining, shortlist: state.shortlist });
  }

  /** @param {State} state */
  #dialoguePanel(state) {
    const question = this.#editing ?? (state.conflict ? null : state.question);
    const steps = this.#steps(state);
    if (question) {
      const current = this.#editing ? state.answers[question.id] : undefined;
      const answer = (/** @type {unknown} */ value) => this.#send([{ question: question.id, value }]);
      return [questionForm(question, { words: this.words, current, answer }), this.#memento(state) || this.#offer(question, state), steps];
    }
    if (state.conflict) {
      const giveUp = (/** @type {string[]} */ ids) => this.#send(/** @type {Dialogue} */ (this.#dialogue).giveUp(ids));
      return [conflictPanel(/** @type {Dialogue} */ (this.#dialogue), this.words, giveUp), steps];
    }
    return [el("h3", { tabindex: -1, part: "done" }, this.words.say("done")), this.#memento(state), steps];
  }

  /**
   * Back, or leaving an earlier answer as it was.
   * @param {State} state
   */
  #steps(state) {
    const order = this.#dialogue?.questionnaire?.questions.map(({ id }) => id) ?? [];
    const here = this.#editing?.id ?? state.question?.id;
    const before = here && !state.conflict ? order.slice(0, order.indexOf(here)) : order;
    const back = before.reverse().find((id) => (state.answers[id] ?? null) !== null && !state.set_aside.includes(id));
    const button = (/** @type {string} */ name, /** @type {() => void} */ onclick) =>
      el("button.quiet", { type: "button", part: name, onclick }, this.words.say(name));
    return el(
      "div.actions",
      {},
      back && button("back", () => this.#edit(back)),
      this.#editing && button("keep", () => this.#show({})),
    );
  }

  /**
   * Where a consent would spare the shopper this question, it is offered right here.
   * @param {Question} question @param {State} state
   */
  #offer(question, state) {
    const asked = this.#dialogue?.questionnaire?.questions.find(({ id }) => id === question.id)?.from_profile;
    const useful = asked && this.shopper.signedIn && state.basis.not_used_without_consent.includes(asked.attribute);
    if (!asked || !useful || this.#declined.has(asked.attribute) || question.id in state.answers) return "";
    return this.#consent({ attributes: asked.attribute, purpose: asked.purpose }, async (given) => {
      if (!given) this.#declined.add(asked.attribute);
    });
  }

  /** @param {Record<string, string>} about @param {(given: boolean) => Promise<void>} decided */
  #consent(about, decided) {
    const place = { endpoint: this.getAttribute("endpoint"), locale: this.locale, exportparts: "yes, no" };
    const offer = /** @type {ConsentElement} */ (el("begleiter-consent", { ...place, ...about }));
    offer.token = this.token;
    offer.settled = (given) => {
      this.#once(async () => {
        await decided(given);
        await this.#dialogue?.refresh();
        this.#show({});
      });
    };
    return offer;
  }

  /**
   * An answer just given that may be remembered is offered to be, once.
   * @param {State} state
   */
  #memento({ remember, answers }) {
    const worth = remember.find(({ question }) => question === this.#fresh);
    if (!worth || !this.shopper.signedIn) return "";
    const { question, attribute: attributes, purpose } = worth;
    const what = this.words.say("remember", { what: answerText(/** @type {Dialogue} */ (this.#dialogue), question, this.words) });
    return this.#consent({ attributes, purpose, remember: what }, async (given) => {
      this.#fresh = "";
      const body = { questionnaire: this.getAttribute("questionnaire"), question, value: answers[question] };
      if (given) await this.shopper.call("POST", "/v1/me/remembered", { body });
    });
  }

  /** @param {State} state */
  #shortlist(state) {
    const heading = !state.shortlist.length ? "nothing" : state.question ? "soFar" : "best";
    const cards = state.shortlist.map((match) => {
      const label = `${this.words.say("choose")}: ${match.name}`;
      const onclick = () => this.#choose(match);
      const choose = el(
        state.question ? "button" : "button.primary",
        { type: "button", part: "choose", "aria-label": label, onclick },
        this.words.say("choose"),
      );
      return el("li", {}, card(match, this.#showing(), { part: "product" }, reasons(match, this.#showing()), choose));
    });
    return el("div", {}, el("h3", {}, this.words.say(heading)), el("ul.cards", { role: "list" }, ...cards));
  }

  /** @param {Match} match */
  #choose(match) {
    this.announce("chosen", { sku: match.sku, kind: "product", for: null, product: match });
    this.#show({ chosen: match });
  }

  /** @param {Match} match */
  #choice(match) {
    const companions = this.#dialogue?.state?.companions.filter((each) => each.for === match.sku) ?? [];
    return choicePanel(this, match, companions, this.#showing(), () => this.#show({}));
  }

  /** @param {Dialogue} dialogue @param {string} questionnaire */
  #elsewherePanel(dialogue, questionnaire) {
    return handoverPanel({
      words: this.words,
      place: (code) => placeFor(this.getAttribute("handover-url"), questionnaire, code),
      offer: () =>
        dialogue.offer().catch((refused) => {
          this.failed(refused);
          throw refused;
        }),
      enter: (code) =>
        this.#once(async () => {
          await dialogue.takeOver(code);
          this.#show({});
        }),
    });
  }

  #showing() {
    const places = { url: this.getAttribute("product-url"), image: this.getAttribute("product-image") };
    return { words: this.words, places, names: this.#dialogue?.questionnaire?.attributes };
  }

  #restart() {
    return this.#once(() => this.forget());
  }
}

/**
 * The second half of a double click must not answer the question that has just taken the place of the first.
 * @param {MouseEvent} event
 */
function ignoreSecond(event) {
  if (event.detail > 1 && /** @type {Element} */ (event.target).closest("button")) {
    event.preventDefault();
    event.stopPropagation();
  }
}

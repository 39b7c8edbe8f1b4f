// One shopper's way through one questionnaire: the session, its answers and their order. Knows nothing of the page.

import { NOT_SURE, Refused } from "./wire.js";

/**
 * @typedef {import("./shapes.js").State} State
 * @typedef {import("./shapes.js").Question} Question
 * @typedef {import("./shapes.js").Questionnaire} Questionnaire
 * @typedef {import("./memory.js").Step} Step
 * @typedef {Omit<import("./memory.js").Kept, "at">} Session
 * @typedef {import("./memory.js").Answers} Answers
 */

const MOST_DETOURS = 12;

/** The answers live in the service's session; this keeps a copy, so that a lost session can be begun again with them. */
export class Dialogue {
  /**
   * @param {import("./wire.js").Wire} wire
   * @param {import("./memory.js").Memory} memory
   * @param {{questionnaire: string, locale: string, shopper: import("./shopper.js").Shopper}} about
   */
  constructor(wire, memory, about) {
    this.#wire = wire;
    this.#memory = memory;
    this.#about = about;
  }

  #wire;
  #memory;
  #about;
  /** @type {Session | null} */
  #session = null;
  /** @type {Step[]} */
  #unsent = [];
  /** @type {Promise<unknown>} */
  #line = Promise.resolve();
  /** @type {State | null} */
  state = null;
  /** @type {Questionnaire | null} */
  questionnaire = null;
  /** whether the session had expired and was begun again since this was last asked for */
  renewed = false;
  /** @type {Refused | null} why the code that the shopper came with was not taken */
  stray = null;

  /**
   * Goes on where the shopper was, or begins; sends what could not be sent before a reload.
   * @param {string | null} code of a dialogue on another device, which goes before the one on this one
   */
  async open(code) {
    const before = this.#memory.read()?.signedIn;
    const signedIn = await this.#about.shopper.identify(before);
    if (before && !signedIn) this.#memory.forget();
    if (code) {
      try {
        return await this.takeOver(code);
      } catch (refused) {
        if (!(refused instanceof Refused)) throw refused;
        this.stray = refused;
      }
    }
    const kept = this.#memory.read();
    this.#unsent = this.#memory.unsent();
    if (kept?.locale === this.#about.locale && kept.signedIn === signedIn) {
      this.#session = kept;
      await this.#withSession(() => this.#get());
    } else await this.#begin(kept?.answers ?? {});
    return this.send([]);
  }

  /**
   * Sends answers one after the other, after all that were sent before.
   * @param {Step[]} steps
   * @returns {Promise<State>} rejects with Refused for an answer that cannot be taken, which is then forgotten
   */
  send(steps) {
    this.#unsent.push(...steps);
    this.#memory.keepUnsent(this.#unsent);
    return this.#inTurn(() => this.#flush());
  }

  /** The state as the service has it now: another tab or a consent may have changed it. */
  refresh() {
    return this.#inTurn(async () => {
      this.#session = this.#memory.read() ?? this.#session;
      await this.#withSession(() => this.#get());
      return /** @type {State} */ (this.state);
    });
  }

  /** Begins again without any answer. */
  restart() {
    this.#unsent = [];
    this.#memory.forget();
    return this.#inTurn(() => this.#begin({}));
  }

  /**
   * A one-time code with which another device goes on from here.
   * @returns {Promise<import("./shapes.js").Handover>}
   */
  offer() {
    return this.#inTurn(async () => {
      /** @type {any} */
      let offered = null;
      await this.#withSession(async () => {
        offered = await this.#ask("POST", "/handover");
      });
      return offered;
    });
  }

  /**
   * Goes on with the answers of another device; what was answered here is left behind.
   * @param {string} code
   */
  takeOver(code) {
    return this.#inTurn(async () => {
      const { questionnaire, locale, shopper } = this.#about;
      const { id, token, state } = await shopper.call("POST", `/v1/handovers/${encodeURIComponent(code)}`);
      if (state.questionnaire.id !== questionnaire) throw new Refused(404, "unknown-code");
      this.#unsent = [];
      this.#memory.forget();
      this.#session = { id, token, locale, signedIn: shopper.signedIn, answers: {} };
      const speaksSo = [locale, locale.split("-")[0]].includes(state.questionnaire.locale);
      await (speaksSo ? this.#took(state) : this.#begin(state.answers));
      return /** @type {State} */ (this.state);
    });
  }

  /**
   * Does it after all that was asked for before.
   * @template T
   * @param {() => Promise<T>} act
   */
  #inTurn(act) {
    const done = this.#line.then(act);
    this.#line = done.catch(() => {});
    return done;
  }

  /**
   * An earlier question as it stands with all the other answers; the session stays as it is.
   * @param {string} id
   * @returns {Promise<Question>}
   */
  async ask(id) {
    const state = /** @type {State} */ (this.state);
    /** @type {Answers} */
    const answers = { ...state.answers };
    if (id in state.prefilled) answers[id] = null;
    else delete answers[id];
    for (let detours = 0; detours < MOST_DETOURS; detours += 1) {
      const { questionnaire, locale } = this.#about;
      const body = { questionnaire, answers, locale };
      const found = await this.#about.shopper.call("POST", "/v1/advice", { body });
      if (found.question?.id === id) return found.question;
      if (!found.question?.not_sure) break;
      answers[found.question.id] = NOT_SURE; // another question came back into play; pass by it
    }
    return this.#asWritten(id);
  }

  /** @param {string} id the question as the file has it, without counts: it makes no difference just now */
  #asWritten(id) {
    const found = this.questionnaire?.questions.find((each) => each.id === id);
    return /** @type {Question} */ ({ ...found, range: null, prefilled: null });
  }

  /**
   * The steps that give up these answers, as a way out of a conflict asks for.
   * @param {string[]} questions
   * @returns {Step[]}
   */
  giveUp(questions) {
    return questions.map((question) => {
      const asked = this.questionnaire?.questions.find((each) => each.id === question);
      if (asked?.not_sure) return { question, value: NOT_SURE };
      return question in (this.state?.prefilled ?? {}) ? { question, value: null } : { question };
    });
  }

  async #flush() {
    while (this.#unsent.length) {
      const step = this.#unsent[0];
      this.#session = this.#memory.read() ?? this.#session;
      try {
        await this.#withSession(() => this.#put(step));
      } finally {
        this.#unsent.shift();
        this.#memory.keepUnsent(this.#unsent);
      }
    }
    return /** @type {State} */ (this.state);
  }

  /** @param {Step} step */
  #put({ question, value }) {
    const path = `/answers/${encodeURIComponent(question)}`;
    return value === undefined ? this.#call("DELETE", path) : this.#call("PUT", path, { value });
  }

  #get() {
    return this.#call("GET", "");
  }

  /** @param {string} method @param {string} path @param {unknown} [body] */
  async #call(method, path, body) {
    await this.#took(await this.#ask(method, path, body));
  }

  /** @param {string} method @param {string} path @param {unknown} [body] */
  #ask(method, path, body) {
    const { id, token } = /** @type {Session} */ (this.#session);
    return this.#wire.call(method, `/v1/sessions/${encodeURIComponent(id)}${path}`, { token, body });
  }

  /**
   * Does it; if the session is gone, begins one with the same answers and does it again.
   * @param {() => Promise<void>} act
   */
  async #withSession(act) {
    try {
      await act();
    } catch (refused) {
      if (!isGone(refused)) throw refused;
      await this.#begin(this.#session?.answers ?? {});
      this.renewed = true;
      await act();
    }
  }

  /** @param {Answers} answers */
  async #begin(answers) {
    const { questionnaire, locale, shopper } = this.#about;
    const begun = await shopper.call("POST", "/v1/sessions", { body: { questionnaire, locale } });
    this.#session = { id: begun.id, token: begun.token, locale, signedIn: shopper.signedIn, answers };
    for (const [question, value] of Object.entries(answers)) {
      await this.#put({ question, value }).catch((refused) => {
        if (isGone(refused)) throw refused; // an answer that a changed questionnaire no longer takes is left out
      });
    }
    if (!Object.keys(answers).length) await this.#took(begun.state);
    return /** @type {State} */ (this.state ?? begun.state);
  }

  /** @param {State} state */
  async #took(state) {
    if (this.questionnaire?.version !== state.questionnaire.version) {
      const { id, locale } = state.questionnaire;
      const query = new URLSearchParams({ locale });
      this.questionnaire = await this.#wire.call("GET", `/v1/questionnaires/${encodeURIComponent(id)}?${query}`);
    }
    this.state = state;
    this.#session = { .../** @type {Session} */ (this.#session), answers: state.answers };
    this.#memory.write(this.#session);
  }
}

/** @param {unknown} refused */
function isGone(refused) {
  return refused instanceof Refused && (refused.status === 401 || refused.kind === "unknown-session");
}

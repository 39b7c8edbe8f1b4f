// What the browser keeps so that a reload loses nothing: the session's key, the answers, and steps not yet sent.

/**
 * @typedef {Record<string, unknown>} Answers question -> answer as on the wire
 * @typedef {{id: string, token: string, locale: string, signedIn: boolean, answers: Answers, at: number}} Kept
 * @typedef {{question: string, value?: unknown}} Step an answer; without a value it is taken back
 */

const LONGEST = 30 * 24 * 3600 * 1000;

/** One advisor's memory. The session is shared by all tabs; unsent steps belong to the tab that made them. */
export class Memory {
  /** @param {string} name @param {boolean} onlyThisTab */
  constructor(name, onlyThisTab) {
    this.key = `begleiter:${name}`;
    this.#shared = onlyThisTab ? "sessionStorage" : "localStorage";
  }

  /** @type {"sessionStorage" | "localStorage"} */
  #shared;

  /** @returns {Kept | null} */
  read() {
    const kept = load(this.#shared, this.key);
    return kept && Date.now() - kept.at < LONGEST ? kept : null;
  }

  /** @param {Omit<Kept, "at">} kept */
  write(kept) {
    save(this.#shared, this.key, { ...kept, at: Date.now() });
  }

  /** @returns {Step[]} */
  unsent() {
    return load("sessionStorage", `${this.key}:unsent`) ?? [];
  }

  /** @param {Step[]} steps */
  keepUnsent(steps) {
    save("sessionStorage", `${this.key}:unsent`, steps.length ? steps : null);
  }

  forget() {
    save(this.#shared, this.key, null);
    this.keepUnsent([]);
  }
}

/** @param {"sessionStorage" | "localStorage"} where @param {string} key @returns {any} */
function load(where, key) {
  try {
    return JSON.parse(globalThis[where].getItem(key) ?? "null");
  } catch {
    return null; // storage may be forbidden; then the page's own memory has to do
  }
}

/** @param {"sessionStorage" | "localStorage"} where @param {string} key @param {unknown} value */
function save(where, key, value) {
  try {
    if (value === null) globalThis[where].removeItem(key);
    else globalThis[where].setItem(key, JSON.stringify(value));
  } catch {
    // full or forbidden: see load
  }
}

// Calls the preview's part of the API with the operator's key; what is refused is told with the service's own reason.

/** @typedef {{yaml: string, name: string | null}} Draft a text and what its file is called */

/** The service says no, or cannot be reached (status 0). */
export class Refused extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

const KEPT_AS = "begleiter:preview-key";

/** One operator at one service. The key stays in this tab, and goes with it. */
export class Wire {
  /** @type {string | null} */
  #key = recall();

  get isOpen() {
    return this.#key !== null;
  }

  /** @param {string | null} key null forgets it */
  use(key) {
    this.#key = key;
    try {
      if (key === null) sessionStorage.removeItem(KEPT_AS);
      else sessionStorage.setItem(KEPT_AS, key);
    } catch {
      // storage may be forbidden; then the key lasts as long as the page
    }
  }

  /**
   * What the preview is held against.
   * @returns {Promise<any>}
   */
  about() {
    return this.#call("/v1/preview");
  }

  /**
   * @param {string} what @param {Draft} draft @param {Record<string, unknown>} [more]
   * @returns {Promise<any>} rejects with Refused
   */
  ask(what, draft, more = {}) {
    const name = draft.name ? { name: draft.name } : {};
    return this.#call(`/v1/preview/${what}`, JSON.stringify({ yaml: draft.yaml, ...name, ...more }));
  }

  /** @param {string} path @param {string} [body] */
  async #call(path, body) {
    const headers = new Headers({ Authorization: `Bearer ${this.#key}` });
    if (body !== undefined) headers.set("Content-Type", "application/json");
    const method = body === undefined ? "GET" : "POST";
    const sent = { method, headers, body, credentials: /** @type {const} */ ("omit") };
    const reply = await fetch(path, sent).catch(() => null);
    const found = await reply?.json().catch(() => null);
    if (!reply) throw new Refused(0, "");
    if (!reply.ok) throw new Refused(reply.status, String(found?.detail ?? ""));
    return found;
  }
}

function recall() {
  try {
    return sessionStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}

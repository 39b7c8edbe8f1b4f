// Who is shopping: the token that the shop's page hands over, asked for when it is needed and never kept here.

import { Refused } from "./wire.js";

/**
 * What the page may set as `token`: a token, or a function that fetches one; null for a guest.
 * @typedef {string | null | (() => string | null | Promise<string | null>)} TokenSource
 */

export class Shopper {
  /** @param {import("./wire.js").Wire} wire @param {TokenSource} source */
  constructor(wire, source) {
    this.#wire = wire;
    this.#source = source;
  }

  #wire;
  #source;
  signedIn = false;

  /**
   * Finds out whether somebody is signed in; where that cannot be found out just now, what was so before holds.
   * @param {boolean} [before]
   */
  async identify(before = false) {
    try {
      this.signedIn = Boolean(await this.#fetch());
    } catch {
      this.signedIn = before;
    }
    return this.signedIn;
  }

  /**
   * Calls the service as this shopper, or as a guest. A token that has just expired is fetched once more.
   * @param {string} method @param {string} path @param {import("./wire.js").Sent} [sent]
   */
  async call(method, path, sent = {}) {
    const token = await this.#token();
    try {
      return await this.#wire.call(method, path, { ...sent, token });
    } catch (refused) {
      if (!token || !(refused instanceof Refused) || refused.status !== 401) throw refused;
      return this.#wire.call(method, path, { ...sent, token: await this.#token() });
    }
  }

  async #token() {
    return this.#fetch().catch(() => null);
  }

  async #fetch() {
    return (typeof this.#source === "function" ? await this.#source() : this.#source) || null;
  }
}

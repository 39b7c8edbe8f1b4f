// What all elements share: where the service is, in which words to speak, and who is shopping.

import { el, sheet } from "./elements.js";
import { Shopper } from "./shopper.js";
import { STYLES } from "./styles.js";
import { Words } from "./texts.js";
import { Refused, Wire } from "./wire.js";

/** @typedef {import("./shopper.js").TokenSource} TokenSource */

const HOME = new URL(".", import.meta.url).href;
const STYLE = sheet(STYLES);

/** Waits until the page's own scripts had their turn, so that a token set by them is there from the beginning. */
function pageIsReady() {
  const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (document.readyState === "complete" || page?.domContentLoadedEventEnd) return Promise.resolve();
  return new Promise((resolve) => addEventListener("DOMContentLoaded", () => resolve(undefined), { once: true }));
}

/** An element that talks to the service. Subclasses say in `begin` what to do once it is on the page. */
export class ServiceElement extends HTMLElement {
  static observedAttributes = ["endpoint", "questionnaire", "locale", "basket", "attributes", "purpose"];

  constructor() {
    super();
    this.root = this.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [STYLE];
    this.status = el("p.hidden", { role: "status" });
    this.notice = el("div.notice", { part: "notice", hidden: true });
    this.words = new Words("en");
    this.wire = new Wire(HOME, () => {});
    this.shopper = new Shopper(this.wire, null);
  }

  /** @type {TokenSource} */
  #token = null;
  #begins = false;

  /** Who is shopping: a shopper token, or better a function that fetches one from the shop's own server. */
  get token() {
    return this.#token;
  }

  /** @param {TokenSource} source */
  set token(source) {
    this.#token = source;
    this.#soon();
  }

  get locale() {
    const around = /** @type {HTMLElement | null} */ (this.closest("[lang]"));
    return this.getAttribute("locale") || around?.lang || navigator.language || "en";
  }

  connectedCallback() {
    if (Object.hasOwn(this, "token")) {
      const early = this.token; // set before this element was defined; now let the setter see it
      Reflect.deleteProperty(this, "token");
      this.#token = early;
    }
    this.#soon();
  }

  disconnectedCallback() {
    this.wire.stop();
  }

  attributeChangedCallback() {
    this.#soon();
  }

  /** @abstract */
  async begin() {}

  #soon() {
    if (this.#begins || !this.isConnected) return;
    this.#begins = true;
    pageIsReady().then(() => {
      this.#begins = false;
      if (!this.isConnected) return;
      this.wire.stop();
      this.wire = new Wire(this.getAttribute("endpoint") || HOME, (weather) => this.#tell(weather));
      this.words = new Words(this.locale);
      this.shopper = new Shopper(this.wire, this.#token);
      this.begin().catch((refused) => this.failed(refused));
    });
  }

  /**
   * What cannot be helped is said; a fault of ours is not hidden.
   * @param {unknown} refused
   */
  failed(refused) {
    if (!(refused instanceof Refused)) throw refused;
    const said = refused.kind === "unknown-code" ? "noCode" : refused.status === 422 ? "refused" : refused.status === 404 ? "closed" : "failed";
    this.say(this.words.say(said), { urgent: true });
  }

  /** @param {string} weather */
  #tell(weather) {
    if (weather !== "calm") {
      const retry = el("button", { type: "button", onclick: () => this.wire.wake() }, this.words.say("retry"));
      this.say(this.words.say(weather), { urgent: weather !== "slow", weather }, weather !== "slow" && retry);
    } else if (this.notice.dataset.weather) this.say("");
  }

  /**
   * Shows a notice above the content and reads it out; "" takes it away.
   * @param {string} text @param {{urgent?: boolean, weather?: string}} [how] @param {...(Node | false)} rest
   */
  say(text, how = {}, ...rest) {
    const { urgent = false, weather = "" } = how;
    if (this.notice.dataset.text === text) return;
    Object.assign(this.notice.dataset, { text, weather });
    this.notice.hidden = !text;
    this.notice.setAttribute("role", urgent ? "alert" : "status");
    this.notice.replaceChildren(
      ...(text ? [el("span", {}, text), .../** @type {Node[]} */ (rest.filter(Boolean))] : []),
    );
  }

  /**
   * Tells the shop's page; its listeners may hand over a promise with `until`, for which the element then waits.
   * @param {string} name @param {Record<string, unknown>} detail
   */
  async announce(name, detail) {
    /** @type {Promise<unknown>[]} */
    const waits = [];
    const until = (/** @type {Promise<unknown>} */ promise) => waits.push(promise);
    this.dispatchEvent(
      new CustomEvent(`begleiter:${name}`, { bubbles: true, composed: true, detail: { ...detail, until } }),
    );
    await Promise.allSettled(waits);
  }
}

// <begleiter-consent>: what may be used and why, each by itself; yes and no take the same effort, at any time.

import { ServiceElement } from "./base.js";
import { el, freshId } from "./elements.js";
import { Refused } from "./wire.js";

/**
 * @typedef {import("./shapes.js").Attribute} Attribute
 * @typedef {import("./shapes.js").Purpose} Purpose
 * @typedef {import("./shapes.js").Grant} Grant
 * @typedef {import("./shapes.js").Known} Known
 * @typedef {import("./shapes.js").Notice} Notice
 */

/**
 * Attributes: optional `endpoint`, `locale`, `notice`; with `attributes` and `purpose` it only offers these, once; else it
 * is the overview with everything to give and to take back. Property: `token`. Event: `begleiter:consent`.
 */
export class ConsentElement extends ServiceElement {
  /** @type {Attribute[]} */
  #attributes = [];
  /** @type {Map<string, Purpose>} */
  #purposes = new Map();
  /** @type {Grant[]} */
  #grants = [];
  /** @type {Known[]} */
  #known = [];
  /** @type {Notice | null} */
  #notice = null;
  #busy = false;

  /**
   * Called after each decision, once the page has heard of it.
   * @param {boolean} given @returns {void}
   */
  settled(given) {
    void given;
  }

  async begin() {
    const place = el("div", {}, this.status, this.notice, el("div"));
    this.root.replaceChildren(place);
    if (!(await this.shopper.identify())) {
      if (!this.#offers) place.append(el("p", {}, this.words.say("signIn")));
      return;
    }
    const [attributes, purposes, consents] = await Promise.all([
      this.#read("/v1/attributes"),
      this.#read("/v1/purposes"),
      this.shopper.call("GET", "/v1/me/consents"),
      this.#readNotice(),
      this.#learn(),
    ]);
    this.#attributes = attributes.attributes;
    this.#purposes = new Map(purposes.purposes.map((/** @type {Purpose} */ each) => [each.id, each]));
    this.#grants = consents.grants;
    this.#render();
  }

  /** The attributes to be offered, or null for the overview. */
  get #offers() {
    return this.getAttribute("attributes")?.split(/\s+/) ?? null;
  }

  /** @param {string} path */
  #read(path) {
    return this.wire.call("GET", `${path}?${new URLSearchParams({ locale: this.locale })}`);
  }

  async #readNotice() {
    const { notices } = await this.#read("/v1/notices");
    const wanted = this.getAttribute("notice");
    this.#notice = notices.find((/** @type {Notice} */ each) => !wanted || each.id === wanted);
  }

  /** What is kept of the shopper; an offer need not know. */
  async #learn() {
    if (!this.#offers) this.#known = (await this.shopper.call("GET", "/v1/me/data")).values;
  }

  #render() {
    const offers = this.#offers;
    const content = offers ? this.#offer(offers) : this.#overview();
    const focused = /** @type {HTMLElement | null} */ (this.root.activeElement)?.dataset.key;
    this.root.firstElementChild?.lastElementChild?.replaceWith(content);
    if (focused)
      /** @type {HTMLElement | null} */ (this.root.querySelector(`[data-key="${CSS.escape(focused)}"]`))?.focus();
  }

  /** @param {string[]} ids */
  #offer(ids) {
    const purpose = this.getAttribute("purpose") ?? "";
    const remember = this.getAttribute("remember");
    const open = this.#attributes.filter(({ id }) => ids.includes(id) && (remember || !this.#grant(id, purpose)));
    const boxes = open.map((attribute) => {
      const question = el("h3", { id: freshId() }, remember ?? this.words.say("offer"));
      const what = el("p", {}, el("strong", {}, attribute.label), ": ", attribute.why);
      const buttons = this.#buttons(attribute, purpose, question.id);
      const box = el(
        "section.offer",
        { part: "offer", "aria-labelledby": question.id },
        question,
        what,
        this.#meaning(purpose),
        buttons,
      );
      return box;
    });
    return el("div", { lang: this.words.tag }, ...boxes);
  }

  /** @param {string} purpose */
  #meaning(purpose) {
    const { text = "", example = "" } = this.#purposes.get(purpose) ?? {};
    const notice = el(
      "details",
      {},
      el("summary", {}, this.words.say("more")),
      el("p.text", {}, this.#notice?.text ?? ""),
    );
    return el("div.help", {}, el("p", {}, `${this.words.say("purpose")}: ${text}. ${example}`), notice);
  }

  #overview() {
    const cards = this.#attributes.map((attribute) => this.#attributeCard(attribute));
    const button = (/** @type {string} */ part, /** @type {string} */ word, /** @type {() => unknown} */ onclick) =>
      el("button", { type: "button", part, "data-key": part, onclick }, this.words.say(word));
    return el(
      "section.advisor",
      { part: "consent", lang: this.words.tag },
      el("h2", {}, this.words.say("consent")),
      el("p.text", { part: "notice-text" }, this.#notice?.text ?? ""),
      ...cards,
      el(
        "div.actions",
        {},
        this.#grants.length > 0 && button("withdraw-all", "none", () => this.#withdrawAll()),
        button("export", "export", () => this.#export()),
      ),
      el(
        "details",
        {},
        el("summary", {}, this.words.say("erase")),
        el("p", {}, this.words.say("eraseSure")),
        button("erase", "eraseNow", () => this.#erase()),
      ),
    );
  }

  /** @param {Attribute} attribute */
  #attributeCard(attribute) {
    const { words } = this;
    const kept = attribute.retention_days && words.say("keptDays", { n: attribute.retention_days });
    const about = [attribute.sources.length && `${words.say("source")}: ${attribute.sources.join(", ")}`, kept]
      .filter(Boolean)
      .join("; ");
    const served = attribute.purposes.filter((id) => this.#purposes.get(id)?.legal_basis === "consent");
    return el(
      "section.attribute",
      { part: "attribute" },
      el("h3", {}, attribute.label),
      el("p", {}, attribute.why),
      about && el("p.help", {}, about),
      ...this.#known.filter((each) => each.attribute === attribute.id).map((each) => this.#knownLine(each)),
      el("ul.purposes", { role: "list" }, ...served.map((id) => this.#purposeRow(attribute, id))),
    );
  }

  /** @param {Known} known */
  #knownLine({ value, source, last_use: last }) {
    const told = typeof value === "boolean" ? this.words.say(value ? "yes" : "no") : value;
    const used = last ? `; ${this.words.say("lastUse", { date: this.words.date(last.on) })}` : "";
    return el("p", { part: "known" }, this.words.say("known", { told, source }) + used);
  }

  /** @param {Attribute} attribute @param {string} id */
  #purposeRow(attribute, id) {
    const purpose = /** @type {Purpose} */ (this.#purposes.get(id));
    const grant = this.#grant(attribute.id, id);
    const name = el("span", { id: freshId() }, el("span.hidden", {}, `${attribute.label}: `), purpose.text);
    const since = grant && el("p.help", {}, this.words.say("since", { date: this.words.date(grant.given_at) }));
    const about = el("div", {}, name, el("p.help", {}, purpose.example), since);
    return el("li", {}, about, this.#buttons(attribute, id, name.id));
  }

  /**
   * Two buttons of one size and one look: what is chosen now is pressed.
   * @param {Attribute} attribute @param {string} purpose @param {string} labelledBy
   */
  #buttons(attribute, purpose, labelledBy) {
    const now = this.#offers ? null : Boolean(this.#grant(attribute.id, purpose));
    const buttons = [true, false].map((given) => {
      const name = given ? "yes" : "no";
      const states = {
        "aria-pressed": now === null ? null : String(now === given),
        "data-key": `${attribute.id}/${purpose}/${name}`,
      };
      const onclick = () => now !== given && this.#decide(attribute, purpose, given);
      return el("button", { type: "button", part: name, ...states, onclick }, this.words.say(name));
    });
    return el("div.yes-no", { role: "group", "aria-labelledby": labelledBy }, ...buttons);
  }

  /** @param {string} attribute @param {string} purpose */
  #grant(attribute, purpose) {
    return this.#grants.find((each) => each.attribute === attribute && each.purpose === purpose);
  }

  /** @param {Attribute} attribute @param {string} purpose @param {boolean} given */
  #decide({ id, label }, purpose, given) {
    if (this.#offers && this.#grant(id, purpose)) return this.settled(given);
    const { id: notice, version, language } = /** @type {Notice} */ (this.#notice);
    const body = { notice: { id: notice, version, language }, decisions: [{ attribute: id, purpose, given }] };
    return this.#change(
      given,
      `${label}: ${this.words.say(given ? "allowed" : "notAllowed")}`,
      { attribute: id, purpose, given },
      () => this.shopper.call("POST", "/v1/me/consent-events", { body, key: newKey() }),
    );
  }

  #withdrawAll() {
    const detail = { attribute: null, purpose: null, given: false };
    return this.#change(false, this.words.say("none"), detail, () =>
      this.shopper.call("DELETE", "/v1/me/consents", { key: newKey() }),
    );
  }

  async #export() {
    const copy = JSON.stringify(await this.shopper.call("GET", "/v1/me/export"), null, 2);
    const href = URL.createObjectURL(new Blob([copy], { type: "application/json" }));
    el("a", { href, download: "begleiter.json" }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
  }

  async #erase() {
    const detail = { attribute: null, purpose: null, given: false };
    await this.#change(false, this.words.say("erase"), detail, async () => {
      await this.shopper.call("DELETE", "/v1/me");
      return { grants: [] };
    });
    this.status.textContent = this.words.say("erased");
  }

  /**
   * Makes the change known to the service, then to the page, and shows what holds now.
   * @param {boolean} given @param {string} what @param {Record<string, unknown>} detail @param {() => Promise<any>} act
   */
  async #change(given, what, detail, act) {
    if (this.#busy) return;
    this.#busy = true;
    try {
      this.#grants = (await act()).grants;
      await this.announce("consent", detail);
      await this.#learn();
      this.#render();
      this.status.textContent = this.words.say("saved", { what });
      this.settled(given);
    } catch (refused) {
      if (refused instanceof Refused && refused.status === 409) await this.#readNotice().then(() => this.#render());
      this.failed(refused);
    } finally {
      this.#busy = false;
    }
  }
}

/** A key under which a repeated request is done once. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

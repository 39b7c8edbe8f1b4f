// The merchandiser's preview: a key opens it, a file goes in, and five views show what it would do.

import { el, freshId } from "../component/elements.js";
import { Words as ShopperWords, Words } from "../component/texts.js";
import { comparison } from "./compare.js";
import { Editor } from "./editor.js";
import { figures } from "./figures.js";
import { graph } from "./graph.js";
import { Play } from "./play.js";
import { TEXTS } from "./texts.js";
import { Refused, Wire } from "./wire.js";

const VIEWS = /** @type {const} */ (["text", "play", "figures", "graph", "compare"]);
const LANGUAGES = { de: "Deutsch", en: "English" };
const PAUSE = 500;

/** @typedef {typeof VIEWS[number]} View */

class Preview {
  #wire = new Wire();
  #words = new Words(navigator.language, TEXTS);
  #status = el("p.status", { role: "status" });
  #alert = el("p.error", { role: "alert" });
  /** @type {Editor | null} */
  #editor = null;
  /** @type {string | null} */
  #name = null;
  /** @type {View} */
  #view = "text";
  /** @type {any} */
  #checked = null;
  /** @type {any} */
  #about = null;
  /** @type {Record<string, unknown>} */
  #answers = {};
  /** @type {Play | null} */
  #play = null;
  #locale = "";
  #checking = 0;
  #filling = 0;
  #waits = 0;
  #panels = /** @type {Record<View, HTMLElement>} */ ({});
  #tabs = /** @type {Record<View, HTMLElement>} */ ({});
  #language = el("span.texts");

  async begin() {
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file && this.#editor) this.#take(file);
    });
    if (this.#wire.isOpen) await this.#open();
    else this.#askForKey();
  }

  /** @param {string} [complaint] */
  #askForKey(complaint = "") {
    const words = this.#words;
    const id = freshId();
    const input = /** @type {HTMLInputElement} */ (el("input", { id, type: "password", autocomplete: "off", required: true, "aria-describedby": `${id}h` }));
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#wire.use(input.value.trim());
      this.#open();
    };
    const form = el("form.key.card", { onsubmit: submit }, el("label", { for: id }, words.say("key")), el("p.help", { id: `${id}h` }, words.say("keyHelp")), el("div.row", {}, input, el("button.primary", { type: "submit" }, words.say("open"))), this.#alert);
    this.#editor = null;
    this.#frame(form);
    this.#alert.textContent = complaint;
    input.focus();
  }

  async #open() {
    try {
      this.#about = await this.#wire.about();
    } catch (error) {
      const gone = error instanceof Refused && error.status === 401;
      if (gone) this.#wire.use(null);
      this.#askForKey(this.#words.say(gone ? "wrongKey" : "unreachable"));
      return;
    }
    this.#workshop("");
  }

  /** @param {string} text */
  #workshop(text) {
    const words = this.#words;
    this.#editor = new Editor(words, () => this.#changed());
    this.#editor.text = text;
    const input = el("input.hidden", { type: "file", accept: ".yaml,.yml,text/yaml", id: freshId() });
    input.addEventListener("change", () => {
      const file = /** @type {HTMLInputElement} */ (input).files?.[0];
      if (file) this.#take(file);
      /** @type {HTMLInputElement} */ (input).value = "";
    });
    const choose = el("div.file", {}, input, el("label.button.primary", { for: input.id }, words.say("file")), el("span.help", {}, words.say("drop")), this.#language);
    const tabs = VIEWS.map((view) => this.#tab(view));
    const list = el("div.tabs", { role: "tablist", "aria-label": words.say("views"), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#byKeys(event) }, ...tabs);
    const panels = VIEWS.map((view) => this.#panels[view]);
    this.#frame(choose, el("div.verdict", {}, this.#status, this.#alert), list, ...panels);
    this.#panels.text.append(this.#editor.body);
    this.#show("text");
  }

  /** @param {View} view */
  #tab(view) {
    const [id, panel] = [freshId(), freshId()];
    this.#tabs[view] = el("button", { type: "button", role: "tab", id, "aria-controls": panel, onclick: () => this.#show(view) }, this.#words.say(view));
    this.#panels[view] = el("div.panel", { role: "tabpanel", id: panel, "aria-labelledby": id, "data-view": view, tabindex: -1 });
    return this.#tabs[view];
  }

  /** @param {KeyboardEvent} event */
  #byKeys(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const view = VIEWS[(VIEWS.indexOf(this.#view) + step + VIEWS.length) % VIEWS.length];
    this.#show(view);
    this.#tabs[view].focus();
  }

  /** @param {View} view */
  #show(view) {
    this.#view = view;
    for (const each of VIEWS) {
      this.#tabs[each].setAttribute("aria-selected", String(each === view));
      this.#tabs[each].tabIndex = each === view ? 0 : -1;
      this.#panels[each].hidden = each !== view;
    }
    if (view === "text") this.#editor?.tell(this.#checked?.problems ?? []);
    else this.#fill(view);
  }

  /** @param {View} view */
  async #fill(view) {
    const panel = this.#panels[view];
    const turn = (this.#filling += 1);
    const words = this.#words;
    if (!this.#checked?.playable) {
      const toText = el("button", { type: "button", onclick: () => this.#toText() }, words.say("toText"));
      panel.removeAttribute("aria-busy");
      panel.replaceChildren(el("p.lead", {}, this.#editor?.text.trim() ? words.say("mendFirst") : words.say("noText")), toText);
      return;
    }
    panel.setAttribute("aria-busy", "true");
    if (!panel.children.length) panel.append(el("p.help", {}, words.say("working")));
    try {
      const drawn = await this.#drawn(view);
      if (turn === this.#filling) panel.replaceChildren(...drawn);
    } catch (error) {
      if (turn !== this.#filling) return;
      panel.replaceChildren(el("button", { type: "button", onclick: () => this.#show(view) }, words.say("again")));
      this.#failed(error);
    } finally {
      if (turn === this.#filling) panel.removeAttribute("aria-busy");
    }
  }

  /** @param {View} view @returns {Promise<HTMLElement[]>} */
  async #drawn(view) {
    const words = this.#words;
    const locale = this.#locale;
    if (view === "figures") return figures(await this.#ask("coverage", { locale }), words);
    if (view === "graph") return graph(await this.#ask("graph", { locale }), words, (line) => this.#toText(line));
    this.#answers = this.#play?.answers ?? this.#answers;
    if (view === "play") {
      const about = { ask: this.#ask, words, failed: (/** @type {unknown} */ error) => this.#failed(error) };
      const play = new Play(about, this.#answers, locale);
      await play.begin();
      this.#play = play;
      return [el("p.help", {}, words.say("forPeople")), play.body];
    }
    const found = await this.#ask("comparison", { locale, answers: this.#answers });
    const questionnaire = await this.#ask("questionnaire", { locale });
    return comparison(found, words, { answers: this.#answers, questionnaire, shopper: new ShopperWords(locale) });
  }

  /** @type {import("./play.js").Ask} */
  #ask = (what, more) => {
    this.#alert.textContent = "";
    return this.#wire.ask(what, { yaml: this.#editor?.text ?? "", name: this.#name }, more);
  };

  /** @param {number} [line] */
  #toText(line) {
    this.#show("text");
    if (line) this.#editor?.goTo(line);
    else this.#editor?.focus();
  }

  /** @param {File} file */
  async #take(file) {
    const words = this.#words;
    this.#alert.textContent = "";
    if (file.size > this.#about.largest_bytes) {
      this.#alert.textContent = words.say("tooLarge", { n: Math.floor(this.#about.largest_bytes / 1024) });
      return;
    }
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      [this.#name, this.#answers, this.#play] = [file.name, {}, null];
      if (this.#editor) this.#editor.text = text;
      await this.#check();
      this.#editor?.showFirst();
    } catch (error) {
      if (error instanceof TypeError) this.#alert.textContent = words.say("notUtf8");
      else throw error;
    }
  }

  #changed() {
    clearTimeout(this.#waits);
    this.#waits = setTimeout(() => this.#check(), PAUSE);
  }

  async #check() {
    clearTimeout(this.#waits);
    const turn = (this.#checking += 1);
    if (!this.#editor?.text.trim()) {
      this.#checked = null;
      this.#status.textContent = "";
      this.#show(this.#view);
      return;
    }
    this.#status.textContent = this.#words.say("checking");
    try {
      const found = await this.#ask("check", { locale: this.#locale || this.#words.tag });
      if (turn !== this.#checking) return;
      this.#checked = found;
      this.#tell(found);
      this.#offerLanguages(found.questionnaire?.languages ?? []);
      this.#show(this.#view);
    } catch (error) {
      if (turn !== this.#checking) return;
      this.#status.textContent = "";
      this.#failed(error);
    }
  }

  /** @param {any} found */
  #tell(found) {
    const words = this.#words;
    const count = (/** @type {string} */ severity) => found.problems.filter((/** @type {any} */ each) => each.severity === severity).length;
    const told = /** @type {const} */ ([["errors", count("error")], ["warnings", count("warning")], ["notes", count("note")]])
      .filter(([, n]) => n)
      .map(([key, n]) => words.say(key, { n }));
    const verdict = found.problems.length ? words.say(found.publishable ? "takeable" : "kept") : words.say("clean");
    this.#status.className = `status ${found.publishable ? "good" : "bad"}`;
    this.#status.textContent = [told.length ? `${told.join(", ")}.` : "", verdict, found.complete ? "" : words.say("incomplete")].filter(Boolean).join(" ");
  }

  /** @param {string[]} languages */
  #offerLanguages(languages) {
    if (!languages.includes(this.#locale)) this.#locale = languages.find((each) => each === this.#words.tag) ?? languages[0] ?? "";
    if (languages.length < 2) {
      this.#language.replaceChildren();
      return;
    }
    const select = choice(this.#words.say("shopperLanguage"), languages.map((each) => [each, each]), this.#locale, (locale) => {
      this.#locale = locale;
      this.#answers = this.#play?.answers ?? this.#answers;
      this.#show(this.#view);
    });
    this.#language.replaceChildren(...select);
  }

  /** @param {unknown} error */
  #failed(error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 401) {
      this.#wire.use(null);
      this.#askForKey(this.#words.say("wrongKey"));
    } else if (error.status === 413) {
      this.#alert.textContent = this.#words.say("tooLarge", { n: Math.floor(this.#about.largest_bytes / 1024) });
    } else {
      this.#alert.textContent = error.status ? this.#words.say("failed", { detail: error.message }) : this.#words.say("unreachable");
    }
  }

  /** @param {...HTMLElement} content */
  #frame(...content) {
    const words = this.#words;
    document.documentElement.lang = words.tag;
    document.title = `Begleiter: ${words.say("heading")}`;
    const language = choice(words.say("language"), Object.entries(LANGUAGES), words.tag, (locale) => this.#speak(locale));
    const lock = this.#editor && el("button", { type: "button", onclick: () => this.#lock() }, words.say("lock"));
    const held = this.#editor && el("p.help", {}, words.say("held", { n: this.#about.products }));
    const heading = el("div", {}, el("h1", {}, words.say("heading")), el("p.lead", {}, words.say("lead")), held);
    const header = el("header", {}, heading, el("div.row", {}, ...language, lock));
    document.body.replaceChildren(header, el("main", {}, ...content));
  }

  /** @param {string} locale */
  async #speak(locale) {
    const text = this.#editor?.text;
    this.#answers = this.#play?.answers ?? this.#answers;
    this.#play = null;
    this.#words = new Words(locale, TEXTS);
    if (text === undefined) {
      this.#askForKey();
      return;
    }
    const view = this.#view;
    this.#workshop(text);
    await this.#check();
    this.#show(view);
  }

  #lock() {
    this.#wire.use(null);
    [this.#name, this.#checked, this.#answers, this.#play] = [null, null, {}, null];
    this.#askForKey();
  }
}

/**
 * A labelled choice.
 * @param {string} label @param {[string, string][]} options @param {string} current @param {(value: string) => void} taken
 */
function choice(label, options, current, taken) {
  const id = freshId();
  const select = /** @type {HTMLSelectElement} */ (el("select", { id }, ...options.map(([value, text]) => el("option", { value, selected: value === current }, text))));
  select.addEventListener("change", () => taken(select.value));
  return [el("label.small", { for: id }, label), select];
}

new Preview().begin();

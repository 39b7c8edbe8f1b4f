// The file's text with line numbers, and every complaint beside its line.

import { el, freshId } from "../component/elements.js";

/**
 * @typedef {import("../component/texts.js").Words} Words
 * @typedef {{line: number, column: number, severity: "error" | "warning" | "note", code: string, message: string}} Complaint
 */

const GAP = 6;

/** Grows with its text, so that numbers, text and complaints scroll as one; complaints push each other down, never up. */
export class Editor {
  /** @param {Words} words @param {() => void} changed */
  constructor(words, changed) {
    this.#words = words;
    const id = freshId();
    this.#area = /** @type {HTMLTextAreaElement} */ (
      el("textarea", { id, wrap: "off", spellcheck: "false", autocapitalize: "off", placeholder: words.say("noText"), rows: 14 })
    );
    this.#area.addEventListener("input", () => {
      this.#number();
      changed();
    });
    const title = words.say("complaints");
    this.#notes = el("ol.notes", { "aria-label": title });
    this.#page = el("div.page", {}, this.#gutter, this.#area, this.#notes);
    this.body = el("div.editor", {}, el("label.hidden", { for: id }, words.say("fileText")), this.#page);
    new ResizeObserver(() => this.#place()).observe(this.body);
    this.#number();
  }

  #words;
  #area;
  #gutter = el("div.gutter", { "aria-hidden": "true" });
  #notes;
  #page;
  /** @type {Complaint[]} */
  #complaints = [];

  get text() {
    return this.#area.value;
  }

  set text(text) {
    this.#area.value = text;
    this.#number();
  }

  /** @param {Complaint[]} complaints */
  tell(complaints) {
    this.#complaints = complaints;
    this.#notes.replaceChildren(...complaints.map((each) => this.#note(each)));
    this.#number();
  }

  /** Brings the first error, or else the first complaint, into view. */
  showFirst() {
    const first = this.#complaints.find(({ severity }) => severity === "error") ?? this.#complaints[0];
    const number = /** @type {HTMLElement | undefined} */ (first && this.#gutter.children[first.line - 1]);
    this.body.scrollTop = (number?.offsetTop ?? 0) - this.body.clientHeight / 3;
  }

  focus() {
    /** @type {HTMLElement} */ (this.#notes.querySelector("button") ?? this.#area).focus();
  }

  /** @param {number} line */
  goTo(line) {
    const lines = this.#area.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    this.#area.focus({ preventScroll: true });
    this.#area.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
    this.#gutter.children[line - 1]?.scrollIntoView({ block: "center" });
  }

  /** @param {Complaint} complaint */
  #note({ line, severity, code, message }) {
    const words = this.#words;
    const place = `${words.say(severity)}, ${words.say("line", { n: line })}`;
    const go = el("button.quiet", { type: "button", "aria-label": `${place}. ${words.say("goTo", { n: line })}`, onclick: () => this.goTo(line) }, place);
    return el(`li.${severity}`, { "data-line": line, lang: "en" }, el("span", { lang: words.tag }, go), el("p", {}, message), el("small", {}, code));
  }

  #number() {
    const lines = this.#area.value.split("\n").length;
    const worst = new Map([...this.#complaints].reverse().map(({ line, severity }) => [line, severity]));
    for (const { line, severity } of this.#complaints) if (severity === "error") worst.set(line, severity);
    const numbers = Array.from({ length: lines }, (_, at) => el(`span${worst.has(at + 1) ? `.${worst.get(at + 1)}` : ""}`, {}, String(at + 1)));
    this.#gutter.replaceChildren(...numbers);
    this.#area.rows = Math.max(lines, 14);
    this.#place();
  }

  #place() {
    const beside = getComputedStyle(this.#notes).position === "absolute";
    let free = 0;
    for (const note of /** @type {NodeListOf<HTMLElement>} */ (this.#notes.querySelectorAll("li"))) {
      const number = /** @type {HTMLElement | undefined} */ (this.#gutter.children[Number(note.dataset.line) - 1]);
      const top = Math.max(free, number?.offsetTop ?? 0);
      note.style.top = beside ? `${top}px` : "";
      free = top + note.offsetHeight + GAP;
    }
    this.#page.style.minHeight = beside ? `${free}px` : "";
  }
}

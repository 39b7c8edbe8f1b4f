// What is asked after what: questions from top to bottom, and an arrow in a lane of its own to each that hangs on another.

import { el } from "../component/elements.js";
import { inWords } from "./parts.js";

/** @typedef {import("../component/texts.js").Words} Words */

const SVG = "http://www.w3.org/2000/svg";
const LANE = 14;

/** @param {any} found the reply @param {Words} words @param {(line: number) => void} goTo @returns {HTMLElement[]} */
export function graph(found, words, goTo) {
  const boxes = found.questions.map((/** @type {any} */ each) => box(each, words, goTo));
  const list = el("ol.boxes", {}, ...boxes);
  const lanes = inLanes(found.arrows.filter((/** @type {any} */ each) => each.conditional));
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("aria-hidden", "true");
  const whole = el("div.graph", {}, list);
  whole.prepend(drawing);
  list.style.marginInlineStart = `${LANE * (Math.max(-1, ...lanes.values()) + 2)}px`;
  new ResizeObserver(() => draw(drawing, whole, boxes, lanes)).observe(whole);
  return [el("h2", {}, found.title), el("p.help", {}, words.say("graphHelp")), whole];
}

/** @param {any} found @param {Words} words @param {(line: number) => void} goTo */
function box(found, words, goTo) {
  const about = [inWords("choose", found.choose, words), inWords("effect", found.effect, words)];
  if (found.weight) about.push(inWords("weight", found.weight, words));
  const onclick = () => goTo(found.line);
  const place = el("button.quiet", { type: "button", onclick, "aria-label": `${words.say("goTo", { n: found.line })}: ${found.text}` }, words.say("line", { n: found.line }));
  return el(
    `li.card${found.only_if ? ".conditional" : ""}`,
    {},
    found.only_if && el("p.only-if", {}, words.say("onlyIf", { what: found.only_if })),
    el("h3", {}, found.text),
    el("p.help", {}, about.join(", "), " · ", place),
    found.options.length > 0 && el("ul.options", {}, ...found.options.map((/** @type {string} */ each) => el("li", {}, each))),
  );
}

/**
 * For each arrow the first lane in which no other is under way; short ones stay next to the boxes.
 * @param {{from: number, to: number}[]} arrows @returns {Map<{from: number, to: number}, number>}
 */
function inLanes(arrows) {
  const taken = new Map();
  for (const arrow of [...arrows].sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from)) {
    const busy = new Set([...taken].filter(([other]) => other.from < arrow.to && arrow.from < other.to).map(([, lane]) => lane));
    let lane = 0;
    while (busy.has(lane)) lane += 1;
    taken.set(arrow, lane);
  }
  return taken;
}

/** @param {SVGElement} drawing @param {HTMLElement} whole @param {HTMLElement[]} boxes @param {ReturnType<typeof inLanes>} lanes */
function draw(drawing, whole, boxes, lanes) {
  drawing.setAttribute("width", String(whole.clientWidth));
  drawing.setAttribute("height", String(whole.scrollHeight));
  const lines = [...lanes].flatMap(([{ from, to }, lane]) => {
    const [start, end] = [boxes[from], boxes[to]];
    const [left, right] = [start.offsetLeft, end.offsetLeft];
    const x = Math.min(...boxes.map((each) => each.offsetLeft)) - LANE * (lane + 1);
    const [y1, y2] = [start.offsetTop + start.offsetHeight / 2, end.offsetTop + end.offsetHeight / 2 + (lane % 3) * 6 - 6];
    const tip = `M${right - 8} ${y2 - 5} L${right - 1} ${y2} L${right - 8} ${y2 + 5}`;
    return [`M${left} ${y1} H${x} V${y2} H${right - 1}`, tip];
  });
  drawing.replaceChildren(
    ...lines.map((d) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", d);
      return path;
    }),
  );
}

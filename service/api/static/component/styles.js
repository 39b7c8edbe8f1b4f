// The look: quiet by default, in the shop's colours by custom properties; narrow pages get one column.

export const STYLES = `
:host {
  --accent: var(--begleiter-accent, #14594a);
  --on-accent: var(--begleiter-on-accent, #ffffff);
  --ink: var(--begleiter-text, #1b2430);
  --muted: var(--begleiter-muted, #525d6b);
  --paper: var(--begleiter-surface, #ffffff);
  --tint: var(--begleiter-tint, #f3f6f4);
  --line: var(--begleiter-line, #d5dcda);
  --edge: var(--begleiter-edge, #6c7a77);
  --warn: var(--begleiter-warning, #8f2d14);
  --radius: var(--begleiter-radius, 10px);
  display: block;
  container-type: inline-size;
  color: var(--ink);
  font-family: var(--begleiter-font, inherit);
  line-height: 1.5;
}
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
h2, h3, h4, p, ul, dl, dd, fieldset, legend { margin: 0; padding: 0; border: 0; }
ul { list-style: none; }
section > h2:first-child { font-size: 1.25rem; }
header h2, .advisor > h2 { font-size: 1.5rem; line-height: 1.2; text-wrap: balance; }
h3 { font-size: 1.1rem; line-height: 1.3; }
h4, .card h3 { font-size: 1rem; line-height: 1.35; }
a { color: var(--accent); text-underline-offset: .15em; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.help, small { color: var(--muted); font-size: .9rem; }
.text { max-width: 70ch; }
.advisor { background: var(--paper); display: grid; gap: 1.25rem; }
.advisor > div:empty, .error:empty, .actions:empty { display: none; }
header { display: grid; gap: .5rem; }
.progress > div {
  display: grid; grid-template-columns: 1fr auto; gap: .25rem 1rem; align-items: baseline; font-size: .9rem;
  color: var(--muted);
}
.progress progress { grid-column: 1 / -1; grid-row: 2; }
.fitting { color: var(--accent); font-weight: 600; grid-column: 2; }
progress {
  appearance: none; width: 100%; height: 6px; border: 0; border-radius: 3px; background: var(--line);
  overflow: hidden;
}
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--accent); border-radius: 3px; }
progress::-moz-progress-bar { background: var(--accent); }
.columns { display: grid; gap: 1.75rem; }
.asked, .listed > div, form, fieldset, section { display: grid; gap: 1rem; min-width: 0; align-content: start; }
.listed > .choice-panel { gap: 1.5rem; }
legend { font-size: 1.25rem; font-weight: 650; line-height: 1.3; float: left; width: 100%; text-wrap: balance; }
legend + * { clear: both; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
legend:focus:not(:focus-visible), h3:focus:not(:focus-visible) { outline: none; }
button, .number {
  font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--edge); border-radius: var(--radius);
  padding: .6rem 1rem; min-height: 44px;
}
button { cursor: pointer; font-weight: 600; }
button:hover { background: var(--tint); }
button.primary, button[aria-pressed="true"] {
  background: var(--accent); border-color: var(--accent); color: var(--on-accent);
}
button.quiet {
  border-color: transparent; background: none; color: var(--accent); padding-inline: .5rem;
  margin-inline: -.5rem; text-decoration: underline; text-underline-offset: .2em; font-weight: 500;
}
.asked[aria-busy] :is(button, .choice) {
  background: var(--tint); border-color: var(--line); color: var(--muted); cursor: progress; transition: all 0s .2s;
}
.actions, .fields { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
.choices { display: grid; gap: .6rem; }
.choice {
  display: flex; gap: .75rem; align-items: center; justify-content: space-between; width: 100%; min-height: 52px;
  text-align: start; padding: .7rem 1rem; border: 1px solid var(--edge); border-radius: var(--radius); font-weight: 500; cursor: pointer;
}
.choice:hover { background: var(--tint); border-color: var(--accent); }
.choice > :nth-last-child(2) { flex: 1; }
.choice small { display: block; }
.choice[aria-disabled], .choice[data-closed] {
  border-style: dashed; color: var(--muted); cursor: not-allowed; background: none;
}
.choice:has(:checked) {
  border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); background: var(--tint);
}
.choice[aria-pressed="true"] .count { color: inherit; }
.count { color: var(--muted); font-size: .9rem; font-weight: 400; text-align: end; }
input[type="checkbox"] { accent-color: var(--accent); width: 1.25rem; height: 1.25rem; flex: none; margin: 0; }
.field { display: grid; gap: .25rem; font-size: .95rem; }
.unit { display: flex; align-items: center; gap: .5rem; }
.number { width: 8.5rem; font-weight: 400; }
.error { color: var(--warn); font-weight: 600; }
.slider { position: relative; height: 44px; --low: 0%; --high: 100%; }
.track { position: absolute; inset: 19px 12px; border-radius: 3px;
  background: linear-gradient(to right, var(--line) var(--low), var(--accent) var(--low), var(--accent) var(--high), var(--line) var(--high)); }
.slider input {
  position: absolute; inset: 0; width: 100%; height: 44px; margin: 0; appearance: none; background: none;
  pointer-events: none;
}
.slider input::-webkit-slider-thumb {
  appearance: none; pointer-events: auto; width: 24px; height: 24px; border-radius: 50%;
  background: var(--paper); border: 3px solid var(--accent); cursor: grab;
}
.slider input::-moz-range-thumb {
  pointer-events: auto; width: 18px; height: 18px; border-radius: 50%; background: var(--paper);
  border: 3px solid var(--accent); cursor: grab;
}
.scale { display: flex; justify-content: space-between; color: var(--muted); font-size: .9rem; margin-bottom: .75rem; }
.notice {
  display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; justify-content: space-between;
  padding: .75rem 1rem; border: 1px solid var(--warn); border-radius: var(--radius); color: var(--warn);
  background: var(--paper);
}
.notice[role="status"] { border-color: var(--line); color: var(--muted); }
.cards { display: grid; gap: .9rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
.cards > li { display: grid; }
.card {
  display: grid; grid-template-columns: 6.5rem 1fr; gap: 1rem; padding: 1rem; border: 1px solid var(--line);
  border-radius: var(--radius); background: var(--paper); align-items: start;
}
.card:not(:has(img)) { grid-template-columns: 1fr; }
.card img {
  width: 100%; aspect-ratio: 4 / 3; object-fit: contain; background: var(--tint);
  border-radius: calc(var(--radius) - 4px);
}
.about { display: grid; gap: .4rem; justify-items: start; min-width: 0; overflow-wrap: anywhere; }
.price { font-weight: 650; }
.because { color: var(--muted); font-size: .95rem; }
.reasons { font-size: .93rem; display: grid; gap: .15rem; }
.reasons li { display: flex; gap: .5rem; }
.mark { font-weight: 700; flex: none; width: 1em; color: var(--accent); }
.misses .mark { color: var(--warn); }
.unknown, .unknown .mark { color: var(--muted); }
.conflict, .offer { display: grid; gap: .75rem; padding: 1rem; border-radius: var(--radius); background: var(--tint); }
.conflict { border-inline-start: 4px solid var(--warn); }
.conflict .choice { background: var(--paper); }
.answered { display: grid; gap: .75rem; justify-items: start; border-top: 1px solid var(--line); padding-top: 1.25rem; }
dl { display: grid; gap: .5rem; width: 100%; }
dl > div { display: grid; gap: 0 1rem; }
dt { color: var(--muted); font-size: .9rem; }
dd { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .5rem; font-weight: 550; }
dd button.quiet { margin-inline-start: auto; }
.code { display: grid; gap: .5rem; justify-items: start; }
.code strong { font-size: 1.5rem; }
.code svg { width: 12rem; max-width: 100%; background: #fff; fill: #000; }
.attribute { border: 1px solid var(--line); border-radius: var(--radius); padding: 1rem; gap: .6rem; }
.purposes { display: grid; }
.purposes li { display: grid; gap: .6rem; padding: .75rem 0; border-top: 1px solid var(--line); }
.yes-no { display: grid; grid-template-columns: 1fr 1fr; gap: .5rem; max-width: 13rem; }
summary { cursor: pointer; min-height: 28px; }
@container (max-width: 24rem) {
  .card { grid-template-columns: 4rem 1fr; gap: .75rem; padding: .75rem; }
  .conflict .choice { flex-direction: column; align-items: start; gap: .25rem; }
}
@container (min-width: 34rem) {
  dl > div { grid-template-columns: 1fr 1fr; align-items: baseline; }
  .purposes li { grid-template-columns: 1fr 13rem; align-items: start; }
}
@container (min-width: 50rem) {
  .columns:not(.wide) { grid-template-columns: minmax(0, 1.05fr) minmax(0, 1fr); }
}
@media (prefers-reduced-motion: no-preference) {
  button, .choice { transition: background-color .12s, border-color .12s; }
}
@media (forced-colors: active) {
  .track { forced-color-adjust: none; }
}
`;

// @ts-check
/**
 * Curves over the steps of an attack in a chart that is also a slider of the steps: a click, a drag or an arrow key
 * asks for a step. What is shown at the step is said in words and numbers above it.
 *
 * `show` may be called in every frame: it moves a line and a dot for each series that is followed, no more.
 */

import { el } from "../core/dom.mjs";
import { lineThrough } from "./layer_numbers.mjs";
import { stateByKey } from "../network/network_strip.mjs";
import { TOP, keepApart, makeFrame, niceTicks } from "./small_chart.mjs";
import { set, svg } from "../core/svg.mjs";

const LETTER = 6.1; // px, of a label
const LONGEST = 11; // letters of a label
const CLICK = 4; // px a finger may wander and still have tapped

/**
 * @typedef {object} Series
 * @property {string} name empty for the only one
 * @property {string} label at its end; empty for none
 * @property {string} color CSS
 * @property {ArrayLike<number>} values one a step; NaN where it is not known
 * @property {ArrayLike<number>|null} others the same of all other points, drawn faint
 * @property {boolean} followed whether a dot goes along it and its value is said
 * @typedef {object} Look
 * @property {Series[]} series the last is drawn above all
 * @property {number} top of the scale, which begins at 0
 * @property {number|null} rule a height that means something
 */

/** A value between two steps. @param {ArrayLike<number>} values @param {number} position */
export function valueAt(values, position) {
  const at = Math.max(0, Math.min(values.length - 1, position));
  const below = Math.floor(at);
  return at === below ? values[below] : values[below] + (at - below) * (values[below + 1] - values[below]);
}

/** The number of a step, or one between two. @param {number[]} steps rising @param {number} position */
export const numberAt = (steps, position) => valueAt(steps, position);

/** The index of the step whose number is nearest. @param {number[]} steps rising @param {number} number */
export function nearestStep(steps, number) {
  return steps.reduce((best, step, i) => (Math.abs(step - number) < Math.abs(steps[best] - number) ? i : best), 0);
}

/** Text of a label that is not too long. @param {string} name */
export const labelText = (name) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);

/** Room for labels beside a plot, px. @param {string[]} names */
export const labelRoom = (names) =>
  10 + Math.ceil(LETTER * Math.max(0, ...names.map((name) => labelText(name).length)));

/**
 * @param {object} given
 * @param {string} given.title
 * @param {number} given.high px
 * @param {number} given.right px for labels
 * @param {number[]} given.steps their numbers
 * @param {(value: number) => string} given.text a value for people
 * @param {(value: number) => string} [given.tick] a number of the scale
 * @param {number} [given.ticks] how many parts the scale has, about
 * @param {(step: number) => void} given.seek an index
 * @param {(step: number|null) => void} given.point the pointer is above a step, an index, or has left
 */
export function createStepChart({ title, high, right, steps, text, tick = text, ticks = 2, seek, point }) {
  const last = steps.length - 1;
  const values = el("div", { class: "gt-curve-values", "aria-hidden": "true" });
  const pointed = svg("line", { class: "gt-pointer-line", visibility: "hidden" });
  const cursor = svg("line", { class: "gt-mark-line" });
  const dots = svg("g", {});
  const drawing = svg("g", {});
  const chart = svg("svg", {
    class: "gt-curve-chart", height: high, tabindex: 0, role: "slider", "aria-label": `${title}; step`,
    "aria-valuemin": steps[0], "aria-valuemax": steps[last],
  }, drawing, pointed, cursor, dots); // prettier-ignore
  const element = el(
    "figure",
    { class: "gt-curve" },
    el("div", { class: "gt-curve-head" }, el("h3", {}, title), values),
    chart,
  );

  /** @type {ReturnType<typeof makeFrame>|null} */
  let frame = null;
  /** @type {Look} */
  let look = { series: [], top: 1, rule: null };
  let position = 0;
  let sent = -1; // by the drag that is under way …
  let began = 0; // … and where it began, px
  let wide = 0;
  let [said, told] = ["", ""];

  const x = (/** @type {number} */ at) => (frame ? frame.toX(numberAt(steps, at)) : 0);

  function draw() {
    if (!wide) return;
    const { series, top, rule } = look;
    frame = makeFrame({
      wide, high, right, x: [steps[0], steps[last]], y: [0, top], yText: tick, xName: "step",
      xTicks: niceTicks(steps[0], steps[last], Math.floor((wide - right) / 45)).filter(Number.isInteger),
      yTicks: niceTicks(0, top, ticks),
    }); // prettier-ignore
    const { toY, x0, x1, y0 } = frame;
    const path = (/** @type {ArrayLike<number>} */ of) =>
      lineThrough(
        Array.from(of, (v) => (Number.isNaN(v) ? null : v)),
        x,
        toY,
      );
    const lines = series.flatMap(({ name, color, values: own, others, followed }) => [
      ...(others ? [svg("path", { d: path(others), class: "gt-curve-others", style: `stroke:${color}` })] : []),
      svg(
        "path",
        {
          d: path(own),
          class: followed ? "gt-curve-line gt-curve-followed" : "gt-curve-line",
          style: `stroke:${color}`,
        },
        ...(name ? [svg("title", {}, name)] : []),
      ),
    ]);
    const named = labelled(series);
    const heights = keepApart(
      named.map(([, value]) => toY(value)),
      12,
      TOP,
      y0,
    );
    const labels = named.map(([label, value, faint], i) =>
      svg(
        "text",
        { x: x1 + 6, y: heights[i] + 3.5, class: faint ? "gt-curve-label gt-curve-faint" : "gt-curve-label" },
        labelText(label),
        svg("title", {}, `${label}: ${text(value)}`),
      ),
    );
    const ruled =
      rule === null ? [] : [svg("line", { x1: x0, x2: x1, y1: toY(rule), y2: toY(rule), class: "gt-curve-rule" })];
    set(chart, { viewBox: `0 0 ${wide} ${high}` });
    drawing.replaceChildren(frame.element, ...ruled, ...lines, ...labels);
    dots.replaceChildren(
      ...followed().flatMap(({ color, others }) => [
        ...(others ? [svg("circle", { r: 3, class: "gt-curve-dot gt-curve-dot-others", style: `fill:${color}` })] : []),
        svg("circle", { r: 3.5, class: "gt-curve-dot", style: `fill:${color}` }),
      ]),
    );
    for (const line of [cursor, pointed]) set(line, { y1: TOP - 4, y2: y0 });
    move();
  }

  const followed = () => look.series.filter((one) => one.followed);

  /** The cursor and its dots. */
  function move() {
    if (!frame) return;
    const at = x(position);
    set(cursor, { x1: at, x2: at });
    let i = 0;
    for (const { values: own, others } of followed()) {
      for (const of of others ? [others, own] : [own]) {
        const value = valueAt(of, position);
        set(dots.children[i++], {
          cx: at,
          cy: Number.isNaN(value) ? 0 : frame.toY(value),
          visibility: Number.isNaN(value) ? "hidden" : "visible",
        });
      }
    }
  }

  /** Say the values at a position; written where they are others. @param {number} at */
  function say(at) {
    const shown = followed().map(({ name, color, values: own, others }) => ({
      name, color, own: text(valueAt(own, at)), others: others && text(valueAt(others, at)),
    })); // prettier-ignore
    const number = numberAt(steps, at);
    const words = shown
      .map((one) => `${one.name ? `${one.name}: ` : ""}${one.own}${one.others ? `, others ${one.others}` : ""}`)
      .join("; ");
    const all = `step ${stepText(number)}: ${words}`;
    if (all !== told) set(chart, { "aria-valuenow": number, "aria-valuetext": (told = all) });
    if (words === said) return;
    said = words;
    values.replaceChildren(
      ...shown.map((one) =>
        el("span", { class: "gt-curve-value" },
          one.name ? el("span", { class: "gt-curve-key", style: `background:${one.color}` }) : null,
          one.name ? el("span", { class: "gt-curve-name" }, one.name) : null,
          el("b", {}, one.own),
          one.others ? el("span", { class: "gt-curve-other-value" }, one.others) : null),
      ),
    ); // prettier-ignore
  }

  /** @param {PointerEvent} event @returns {number} an index */
  function stepAt(event) {
    const left = chart.getBoundingClientRect().left;
    return frame ? nearestStep(steps, frame.fromX(event.clientX - left)) : 0;
  }
  /** @param {PointerEvent} event */
  function drag(event) {
    const step = stepAt(event);
    if (step !== sent) seek((sent = step));
  }
  chart.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    chart.setPointerCapture(event.pointerId);
    [sent, began] = [-1, event.clientX];
    if (event.pointerType !== "touch") drag(event); // a finger may be about to scroll the page
  });
  chart.addEventListener("pointermove", (event) => {
    const touch = event.pointerType === "touch";
    if (chart.hasPointerCapture(event.pointerId) && (!touch || sent !== -1 || Math.abs(event.clientX - began) > CLICK))
      drag(event);
    if (!touch) point(stepAt(event));
  });
  chart.addEventListener("pointerup", (event) => {
    if (event.pointerType === "touch" && chart.hasPointerCapture(event.pointerId)) drag(event);
  });
  chart.addEventListener("pointerleave", () => point(null));
  chart.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = stateByKey(event.key, position, last);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation(); // ← and → would count twice
    seek(to);
  });

  return {
    element,
    /** @param {number} width px */
    resize(width) {
      wide = width;
      draw();
    },
    /** @param {Look} now */
    look(now) {
      look = now;
      said = "";
      draw();
    },
    /** @param {number} at an index into the steps, fractions between two @param {number|null} under the pointer's */
    show(at, under) {
      position = at;
      move();
      set(pointed, { visibility: under === null ? "hidden" : "visible", x1: x(under ?? 0), x2: x(under ?? 0) });
      say(under ?? at);
    },
  };
}

/** @param {number} number of a step, or between two */
export const stepText = (number) => (Number.isInteger(number) ? String(number) : number.toFixed(1));

/** What stands at the end of lines: text, value there, whether it is faint. @param {Series[]} series @returns {[string, number, boolean][]} */
function labelled(series) {
  /** @type {[string, number, boolean][]} */
  const found = [];
  for (const { label, name, values, others } of series) {
    if (!label) continue;
    found.push([label, values[values.length - 1], false]);
    if (others && !name) found.push(["others", others[others.length - 1], true]);
  }
  return found.filter(([, value]) => !Number.isNaN(value));
}

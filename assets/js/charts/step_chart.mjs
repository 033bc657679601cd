// @ts-check
/**
 * Curves over the steps of an attack in a chart that is also a slider of the steps: a click, a drag or an arrow key
 * asks for a step. What is shown at the step is said in words and numbers above it.
 *
 * `show` may be called in every frame: it moves a line and a dot for each series that is followed, no more.
 */

import { el } from "../core/dom.mjs";
import { set, svg } from "../core/svg.mjs";
import { TOP, makeFrame, niceTicks } from "./small_chart.mjs";
import { makeDots, makeLines, makeValues } from "./step_drawing.mjs";
import { listenForSteps } from "./step_seeking.mjs";
import { nearestStep, numberAt, stepText, toldAt, valueAt, wordsOf } from "./step_values.mjs";

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
  const head = el("div", { class: "gt-curve-head" }, el("h3", {}, title), values);

  /** @type {ReturnType<typeof makeFrame>|null} */
  let frame = null;
  /** @type {import("./step_values.mjs").Look} */
  let look = { series: [], top: 1, rule: null };
  let position = 0;
  let wide = 0;
  let [said, told] = ["", ""];

  const x = (/** @type {number} */ at) => (frame ? frame.toX(numberAt(steps, at)) : 0);
  const followed = () => look.series.filter((one) => one.followed);

  listenForSteps(chart, {
    last,
    position: () => position,
    stepAt: (px) => (frame ? nearestStep(steps, frame.fromX(px)) : 0),
    seek,
    point,
  });

  function draw() {
    if (!wide) return;
    frame = makeFrame({
      wide, high, right, x: [steps[0], steps[last]], y: [0, look.top], yText: tick, xName: "step",
      xTicks: niceTicks(steps[0], steps[last], Math.floor((wide - right) / 45)).filter(Number.isInteger),
      yTicks: niceTicks(0, look.top, ticks),
    }); // prettier-ignore
    set(chart, { viewBox: `0 0 ${wide} ${high}` });
    drawing.replaceChildren(frame.element, ...makeLines(look, frame, x, text));
    dots.replaceChildren(...makeDots(followed()));
    for (const line of [cursor, pointed]) set(line, { y1: TOP - 4, y2: frame.y0 });
    move();
  }

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
    const shown = toldAt(followed(), at, text);
    const words = wordsOf(shown);
    const number = numberAt(steps, at);
    const all = `step ${stepText(number)}: ${words}`;
    if (all !== told) set(chart, { "aria-valuenow": number, "aria-valuetext": (told = all) });
    if (words === said) return;
    said = words;
    values.replaceChildren(...makeValues(shown));
  }

  return {
    element: el("figure", { class: "gt-curve" }, head, chart),
    /** @param {number} width px */
    resize(width) {
      wide = width;
      draw();
    },
    /** @param {import("./step_values.mjs").Look} now */
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

// @ts-check
/** The elements of a chart over steps: lines, what stands at their ends, dots that go along them, and values in words. */

import { el } from "../core/dom.mjs";
import { named } from "../core/names.mjs";
import { svg } from "../core/svg.mjs";
import { lineThrough } from "./layer_numbers.mjs";
import { TOP, keepApart } from "./small_chart.mjs";
import { labelText, labelled } from "./step_values.mjs";

const LABEL = 12; // px between two labels, at least
const LETTERS = 24; // of a name beside its value

/** @typedef {import("./step_values.mjs").Look} Look @typedef {import("./step_values.mjs").Series} Series */

/**
 * Lines, faint ones below their own, with their labels and the rule.
 *
 * @param {Look} look
 * @param {ReturnType<typeof import("./small_chart.mjs").makeFrame>} frame
 * @param {(at: number) => number} x px of an index
 * @param {(value: number) => string} text
 * @returns {Node[]} the last is above all
 */
export function makeLines({ series, rule }, { toY, x0, x1, y0 }, x, text) {
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
      { d: path(own), class: followed ? "gt-curve-line gt-curve-followed" : "gt-curve-line", style: `stroke:${color}` },
      ...(name ? [svg("title", {}, name)] : []),
    ),
  ]);
  const ends = labelled(series);
  const wanted = ends.map(([, value]) => toY(value));
  const heights = keepApart(wanted, LABEL, TOP, y0);
  const labels = ends.map(([label, value, faint], i) =>
    svg(
      "text",
      { x: x1 + 6, y: heights[i] + 3.5, class: faint ? "gt-curve-label gt-curve-faint" : "gt-curve-label" },
      labelText(label),
      svg("title", {}, `${label}: ${text(value)}`),
    ),
  );
  const ruled =
    rule === null ? [] : [svg("line", { x1: x0, x2: x1, y1: toY(rule), y2: toY(rule), class: "gt-curve-rule" })];
  return [...ruled, ...lines, ...labels];
}

/** A dot a series that is followed, and before it one of the others. @param {Series[]} followed */
export const makeDots = (followed) =>
  followed.flatMap(({ color, others }) => [
    ...(others ? [svg("circle", { r: 3, class: "gt-curve-dot gt-curve-dot-others", style: `fill:${color}` })] : []),
    svg("circle", { r: 3.5, class: "gt-curve-dot", style: `fill:${color}` }),
  ]);

/** @param {import("./step_values.mjs").Told[]} told */
export const makeValues = (told) =>
  told.map(({ name, color, own, others }) =>
    el(
      "span",
      { class: "gt-curve-value" },
      name ? el("span", { class: "gt-curve-key", style: `background:${color}` }) : null,
      name ? el("span", { class: "gt-curve-name", ...named(name, LETTERS) }) : null,
      el("b", {}, own),
      others ? el("span", { class: "gt-curve-other-value" }, others) : null,
    ),
  );

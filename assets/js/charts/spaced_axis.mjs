// @ts-check
/** Charts of plotly whose x axis has recorded steps: spaced by their numbers, or by their logarithms where the reader wants that. */

import { canSpace, placesOf, spacingOf } from "../state/spacing.mjs";

const TICKS = 7;

/** Where recorded epochs are on the axis. @param {number[]} epochs rising @param {string} unit */
export const axisOf = (epochs, unit) =>
  canSpace(epochs, unit) && spacingOf(epochs) === "log" ? placesOf(epochs, unit, "log") : epochs;

/** Some of the epochs, evenly over the axis, the first and the last among them. @param {number[]} xs rising @returns {number[]} indices */
export function ticksOf(xs) {
  const [first, last] = [xs[0], xs[xs.length - 1]];
  const apart = (last - first) / TICKS;
  /** @type {number[]} */
  const found = [];
  xs.forEach((x, i) => {
    const before = found.length ? xs[found[found.length - 1]] : -Infinity;
    if (i === xs.length - 1) {
      if (found.length > 1 && last - before < apart / 2) found.pop();
      found.push(i);
    } else if (x - before >= apart) found.push(i);
  });
  return found;
}

/** The numbers behind places that are drawn instead of them. @type {WeakMap<object, number[]>} */
const numbersOf = new WeakMap();

/**
 * Bring a chart to how its steps are to be spaced; nothing where it is so already, or its figure is of another run.
 *
 * @param {any} Plotly @param {any} gd its graph div, of figures whose x are numbers of the epochs @param {number[]} epochs rising @param {string} unit
 */
export function spaceChart(Plotly, gd, epochs, unit) {
  if (!gd.data?.length || !gd._fullLayout?.xaxis) return;
  const xs = axisOf(epochs, unit);
  const wanted = xs === epochs ? "even" : `log ${epochs.join()}`;
  if ((gd.layout.meta?.spaced ?? "even") === wanted) return;
  const places = new Map(epochs.map((epoch, i) => [epoch, xs[i]]));
  const before = gd.data.map((/** @type {any} */ { x }) => numbersOf.get(x) ?? x);
  if (before.some((/** @type {number[]} */ x) => x.some((one) => !places.has(one)))) return;
  gd.data.forEach((/** @type {any} */ trace, /** @type {number} */ i) => {
    trace.x = Array.from(before[i], (/** @type {number} */ epoch) => places.get(epoch));
    numbersOf.set(trace.x, before[i]);
  });
  const ticks = ticksOf(xs);
  const [first, last] = [xs[0], xs[xs.length - 1]];
  const edge = xs === epochs ? Math.max(0.5, 0.01 * (last - first)) : 0.02 * last;
  const axis = { ...gd.layout.xaxis };
  for (const name of ["dtick", "tickmode", "tickvals", "ticktext"]) delete axis[name];
  const log = { tickmode: "array", tickvals: ticks.map((i) => xs[i]), ticktext: ticks.map((i) => String(epochs[i])) };
  gd.layout.xaxis = { ...axis, autorange: false, range: [first - edge, last + edge], ...(xs === epochs ? {} : log) };
  gd.layout.meta = { ...gd.layout.meta, spaced: wanted };
  Plotly.react(gd, gd.data, gd.layout, gd._context);
}

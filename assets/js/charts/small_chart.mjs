// @ts-check
/** What small charts drawn by hand share: round ticks, a frame with its grid, labels that keep apart, their width. */

import { svg } from "../core/svg.mjs";

// px around the plot: numbers stand to the left of it and below
export const LEFT = 36;
export const TOP = 9;
export const FOOT = 19;

/**
 * Round numbers from low to high.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} most steps between them, or one more
 * @returns {number[]} multiples of 1, 2 or 5 times a power of ten
 */
export function niceTicks(low, high, most) {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((times) => times * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A number of a scale, with a true minus. @param {number} x */
export const tickText = (x) => String(x).replace("-", "−");

/**
 * Where labels stand that want to be at some heights: in their order, apart from each other, between two ends.
 *
 * @param {number[]} wanted px
 * @param {number} apart px at least
 * @param {number} top px
 * @param {number} bottom px
 * @returns {number[]} in the order of `wanted`
 */
export function keepApart(wanted, apart, top, bottom) {
  const order = Array.from(wanted.keys()).sort((a, b) => wanted[a] - wanted[b]);
  const places = [...wanted];
  let least = top;
  for (const i of order) {
    places[i] = Math.max(least, Math.min(bottom, wanted[i]));
    least = places[i] + apart;
  }
  let most = bottom;
  for (const i of order.reverse()) {
    places[i] = Math.min(most, places[i]);
    most = places[i] - apart;
  }
  return places;
}

/**
 * A frame: grid, numbers and the two scales.
 *
 * @param {object} given
 * @param {number} given.wide px of the whole chart @param {number} given.high px
 * @param {number} given.right px beside the plot
 * @param {[number, number]} given.x from, to
 * @param {[number, number]} given.y from, to
 * @param {number[]} given.xTicks @param {number[]} given.yTicks
 * @param {(y: number) => string} [given.yText]
 * @param {string} [given.xName] before the first number
 */
export function makeFrame({ wide, high, right, x, y, xTicks, yTicks, yText = tickText, xName = "" }) {
  const [x0, x1, y0, y1] = [LEFT, wide - right, high - FOOT, TOP];
  const toX = (/** @type {number} */ value) => x0 + ((x1 - x0) * (value - x[0])) / (x[1] - x[0] || 1);
  const toY = (/** @type {number} */ value) => y0 + ((y1 - y0) * (value - y[0])) / (y[1] - y[0] || 1);
  const element = svg(
    "g",
    { class: "gt-chart-frame", "aria-hidden": "true" },
    ...yTicks.flatMap((value) => [
      svg("line", { x1: x0, x2: x1, y1: toY(value), y2: toY(value) }),
      svg("text", { x: x0 - 6, y: toY(value) + 3.5, "text-anchor": "end" }, yText(value)),
    ]),
    ...xTicks.flatMap((value) => [
      svg("line", { x1: toX(value), x2: toX(value), y1: y0, y2: y0 + 3 }),
      svg("text", { x: toX(value), y: high - 4, "text-anchor": "middle" }, tickText(value)),
    ]),
    svg("text", { x: x0 - 6, y: high - 4, "text-anchor": "end" }, xName),
  );
  return {
    element, toX, toY, x0, x1, y0, y1,
    fromX: (/** @type {number} */ px) => x[0] + ((px - x0) * (x[1] - x[0])) / (x1 - x0 || 1),
  }; // prettier-ignore
}

/**
 * Hear of an element's width, now and whenever it is another one; text of a chart keeps its size so.
 *
 * @param {HTMLElement} element
 * @param {(width: number) => void} draw px
 */
export function onWidth(element, draw) {
  let drawn = 0;
  const look = () => {
    const width = Math.round(element.clientWidth);
    if (width && width !== drawn) draw((drawn = width)); // none while it is hidden
  };
  new ResizeObserver(look).observe(element);
  look();
}

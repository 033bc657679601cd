// @ts-check
/** Where plotly's axes put data on the screen; the only reader of those numbers. */

/**
 * @typedef {{left: number, top: number, width: number, height: number,
 *   x0: number, x1: number, y0: number, y1: number, kx: number, ky: number}} Viewport
 */

/**
 * Half the range of the axes before anyone zooms, in plot units. Handles reach the unit circle, but with
 * more than three dimensions hardly ever (one in a thousand is longer than 0.9 where there are ten), and
 * the picture is better spent on the points.
 *
 * @param {number} p dimensions
 */
export const home = (p) => (p <= 3 ? 1.12 : 0.94);

/** The same where the states of a network share a frame: few of their many coordinates are seen at once, so points stay near the middle. */
export const LAYERS = 0.62;

/** The same of a picture that is flat already, and has no handles: its farthest point is at 1. */
export const FLAT = 1.05;

/**
 * @param {any} gd plotly's graph div
 * @returns {Viewport|null} pixels relative to the div; null while there is no picture yet
 */
export function viewport(gd) {
  const layout = gd._fullLayout;
  if (!layout?.xaxis?._length || !layout.yaxis?._length) return null;
  const { xaxis, yaxis } = layout;
  const [x0, x1] = xaxis.range;
  const [y0, y1] = yaxis.range;
  return {
    left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length,
    x0, x1, y0, y1,
    kx: xaxis._length / (x1 - x0), ky: yaxis._length / (y1 - y0),
  }; // prettier-ignore
}

/**
 * What a box shows around a point, equally scaled: its shorter side reaches that far.
 *
 * @param {{left: number, top: number, width: number, height: number}} box px @param {number} x centre @param {number} y centre @param {number} reach from there to the edge
 * @returns {Viewport}
 */
export function viewAround({ left, top, width, height }, x, y, reach) {
  const k = Math.min(width, height) / (2 * reach);
  const [wide, high] = [width / 2 / k, height / 2 / k];
  return { left, top, width, height, x0: x - wide, x1: x + wide, y0: y - high, y1: y + high, kx: k, ky: k };
}

/** @param {Viewport} v @param {number} x @returns {number} pixels from the div's left edge */
export const toLeft = (v, x) => v.left + (x - v.x0) * v.kx;

/** @param {Viewport} v @param {number} y @returns {number} pixels from the div's top edge */
export const toTop = (v, y) => v.top + (v.y1 - y) * v.ky;

/** @param {Viewport} v @param {number} px @returns {number} data units */
export const fromLeft = (v, px) => v.x0 + (px - v.left) / v.kx;

/** @param {Viewport} v @param {number} px @returns {number} data units */
export const fromTop = (v, px) => v.y1 - (px - v.top) / v.ky;

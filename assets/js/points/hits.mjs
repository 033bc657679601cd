// @ts-check
/** Which points lie under the pointer or within a shape, as they are on the screen at that moment; pixels in, indices out. */

import { fromLeft, fromTop, toLeft, toTop } from "./viewport.mjs";

/**
 * @typedef {[number, number]} Place pixels
 * @typedef {object} Picture what is on the screen now
 * @property {import("./viewport.mjs").Viewport} view
 * @property {Float32Array} positions interleaved x, y in plot units
 * @property {(i: number) => boolean} visible
 * @property {Cloud|null} [second] the same points elsewhere, drawn over them
 * @typedef {Pick<Picture, "positions"|"visible">} Cloud
 */

/**
 * The visible point that is nearest to a place.
 *
 * @param {Picture} picture @param {Place} at
 * @param {number} near pixels; what is as far or farther does not count
 * @returns {number} index or -1
 */
export function nearestPoint({ view, positions, visible }, at, near) {
  const x = fromLeft(view, at[0]);
  const y = fromTop(view, at[1]);
  let best = -1;
  let least = (near / view.kx) ** 2;
  for (let i = 0; 2 * i < positions.length; i++) {
    const away = (positions[2 * i] - x) ** 2 + (positions[2 * i + 1] - y) ** 2;
    if (away < least && visible(i)) [best, least] = [i, away];
  }
  return best;
}

/**
 * The same where a second cloud lies over the first; the first counts where both are as near.
 *
 * @param {Picture|null} picture @param {Place} at @param {number} near pixels
 * @returns {[index: number, second: boolean]} -1 for none, and whether it is of the second
 */
export function nearestOfBoth(picture, at, near) {
  if (!picture) return [-1, false];
  const { view, positions, second } = picture;
  const first = nearestPoint(picture, at, near);
  if (!second) return [first, false];
  const away = first < 0 ? near : Math.hypot(toLeft(view, positions[2 * first]) - at[0], toTop(view, positions[2 * first + 1]) - at[1]); // prettier-ignore
  const other = nearestPoint({ view, ...second }, at, away);
  return other < 0 ? [first, false] : [other, true];
}

/** @param {Picture} picture @param {Place[]} ring @returns {number[]} indices of the visible points inside */
export function pointsWithin({ view, positions, visible }, ring) {
  const found = [];
  for (let i = 0; 2 * i < positions.length; i++) {
    const at = [toLeft(view, positions[2 * i]), toTop(view, positions[2 * i + 1])];
    if (visible(i) && within(ring, at[0], at[1])) found.push(i);
  }
  return found;
}

/** The corners of a box, in their order, from two that are opposite. @param {Place[]} ends @returns {Place[]} */
export function boxOf([[x0, y0], [x1, y1]]) {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

/**
 * A box in plot units.
 *
 * @param {import("./viewport.mjs").Viewport} view @param {Place[]} ends two opposite corners
 * @returns {import("./brushes.mjs").Rectangle}
 */
export function rectangleOf(view, [[left, top], [right, bottom]]) {
  const [x0, x1] = [fromLeft(view, Math.min(left, right)), fromLeft(view, Math.max(left, right))];
  const [y1, y0] = [fromTop(view, Math.min(top, bottom)), fromTop(view, Math.max(top, bottom))];
  return { x0, x1, y0, y1 };
}

/** Even-odd rule. @param {Place[]} ring @param {number} x @param {number} y */
export function within(ring, x, y) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

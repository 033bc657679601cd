// @ts-check
/**
 * Two layers behind each other, and the frames that show them: the first goes X₀ U₁ → X₁ V₁ in a frame G₁, the second X₁ U₂ → X₂ V₂ in a
 * frame G₂. The state between them is in both; it is drawn at the same places if V₁ G₁ = U₂ G₂, which is G₂ = U₂ᵀ V₁ G₁.
 *
 * Source: Li, Zhao, Scheidegger 2020, doi:10.23915/distill.00025.
 */

import { svd2, times, transposed } from "./negation.mjs";

/** @typedef {import("./negation.mjs").Matrix} Matrix */

/** @param {number} angle radians @returns {Matrix} */
export const turnBy = (angle) => [
  [Math.cos(angle), Math.sin(angle)],
  [-Math.sin(angle), Math.cos(angle)],
];

/**
 * @param {Matrix} first layer @param {Matrix} second layer @param {Matrix} g1 frame of the first
 * @returns {{u1: Matrix, v1: Matrix, u2: Matrix, v2: Matrix, g2: Matrix}} the layers' bases, and the frame of the second
 */
export function passOn(first, second, g1) {
  const [one, two] = [svd2(first), svd2(second)];
  return { u1: one.u, v1: one.v, u2: two.u, v2: two.v, g2: times(times(transposed(two.u), one.v), g1) };
}

/**
 * What is done to the input where it is drawn, through both layers.
 *
 * @param {Matrix} first @param {Matrix} second @param {Matrix} g1
 * @param {Matrix} g2 frame of the second layer, that of `passOn` or any other
 * @returns {{begin: Matrix, behindFirst: Matrix, beforeSecond: Matrix, end: Matrix}} the picture of each state is the input times these:
 *   the state between the layers has two
 */
export function pictures(first, second, g1, g2) {
  const { u1, v1, u2, v2 } = passOn(first, second, g1);
  return {
    begin: times(u1, g1),
    behindFirst: times(times(first, v1), g1),
    beforeSecond: times(times(first, u2), g2),
    end: times(times(times(first, second), v2), g2),
  };
}

/** From one matrix to another, straight. @param {Matrix} a @param {Matrix} b @param {number} t @returns {Matrix} */
export const between = (a, b, t) => a.map((row, i) => row.map((value, j) => (1 - t) * value + t * b[i][j]));

/** How far points leap on average between two pictures. @param {[number, number][]} points @param {Matrix} a @param {Matrix} b */
export function leap(points, a, b) {
  const far = points.map(([x, y]) =>
    Math.hypot(x * (a[0][0] - b[0][0]) + y * (a[1][0] - b[1][0]), x * (a[0][1] - b[0][1]) + y * (a[1][1] - b[1][1])),
  );
  return far.reduce((sum, one) => sum + one, 0) / points.length;
}

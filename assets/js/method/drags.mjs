// @ts-check
/** A handful of points in four dimensions, some of them selected, and how well each way of pulling them does what was asked. */

import { normals } from "../tour/random.mjs";

export const P = 4;
/** Where each group is, and how far it spreads along each dimension: the selected one mostly along those that are hidden at first. */
const GROUPS = [
  { n: 7, middle: [0.45, 0.35, 0.3, 0.2], spread: [0.07, 0.05, 0.3, 0.22] },
  { n: 5, middle: [-0.6, 0.3, 0.1, -0.3], spread: [0.1, 0.1, 0.1, 0.1] },
  { n: 5, middle: [0.1, -0.65, -0.3, 0.2], spread: [0.1, 0.1, 0.1, 0.1] },
];
const SEED = 5;

/** @returns {{points: Float64Array, n: number, selected: number[]}} points (n, P), row-major; the first ones are selected */
export function makeHandful() {
  const n = GROUPS.reduce((sum, group) => sum + group.n, 0);
  const noise = normals(SEED, 0, n * P);
  const points = new Float64Array(n * P);
  let row = 0;
  for (const { n: count, middle, spread } of GROUPS) {
    for (let i = 0; i < count; i++, row++)
      for (let k = 0; k < P; k++) points[row * P + k] = middle[k] + spread[k] * noise[row * P + k];
  }
  return { points, n, selected: Array.from({ length: GROUPS[0].n }, (_, i) => i) };
}

/** x G. @param {ArrayLike<number>} points (n, P) @param {number} row @param {ArrayLike<number>} g (P, P) @returns {number[]} (P,) */
export const turnedRow = (points, row, g) =>
  Array.from({ length: P }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < P; i++) sum += points[row * P + i] * g[i * P + k];
    return sum;
  });

/**
 * What a frame leaves of a wish: the selected points should move by (dx, dy), all others stay. In all P view coordinates, root mean square; the selected
 * points weigh as much as all others together. It is what a fit makes smallest.
 *
 * @param {ArrayLike<number>} before (P, P) @param {ArrayLike<number>} now (P, P)
 * @param {{points: ArrayLike<number>, n: number, selected: number[]}} handful
 * @param {number} dx @param {number} dy
 */
export function leftOver(before, now, { points, n, selected }, dx, dy) {
  let sum = 0;
  for (let row = 0; row < n; row++) {
    const mine = selected.includes(row);
    const from = turnedRow(points, row, before);
    const to = turnedRow(points, row, now);
    const weight = 0.5 / (mine ? selected.length : n - selected.length);
    to.forEach((value, k) => (sum += weight * (value - from[k] - (mine ? ([dx, dy][k] ?? 0) : 0)) ** 2));
  }
  return Math.sqrt(sum);
}

/**
 * How much of the selected points' variance about their middle is drawn; it is what a spread makes largest.
 *
 * @param {ArrayLike<number>} g (P, P)
 * @param {{points: ArrayLike<number>, selected: number[]}} handful
 */
export function drawnSpread(g, { points, selected }) {
  const rows = selected.map((row) => turnedRow(points, row, g));
  const squares = Array.from({ length: P }, (_, k) => {
    const mean = rows.reduce((sum, row) => sum + row[k], 0) / rows.length;
    return rows.reduce((sum, row) => sum + (row[k] - mean) ** 2, 0);
  });
  return (squares[0] + squares[1]) / squares.reduce((a, b) => a + b, 0);
}

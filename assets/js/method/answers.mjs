// @ts-check
/** What a linear picture, and methods that were computed beforehand, make of a point that moves; and how far all went. */

import { completeFrame } from "../tour/frame.mjs";
import { seen } from "./polytope.mjs";

/**
 * @typedef {import("../payloads.mjs").MovedNote} MovedNote
 * @typedef {object} Answer one picture
 * @property {string} name
 * @property {(x: number, y: number) => Float32Array} at where the n + 1 points are when the moved one, the last, is at (x, y)
 * @property {Float64Array|null} matrix (p, p) of a linear one
 */

/** The grid's place nearest to a number. @param {number[]} steps even @param {number} x */
export function nearestStep(steps, x) {
  const at = ((x - steps[0]) / (steps[steps.length - 1] - steps[0])) * (steps.length - 1);
  return Math.max(0, Math.min(steps.length - 1, Math.round(at)));
}

/** @param {MovedNote} note @param {Float32Array} points (n, p) about the middle @returns {Answer} */
export function linearAnswer({ n, p, plane }, points) {
  const columns = Float64Array.from({ length: 2 * p }, (_, at) => plane[at % 2][at >> 1]);
  const matrix = completeFrame(columns, p);
  const positions = new Float32Array(2 * n + 2);
  seen(points, n, matrix, p, positions);
  return {
    name: "linear",
    matrix,
    at(x, y) {
      positions.set([x, y], 2 * n); // x and y times the plane's rows, seen through them
      return positions;
    },
  };
}

/** @param {MovedNote} note @param {MovedNote["pictures"][0]} picture @param {Uint16Array} values (m, m, n + 1, 2) @returns {Answer} */
export function computedAnswer({ n, steps }, { name, scale, offset }, values) {
  const positions = new Float32Array(2 * n + 2);
  return {
    name,
    matrix: null,
    at(x, y) {
      const from = (nearestStep(steps, x) * steps.length + nearestStep(steps, y)) * (2 * n + 2);
      for (let i = 0; i < positions.length; i++) positions[i] = values[from + i] * scale + offset;
      return positions;
    },
  };
}

/**
 * How far the moved point has gone, and the others on average.
 *
 * @param {number} n points that stay
 */
export function createOdometer(n) {
  let point = 0;
  let others = 0;
  return {
    /** @param {Float32Array} a @param {Float32Array} b (n + 1, 2) the last point moves */
    add(a, b) {
      const far = (/** @type {number} */ i) => Math.hypot(b[2 * i] - a[2 * i], b[2 * i + 1] - a[2 * i + 1]);
      for (let i = 0; i < n; i++) others += far(i) / n;
      point += far(n);
    },
    reset() {
      point = others = 0;
    },
    get point() {
      return point;
    },
    get others() {
      return others;
    },
  };
}

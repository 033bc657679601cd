// @ts-check
/** One transition as numbers: how far each point moved in the data and on the screen, and which moved most. */

import { splitWord } from "../data/splits.mjs";

/**
 * @typedef {import("../payloads.mjs").Motion} Motion
 * @typedef {"data"|"screen"} Side in which a point moved
 * @typedef {object} Moved
 * @property {import("../stage/stage.mjs").Points} points
 * @property {Float64Array} data (n,) how far in the data
 * @property {Float64Array} screen (n,) how far on the screen
 * @property {Float32Array} positions (n, 2) the two side by side, to be drawn
 * @property {Map<number, number>} places of the points by their ids
 */

const MARGIN = 1.04; // of an axis beyond the farthest point
const BEFORE = -0.03; // of an axis before zero: points at zero are whole

/**
 * Read what the four tensors of a motion hold.
 *
 * @param {ArrayBuffer[]} buffers float64 ids, uint16 labels, float64 lengths in the data and on the screen, (n,) each
 * @returns {Moved}
 */
export function readMoved([ids, labels, moved, seemed]) {
  const numbers = new Float64Array(ids);
  const n = numbers.length;
  const [data, screen] = [new Float64Array(moved), new Float64Array(seemed)];
  const positions = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) [positions[2 * i], positions[2 * i + 1]] = [data[i], screen[i]];
  const places = new Map(Array.from(numbers, (id, i) => [id, i]));
  return { points: { n, ids: numbers, labels: new Uint16Array(labels) }, data, screen, positions, places };
}

/** The points that moved most, the first being the farthest. @param {Moved} moved @param {Side} side @param {number} most */
export function movers({ points, data, screen }, side, most) {
  const by = side === "data" ? data : screen;
  return Array.from(points.ids.keys())
    .sort((a, b) => by[b] - by[a])
    .slice(0, most);
}

/** From where to where an axis goes that holds these lengths. @param {Float64Array} lengths @returns {[number, number]} */
export function axisRange(lengths) {
  const high = lengths.reduce((a, b) => Math.max(a, b), 0) * MARGIN || 1;
  return [BEFORE * high, high];
}

/** What is drawn, for the reader. @param {Motion} motion @param {number} n points */
export function motionText({ split, layer, fitted }, n) {
  const across = `Across: how far each of ${n.toLocaleString("en")} ${splitWord(split)} points moved in the data (${layer}, all coordinates).`;
  return fitted
    ? `${across} Up: on the screen, after the whole picture's own rotation, reflection, shift and scaling were taken out.`
    : `${across} Up: how far on the screen, in the picture's own units.`;
}

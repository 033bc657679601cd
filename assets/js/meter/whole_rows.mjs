// @ts-check
/** What a complete tour is of, as numbers: a displacement, or a position, of everything that is drawn. */

import {
  countedPoints,
  displacements,
  isMotion,
  meanDifferences,
  nameOf,
  pairDifferences,
  rowsAt,
} from "./subject.mjs";

const WORK = 3e8; // multiplications for the planes; where all points would take more, that many evenly among them
const NUMBERS = 2e6; // coordinates of all points together, of which the leading planes of very many dimensions are found
const RANKED = 2000; // points at most that ρ is of

/** @typedef {import("./subject.mjs").Subject} Subject */

/**
 * Everything that is drawn, of all stages.
 *
 * @param {import("../stage/tour_view.mjs").TourView} view @param {Subject} subject @param {boolean} leading whether the leading planes are sought alone
 * @returns {{rows: Float64Array, n: number}}
 */
export function gather(view, subject, leading) {
  const { p } = view.run;
  if (subject.kind === "means") {
    const rows = meanDifferences(view, subject) ?? new Float64Array(0);
    return { rows, n: rows.length / p };
  }
  const all = leading ? Math.min(RANKED, NUMBERS / p) : WORK / (p * p);
  const most = Math.max(2, Math.floor(all / view.stages.length));
  const parts = view.stages.map((stage) => {
    const { indices } = countedPoints(view, stage, subject, most);
    const part = new Float64Array(indices.length * p);
    if (isMotion(subject)) displacements(view, stage.split, subject, indices, part);
    else rowsAt(view, stage.split, subject.fromEpoch, subject.fromState, indices, part);
    return part;
  });
  const rows = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (rows.set(part, at), at + part.length), 0);
  return { rows, n: rows.length / p };
}

/**
 * Some of the rows, evenly, for ρ; of positions, from each to another one far off in the list.
 *
 * @param {Float64Array} rows (n, p) @param {number} n @param {number} p @param {boolean} pairs
 * @returns {{rows: Float64Array, n: number, squares: Float64Array}}
 */
export function sample(rows, n, p, pairs) {
  const m = Math.min(n, RANKED);
  const some = new Float64Array(m * p);
  for (let k = 0; k < m; k++)
    some.set(rows.subarray(Math.floor((k * n) / m) * p, (Math.floor((k * n) / m) + 1) * p), k * p);
  const out = pairs ? new Float64Array(m * p) : some;
  if (pairs && m > 1) pairDifferences(some, m, p, out);
  const squares = new Float64Array(m);
  for (let i = 0; i < m; i++) for (let j = 0; j < p; j++) squares[i] += out[i * p + j] ** 2;
  return { rows: out, n: m, squares };
}

/** Why there is nothing to show. @param {import("../stage/tour_view.mjs").TourView} view @param {Subject} subject */
export function nothing(view, subject) {
  if (subject.kind === "means")
    return "Training and test have the same class means here, or none that are drawn: there is nothing to show.";
  if (subject.kind === "positions") return "All points that are drawn lie on one place: there is nothing to show.";
  return `No point that is drawn moves, ${nameOf(view, subject)}: there is nothing to show.`;
}

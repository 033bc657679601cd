/**
 * The complete tour: planes at right angles to each other that together show everything, the most telling first.
 *
 * With orthonormal columns F_1 … F_{p/2}, two each, that fill the space, Σ ‖d F_i‖² = ‖d‖² for every displacement d (Pythagoras). A tour that stops at
 * each of these planes has therefore shown every motion in full: the root of the summed squared lengths on the screen is the length. The planes are
 * spanned by pairs of principal directions of the displacements (the right singular vectors of their matrix): no other planes show more in as many
 * stops, for the leading singular vectors span what holds most of the squares (Eckart and Young 1936, doi:10.1007/BF02288367).
 *
 * Of a still picture the same holds for positions about their mean, that is for the differences between points.
 *
 * Of very many dimensions the leading stops alone are found, from the inner products of some of the rows, evenly among them (the left singular vectors of
 * their matrix lead to the right ones); what they show is measured on all rows.
 */
import { orthonormaliseRows } from "./orthonormal.mjs";
import { POINT, settleSign, symmetricEigen } from "./principal.mjs";

/** Rows that leading directions are found from, evenly among all. */
const ROWS = 400;
/** A direction that shows a smaller share of the squares than the first one is rounding. */
const NOTHING = 1e-10;

/**
 * @typedef {object} Complete
 * @property {number} p @property {number} stops how many there are
 * @property {Float64Array} directions (r, p), rows orthonormal: principal directions, largest first, each with its largest entry positive. Stop i shows
 *   rows 2 i and 2 i + 1. r is p, or fewer where these are the leading ones.
 * @property {Float64Array} shares (stops,): of the summed squared lengths, what each stop shows; they sum to 1 where the stops show all
 */

/** How many stops show all of p dimensions. @param {number} p */
export const stopsOf = (p) => Math.ceil(p / 2);

/**
 * The complete tour of some displacements, or of some positions.
 * @param {Float64Array} rows (n, p), row-major @param {number} n @param {number} p
 * @param {boolean} [centred] whether their mean is taken off: only differences between positions are seen
 * @param {number} [most] stops; where all would be more, the leading ones are found
 * @returns {Complete | null} null where there is nothing to show: all rows are zero (or equal, with `centred`), none, or not finite
 */
export function completeTour(rows, n, p, centred = false, most = Infinity) {
  const mean = new Float64Array(p);
  let square = 0;
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < p; j++, at++) {
      square += rows[at] * rows[at];
      if (centred) mean[j] += rows[at] / n;
    }
  }
  if (!Number.isFinite(square)) return null;
  if (stopsOf(p) > most) return leadingTour(rows, n, p, mean, square, most);
  const moments = new Float64Array(p * p);
  const x = new Float64Array(p);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) x[j] = rows[i * p + j] - mean[j];
    for (let a = 0; a < p; a++) for (let b = 0; b <= a; b++) moments[a * p + b] += x[a] * x[b];
  }
  for (let a = 0; a < p; a++) for (let b = 0; b < a; b++) moments[b * p + a] = moments[a * p + b];
  const values = new Float64Array(p);
  const directions = new Float64Array(p * p);
  symmetricEigen(moments, p, values, directions);
  const whole = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (!(whole > POINT * square)) return null;
  const shares = new Float64Array(stopsOf(p));
  values.forEach((value, i) => (shares[i >> 1] += Math.max(0, value) / whole));
  return { p, stops: shares.length, directions, shares };
}

/** @param {Float64Array} rows @param {number} n @param {number} p @param {Float64Array} mean (p,) @param {number} square of all rows @param {number} most @returns {Complete | null} */
function leadingTour(rows, n, p, mean, square, most) {
  const m = Math.min(n, Math.max(ROWS, 2 * most));
  const some = new Float64Array(m * p);
  for (let k = 0; k < m; k++) {
    const from = Math.floor((k * n) / m) * p;
    for (let j = 0; j < p; j++) some[k * p + j] = rows[from + j] - mean[j];
  }
  const products = new Float64Array(m * m);
  for (let a = 0; a < m; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let j = 0; j < p; j++) sum += some[a * p + j] * some[b * p + j];
      products[a * m + b] = products[b * m + a] = sum;
    }
  const values = new Float64Array(m);
  const vectors = new Float64Array(m * m);
  symmetricEigen(products, m, values, vectors);
  if (!(m && values[0] > POINT * square)) return null;
  const found = values.filter((value) => value > NOTHING * values[0]).length;
  const r = Math.min(2 * most, found, p);
  const directions = new Float64Array(r * p);
  for (let i = 0; i < r; i++)
    for (let k = 0; k < m; k++) {
      const weight = vectors[i * m + k];
      for (let j = 0; j < p; j++) directions[i * p + j] += weight * some[k * p + j];
    }
  orthonormaliseRows(directions, r, p);
  for (let i = 0; i < r; i++) settleSign(directions.subarray(i * p, i * p + p));
  return { p, stops: Math.ceil(r / 2), directions, shares: sharesOf(rows, n, p, mean, directions, r) };
}

/** Of the squared lengths of all rows about a mean, what each pair of directions shows. @param {Float64Array} rows @param {number} n @param {number} p @param {Float64Array} mean @param {Float64Array} directions @param {number} r */
function sharesOf(rows, n, p, mean, directions, r) {
  const shares = new Float64Array(Math.ceil(r / 2));
  const x = new Float64Array(p);
  let whole = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) whole += (x[j] = rows[i * p + j] - mean[j]) ** 2;
    for (let k = 0; k < r; k++) {
      let along = 0;
      for (let j = 0; j < p; j++) along += x[j] * directions[k * p + j];
      shares[k >> 1] += along * along;
    }
  }
  return shares.map((share) => share / whole);
}

/**
 * What is seen at a stop: the first two columns of its frame. If their number is odd the last direction is left alone; it is shown against the first one, which
 * adds nothing.
 * @param {Complete} tour @param {number} stop from 0
 * @returns {Float64Array} (p, 2), orthonormal columns; of one direction the second is 0
 */
export function stopColumns({ p, directions }, stop) {
  const columns = new Float64Array(2 * p);
  const [x, y] = [2 * stop, (2 * stop + 2) * p <= directions.length ? 2 * stop + 1 : 0];
  for (let j = 0; j < p; j++) {
    columns[2 * j] = directions[x * p + j];
    if (x !== y) columns[2 * j + 1] = directions[y * p + j];
  }
  return columns;
}

/**
 * Summed squared drawn lengths over the stops that were visited, each once; after all stops the squared lengths themselves.
 * @param {Float64Array} out (m,), written
 * @param {Complete} tour @param {Float64Array} rows (m, p) displacements @param {number} m
 * @param {(stop: number) => boolean} visited
 * @returns {Float64Array} out
 */
export function seenAtStops(out, { p, directions }, rows, m, visited) {
  out.fill(0, 0, m);
  for (let k = 0; k * p < directions.length; k++) {
    if (!visited(k >> 1)) continue;
    for (let i = 0; i < m; i++) {
      let along = 0;
      for (let j = 0; j < p; j++) along += rows[i * p + j] * directions[k * p + j];
      out[i] += along * along;
    }
  }
  return out;
}

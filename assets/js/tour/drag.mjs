/** Direct manipulation: the frame that puts a handle, or the middle of some points, where the pointer is. */
import { gramSchmidt } from "./frame.mjs";
import { rotateColumns, rotateView } from "./rotate.mjs";

/** Beyond the unit circle a handle is held just inside it, so that its hidden part keeps a direction for the way back. */
const RIM = 1 - 1e-12;
/** A hidden part shorter than this has no direction to go by. */
const HIDDEN = 1e-9;
/** A row that turned by more than acos(0.3) leaves the closed form ill-conditioned; so does a frame off by more than DRIFT. */
const NEAR = 0.3;
const DRIFT = 1e-10;

/** @type {{ target: Float64Array, left: Float64Array }} the new row, and what of it is outside the span of the rows done */
let scratch = { target: new Float64Array(0), left: new Float64Array(0) };

/**
 * Move the end of handle i to (x, y), or to the nearest point of the unit circle if that is outside.
 *
 * The article adds the pointer's step to row i and then runs Gram-Schmidt with row i first. Normalising that row takes the
 * handle away from the pointer again. Here the hidden part of the row is scaled instead, so that the row is a unit vector from the start:
 * the handle is where the pointer is, and a handle can be pulled out to the circle and back.
 * The other rows then follow by Gram-Schmidt with row i first; as they are orthonormal already, that has a closed form in O(p²).
 * Two dimensions have no hidden part: the picture turns towards the pointer. One dimension stays.
 * @param {Float64Array} m (p, p), row-major frame, changed in place
 * @param {number} p dimensions
 * @param {number} i the handle, 0 <= i < p
 * @param {number} x wanted place
 * @param {number} y wanted place
 * @returns {Float64Array} m
 */
export function dragHandle(m, p, i, x, y) {
  const radius = Math.hypot(x, y);
  if (p < 2 || !Number.isFinite(radius)) return m;
  const row = i * p;
  if (p === 2) {
    if (radius === 0) return m;
    return rotateColumns(m, p, Math.atan2(y, x) - Math.atan2(m[row + 1], m[row]));
  }
  if (scratch.target.length !== p) scratch = { target: new Float64Array(p), left: new Float64Array(p) };
  const { target } = scratch;
  const inside = radius > RIM ? RIM / radius : 1;
  const hidden = Math.sqrt(Math.max(0, 1 - (radius * inside) ** 2));
  hiddenDirection(target, m, p, i);
  target[0] = x * inside;
  target[1] = y * inside;
  for (let k = 2; k < p; k++) target[k] *= hidden;
  return replaceRow(m, p, i, target);
}

/**
 * The unit direction of row i in the hidden coordinates, into target[2...].
 *
 * A handle that lies in the picture has none. Pulling it in then moves handle j by an amount proportional to the product of
 * its hidden part with the direction taken; the squares of these products sum to one whatever the direction, so the one that spares the worst-off
 * is the one that shares evenly: the sum of the other rows.
 * @param {Float64Array} target @param {Float64Array} m @param {number} p @param {number} i
 */
function hiddenDirection(target, m, p, i) {
  target.set(m.subarray(i * p, i * p + p));
  if (normaliseHidden(target, p) > HIDDEN) return;
  target.fill(0);
  for (let j = 0; j < p; j++) if (j !== i) for (let k = 2; k < p; k++) target[k] += m[j * p + k];
  if (normaliseHidden(target, p) > HIDDEN) return;
  let best = 0;
  for (let j = 0; j < p; j++) {
    let hidden = 0;
    for (let k = 2; k < p; k++) hidden += m[j * p + k] ** 2;
    if (hidden <= best + 1e-9) continue;
    best = hidden;
    target.set(m.subarray(j * p, j * p + p));
  }
  normaliseHidden(target, p);
}

/** @param {Float64Array} target scaled so that target[2...] is a unit vector @param {number} p @returns {number} its length before */
function normaliseHidden(target, p) {
  let sum = 0;
  for (let k = 2; k < p; k++) sum += target[k] * target[k];
  const length = Math.sqrt(sum);
  if (length > 0) for (let k = 2; k < p; k++) target[k] /= length;
  return length;
}

/**
 * Make row i the unit vector n, then Gram-Schmidt with row i first.
 *
 * With a_j = r_j·n and n_j = n - Σ_{l<j, l≠i} a_l r_l the part of n that the rows before j do not reach, orthonormal rows r give
 * r_j' = (r_j - (a_j / |n_j|²) n_j) normalised, as r_j is orthogonal to all the rows before it and meets only n_j.
 * @param {Float64Array} m @param {number} p @param {number} i @param {Float64Array} n
 */
function replaceRow(m, p, i, n) {
  const { left } = scratch;
  const row = i * p;
  let near = 0;
  for (let k = 0; k < p; k++) near += m[row + k] * n[k];
  m.set(n, row);
  if (near < NEAR) return gramSchmidt(m, p, i);
  left.set(n);
  let drift = 0;
  for (let other = 0; other < p * p; other += p) {
    if (other === row) continue;
    let a = 0;
    let square = 0;
    let alongLeft = 0;
    for (let k = 0; k < p; k++) {
      a += m[other + k] * n[k];
      alongLeft += m[other + k] * left[k];
      square += left[k] * left[k];
    }
    const ratio = a / square;
    let length = 0;
    for (let k = 0; k < p; k++) {
      const old = m[other + k];
      const moved = old - ratio * left[k];
      left[k] -= a * old;
      m[other + k] = moved;
      length += moved * moved;
    }
    length = Math.sqrt(length);
    for (let k = 0; k < p; k++) m[other + k] /= length;
    drift = Math.max(drift, Math.abs(a - alongLeft)); // equal while the rows are orthonormal
  }
  return drift > DRIFT ? gramSchmidt(m, p, i) : m;
}

/**
 * Drag points: turn the view so that their centroid moves by (dx, dy).
 *
 * With c̃ = c G and c̃' = (c̃ + Δ)·|c̃| / |c̃ + Δ|, G becomes G ρ, where ρ turns the plane of c̃ and c̃' from the one to the other.
 * Source: Li, Zhao and Scheidegger 2020, doi:10.23915/distill.00025. A centroid at the origin, or one dragged onto it, has no
 * direction: nothing happens. One dragged through the origin to the opposite side turns in the picture's own plane.
 * @param {Float64Array} m (p, p), row-major frame, changed in place
 * @param {number} p dimensions
 * @param {ArrayLike<number>} c (p,) the centroid in data space
 * @param {number} dx in data units
 * @param {number} dy in data units
 * @returns {Float64Array} m
 */
export function dragCentroid(m, p, c, dx, dy) {
  if (p < 2 || !Number.isFinite(dx + dy)) return m;
  if (scratch.target.length !== p) scratch = { target: new Float64Array(p), left: new Float64Array(p) };
  const { target: to, left: from } = scratch;
  from.fill(0);
  for (let i = 0; i < p; i++) for (let k = 0; k < p; k++) from[k] += c[i] * m[i * p + k];
  to.set(from);
  to[0] += dx;
  to[1] += dy;
  let fromSquare = 0;
  let toSquare = 0;
  let dot = 0;
  for (let k = 0; k < p; k++) {
    fromSquare += from[k] * from[k];
    toSquare += to[k] * to[k];
    dot += from[k] * to[k];
  }
  if (!(fromSquare > 0 && toSquare > 1e-20 * fromSquare)) return m;
  const cosine = dot / Math.sqrt(fromSquare * toSquare);
  let sine = 0;
  for (let k = 0; k < p; k++) sine += (to[k] / Math.sqrt(toSquare) - (cosine * from[k]) / Math.sqrt(fromSquare)) ** 2;
  const angle = Math.atan2(Math.sqrt(sine), cosine);
  if (angle > Math.PI - 1e-9) return rotateColumns(m, p, Math.PI);
  return rotateView(m, p, from, to, angle);
}

/**
 * Tour frames: orthogonal matrices G (p, p), Float64Array(p * p), row-major.
 *
 * A point x, a row vector, appears at the first two entries of x G; row i of G is where unit vector i goes (handle i).
 */
import { normals, uniform } from "./random.mjs";
import { orthonormaliseRows } from "./orthonormal.mjs";
import { rotatePlane } from "./rotate.mjs";

/** Random numbers of whole frames come from this stream; the tour's knots use the streams after it. */
export const FRAME_STREAM = 0;
/** Dimensions up to which a random frame is made whole, which takes p³ operations. */
const WHOLE = 96;

/**
 * The frame that shows the first two coordinates.
 * @param {number} p dimensions
 * @returns {Float64Array} (p, p)
 */
export function identity(p) {
  const m = new Float64Array(p * p);
  for (let i = 0; i < p; i++) m[i * p + i] = 1;
  return m;
}

/**
 * The frame in which all handles are equally long and evenly spread, like the rays of a star: nothing is favoured.
 * One and two dimensions have no such star with orthonormal columns, so they get the identity.
 * @param {number} p dimensions
 * @returns {Float64Array} (p, p)
 */
export function starFrame(p) {
  if (p < 3) return identity(p);
  const v = new Float64Array(2 * p);
  for (let i = 0; i < p; i++) {
    const angle = (2 * Math.PI * i) / p;
    v[2 * i] = Math.sqrt(2 / p) * Math.cos(angle);
    v[2 * i + 1] = Math.sqrt(2 / p) * Math.sin(angle);
  }
  return completeFrame(v, p);
}

/**
 * A random frame, uniform over the orthogonal matrices (Haar): Gram-Schmidt of independent normals.
 * Source: Stewart 1980, doi:10.1137/0717034. In the plane only rotations are drawn: a mirrored plane could not be reached by turning.
 * @param {number} p dimensions
 * @param {number} seed integer
 * @returns {Float64Array} (p, p)
 */
export function randomFrame(p, seed) {
  if (p === 1) return identity(1);
  if (p === 2) {
    const angle = 2 * Math.PI * uniform(seed, FRAME_STREAM, 0);
    return Float64Array.of(Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle));
  }
  return gramSchmidt(normals(seed, FRAME_STREAM, p * p), p, 0);
}

/**
 * A frame whose view is random, uniform over all views: a random frame, but where its Gram-Schmidt would take seconds only the two columns that are
 * seen are drawn, and the others are any that complete them.
 * @param {number} p dimensions
 * @param {number} seed integer
 * @returns {Float64Array} (p, p)
 */
export const randomView = (p, seed) =>
  p <= WHOLE ? randomFrame(p, seed) : completeFrame(normals(seed, FRAME_STREAM, 2 * p), p);

/**
 * Make the rows orthonormal, in place: row `first` keeps its direction, the others follow in their order.
 * A row that depends on those before it gets the direction of the unit vector farthest from them.
 * @param {Float64Array} m (p, p), row-major
 * @param {number} p dimensions
 * @param {number} [first] the row that goes first
 * @returns {Float64Array} m
 */
export function gramSchmidt(m, p, first = 0) {
  return orthonormaliseRows(m, p, p, first);
}

/**
 * How far a frame is from orthogonal: the largest entry of |G Gᵀ - I|.
 * @param {Float64Array} m (p, p), row-major
 * @param {number} p dimensions
 * @returns {number} NaN if any entry is
 */
export function orthonormalError(m, p) {
  let worst = 0;
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let dot = i === j ? -1 : 0;
      for (let k = 0; k < p; k++) dot += m[i * p + k] * m[j * p + k];
      worst = Math.max(worst, Math.abs(dot)); // Math.max passes NaN on
    }
  }
  return worst;
}

/**
 * A whole frame from its first two columns, the part that is seen, by two Householder reflections in O(p²).
 *
 * Columns that come rounded, from a link say, are made orthonormal first: the second against the first.
 * @param {ArrayLike<number>} v (p, 2), row-major: the wanted first two columns
 * @param {number} p dimensions
 * @returns {Float64Array} (p, p), a new frame
 * @throws {RangeError} if v has another length, is not finite, or its columns are (nearly) dependent
 */
export function completeFrame(v, p) {
  if (v.length !== 2 * p)
    throw new RangeError(`completeFrame: v must hold 2 × ${p} numbers, got ${v.length}; give (p, 2) row-major`);
  const columns = [new Float64Array(p), new Float64Array(p)];
  for (let i = 0; i < 2 * p; i++) {
    if (!Number.isFinite(v[i]))
      throw new RangeError(`completeFrame: v must be finite, got ${v[i]} at ${i}; start from starFrame instead`);
    columns[i % 2][i >> 1] = v[i];
  }
  const m = identity(p);
  if (p === 1) {
    m[0] = v[0] < 0 ? -1 : 1; // one dimension has no second column
    return m;
  }
  orthonormaliseColumns(columns, p);
  /** @type {Float64Array[]} */
  const reflectors = [];
  const signs = [1, 1];
  for (let c = 0; c < 2; c++) {
    const u = columns[c].slice();
    for (const r of reflectors) reflect(u, 0, 1, r, p);
    for (let i = 0; i < c; i++) u[i] = 0;
    signs[c] = u[c] < 0 ? 1 : -1; // the reflection sends unit vector c to signs[c] times the column, which avoids cancellation
    u[c] -= signs[c];
    normalise(u, p);
    reflectors.push(u);
  }
  for (let i = 0; i < p; i++) for (const r of reflectors) reflect(m, i * p, 1, r, p);
  for (let i = 0; i < p; i++) {
    m[i * p] = columns[0][i];
    m[i * p + 1] = columns[1][i];
  }
  return m;
}

/**
 * Turn a frame, in place, so that its first two columns are these; the others are carried along by the two plane rotations that take one to the other.
 * @param {Float64Array} m (p, p), row-major frame
 * @param {number} p dimensions
 * @param {ArrayLike<number>} v (p, 2), row-major: orthonormal columns; up to two dimensions have no others, and anything is taken
 * @returns {Float64Array} m
 */
export function carryFrame(m, p, v) {
  for (let c = 0; p > 2 && c < 2; c++) {
    const [from, to] = [new Float64Array(p), new Float64Array(p)];
    let cosine = 0;
    for (let i = 0; i < p; i++) {
      from[i] = m[i * p + c];
      to[i] = v[2 * i + c];
      cosine += from[i] * to[i];
    }
    if (cosine < -0.9999) {
      const beside = from.map((_, i) => m[i * p + 2]); // half a turn has no plane of its own: half of it goes by way of a hidden column
      rotatePlane(m, p, from, beside, Math.PI / 2);
      for (let i = 0; i < p; i++) from[i] = m[i * p + c];
      cosine = 0;
      for (let i = 0; i < p; i++) cosine += from[i] * to[i];
    }
    let sine = 0;
    for (let i = 0; i < p; i++) sine += (to[i] - cosine * from[i]) ** 2;
    rotatePlane(m, p, from, to, Math.atan2(Math.sqrt(sine), cosine));
  }
  for (let i = 0; i < p; i++) {
    m[i * p] = v[2 * i];
    if (p > 1) m[i * p + 1] = v[2 * i + 1];
  }
  return m;
}

/** @param {Float64Array[]} columns two of length p @param {number} p */
function orthonormaliseColumns([x, y], p) {
  let ok = normalise(x, p) > 0;
  ok = normalise(y, p) > 0 && ok;
  for (let pass = 0; ok && pass < 2; pass++) {
    let dot = 0;
    for (let i = 0; i < p; i++) dot += x[i] * y[i];
    for (let i = 0; i < p; i++) y[i] -= dot * x[i];
    ok = normalise(y, p) > 1e-6;
  }
  if (!ok)
    throw new RangeError(
      "completeFrame: the two columns must be independent, one is zero or a multiple of the other; start from starFrame instead",
    );
}

/**
 * Scale to unit length, in place.
 * @param {Float64Array} x @param {number} p
 * @returns {number} the length before
 */
function normalise(x, p) {
  let largest = 0;
  for (let i = 0; i < p; i++) largest = Math.max(largest, Math.abs(x[i]));
  if (largest === 0) return 0;
  let sum = 0;
  for (let i = 0; i < p; i++) sum += (x[i] / largest) ** 2;
  const root = Math.sqrt(sum);
  for (let i = 0; i < p; i++) x[i] = x[i] / largest / root;
  return largest * root;
}

/**
 * x becomes x - 2 (x·u) u for the vector at x[start], x[start + stride], ...
 * @param {Float64Array} x @param {number} start @param {number} stride @param {Float64Array} u unit vector @param {number} p
 */
function reflect(x, start, stride, u, p) {
  let dot = 0;
  for (let k = 0; k < p; k++) dot += x[start + k * stride] * u[k];
  for (let k = 0; k < p; k++) x[start + k * stride] -= 2 * dot * u[k];
}

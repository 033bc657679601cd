/**
 * The shortest way from one view to another, for named views, links and undo: pictures turn into each other, they don't jump.
 *
 * What is seen is V, the first two columns of a frame. Among all rotations R with R V0 = V1 the one with the least sum of squared angles is
 * found, and the path is its powers R^u: constant speed, orthogonal all along, no mirroring. It lies in the span of V0 and V1, at most
 * four-dimensional (Edelman, Arias and Smith 1998, doi:10.1137/S0895479895290954, section 2.3.2), where rotations are pairs of quaternions, and V0 and V1
 * leave one angle free: how much the two hidden directions turn. Principal angles followed by a turn in the plane would be simpler, but longer.
 */
import { completeFrame } from "./frame.mjs";
import { orthonormaliseRows } from "./orthonormal.mjs";
import { fromRotation, multiply, power, toRotation } from "./quaternion.mjs";

/** @typedef {import("./quaternion.mjs").Quaternion} Quaternion */

/**
 * @typedef {object} Geodesic
 * @property {number} angle radians: the length of the path, root of the sum of the squared angles of its two plane rotations; a metric on views
 * @property {(u: number, out: Float64Array) => Float64Array} at the frame at u, clamped to [0, 1], written to out (p, p) and returned.
 *   at(0) is `from`; at(1) has the first two columns of `to`, its other columns are those of `from`, carried along.
 * @property {(u: number) => Float64Array} seenAt its first two columns alone, (p, 2) row-major, a new array
 * @property {(u: number) => import("./grand_tour.mjs").Span} spanAt what these are made of: a few directions, always the same
 */

/**
 * In two dimensions a mirrored view cannot be reached by turning: the picture is flipped over like a card, and only then is the path not orthogonal.
 * @param {ArrayLike<number>} from (p, p) orthogonal, row-major
 * @param {ArrayLike<number>} to (p, p) orthogonal, row-major
 * @param {number} p dimensions
 * @returns {Geodesic}
 */
export function createGeodesic(from, to, p) {
  const start = Float64Array.from(from);
  const end = Float64Array.from(to);
  if (p === 1) {
    const seenAt = (/** @type {number} */ u) => Float64Array.of(u < 1 ? start[0] : end[0], 0);
    return {
      angle: start[0] === end[0] ? 0 : Math.PI,
      at: (u, out) => (out.set(u < 1 ? start : end), out),
      seenAt,
      spanAt: (u) => ({ pairs: [seenAt(u)], weights: Float64Array.of(1, 0, 0, 1) }),
    };
  }
  const rows = Math.min(p, 4);
  const basis = spanBasis(start, end, p); // (rows, p)
  const rotation = completeRotation(inBasis(basis, end, rows, p, 2));
  const [left, right] = shortest(...fromRotation(rotation), rows);
  const inside = inBasis(basis, start, rows, p, 2);
  /** @type {Float64Array|null} (rows, p), made when whole frames are asked for */
  let whole = null;
  const turned = new Float64Array(16);
  const pairs = [firstColumns(start, p), ...pairsOf(basis, rows, p)];

  /** R^u - I acts on the span only. @param {number} u */
  function turnTo(u) {
    toRotation(power(left, Math.min(u, 1)), power(right, Math.min(u, 1)), turned);
    for (let a = 0; a < rows; a++) turned[5 * a] -= 1;
  }

  /** @param {number} u @returns {import("./grand_tour.mjs").Span} */
  function spanAt(u) {
    const weights = new Float64Array(4 * pairs.length);
    weights[0] = weights[3] = 1;
    if (!(u > 0)) return { pairs, weights };
    turnTo(u);
    for (let a = 0; a < rows; a++)
      for (let b = 0; b < rows; b++)
        for (let c = 0; c < 2; c++) weights[4 + 2 * a + c] += turned[4 * a + b] * inside[2 * b + c];
    return { pairs, weights };
  }
  return {
    angle: Math.SQRT2 * Math.hypot(angleOf(left), angleOf(right)),
    at(u, out) {
      out.set(start);
      if (!(u > 0)) return out;
      whole ??= inBasis(basis, start, rows, p, p);
      turnTo(u);
      for (let i = 0; i < p; i++) {
        for (let b = 0; b < rows; b++) {
          let weight = 0;
          for (let a = 0; a < rows; a++) weight += basis[a * p + i] * turned[4 * a + b];
          for (let j = 0; j < p; j++) out[i * p + j] += weight * whole[b * p + j];
        }
        if (u < 1) continue;
        out[i * p] = end[i * p];
        out[i * p + 1] = end[i * p + 1];
      }
      return out;
    },
    seenAt: (u) => (u < 1 ? combine(spanAt(u), p) : firstColumns(end, p)),
    spanAt: (u) => (u < 1 ? spanAt(u) : { pairs: [firstColumns(end, p)], weights: Float64Array.of(1, 0, 0, 1) }),
  };
}

/** @param {Float64Array} m (p, p) @param {number} p @returns {Float64Array} (p, 2) */
const firstColumns = (m, p) => Float64Array.from({ length: 2 * p }, (_, i) => m[(i >> 1) * p + (i & 1)]);

/** Rows of a basis, two side by side; one that is left alone beside zeros. @param {Float64Array} basis (rows, p) @param {number} rows @param {number} p */
function pairsOf(basis, rows, p) {
  const pairs = [];
  for (let a = 0; a < rows; a += 2) {
    const pair = new Float64Array(2 * p);
    for (let c = 0; c < 2 && a + c < rows; c++) for (let i = 0; i < p; i++) pair[2 * i + c] = basis[(a + c) * p + i];
    pairs.push(pair);
  }
  return pairs;
}

/** The two columns that a span makes. @param {import("./grand_tour.mjs").Span} span @param {number} p @returns {Float64Array} (p, 2) */
function combine({ pairs, weights }, p) {
  const out = new Float64Array(2 * p);
  pairs.forEach((pair, k) => {
    const [xx, xy, yx, yy] = weights.subarray(4 * k, 4 * k + 4);
    for (let i = 0; i < 2 * p; i += 2) {
      out[i] += pair[i] * xx + pair[i + 1] * yx;
      out[i + 1] += pair[i] * xy + pair[i + 1] * yy;
    }
  });
  return out;
}

/** Orthonormal rows that span the columns seen at both ends, the first two being those of the start. @param {Float64Array} start @param {Float64Array} end @param {number} p */
function spanBasis(start, end, p) {
  const rows = Math.min(p, 4);
  const basis = new Float64Array(rows * p);
  for (let a = 0; a < rows; a++) {
    const source = a < 2 ? start : end;
    for (let i = 0; i < p; i++) basis[a * p + i] = source[i * p + (a % 2)];
  }
  return orthonormaliseRows(basis, rows, p);
}

/** basis · the first columns of m, (rows, count). @param {Float64Array} basis @param {Float64Array} m @param {number} rows @param {number} p @param {number} count */
function inBasis(basis, m, rows, p, count) {
  const out = new Float64Array(rows * count);
  for (let a = 0; a < rows; a++)
    for (let i = 0; i < p; i++) for (let j = 0; j < count; j++) out[a * count + j] += basis[a * p + i] * m[i * p + j];
  return out;
}

/** A rotation of four dimensions with these first two columns (rows, 2); dimensions that the data have not stay as they are. @param {Float64Array} v */
function completeRotation(v) {
  const padded = new Float64Array(8);
  padded.set(v);
  const rotation = completeFrame(padded, 4);
  if (determinant(rotation) < 0) for (let a = 0; a < 4; a++) rotation[4 * a + 2] *= -1;
  return rotation;
}

/** Of a (4, 4) matrix, by Laplace expansion along the first two rows. @param {Float64Array} m */
function determinant(m) {
  /** @param {number} row @param {number} i @param {number} j */
  const minor = (row, i, j) => m[row + i] * m[row + 4 + j] - m[row + j] * m[row + 4 + i];
  return (
    minor(0, 0, 1) * minor(8, 2, 3) -
    minor(0, 0, 2) * minor(8, 1, 3) +
    minor(0, 0, 3) * minor(8, 1, 2) +
    minor(0, 1, 2) * minor(8, 0, 3) -
    minor(0, 1, 3) * minor(8, 0, 2) +
    minor(0, 2, 3) * minor(8, 0, 1)
  );
}

/** @param {Quaternion} q @returns {number} */
function angleOf(q) {
  return Math.atan2(Math.hypot(q[1], q[2], q[3]), q[0]);
}

/**
 * Turn the two hidden directions among themselves so that the whole rotation is shortest. That multiplies both quaternions by e^(i s), 0 <= s < 2π,
 * which also passes the other sign of the pair. Fewer than four dimensions have not two hidden directions: only the sign is free.
 * @param {Quaternion} left @param {Quaternion} right @param {number} rows
 * @returns {[Quaternion, Quaternion]}
 */
function shortest(left, right, rows) {
  /** @param {number} s @returns {[Quaternion, Quaternion]} */
  const turned = (s) => {
    /** @type {Quaternion} */
    const hidden = [Math.cos(s), Math.sin(s), 0, 0];
    return [multiply(left, hidden), multiply(right, hidden)];
  };
  /** @param {number} s */
  const cost = (s) => {
    const [l, r] = turned(s);
    return angleOf(l) ** 2 + angleOf(r) ** 2;
  };
  /** Half the derivative of cost. @param {number} s */
  const slope = (s) => {
    const d = (/** @type {Quaternion} */ q) => (angleOf(q) * q[1]) / (Math.hypot(q[1], q[2], q[3]) || 1);
    const [l, r] = turned(s);
    return d(l) + d(r);
  };
  const samples = rows < 4 ? 2 : 64;
  const spacing = (2 * Math.PI) / samples;
  let best = 0;
  for (let k = 1; k < samples; k++) if (cost(k * spacing) < cost(best) - 1e-9) best = k * spacing;
  if (rows === 4) {
    let low = best - spacing;
    let high = best + spacing;
    for (let halving = 0; halving < 60; halving++) {
      const middle = (low + high) / 2;
      if (slope(middle) > 0) high = middle;
      else low = middle;
    }
    best = (low + high) / 2;
  }
  return turned(best);
}

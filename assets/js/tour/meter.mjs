/**
 * How much the frames seen so far have told of a motion: Spearman's ρ, and the share that one frame shows.
 *
 * A displacement d, a row vector, is drawn by a frame as the first two entries of d G: its length on the screen is at most its length, and in many
 * dimensions far less. One picture therefore tells little of who moved how far; the mean over the planes that a tour passes tells most of it. Planes
 * count by how far the frame has turned, not by time: a frame that stands still adds nothing to what was seen.
 *
 * Of a still picture the same is told with the differences between pairs of points in the place of displacements.
 *
 * Sources: Spearman 1904, doi:10.2307/1412159; Edelman, Arias and Smith 1998, doi:10.1137/S0895479895290954, table 4.1 (projection F-norm).
 */
import { uniform } from "./random.mjs";

/** Numbers that differ by less than this part are one number and rounding. */
export const EQUAL = 1e-9;
/** Radians, about, that a frame turns between two planes that are counted. */
export const STEP = 0.05;
const PAIR_SEED = 7;
const PAIR_STREAM = 60;

/** The two columns of a frame that are seen, side by side in memory: whole rows of a wide frame would be fetched for two numbers each. */
let columns = { x: new Float64Array(0), y: new Float64Array(0) };

/**
 * The squared length of each displacement as a frame draws it.
 * @param {Float64Array} out (m,), written
 * @param {Float64Array} rows (m, p), row-major displacements
 * @param {number} m @param {number} p
 * @param {Float64Array} matrix (p, p) frame, of which the first two columns are read, or these alone, (p, 2)
 * @returns {Float64Array} out
 */
export function drawnSquares(out, rows, m, p, matrix) {
  if (columns.x.length !== p) columns = { x: new Float64Array(p), y: new Float64Array(p) };
  const { x: gx, y: gy } = columns;
  const stride = matrix.length / p;
  for (let j = 0; j < p; j++) [gx[j], gy[j]] = [matrix[j * stride], stride > 1 ? matrix[j * stride + 1] : 0];
  for (let i = 0; i < m; i++) {
    let x = 0;
    let y = 0;
    for (let j = 0, at = i * p; j < p; j++, at++) {
      x += rows[at] * gx[j];
      y += rows[at] * gy[j];
    }
    out[i] = x * x + y * y;
  }
  return out;
}

/** Sum of the first m numbers. @param {Float64Array} values @param {number} m */
export function total(values, m) {
  let sum = 0;
  for (let i = 0; i < m; i++) sum += values[i];
  return sum;
}

/**
 * How far the plane that frame b shows is from that of frame a: the root of the summed squared sines of the two angles between the planes, 0 to √2;
 * near 0 the radians turned. A turn of the picture in itself is none. One or two dimensions have one plane.
 * @param {ArrayLike<number>} a (p, p), or (p, 2): its first columns @param {ArrayLike<number>} b likewise @param {number} p
 */
export function planeDistance(a, b, p) {
  if (p <= 2) return 0;
  const [ofA, ofB] = [a.length / p, b.length / p];
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  for (let j = 0, i = 0, k = 0; j < p; j++, i += ofA, k += ofB) {
    xx += a[i] * b[k];
    xy += a[i] * b[k + 1];
    yx += a[i + 1] * b[k];
    yy += a[i + 1] * b[k + 1];
  }
  let outside = 0; // of the plane of a, which is exact where 2 less the summed squared cosines is rounding
  for (let j = 0, i = 0, k = 0; j < p; j++, i += ofA, k += ofB) {
    const x = b[k] - a[i] * xx - a[i + 1] * yx;
    const y = b[k + 1] - a[i] * xy - a[i + 1] * yy;
    outside += x * x + y * y;
  }
  return Math.sqrt(outside);
}

/**
 * The rank of each of the first m values, from 1; equal ones have the mean of their ranks.
 *
 * Numbers are sorted without a function that compares them, which takes a tenth of the time, and each then finds its place by halving.
 * @param {Float64Array} out (m,), written
 * @param {Float64Array} values (m,), at least 0
 * @param {number} m
 * @param {Float64Array} room for 2 m numbers, written
 * @param {number} equal neighbours in order that differ by no more than this part of the larger are equal
 * @returns {Float64Array} out
 */
export function averageRanks(out, values, m, room, equal) {
  const sorted = room.subarray(0, m);
  const ranks = room.subarray(m, 2 * m);
  sorted.set(values.subarray(0, m));
  sorted.sort();
  for (let first = 0; first < m; ) {
    let last = first;
    while (last + 1 < m && !(sorted[last + 1] - sorted[last] > equal * sorted[last + 1])) last++;
    ranks.fill((first + last) / 2 + 1, first, last + 1);
    first = last + 1;
  }
  for (let i = 0; i < m; i++) {
    let [low, high] = [0, m - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < values[i]) low = middle + 1;
      else high = middle;
    }
    out[i] = ranks[low];
  }
  return out;
}

/** Room for ranks, made once and grown. */
export function createRanking() {
  let room = new Float64Array(0);
  let a = new Float64Array(0);
  let b = new Float64Array(0);
  /**
   * Spearman's ρ of the first m of two lists of squared lengths; equal up to rounding counts as equal.
   * @param {Float64Array} x at least 0 @param {Float64Array} y at least 0 @param {number} m
   * @returns {number} -1 to 1; NaN if one of them is constant, or for fewer than two
   */
  return function rankCorrelation(x, y, m) {
    if (a.length < m) [room, a, b] = [new Float64Array(2 * m), new Float64Array(m), new Float64Array(m)];
    averageRanks(a, x, m, room, EQUAL);
    averageRanks(b, y, m, room, EQUAL);
    const middle = (m + 1) / 2;
    let [xx, yy, xy] = [0, 0, 0];
    for (let i = 0; i < m; i++) {
      const [dx, dy] = [a[i] - middle, b[i] - middle];
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
    return xx * yy > 0 ? xy / Math.sqrt(xx * yy) : NaN;
  };
}

/** With which other point point k of m is paired, where distances are told: seeded, the same always. @param {number} k @param {number} m at least 2 */
export function pairPartner(k, m) {
  return (k + 1 + Math.floor(uniform(PAIR_SEED, PAIR_STREAM, k) * (m - 1))) % m;
}

/**
 * What was seen of some displacements since the first frame that was looked at. The squared drawn lengths are integrated over the way of the plane by
 * the trapezoid rule; their mean is what was seen: its root is the root mean square of the drawn motions.
 *
 * A frame costs a few multiplications per dimension, and one pass over the rows only once it has turned by `STEP`; nothing is allocated.
 */
export function createMeter() {
  let [m, p, turned, looked] = [0, 0, 0, false];
  let rows = new Float64Array(0);
  let [squares, sum, last, now, seen] = Array.from({ length: 5 }, () => new Float64Array(0));
  let frame = new Float64Array(0); // (p, 2), what is seen of it
  const correlation = createRanking();

  /** Keep what is seen of a frame. @param {Float64Array} matrix (p, p) or (p, 2) */
  function keep(matrix) {
    const stride = matrix.length / p;
    for (let j = 0; j < p; j++) {
      frame[2 * j] = matrix[j * stride];
      if (stride > 1) frame[2 * j + 1] = matrix[j * stride + 1];
    }
  }

  const meter = {
    /**
     * Begin anew, with room for displacements that are written next.
     * @param {number} count @param {number} dimensions
     * @returns {Float64Array} (count, dimensions), to be filled before `ready`
     */
    begin(count, dimensions) {
      [m, p, turned, looked] = [count, dimensions, 0, false];
      if (rows.length < m * p) rows = new Float64Array(m * p);
      if (squares.length < m) [squares, sum, last, now, seen] = Array.from({ length: 5 }, () => new Float64Array(m));
      if (frame.length !== 2 * p) frame = new Float64Array(2 * p);
      sum.fill(0);
      return rows.subarray(0, m * p);
    },
    /** The displacements are written. */
    ready() {
      for (let i = 0; i < m; i++) {
        squares[i] = 0;
        for (let at = i * p; at < (i + 1) * p; at++) squares[i] += rows[at] * rows[at];
      }
    },
    get count() {
      return m;
    },
    get rows() {
      return rows.subarray(0, m * p);
    },
    get squares() {
      return squares;
    },
    /** About radians. */
    get turned() {
      return turned;
    },

    /** Count a frame, once it has turned far enough since the one before. @param {Float64Array} matrix (p, p) or (p, 2) */
    look(matrix) {
      if (!looked) {
        looked = true;
        keep(matrix);
        drawnSquares(last, rows, m, p, matrix);
        return;
      }
      const way = planeDistance(frame, matrix, p);
      if (way < STEP) return;
      drawnSquares(now, rows, m, p, matrix);
      for (let i = 0; i < m; i++) sum[i] += (way * (last[i] + now[i])) / 2;
      turned += way;
      keep(matrix);
      [last, now] = [now, last];
    },

    /** What the frame that is shown now draws of each, squared. @param {Float64Array} matrix */
    drawn: (matrix) => drawnSquares(now, rows, m, p, matrix),

    /** Mean squared drawn length of each over the planes seen, up to this frame; of one plane, what it draws. @param {Float64Array} matrix */
    seen(matrix) {
      const drawn = drawnSquares(now, rows, m, p, matrix);
      const way = looked ? planeDistance(frame, matrix, p) : 0;
      const whole = turned + way;
      for (let i = 0; i < m; i++)
        seen[i] = whole > EQUAL ? (sum[i] + (way * (last[i] + drawn[i])) / 2) / whole : drawn[i];
      return seen;
    },

    /** Spearman's ρ between all coordinates and other squared lengths of the same displacements. @param {Float64Array} others */
    rho: (others) => correlation(squares, others, m),

    /** Share of the summed squared lengths that a frame draws; NaN if there is none. @param {Float64Array} matrix */
    share(matrix) {
      const whole = total(squares, m);
      return whole > 0 ? total(drawnSquares(now, rows, m, p, matrix), m) / whole : NaN;
    },
  };
  return meter;
}

/** @typedef {ReturnType<typeof createMeter>} Meter */

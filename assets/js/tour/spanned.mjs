/**
 * Positions of points that are seen along a few directions: projected onto those once, and combined in each frame.
 *
 * Projection is linear in the frame. While a frame moves in the span of m pairs of directions (see Span in grand_tour.mjs), the first two entries of x G are
 * those of x P_k times their weights, summed over the pairs P_k: 4 m multiplications a point instead of 2 p. It is linear in the points too, so between
 * two epochs the positions of either are mixed, not all coordinates of all points.
 *
 * What is missing is made up little by little, one pair a slice and frame, while the frame itself is projected as it is: no frame waits for all of them.
 */
import { projectSlice } from "./project.mjs";

/** Dimensions below which a frame is projected as it is: as cheap. */
const FEW = 32;
/** Slices whose positions are kept: two epochs of two states, and those before them. */
const KEPT = 8;

/** @typedef {{values: Uint16Array | Float32Array, scale: number, offset: number}} Slice (n, p) stored values, which times scale plus offset are meant */

/** Of one set of points. */
export function createSpanned() {
  /** Positions by stored values, those used last at the end @type {Map<ArrayLike<number>, Map<Float64Array, Float32Array>>} */
  const kept = new Map();

  /** @param {Slice} slice */
  function known({ values }) {
    const found = kept.get(values) ?? new Map();
    kept.delete(values);
    kept.set(values, found);
    for (const old of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(old);
    }
    return found;
  }

  /** @param {Slice} slice @param {Float64Array} frame (p, 2) @param {number} p @param {number} n @param {Float32Array} out (n, 2) */
  const direct = ({ values, scale, offset }, frame, p, n, out) =>
    projectSlice(out, frame, p, n, values, scale, offset, null, 0, 0, 0);

  /**
   * Add what one slice has of the positions.
   * @param {Float32Array} out (n, 2) @param {Float64Array} frame (p, 2) @param {import("./grand_tour.mjs").Span} span @param {number} p @param {number} n
   * @param {Slice} slice @param {number} weight
   */
  function add(out, frame, { pairs, weights }, p, n, slice, weight) {
    const positions = known(slice);
    for (const pair of positions.keys()) if (!pairs.includes(pair)) positions.delete(pair);
    const used = pairs.filter((_, k) => weights.subarray(4 * k, 4 * k + 4).some((one) => one !== 0));
    const missing = used.filter((pair) => !positions.has(pair));
    if (missing.length) positions.set(missing[0], direct(slice, missing[0], p, n, new Float32Array(2 * n)));
    if (missing.length > 1) {
      if (room.length !== 2 * n) room = new Float32Array(2 * n);
      return mix(out, direct(slice, frame, p, n, room), weight, 0, 0, weight);
    }
    pairs.forEach((pair, k) => {
      if (!used.includes(pair)) return;
      const [xx, xy, yx, yy] = weights.subarray(4 * k, 4 * k + 4);
      mix(out, /** @type {Float32Array} */ (positions.get(pair)), weight * xx, weight * xy, weight * yx, weight * yy);
    });
  }
  let room = new Float32Array(0);

  return {
    /**
     * Positions as of projectSlice, between slice a (t = 0) and slice b (t = 1), times a weight.
     * @param {Float32Array} out (n, 2), written
     * @param {Float64Array} frame (p, 2): the columns that are seen
     * @param {import("./grand_tour.mjs").Span} span what they are made of
     * @param {number} p @param {number} n
     * @param {Slice} a @param {Slice} b @param {number} t @param {number} weight
     * @returns {Float32Array} out
     */
    project(out, frame, span, p, n, a, b, t, weight) {
      if (p < FEW) {
        return projectSlice(
          out, frame, p, n, a.values, weight * a.scale, weight * a.offset, b.values, weight * b.scale, weight * b.offset, t,
        ); // prettier-ignore
      }
      out.fill(0);
      const still = a.values === b.values;
      if (still || t < 1) add(out, frame, span, p, n, a, still ? weight : weight * (1 - t));
      if (!still && t > 0) add(out, frame, span, p, n, b, weight * t);
      return out;
    },
  };
}

/**
 * Add positions times a (2, 2) matrix.
 * @param {Float32Array} out (n, 2) @param {Float32Array} xy (n, 2) @param {number} xx @param {number} across @param {number} yx @param {number} yy
 */
function mix(out, xy, xx, across, yx, yy) {
  for (let i = 0; i < out.length; i += 2) {
    const [x, y] = [xy[i], xy[i + 1]];
    out[i] += x * xx + y * yx;
    out[i + 1] += x * across + y * yy;
  }
}

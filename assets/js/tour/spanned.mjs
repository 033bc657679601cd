/**
 * Positions of points that are seen along a few directions: projected onto those once, and combined in each frame.
 *
 * Projection is linear in the frame. While a frame moves in the span of m pairs of directions (see Span in grand_tour.mjs), the first two entries of x G are
 * those of x P_k times their weights, summed over the pairs P_k: 4 m multiplications a point instead of 2 p. It is linear in the points too, so between
 * two epochs the positions of either are mixed, not all coordinates of all points.
 *
 * What is missing is made up little by little, a pair or two a frame, while the frame itself is projected as it is: no frame waits for all of them.
 * A slice that is to come next is prepared in frames that lack nothing.
 */
import { projectPair, projectSlice } from "./project.mjs";

/** Dimensions below which a frame is projected as it is: as cheap. */
const FEW = 32;
/** Slices whose positions are kept: two epochs of two states, and those before them. */
const KEPT = 8;
/** Pairs that a slice is projected onto in one frame: as much as the frame as it is would cost. */
const AT_ONCE = 2;

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

  /** Forget what the span is not made of any more. @param {Slice} slice @param {import("./grand_tour.mjs").Pair[]} pairs */
  function keep(slice, pairs) {
    const positions = known(slice);
    for (const pair of positions.keys()) if (!pairs.includes(pair)) positions.delete(pair);
    return positions;
  }

  /**
   * Project slices onto pairs that they lack.
   * @param {Slice[]} slices @param {import("./grand_tour.mjs").Pair[]} pairs @param {number} p @param {number} n @param {number} most projections
   * @returns {boolean} whether they lack none now
   */
  function make(slices, pairs, p, n, most) {
    for (const slice of slices) {
      const positions = keep(slice, pairs);
      for (const pair of pairs) {
        if (positions.has(pair)) continue;
        if (most-- <= 0) return false;
        positions.set(pair, projectPair(new Float32Array(2 * n), pair, p, n, slice));
      }
    }
    return true;
  }

  /**
   * Whether a span can be used now: what is missing is made, if that is little, else some of it.
   * @param {Slice[]} slices @param {import("./grand_tour.mjs").Pair[]} pairs @param {number} p @param {number} n
   */
  function ready(slices, pairs, p, n) {
    const lacking = slices.reduce((sum, slice) => {
      const positions = keep(slice, pairs);
      return sum + pairs.filter((pair) => !positions.has(pair)).length;
    }, 0);
    return make(slices, pairs, p, n, lacking > AT_ONCE ? 1 : AT_ONCE);
  }

  return {
    /**
     * Positions as of projectSlice, between slice a (t = 0) and slice b (t = 1), times a weight.
     * @param {Float32Array} out (n, 2), written
     * @param {Float64Array} frame (p, 2): the columns that are seen
     * @param {import("./grand_tour.mjs").Span} span what they are made of
     * @param {number} p @param {number} n
     * @param {Slice} a @param {Slice} b @param {number} t @param {number} weight
     * @param {Slice|null} [next] a slice that is to be between soon
     * @returns {Float32Array} out
     */
    project(out, frame, span, p, n, a, b, t, weight, next = null) {
      const direct = () =>
        projectSlice(
          out, frame, p, n, a.values, weight * a.scale, weight * a.offset, b.values, weight * b.scale, weight * b.offset, t,
        ); // prettier-ignore
      if (p < FEW) return direct();
      const { pairs, weights } = used(span);
      const [ofA, ofB] = a.values === b.values ? [weight, 0] : [weight * (1 - t), weight * t];
      const slices = [...(ofA ? [a] : []), ...(ofB ? [b] : [])];
      if (!ready(slices, pairs, p, n)) return direct();
      out.fill(0);
      for (const slice of slices) mix(out, known(slice), pairs, weights, slice === a && ofA ? ofA : ofB);
      if (next) make([next], pairs, p, n, 1);
      return out;
    },
  };
}

/** The pairs of a span that count. @param {import("./grand_tour.mjs").Span} span @returns {import("./grand_tour.mjs").Span} */
function used({ pairs, weights }) {
  const counts = pairs.map((_, k) => weights.subarray(4 * k, 4 * k + 4).some((one) => one !== 0));
  if (counts.every(Boolean)) return { pairs, weights };
  return { pairs: pairs.filter((_, k) => counts[k]), weights: weights.filter((_, i) => counts[i >> 2]) };
}

/**
 * Add positions by pairs, each times its (2, 2) weights.
 * @param {Float32Array} out (n, 2) @param {Map<Float64Array, Float32Array>} positions @param {import("./grand_tour.mjs").Pair[]} pairs
 * @param {Float64Array} weights @param {number} weight of all
 */
function mix(out, positions, pairs, weights, weight) {
  pairs.forEach((pair, k) => {
    const xy = /** @type {Float32Array} */ (positions.get(pair));
    const [xx, across] = [weight * weights[4 * k], weight * weights[4 * k + 1]];
    const [yx, yy] = [weight * weights[4 * k + 2], weight * weights[4 * k + 3]];
    for (let i = 0; i < out.length; i += 2) {
      const x = xy[i];
      const y = xy[i + 1];
      out[i] += x * xx + y * yx;
      out[i + 1] += x * across + y * yy;
    }
  });
}

// @ts-check
/**
 * Where the points of a stage are: projected here for whoever asks, once a frame, or on the graphics card, which needs none of them
 * here. Then some are projected here all the same, evenly taken, for what goes by how points are spread.
 */

import { projectPoints, projectSlice } from "../tour/project.mjs";
import { createSpanned } from "../tour/spanned.mjs";

const SOME = 5000; // points at most, where not all are asked for
const SOME_VALUES = 100_000; // coordinates of them at most

/**
 * @typedef {import("../data/tensors.mjs").Loaded} Loaded
 * @typedef {import("../gl/cloud.mjs").Projected} Projected
 * @typedef {object} Some
 * @property {Float32Array} positions interleaved, plot units
 * @property {Uint32Array|null} indices of the points; null for all, as they come
 * @property {number} of how many points each stands for
 * @typedef {{readonly all: Float32Array, readonly some: Some, readonly projected: Projected|null}} Places
 */

/** Some of many points, evenly taken. @param {number} n @param {number} p coordinates */
function sampleOf(n, p) {
  const every = Math.max(1, Math.ceil(n / Math.min(SOME, SOME_VALUES / p)));
  const indices = every > 1 ? Uint32Array.from({ length: Math.ceil(n / every) }, (_, k) => k * every) : null;
  return { of: every, indices, positions: new Float32Array(2 * (indices?.length ?? 0)), late: true };
}

/** @param {number} n points */
export function createPlaces(n) {
  const spanned = createSpanned();
  const positions = new Float32Array(2 * n);
  /** @type {ReturnType<typeof sampleOf>|null} */
  let few = null;
  /** what is projected on the graphics card @type {Projected|null} */
  let asked = null;
  /** whether the points are still where they were before */
  let late = false;

  const places = {
    /** Plot units, x and y in turns. */
    get all() {
      if (asked && late) {
        const { frame, p, a, b, t, weight } = asked;
        projectSlice(
          positions, frame, p, n, a.values, weight * a.scale, weight * a.offset, b.values, weight * b.scale, weight * b.offset, t,
        ); // prettier-ignore
      }
      late = false;
      return positions;
    },
    /** Some of them, or all where that costs nothing more. @returns {Some} */
    get some() {
      if (!asked || !few?.indices) return { positions: places.all, indices: null, of: 1 };
      if (few.late) projectPoints(few.positions, few.indices, asked);
      few.late = false;
      return few;
    },
    /** What the graphics card is to project; null where points are projected here. */
    get projected() {
      return asked;
    },
    /**
     * Put the points where a frame shows them, between two slices.
     *
     * @param {Float64Array} seen (p, 2) @param {import("../tour/grand_tour.mjs").Span} span what that is made of
     * @param {number} p @param {number} unit data units per plot unit
     * @param {Loaded} a @param {Loaded} b @param {number} t from a (0) to b (1) @param {Loaded|null} next that comes soon
     * @param {boolean} there whether on the graphics card
     */
    project(seen, span, p, unit, a, b, t, next, there) {
      if (!there) {
        asked = null;
        spanned.project(positions, seen, span, p, n, a, b, t, 1 / unit, next);
        return;
      }
      asked = { frame: seen.slice(), p, a, b, t, weight: 1 / unit, next };
      few ??= sampleOf(n, p);
      late = few.late = true;
    },
    /** Add up what several matrices, one a state of a network, make of the points. */
    spanned,
    /** They are where others put them from here on; before, where they were to be seen. */
    told() {
      places.all;
      asked = null;
    },
  };
  return places;
}

/** Of points whose places are told. @param {Float32Array} positions @returns {Places} */
export const placesTold = (positions) => ({
  all: positions,
  some: { positions, indices: null, of: 1 },
  projected: null,
});

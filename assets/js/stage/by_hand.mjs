// @ts-check
/**
 * Time in hand: a tour view whose pictures are made one by one, each at a time that is said, instead of as fast as the
 * browser draws. What moves is moved by the very same modules, so a picture is the one that the page shows at that time.
 */

import { projectStages } from "./projecting.mjs";

const FREE = /** @type {[number, number, number, number]} */ ([6, 6, 6, 6]); // px at the edges of a picture that has no tools

/**
 * @typedef {object} Parts of the view
 * @property {import("./tour_view.mjs").Tensors} tensors @property {import("./states.mjs").States|null} states
 * @property {import("./slices.mjs").Slices} slices @property {import("./said.mjs").Said} said
 * @property {(dt: number, room: Room) => void} follow keep the points in sight @property {() => void} paint give the points their colours
 * @property {() => void} release time passes by itself again
 * @typedef {import("./tour_view.mjs").Room} Room
 * @typedef {{epoch?: number|null, state?: number|null, dt: number, matrix?: Float64Array|null}} Moment indices, with a fraction (none: where it is), seconds since the last picture, and
 *   the frame, (p, p), where it is not one that turns by itself
 * @typedef {ReturnType<typeof timeInHand>} Hand
 */

/** @param {import("./tour_view.mjs").TourView} view @param {Parts} parts */
export function timeInHand(view, { tensors, states, slices, said, follow, paint, release }) {
  const { clock, turning, magnifier, coloring, stages } = view;
  const before = {
    epoch: clock.at,
    state: states?.position ?? 0,
    matrix: turning.matrix.slice(),
    motion: { epochs: clock.playing, states: Boolean(states?.playing), tour: turning.touring },
    zoom: { ...magnifier.zoom },
    following: magnifier.following,
  };
  clock.play(false);
  clock.seek(before.epoch);
  states?.play(false);
  states?.seek(before.state);
  turning.tour(false);

  /** what the pictures have room for @type {Room|null} */
  let room = null;
  let over = false;
  const look = (/** @type {number} */ dt) => void (room && magnifier.following && !magnifier.held && follow(dt, room));

  /** Go back to where everything was. */
  function rewind() {
    if (over) return;
    clock.seek(before.epoch);
    states?.seek(before.state);
    if (!turning.flat) turning.put(before.matrix);
    magnifier.put(before.zoom, before.following);
    if (coloring.dirty) paint();
    if (slices.here(clock.at)) projectStages(stages, tensors, states, clock.at, turning);
  }

  return {
    before,
    /**
     * Make the picture of a moment; the stages have it then, and `viewOf` says what they show.
     *
     * @param {Moment} moment
     * @returns {Promise<boolean>} whether it was made: what it needs could be fetched, and time is in hand still
     */
    async show({ epoch = null, state = null, dt, matrix = null }) {
      if (over) return false;
      if (epoch !== null) clock.seek(epoch);
      if (state !== null) states?.seek(state);
      if (!slices.here(clock.at) && !(await slices.fetch(clock.at))) return false;
      if (coloring.told) {
        await Promise.all(stages.map((stage) => said.load(stage.split, clock.nearest)));
      }
      if (over) return false;
      look(dt);
      if (matrix) turning.put(matrix);
      turning.advance(dt, () => false);
      if (coloring.dirty) paint();
      projectStages(stages, tensors, states, clock.at, turning);
      return true;
    },

    rewind,
    /** The pictures are of this size; where the points are kept in sight, they are in sight there. @param {{width: number, height: number}} size px */
    fit({ width, height }) {
      room = { width, height, free: FREE };
      look(0);
    },
    /** Have everything again as it was, moving or not. */
    end() {
      rewind();
      over = true;
      turning.tour(before.motion.tour);
      if (before.motion.epochs) clock.play(true);
      if (before.motion.states) states?.play(true);
      release();
    },
  };
}

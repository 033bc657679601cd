// @ts-check
/**
 * The complete tour of what a page shows: the frame goes along geodesics from stop to stop, at each of which the motion is played once, there or back.
 * It ends as soon as the reader takes the frame, or goes to another place.
 */

import { completeTour, seenAtStops, stopColumns } from "../tour/complete.mjs";
import { createRanking } from "../tour/meter.mjs";
import { createLoop } from "./loop.mjs";
import { countedPoints, displacements, fetchSubject, isMotion, meanDifferences, nameOf, pairDifferences, rowsAt } from "./subject.mjs";
import { reduced } from "./tour_view.mjs";

const SWING_SECONDS = 1.1; // from one end of the motion to the other
const REST_SECONDS = 0.8; // at a stop, once its motion was seen
const LOOK_SECONDS = 1.6; // at a stop of a still picture
const GLANCE_SECONDS = 0.2; // at a stop that shows next to nothing, on a tour that goes on by itself
const NEXT_TO_NOTHING = 1e-3; // of the squared lengths
const WORK = 3e8; // multiplications for the planes; where all points would take more, that many evenly among them
const RANKED = 2000; // points at most that ρ is of

/**
 * @typedef {import("./subject.mjs").Subject} Subject
 * @typedef {object} Whole
 * @property {import("../tour/complete.mjs").Complete} tour
 * @property {(stop: number) => boolean} visited
 * @typedef {object} Progress what a reader is told
 * @property {Subject} of
 * @property {number} stop from 1 @property {number} stops
 * @property {number} share of the squared lengths at this stop @property {number} sofar at all that were visited
 * @property {number[]} shares of every stop @property {boolean[]} visited
 * @property {number} rho Spearman's ρ of what the visited stops have shown
 * @property {boolean} arrived whether the frame is there @property {boolean} playing whether it goes on by itself
 */

/**
 * @param {HTMLElement} root @param {import("./tour_view.mjs").TourView} view
 * @param {() => void} changed there is something else to tell
 */
export function createWhole(root, view, changed) {
  /**
   * @type {{subject: Subject, tour: import("../tour/complete.mjs").Complete, rows: Float64Array, n: number, seen: Float64Array, squares: Float64Array,
   *   visited: boolean[], at: number, rho: number, playing: boolean, phase: "turn"|"swing"|"rest"|"done", seconds: number, from: number, to: number,
   *   taken: number, hidden: ReadonlySet<number>, run: any}|null}
   */
  let now = null;
  let generation = 0;
  const correlation = createRanking();
  const loop = createLoop(root, (dt) => (now ? frame(now, dt) : false));

  /** @param {NonNullable<typeof now>} it @param {number} dt */
  function frame(it, dt) {
    if (!whole.check()) return false;
    if (it.phase === "turn") {
      if (view.turning) return true;
      arrive(it);
    }
    it.seconds += dt;
    if (it.phase === "swing") {
      const u = reduced() ? 1 : Math.min(1, it.seconds / SWING_SECONDS);
      place(it.subject, it.from + (it.to - it.from) * u * u * (3 - 2 * u));
      if (u < 1) return true;
      [it.phase, it.seconds] = ["rest", 0];
    }
    if (it.phase === "rest") {
      if (it.playing && it.seconds < pause(it)) return true;
      it.phase = "done";
      if (it.playing && it.at + 1 < it.tour.stops) go(it, it.at + 1);
      else if (it.playing) {
        it.playing = false;
        changed();
      }
    }
    return it.phase !== "done";
  }

  /** How long to stay. @param {NonNullable<typeof now>} it */
  function pause({ subject, tour, at }) {
    if (tour.shares[at] < NEXT_TO_NOTHING) return GLANCE_SECONDS;
    return isMotion(subject) ? REST_SECONDS : LOOK_SECONDS;
  }

  /** The frame is at its stop. @param {NonNullable<typeof now>} it */
  function arrive(it) {
    it.visited[it.at] = true;
    seenAtStops(it.seen, it.tour, it.rows, it.n, (stop) => it.visited[stop]);
    it.rho = correlation(it.squares, it.seen, it.n);
    it.seconds = 0;
    it.phase = "rest";
    if (isMotion(it.subject) && !(it.playing && it.tour.shares[it.at] < NEXT_TO_NOTHING)) {
      const [a, b, position] = ends(it.subject);
      Object.assign(it, { phase: "swing", from: position, to: Math.abs(position - a) <= Math.abs(position - b) ? b : a });
    }
    changed();
  }

  /** Both ends of a motion on its clock, and where the clock is. @param {Subject} subject @returns {[number, number, number]} */
  function ends({ kind, fromEpoch, toEpoch, fromState, toState }) {
    return kind === "states" ? [fromState, toState, view.states?.position ?? fromState] : [fromEpoch, toEpoch, view.epoch];
  }

  /** @param {Subject} subject @param {number} position on its clock */
  function place(subject, position) {
    if (subject.kind === "states") view.setState(position);
    else view.setEpoch(position);
  }

  /** @param {NonNullable<typeof now>} it @param {number} stop @param {boolean} [kept] whether the view before is to come back to */
  function go(it, stop, kept = false) {
    it.at = stop;
    it.phase = "turn";
    view.lookAlong(stopColumns(it.tour, stop), kept);
    it.taken = view.taken;
    changed();
    loop.wake();
  }

  /** Whether clocks and points are still those of the tour. @param {NonNullable<typeof now>} it */
  function isThere({ subject, run, hidden, taken }) {
    const { kind, fromEpoch, toEpoch, fromState, toState } = subject;
    const between = (/** @type {number} */ x, /** @type {number} */ a, /** @type {number} */ b) => x > Math.min(a, b) - 1e-6 && x < Math.max(a, b) + 1e-6;
    const position = view.states?.position ?? 0;
    const atEpoch = isMotion(subject) && kind !== "states" ? between(view.epoch, fromEpoch, toEpoch) : Math.round(view.epoch) === fromEpoch;
    const atState = kind === "states" ? between(position, fromState, toState) : Math.round(position) === fromState;
    const still = !view.touring && !view.playing && !view.states?.playing;
    return view.ready && run === view.run && hidden === view.hidden && taken === view.taken && still && atEpoch && atState;
  }

  const whole = {
    /** @type {() => (Whole & {subject: Subject})|null} */
    get() {
      const it = now;
      return it && { tour: it.tour, subject: it.subject, visited: (/** @type {number} */ stop) => it.visited[stop] };
    },

    /** @returns {Progress|null} */
    progress() {
      if (!now) return null;
      const { subject, tour, visited, at, rho, playing, phase } = now;
      const sofar = tour.shares.reduce((sum, share, i) => sum + (visited[i] ? share : 0), 0);
      return {
        of: subject, stop: at + 1, stops: tour.stops, share: tour.shares[at], sofar, shares: [...tour.shares], visited: [...visited], rho, playing,
        arrived: phase !== "turn",
      }; // prettier-ignore
    },

    /** End it if the reader has taken over. @returns {boolean} whether it goes on */
    check() {
      if (now && !isThere(now)) whole.end();
      return now !== null;
    },

    /**
     * Begin.
     *
     * @param {Subject} subject @param {number} stop from 0 @param {boolean} playing whether to go on by itself
     * @throws {Error} where there is nothing to show, with a sentence for the reader
     */
    async start(subject, stop, playing) {
      const mine = ++generation;
      const { run } = view;
      view.play(false);
      view.tour(false);
      if (view.states?.playing) view.playStates(false);
      await fetchSubject(view, subject);
      if (mine !== generation || run !== view.run) return;
      const { rows, n } = gather(view, subject);
      const tour = completeTour(rows, n, run.p, subject.kind === "positions");
      if (!tour) throw new Error(nothing(view, subject));
      view.hold(true);
      const ranked = sample(rows, n, run.p, subject.kind === "positions");
      now = {
        subject, tour, ...ranked, seen: new Float64Array(ranked.n), visited: Array.from({ length: tour.stops }, () => false), at: 0, rho: NaN, playing,
        phase: "turn", seconds: 0, from: 0, to: 0, taken: view.taken, hidden: view.hidden, run,
      }; // prettier-ignore
      go(now, Math.max(0, Math.min(tour.stops - 1, stop)), true);
    },

    /** One stop on or back, and stay there. @param {number} by */
    step(by) {
      if (!now) return;
      const to = now.at + by;
      now.playing = false;
      if (to >= 0 && to < now.tour.stops) go(now, to);
      else changed();
    },

    /** Go on by itself, from the start when it is at its end; or stay. @param {boolean} on */
    play(on) {
      if (!now) return;
      now.playing = on;
      if (on && now.phase === "done") go(now, now.at + 1 < now.tour.stops ? now.at + 1 : 0);
      else changed();
      loop.wake();
    },

    /** Leave it where it is. */
    end() {
      generation++;
      if (!now) return;
      now = null;
      view.hold(false);
      changed();
    },
  };
  return whole;
}

/** Everything that is drawn, of all stages. @param {import("./tour_view.mjs").TourView} view @param {Subject} subject @returns {{rows: Float64Array, n: number}} */
function gather(view, subject) {
  const { p } = view.run;
  if (subject.kind === "means") {
    const rows = meanDifferences(view, subject) ?? new Float64Array(0);
    return { rows, n: rows.length / p };
  }
  const most = Math.max(2, Math.floor(WORK / (p * p) / view.stages.length));
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
function sample(rows, n, p, pairs) {
  const m = Math.min(n, RANKED);
  const some = new Float64Array(m * p);
  for (let k = 0; k < m; k++) some.set(rows.subarray(Math.floor((k * n) / m) * p, (Math.floor((k * n) / m) + 1) * p), k * p);
  const out = pairs ? new Float64Array(m * p) : some;
  if (pairs && m > 1) pairDifferences(some, m, p, out);
  const squares = new Float64Array(m);
  for (let i = 0; i < m; i++) for (let j = 0; j < p; j++) squares[i] += out[i * p + j] ** 2;
  return { rows: out, n: m, squares };
}

/** Why there is nothing to show. @param {import("./tour_view.mjs").TourView} view @param {Subject} subject */
function nothing(view, subject) {
  if (subject.kind === "means") return "Training and test have the same class means here, or none that are drawn: there is nothing to show.";
  if (subject.kind === "positions") return "All points that are drawn lie on one place: there is nothing to show.";
  return `No point that is drawn moves, ${nameOf(view, subject)}: there is nothing to show.`;
}

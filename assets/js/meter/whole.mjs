// @ts-check
/**
 * The complete tour of what a page shows: the frame goes along geodesics from stop to stop, at each of which the motion is played once, there or back.
 * It ends as soon as the reader takes the frame, or goes to another place.
 */

import { completeTour, seenAtStops, stopColumns, stopsOf } from "../tour/complete.mjs";
import { createRanking } from "../tour/meter.mjs";
import { createLoop } from "../core/loop.mjs";
import { reduced } from "../core/motion.mjs";
import { ease } from "../stage/glide.mjs";
import { fetchSubject, isMotion } from "./subject.mjs";
import { gather, nothing, sample } from "./whole_rows.mjs";

export const SWING_SECONDS = 1.1; // from one end of the motion to the other
const REST_SECONDS = 0.8; // at a stop, once its motion was seen
const LOOK_SECONDS = 1.6; // at a stop of a still picture
const GLANCE_SECONDS = 0.2; // at a stop that shows next to nothing, on a tour that goes on by itself
/** Stops at most: nobody sees more, and finding those of all of very many dimensions would take the browser long. */
export const MOST_STOPS = 100;
const NEXT_TO_NOTHING = 1e-3; // of the squared lengths

/**
 * @typedef {import("../stage/tour_view.mjs").TourView} View
 * @typedef {import("./subject.mjs").Subject} Subject
 * @typedef {object} Whole
 * @property {import("../tour/complete.mjs").Complete} tour
 * @property {(stop: number) => boolean} visited
 * @typedef {object} Progress what a reader is told
 * @property {Subject} of @property {number} p dimensions
 * @property {number} stop from 1 @property {number} stops of which there would be more, see `MOST_STOPS`, where p is larger than twice that
 * @property {number} share of the squared lengths at this stop @property {number} sofar at all that were visited
 * @property {number[]} shares of every stop @property {boolean[]} visited
 * @property {number} rho Spearman's ρ of what the visited stops have shown
 * @property {boolean} arrived whether the frame is there @property {boolean} playing whether it goes on by itself
 */

/**
 * @typedef {object} Going a complete tour under way
 * @property {Subject} subject @property {import("../tour/complete.mjs").Complete} tour
 * @property {Float64Array} rows some of the displacements, (n, p) @property {number} n
 * @property {Float64Array} squares their squared lengths @property {Float64Array} seen what of these the visited stops have shown
 * @property {number} rho of these two
 * @property {boolean[]} visited @property {number} at a stop
 * @property {boolean} playing whether it goes on by itself
 * @property {"turn"|"swing"|"rest"|"done"} phase on the way; showing the motion; staying; staying for good @property {number} seconds in it
 * @property {number} from where its swing begins @property {number} to where it ends
 * @property {number} taken @property {ReadonlySet<number>} hidden @property {any} run as they were: when they change it is over
 */

/**
 * @param {HTMLElement} root @param {import("../stage/tour_view.mjs").TourView} view
 * @param {() => void} changed there is something else to tell
 */
export function createWhole(root, view, changed) {
  /** @type {Going|null} */
  let now = null;
  let generation = 0;
  let held = false; // whether it waits, for pictures of the page are made by hand
  const loop = createLoop(root, (dt) => (now ? frame(now, dt) : false));

  /** @param {Going} it @param {number} dt */
  function frame(it, dt) {
    if (held || !whole.check()) return false;
    if (it.phase === "turn" && view.turning.turning) return true;
    if (it.phase === "turn") {
      visit(it);
      swing(view, it);
      changed();
    }
    if (!stay(view, it, dt)) return true;
    if (it.playing && it.at + 1 < it.tour.stops) go(it, it.at + 1);
    else if (it.playing) {
      it.playing = false;
      changed();
    }
    return it.phase !== "done";
  }

  /** @param {Going} it @param {number} stop @param {boolean} [kept] whether the view before is to come back to */
  function go(it, stop, kept = false) {
    it.at = stop;
    it.phase = "turn";
    view.turning.lookAlong(stopColumns(it.tour, stop), kept);
    it.taken = view.turning.taken;
    changed();
    loop.wake();
  }

  const whole = {
    /** @type {() => (Whole & {subject: Subject})|null} */
    get() {
      const it = now;
      return it && { tour: it.tour, subject: it.subject, visited: (/** @type {number} */ stop) => it.visited[stop] };
    },

    /** @returns {Progress|null} */
    progress: () => now && progressOf(now),

    /** End it if the reader has taken over. @returns {boolean} whether it goes on */
    check() {
      if (now && !isThere(view, now)) whole.end();
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
      standStill(view, subject);
      await fetchSubject(view, subject);
      if (mine !== generation || run !== view.run) return;
      now = beginning(view, subject, playing);
      view.magnifier.hold(true);
      go(now, Math.max(0, Math.min(now.tour.stops - 1, stop)), true);
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

    /** Let it wait, or go on: to its stop again, if it was on the way. @param {boolean} on */
    hold(on) {
      held = on;
      if (now) view.magnifier.hold(!on);
      if (on || !now) return;
      if (now.phase === "turn") go(now, now.at);
      loop.wake();
    },

    /** Leave it where it is. */
    end() {
      generation++;
      if (!now) return;
      now = null;
      view.magnifier.hold(false);
      changed();
    },
  };
  return whole;
}

/** Stop all clocks; where one is not the subject's, let it be where the subject is. @param {View} view @param {Subject} subject */
function standStill(view, { kind, fromEpoch, fromState }) {
  const { states } = view;
  view.clock.play(false);
  view.turning.tour(false);
  if (states?.playing) states.play(false);
  if (view.epoch % 1 && (kind === "states" || kind === "means" || kind === "positions")) view.clock.seek(fromEpoch);
  if (states && states.position % 1 && kind !== "states") states.seek(fromState);
}

/**
 * The planes that together show a subject, of which the data is here.
 *
 * @param {View} view @param {Subject} subject
 * @returns {{rows: Float64Array, n: number, tour: import("../tour/complete.mjs").Complete}} what they are found from, (n, p)
 * @throws {Error} where there is nothing to show, with a sentence for the reader
 */
export function planesOf(view, subject) {
  const { p } = view.run;
  const { rows, n } = gather(view, subject, stopsOf(p) > MOST_STOPS);
  const tour = completeTour(rows, n, p, subject.kind === "positions", MOST_STOPS);
  if (!tour) throw new Error(nothing(view, subject));
  return { rows, n, tour };
}

/**
 * @param {View} view @param {Subject} subject @param {boolean} playing
 * @returns {Going}
 * @throws {Error} where there is nothing to show
 */
function beginning(view, subject, playing) {
  const { run, hidden } = view;
  const { taken } = view.turning;
  const { rows, n, tour } = planesOf(view, subject);
  const ranked = sample(rows, n, run.p, subject.kind === "positions");
  return {
    subject, tour, ...ranked, seen: new Float64Array(ranked.n), rho: NaN, visited: Array.from({ length: tour.stops }, () => false), at: 0, playing,
    phase: "turn", seconds: 0, from: 0, to: 0, taken, hidden, run,
  }; // prettier-ignore
}

/** The frame has come to its stop. @param {Going} it */
function visit(it) {
  if (!it.visited[it.at]) {
    const here = seenAtStops(new Float64Array(it.n), it.tour, it.rows, it.n, (stop) => stop === it.at);
    for (let i = 0; i < it.n; i++) it.seen[i] += here[i];
  }
  it.visited[it.at] = true;
  it.rho = createRanking()(it.squares, it.seen, it.n);
  [it.phase, it.seconds] = ["rest", 0];
}

/** Where there is a motion to be seen, show it: from the end of it that is nearer. @param {View} view @param {Going} it */
function swing(view, it) {
  if (!isMotion(it.subject) || (it.playing && !swingsAt(it.subject, it.tour.shares[it.at]))) return;
  const [a, b, position] = ends(view, it.subject);
  const to = Math.abs(position - a) <= Math.abs(position - b) ? b : a;
  Object.assign(it, { phase: "swing", from: position, to });
}

/** Let time pass at a stop. @param {View} view @param {Going} it @param {number} dt seconds @returns {boolean} whether it has been long enough */
function stay(view, it, dt) {
  it.seconds += dt;
  if (it.phase === "swing") {
    const u = reduced() ? 1 : Math.min(1, it.seconds / SWING_SECONDS);
    place(view, it.subject, it.from + (it.to - it.from) * ease(u));
    if (u < 1) return false;
    [it.phase, it.seconds] = ["rest", 0];
  }
  if (it.playing && it.phase === "rest" && it.seconds < pauseAt(it.subject, it.tour.shares[it.at])) return false;
  it.phase = "done";
  return true;
}

/** Whether a tour that goes on by itself shows the motion at a stop. @param {Subject} subject @param {number} share of the stop */
export const swingsAt = (subject, share) => isMotion(subject) && share >= NEXT_TO_NOTHING;

/** How long it stays there, once the motion was seen. @param {Subject} subject @param {number} share of the stop @returns {number} seconds */
export function pauseAt(subject, share) {
  if (share < NEXT_TO_NOTHING) return GLANCE_SECONDS;
  return isMotion(subject) ? REST_SECONDS : LOOK_SECONDS;
}

/** Both ends of a motion on its clock, and where the clock is. @param {View} view @param {Subject} subject @returns {[number, number, number]} */
function ends(view, { kind, fromEpoch, toEpoch, fromState, toState }) {
  return kind === "states"
    ? [fromState, toState, view.states?.position ?? fromState]
    : [fromEpoch, toEpoch, view.epoch];
}

/** @param {View} view @param {Subject} subject @param {number} position on its clock */
function place(view, subject, position) {
  if (subject.kind === "states") view.states?.seek(position);
  else view.clock.seek(position);
}

/** Whether clocks and points are still those of the tour. @param {View} view @param {Going} it */
function isThere(view, { subject, run, hidden, taken }) {
  const { kind, fromEpoch, toEpoch, fromState, toState } = subject;
  const between = (/** @type {number} */ x, /** @type {number} */ a, /** @type {number} */ b) =>
    x > Math.min(a, b) - 1e-6 && x < Math.max(a, b) + 1e-6;
  const position = view.states?.position ?? 0;
  const atEpoch =
    isMotion(subject) && kind !== "states"
      ? between(view.epoch, fromEpoch, toEpoch)
      : Math.round(view.epoch) === fromEpoch;
  const atState = kind === "states" ? between(position, fromState, toState) : Math.round(position) === fromState;
  const still = !view.touring && !view.playing && !view.states?.playing;
  return (
    view.ready &&
    run === view.run &&
    hidden === view.hidden &&
    taken === view.turning.taken &&
    still &&
    atEpoch &&
    atState
  );
}

/** @param {Going} it @returns {Progress} */
function progressOf({ subject, tour, visited, at, rho, playing, phase }) {
  const sofar = tour.shares.reduce((sum, share, i) => sum + (visited[i] ? share : 0), 0);
  return {
    of: subject, p: tour.p, stop: at + 1, stops: tour.stops, share: tour.shares[at], sofar, shares: [...tour.shares], visited: [...visited], rho, playing,
    arrived: phase !== "turn",
  }; // prettier-ignore
}

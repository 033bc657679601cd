// @ts-check
/** The complete tour as a film: how long it is, and the frame, epoch and layer of each of its moments, as the page goes through it by itself. */

import { stopColumns } from "../tour/complete.mjs";
import { completeFrame } from "../tour/frame.mjs";
import { createGeodesic } from "../tour/geodesic.mjs";
import { ease } from "../stage/glide.mjs";
import { secondsOfTurn } from "../stage/turning.mjs";
import { shareText } from "./numbers.mjs";
import { fetchSubject, isMotion, wordOf } from "./subject.mjs";
import { SWING_SECONDS, pauseAt, planesOf, swingsAt } from "./whole.mjs";

/**
 * @typedef {import("../stage/tour_view.mjs").TourView} View
 * @typedef {import("./subject.mjs").Subject} Subject
 * @typedef {{begin: number, turn: number, swing: number, end: number}} Visit of a stop: when the way there begins, seconds of that and of the motion there, and when it is left
 */

/** When each stop is come to, and left. @param {Subject} subject @param {ArrayLike<number>} shares of each stop @param {number[]} turns seconds of the way there @returns {Visit[]} */
export function visitsOf(subject, shares, turns) {
  let begin = 0;
  return turns.map((turn, stop) => {
    const swing = swingsAt(subject, shares[stop]) ? SWING_SECONDS : 0;
    const visit = { begin, turn, swing, end: begin + turn + swing + pauseAt(subject, shares[stop]) };
    begin = visit.end;
    return visit;
  });
}

/** Lets the page breathe. */
const breathe = () => new Promise((done) => setTimeout(done));

/**
 * @param {View} view @param {Subject} subject what is to be shown @param {Float64Array} start (p, p), the frame it begins with
 * @returns {Promise<import("../picture/film.mjs").Script>}
 * @throws {Error} where there is nothing to show, with a sentence for the reader
 */
export async function scriptOfWhole(view, subject, start) {
  const of = { ...subject };
  await fetchSubject(view, of);
  const { tour } = planesOf(view, of);
  const { p, stops, shares } = tour;
  const pathTo = (/** @type {Float64Array} */ from, /** @type {number} */ stop) =>
    createGeodesic(from, completeFrame(stopColumns(tour, stop), p), p);
  const endOf = (/** @type {ReturnType<typeof pathTo>} */ path) => path.at(1, new Float64Array(p * p)).slice();
  /** @type {number[]} */
  const turns = [];
  for (let stop = 0, frame = start.slice(); stop < stops; stop++, await breathe()) {
    const path = pathTo(frame, stop);
    turns.push(secondsOfTurn(path.angle));
    frame = endOf(path);
  }
  const visits = visitsOf(of, shares, turns);
  const seconds = visits[stops - 1].end;
  const room = new Float64Array(p * p);
  let path = pathTo(start.slice(), 0);
  let on = 0; // the stop to which that path leads
  let arrived = 0; // stops that were come to

  /** The way to a stop: from the stop before it. @param {number} stop */
  function follow(stop) {
    if (stop < on) [on, path] = [0, pathTo(start.slice(), 0)];
    for (; on < stop; on++) path = pathTo(endOf(path), on + 1);
  }

  return {
    seconds,
    says: `${stops === 1 ? "1 stop" : `${stops} stops`}, which together draw ${shareText(shares.reduce((sum, share) => sum + share, 0))} of the ${wordOf(of)}`,
    told() {
      const sofar = shares.slice(0, arrived).reduce((sum, share) => sum + share, 0);
      return `stop ${Math.max(1, arrived)} of ${stops}: ${shareText(sofar)} of the ${wordOf(of)} so far`;
    },
    at(time) {
      const stop = Math.max(0, visits.findIndex(({ end }) => time < end)); // prettier-ignore
      const last = time >= seconds ? stops - 1 : stop;
      follow(last);
      const visit = visits[last];
      const within = Math.min(time, seconds) - visit.begin;
      arrived = within >= visit.turn ? last + 1 : last;
      const u = visit.turn > 0 ? Math.min(1, within / visit.turn) : 1;
      return { ...placeAt(of, visits, last, within), dt: 0, matrix: path.at(ease(u), room) };
    },
    hold(held) {
      view.magnifier.hold(held);
    },
  };
}

/** Where clocks are: a motion is shown there and back in turns. @param {Subject} subject @param {Visit[]} visits @param {number} stop @param {number} within seconds of its visit */
export function placeAt(subject, visits, stop, within) {
  const { kind, fromEpoch, toEpoch, fromState, toState } = subject;
  if (!isMotion(subject)) return { epoch: fromEpoch, state: fromState };
  const { turn, swing } = visits[stop];
  const before = visits.slice(0, stop).filter((one) => one.swing > 0).length;
  const u = swing ? ease(Math.min(1, Math.max(0, (within - turn) / swing))) : 0;
  const share = before % 2 ? 1 - u : u;
  const [a, b] = kind === "states" ? [fromState, toState] : [fromEpoch, toEpoch];
  const at = a + share * (b - a);
  return kind === "states" ? { epoch: fromEpoch, state: at } : { epoch: at, state: fromState };
}

// @ts-check
/**
 * A film: pictures at exact times, one after the other, each computed for its time and not caught while the page plays. What
 * they are put into (a video, a GIF) is for `video.mjs` and `gif.mjs`.
 */

import { PAUSE, SECONDS } from "../stage/state_clock.mjs";
import { lookOf } from "./look.mjs";
import { canvasOf } from "./stage_part.mjs";
import { layOut, paintSheet } from "./sheet.mjs";

export const TYPE = 15; // px on a sheet of a size that people know …
export const SHORTER = 720; // … px of its shorter side
export const LONGEST = 600; // seconds

/**
 * @typedef {Pick<import("../stage/by_hand.mjs").Hand, "show"|"rewind">} Hand
 * @typedef {{names: string[], at: number, on: boolean}} Along what is gone along: names of its places, where it is, and whether it plays
 * @typedef {object} Film what can move
 * @property {Hand} hand that moves it @property {string} unit of the clock
 * @property {boolean|null} tour whether it turns; null where nothing can be turned
 * @property {Along} epochs @property {Along|null} states
 * @property {(on: boolean) => void} turn have it tour, or not
 * @property {(() => Promise<Script>)|null} whole a tour through all there is, found when it is asked for; null where there is none
 * @property {(wish: FilmWish) => Promise<import("./take.mjs").Taken>} [taken] what a film is of, made ready for its first frame, where that is not what a picture is of
 *
 * @typedef {object} Script a film that has its own length
 * @property {number} seconds @property {string} says what it shows, in a few words
 * @property {(time: number) => import("../stage/by_hand.mjs").Moment} at the moment of a time, in seconds
 * @property {() => string} told how far it had come at the moment that was asked for last
 * @property {(held: boolean) => void} hold keep the scale of the picture
 *
 * @typedef {object} Plan
 * @property {number} seconds @property {number} fps
 * @property {boolean} tour @property {[number, number]|null} epochs from where to where, indices; null where it is @property {[number, number]|null} states
 * @property {Script|null} whole what moves instead of these
 *
 * @typedef {import("./look.mjs").Chosen & Plan & {width: number, height: number}} FilmWish size in pixels
 * @typedef {object} Sink what frames are put into
 * @property {(canvas: HTMLCanvasElement, index: number) => Promise<void>} add @property {() => Promise<Blob>} finish @property {() => Promise<void>} cancel
 */

/** How many frames a film has. @param {Plan} plan */
export const framesOf = ({ seconds, fps }) => Math.round(seconds * fps);

/** What is wrong with a plan, in words for the reader; "" for nothing. @param {Plan} plan */
export function problemOf(plan) {
  const { seconds, tour, epochs, states, whole } = plan;
  if (!(seconds > 0 && seconds <= LONGEST)) return `A video is above 0 and at most ${LONGEST} seconds long; this is ${seconds || "missing"}`; // prettier-ignore
  if (framesOf(plan) < 2) return "A video needs two frames or more: make it longer";
  const moves = tour || whole || [epochs, states].some((way) => way && way[0] !== way[1]);
  return moves ? "" : "Nothing moves: choose the tour, or a way from one place to another";
}

/** Where along a way from layer to layer, which rests at each as the page does, a share of the time has led. @param {number} u 0 to 1 @param {[number, number]} way */
export function restingAt(u, [from, to]) {
  const steps = Math.abs(to - from);
  const time = u * (steps * SECONDS + (steps + 1) * PAUSE) - PAUSE;
  if (time <= 0) return from;
  const step = Math.min(steps, Math.floor(time / (SECONDS + PAUSE)));
  const within = Math.min(1, Math.max(0, time - step * (SECONDS + PAUSE)) / SECONDS);
  return from + Math.sign(to - from) * Math.min(steps, step + within);
}

/** The moment of a frame. @param {Plan} plan @param {number} index @returns {import("../stage/by_hand.mjs").Moment} */
export function momentOf(plan, index) {
  const { fps, epochs, states, whole } = plan;
  if (whole) return whole.at(index / fps);
  const u = index / (framesOf(plan) - 1);
  return {
    epoch: epochs && epochs[0] + u * (epochs[1] - epochs[0]),
    state: states && restingAt(u, states),
    dt: index ? 1 / fps : 0,
  };
}

/** What a film is of. @param {import("./take.mjs").Taken} taken what a picture would be of @param {Film} film @param {FilmWish} wish */
export async function subjectOf(taken, film, wish) {
  const subject = film.taken ? await film.taken(wish) : taken;
  const { whole } = wish;
  return whole ? { ...subject, caption: () => `${subject.caption()}, ${whole.told()}` } : subject;
}

/** Lets the page breathe: what waits for the browser comes first. */
const breathe = () => new Promise((done) => setTimeout(done));

/**
 * Shoot a film.
 *
 * @param {import("./take.mjs").Taken} taken @param {Film} film @param {FilmWish} wish @param {Sink} sink
 * @param {{progress: (frame: number, of: number, canvas: HTMLCanvasElement) => void, signal: AbortSignal}} given
 * @returns {Promise<Blob|null>} null where it was cancelled
 * @throws {Error} where data cannot be fetched, or the browser cannot encode it
 */
export async function shoot(taken, film, wish, sink, { progress, signal }) {
  const of = framesOf(wish);
  const { width, height } = wish;
  const scale = Math.min(width, height) / SHORTER;
  const { canvas, pen } = canvasOf(width / scale, height / scale, scale, { alpha: false, willReadFrequently: true });
  const look = lookOf(wish, { type: TYPE, scale, vector: false });
  film.hand.rewind();
  const subject = await subjectOf(taken, film, wish);
  subject.fit(layOut(subject, look, width / scale, height / scale).boxes[0][0]);
  film.turn(wish.tour);
  wish.whole?.hold(true);
  try {
    for (let index = 0; index < of && !signal.aborted; index++) {
      const made = await film.hand.show(momentOf(wish, index));
      if (signal.aborted) break;
      if (!made) throw new Error("What the next frame needs could not be fetched");
      paintSheet(pen, subject, layOut(subject, look, width / scale, height / scale), look);
      await sink.add(canvas, index);
      progress(index + 1, of, canvas);
      await breathe();
    }
    if (!signal.aborted) return await sink.finish();
    await sink.cancel();
    return null;
  } catch (error) {
    await sink.cancel().catch(() => {}); // the first error is the one to tell
    throw error;
  } finally {
    wish.whole?.hold(false);
    film.turn(false);
    film.hand.rewind();
  }
}

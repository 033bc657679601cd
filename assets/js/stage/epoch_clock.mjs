// @ts-check
/** The clock of epochs: where the reader is in a training, and whether it plays. */

import { numberAt } from "../data/epochs.mjs";
import { indexAt, placeOf } from "../state/spacing.mjs";
import { createPosition } from "./glide.mjs";

const STEP_SECONDS = 0.35; // from one epoch to the next by key
const GLIDE_SECONDS = 1.1; // to the epoch of a named view
const NEAR = 1.5; // epochs, that take no longer than a step
const RATE = 3; // epochs a second, until another is chosen

/**
 * @param {object} given
 * @param {(what: "epoch"|"motion") => void} given.changed
 * @param {() => void} given.wake something moves: time is to pass
 * @param {() => boolean} given.abrupt whether nothing is to glide
 */
export function createEpochClock({ changed, wake, abrupt }) {
  const position = createPosition({ near: NEAR, step: STEP_SECONDS, far: GLIDE_SECONDS });
  /** @type {number[]} */
  let numbers = [0];
  let rate = RATE;
  /** @type {number[]|null} where they are along the slider, at whose pace they play; null for one after the other */
  let places = null;
  let playing = false;

  /** @param {number} dt seconds @param {(at: number) => boolean} here whether the data there has come */
  function goOn(dt, here) {
    const on = dt * rate;
    const spaced = places?.length === numbers.length ? places : null;
    const to = spaced ? indexAt(spaced, placeOf(spaced, position.at) + on) : position.at + on;
    const next = Math.min(position.last, to);
    if (!here(next)) return;
    position.put(next);
    if (next !== position.last) return;
    playing = false;
    changed("motion");
  }

  const clock = {
    /** An index into the run's epochs, with the fraction between two of them. */
    get at() {
      return position.at;
    },
    get nearest() {
      return Math.round(position.at);
    },
    /** The epoch's number, interpolated like the data. */
    get number() {
      return numberAt(numbers, position.at);
    },
    get playing() {
      return playing;
    },
    get moving() {
      return playing || position.gliding;
    },

    /** Whether it is on its way to an epoch that was asked for. */
    get gliding() {
      return position.gliding;
    },

    /** Another run. @param {number[]} epochs their numbers @param {number} start an index */
    begin(epochs, start) {
      numbers = epochs;
      position.begin(start, epochs.length - 1);
    },

    /** Whether the reader is at the last epoch, or about to be. */
    get newest() {
      return position.goal === position.last;
    },
    /** The run has more epochs: whoever is at the last one is brought to the new last one. @param {number[]} epochs their numbers */
    extend(epochs) {
      const along = clock.newest && !playing;
      numbers = epochs;
      position.extend(epochs.length - 1);
      if (along && abrupt()) position.put(position.last);
      else if (along) position.glideTo(position.last);
      wake();
      changed("epoch");
    },

    /** Let time pass. @param {number} dt seconds @param {(at: number) => boolean} here whether the data there has come */
    advance(dt, here) {
      const before = position.at;
      if (position.gliding) position.advance(dt);
      else if (playing) goOn(dt, here);
      if (position.at !== before) changed("epoch");
    },

    /** Play the epochs; from the start when they are at the end. @param {boolean} on */
    play(on) {
      playing = on;
      position.stay();
      if (on && position.at >= position.last) {
        position.put(0);
        changed("epoch");
      }
      wake();
      changed("motion");
    },
    /** How they are spaced: all of them take as long however they are. @param {number[]} along from 0 to the last index, rising */
    space(along) {
      places = along;
    },
    /** @param {number} epochs a second */
    setRate(epochs) {
      rate = epochs;
    },
    /** @param {number} index @param {boolean} smooth */
    seek(index, smooth = false) {
      if (playing) {
        playing = false;
        changed("motion");
      }
      if (smooth && !abrupt()) position.glideTo(index);
      else {
        position.put(index);
        changed("epoch");
      }
      wake();
    },
    /** One epoch on or back. @param {number} by */
    step: (by) => clock.seek(position.from(by), true),
  };
  return clock;
}

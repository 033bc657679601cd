// @ts-check
/** The clock of a network's states: where the reader is between input and softmax, and whether it plays, pausing at each. */

import { createPosition } from "./glide.mjs";

export const SECONDS = 1.1; // from one state to the next
export const PAUSE = 0.7; // seconds at each state
const STEP_SECONDS = 0.45; // to the next state by key
const GLIDE_SECONDS = 1.6; // to one farther off
const NEAR = 1; // states, that take no longer than a step

/** @param {number} start @param {number} last */
export function createStateClock(start, last) {
  const position = createPosition({ near: NEAR, step: STEP_SECONDS, far: GLIDE_SECONDS });
  position.begin(start, last);
  let playing = false;
  let rest = 0; // seconds left of a pause

  /** @param {number} dt seconds @param {(at: number) => boolean} here */
  function goOn(dt, here) {
    if (rest > 0) {
      rest -= dt;
      return;
    }
    const next = Math.min(Math.floor(position.at) + 1, position.at + dt / SECONDS);
    if (!here(next)) return;
    position.put(next);
    if (Number.isInteger(next)) rest = PAUSE;
    if (next === last) playing = false;
  }

  const clock = {
    get at() {
      return position.at;
    },
    get playing() {
      return playing;
    },
    get moving() {
      return playing || position.gliding;
    },

    /**
     * Let time pass.
     *
     * @param {number} dt seconds
     * @param {(position: number) => boolean} here whether the data there has come
     * @returns {boolean} whether the position is another one
     */
    advance(dt, here) {
      const before = position.at;
      if (position.gliding) position.advance(dt);
      else if (playing) goOn(dt, here);
      return position.at !== before;
    },

    /** Go from input to softmax, pausing at each state; from the start when at the end. @param {boolean} on */
    play(on) {
      playing = on;
      rest = on ? PAUSE / 2 : 0;
      if (on && position.at === last) position.put(0);
      else position.stay();
    },

    /** @param {number} to @param {boolean} smooth */
    seek(to, smooth) {
      playing = false;
      if (smooth) position.glideTo(to);
      else position.put(to);
    },

    /** One state on or back. @param {number} by @param {boolean} smooth */
    step: (by, smooth) => clock.seek(position.from(by), smooth),
  };
  return clock;
}

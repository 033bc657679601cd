// @ts-check
/**
 * What is being done to one pin among several: pressed and perhaps dragged by the pointer, or steered by keys, one gesture from the first press to the
 * release. Nothing of the page is in it; events go out in data units, told from where the gesture began.
 */

const STARTS = 3; // px before a press becomes a drag

/** @param {Pick<import("./pins.mjs").PinEvents, "start"|"move"|"end">} events */
export function createPinSteering(events) {
  let dragged = -1; // by the pointer
  let moved = false;
  let [x0, y0] = [0, 0]; // px where the pointer went down
  let steered = -1; // by the keys
  let [dx, dy] = [0, 0];

  return {
    /** @param {number} i @param {number} x px @param {number} y px */
    press(i, x, y) {
      [x0, y0] = [x, y];
      [dragged, moved] = [i, false];
      events.start(i);
    },
    /** @param {number} i @param {number} x px @param {number} y px @param {{kx: number, ky: number}} view px a data unit */
    drag(i, x, y, view) {
      if (dragged !== i) return;
      const [right, down] = [x - x0, y - y0];
      if (!moved && Math.hypot(right, down) < STARTS) return;
      moved = true;
      events.move(i, right / view.kx, -down / view.ky);
    },
    /** The pointer lets go. */
    drop() {
      const i = dragged;
      dragged = -1;
      events.end(i, moved);
    },
    /** A key moves it. @param {number} i @param {[number, number]} step data units */
    steer(i, step) {
      if (steered !== i) {
        [steered, dx, dy] = [i, 0, 0];
        events.start(i);
      }
      [dx, dy] = [dx + step[0], dy + step[1]];
      events.move(i, dx, dy);
    },
    /** The keys let go of it, if they had it. @param {number} i */
    release(i) {
      if (steered !== i) return;
      steered = -1;
      events.end(i, true);
    },
    /** The pin that the pointer holds, or -1. */
    get dragged() {
      return dragged;
    },
    /** The pin that the keys hold, or -1. */
    get steered() {
      return steered;
    },
  };
}

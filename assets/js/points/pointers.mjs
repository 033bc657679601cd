// @ts-check
/**
 * What mouse and fingers are about to do over a picture: draw a shape, push the picture along, or spread it with two
 * fingers. Only places in pixels come in, so that it can be followed without a page.
 */

const STRIDE = 3; // pixels between two corners of a lasso
const CLICK = 4; // pixels a pointer may wander and still have clicked

/** @typedef {import("./hits.mjs").Place} Place @typedef {"none"|"shape"|"pan"|"pinch"} Doing */

export function createPointers() {
  /** @type {Map<number, Place>} */
  const places = new Map();
  /** @type {Place[]} */
  let corners = [];
  /** @type {Doing} */
  let doing = "none";
  let spread = 0;
  let moved = 0;

  function distance() {
    const [a, b] = [...places.values()];
    return Math.max(1, Math.hypot(a[0] - b[0], a[1] - b[1]));
  }

  return {
    /** @param {number} id of the pointer @param {Place} at @param {boolean} pans whether it is to push the picture, and not to draw */
    down(id, at, pans) {
      places.set(id, at);
      moved = 0;
      corners = [at];
      if (places.size === 2) [doing, spread] = ["pinch", distance()];
      else doing = pans ? "pan" : "shape";
    },

    /** @param {number} id @param {Place} at @returns {Place|null} where it was before; null for one that is not down */
    move(id, at) {
      const before = places.get(id);
      if (!before) return null;
      moved += Math.hypot(at[0] - before[0], at[1] - before[1]);
      places.set(id, at);
      return before;
    },

    /** How much closer two fingers are than when last asked, and what lies in the middle of them. @returns {{factor: number, middle: Place}|null} */
    pinch() {
      if (doing !== "pinch" || places.size !== 2) return null;
      const [now, [a, b]] = [distance(), [...places.values()]];
      const factor = spread / now;
      spread = now;
      return { factor, middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] };
    },

    /** Go on with the shape. @param {Place} at @param {boolean} box whether it is a box, of two corners */
    trace(at, box) {
      if (box) corners = [corners[0], at];
      else {
        const last = corners[corners.length - 1];
        if (Math.hypot(at[0] - last[0], at[1] - last[1]) >= STRIDE) corners.push(at);
      }
    },

    /** @param {number} id @returns {Doing|null} what has come to its end with the last pointer; null while others are down */
    up(id) {
      if (!places.delete(id) || places.size) return null;
      const finished = doing;
      doing = "none";
      return finished;
    },

    /** Give up the shape. @param {number} [id] of the pointer that is lost; all of them without */
    cancel(id) {
      if (id === undefined) places.clear();
      else places.delete(id);
      [doing, corners] = ["none", []];
    },

    /** The shape is done with. */
    forget() {
      corners = [];
    },

    get doing() {
      return doing;
    },
    /** Of a lasso, or two of a box. */
    get corners() {
      return corners;
    },
    /** Whether no pointer went anywhere. */
    get clicked() {
      return moved <= CLICK;
    },
    /** How many are down. */
    get count() {
      return places.size;
    },
  };
}

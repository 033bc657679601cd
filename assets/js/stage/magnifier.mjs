// @ts-check
/** Which part of the plane is shown: as the reader wants it, or as the points need it. */

import { FLAT } from "../points/viewport.mjs";
import { boundsOf, momentsOf } from "./extent.mjs";

const SMALLEST = 0.5; // times magnified
const LARGEST = 60;
const FOLLOWED = 16; // times magnified at most without being asked
const FILLED = [0.7, 1]; // of the picture by nearly all points, where it follows them
const NEARLY_ALL = 2; // root mean squares from the middle
const OFF_MIDDLE = 0.2; // of the picture's half, that their middle may be off its middle
const FOLLOW_SECONDS = 0.35; // in which it does two thirds of what is to be done
const THERE = 0.004; // of the scale and of the picture's half: nobody sees the rest

/** @typedef {{x: number, y: number, k: number}} Zoom the middle of what is shown, in plot units, and how many times it is magnified */

/**
 * The same, magnified about a place that stays where it is.
 *
 * @param {Zoom} zoom @param {number} factor of the range of the axes @param {number} x @param {number} y
 * @returns {Zoom}
 */
export function zoomAbout(zoom, factor, x, y) {
  const k = Math.min(LARGEST, Math.max(SMALLEST, zoom.k / factor));
  const keep = zoom.k / k;
  return { x: x + (zoom.x - x) * keep, y: y + (zoom.y - y) * keep, k };
}

/** Whether two of them differ, as far as one sees. @param {Zoom} zoom @param {Zoom} start */
export const differs = (zoom, start) =>
  Math.abs(zoom.k - start.k) > 0.01 || Math.hypot(zoom.x - start.x, zoom.y - start.y) > 0.01;

/** @type {Zoom} */
const WHOLE = { x: 0, y: 0, k: 1 };

/**
 * Where to go so that nearly all points that are drawn fill the picture well enough.
 *
 * @param {Zoom} zoom
 * @param {import("./extent.mjs").Picture[]} pictures
 * @param {number} reach half the range of the axes where nothing is magnified
 * @param {number} handles how much of the handles shows, 0 to 1: these stay in sight
 * @returns {Zoom & {middle: number}|null} with the scale that leaves most room before it is to change again; null where no points have an extent
 */
function wanted(zoom, pictures, reach, handles) {
  const moments = momentsOf(pictures);
  const free = 1 - handles;
  const [x, y] = [free * moments.x, free * moments.y];
  const size = NEARLY_ALL * Math.sqrt(Math.max(0, moments.square - x * x - y * y));
  if (!(size > 0)) return null;
  const [least, most] = FILLED.map((share) => (share * reach) / size);
  return { x, y, k: Math.min(FOLLOWED ** free, most, Math.max(least, zoom.k)), middle: Math.min(FOLLOWED ** free, Math.sqrt(least * most)) }; // prettier-ignore
}

/**
 * The same for a picture that is one of many: as it is while nearly all points are in sight and fill enough of it, else
 * far enough from that to stay for a while.
 *
 * @param {Zoom} zoom @param {import("./extent.mjs").Picture[]} pictures @param {number} reach half the range of the axes where nothing is magnified
 * @returns {Zoom} the one that was given where it does
 */
export function keptInSight(zoom, pictures, reach) {
  const to = wanted(zoom, pictures, reach, 0);
  if (!to) return zoom;
  const off = (Math.hypot(to.x - zoom.x, to.y - zoom.y) * zoom.k) / reach;
  return to.k === zoom.k && off <= OFF_MIDDLE ? zoom : { x: to.x, y: to.y, k: to.k === zoom.k ? to.k : to.middle };
}

/** Where to go so that all points that are drawn fill the picture, see `fit`. @param {import("./extent.mjs").Picture[]} pictures @param {number} wide @param {number} reach */
function fitted(pictures, wide, reach) {
  const { left, right, bottom, top } = boundsOf(pictures);
  if (!(right >= left)) return null;
  const half = FLAT * Math.max((right - left) / 2 / Math.max(1, wide), ((top - bottom) / 2) * Math.min(1, wide));
  const k = Math.min(LARGEST, reach / Math.max(half, 1e-9));
  return { x: (left + right) / 2, y: (bottom + top) / 2, k };
}

/** @param {{changed: (what: "zoom") => void, wake: () => void}} given */
export function createMagnifier({ changed, wake }) {
  /** @type {Zoom} */
  const zoom = { ...WHOLE };
  let moved = true;
  /** whether the picture of a network's states, which differ in size, is magnified to keep its points in sight */
  let following = false;
  /** whether it is on its way to their middle */
  let centring = false;
  /** whether the scale of the picture is to stay, whatever its size */
  let held = false;

  /** @param {Partial<Zoom>} other */
  function move(other) {
    Object.assign(zoom, other);
    moved = true;
  }

  const magnifier = {
    /** @type {Readonly<Zoom>} */
    zoom,
    /** Whether the axes are to be set. */
    get moved() {
      return moved;
    },
    /** @param {boolean} yet whether they still have to be, once they were tried */
    settle(yet = false) {
      moved = yet;
    },
    get following() {
      return following;
    },
    get held() {
      return held;
    },
    /** Whether the reader has zoomed. */
    get zoomed() {
      return !following && differs(zoom, WHOLE);
    },

    /** Another run. @param {boolean} follows whether its points are to be kept in sight */
    begin(follows) {
      move(WHOLE);
      [following, held] = [follows, false];
    },
    /** @param {Zoom} to */
    set(to) {
      following = false;
      move(to);
      wake();
      changed("zoom");
    },
    whole: () => magnifier.set(WHOLE),
    /** @param {number} factor of the range of the axes @param {number} x stays where it is, as y does @param {number} y */
    about: (factor, x, y) => magnifier.set(zoomAbout(zoom, factor, x, y)),
    /** @param {number} dx plot units @param {number} dy */
    pan: (dx, dy) => magnifier.set({ x: zoom.x + dx, y: zoom.y + dy, k: zoom.k }),
    /** Keep the points in sight, until the reader zooms. */
    follow() {
      [following, centring, moved] = [true, true, true];
      wake();
      changed("zoom");
    },
    /** Keep the scale of the picture, so that lengths in different frames can be compared. @param {boolean} on */
    hold(on) {
      held = on;
      wake();
    },

    /**
     * Zoom so that the points that are drawn fill the picture.
     *
     * @param {import("./extent.mjs").Picture[]} pictures @param {number} wide width over height of the narrowest of them
     * @param {number} reach half the range of the axes where nothing is magnified
     */
    fit(pictures, wide, reach) {
      const to = fitted(pictures, wide, reach);
      if (to) magnifier.set(to);
    },

    /**
     * Magnify until nearly all points that are drawn fill the picture well enough, and go after their middle; within bounds nothing
     * is done, so that a tour does not breathe. Where there are handles these stay in sight.
     *
     * @param {number} dt seconds; 0 for at once
     * @param {import("./extent.mjs").Picture[]} pictures
     * @param {number} reach half the range of the axes where nothing is magnified
     * @param {number} handles how much of the handles shows, 0 to 1
     * @param {boolean} [seldom] whether it goes at once, and far enough to stay there for a while: every change costs a layout of the picture, as much
     * as many frames
     */
    advance(dt, pictures, reach, handles, seldom = false) {
      const to = wanted(zoom, pictures, reach, handles);
      if (!to) return;
      const { x, y } = to;
      if (seldom && to.k !== zoom.k) to.k = to.middle;
      const step = dt && !seldom ? 1 - Math.exp(-dt / FOLLOW_SECONDS) : 1;
      const k = Math.abs(Math.log(to.k / zoom.k)) < THERE ? to.k : zoom.k * (to.k / zoom.k) ** step;
      const off = (Math.hypot(x - zoom.x, y - zoom.y) * k) / reach;
      if (off > OFF_MIDDLE || (off > THERE && (handles === 1 || centring))) {
        centring = off > 0.01 || handles === 1;
        const share = off > 0.01 ? step : 1;
        move({ x: zoom.x + share * (x - zoom.x), y: zoom.y + share * (y - zoom.y) });
      } else centring = false;
      if (k !== zoom.k) move({ k });
    },
  };
  return magnifier;
}

// @ts-check
/** Which part of the plane is shown: as the reader wants it, or as the points need it. */

import { boundsOf, isBox } from "./extent.mjs";
import { createGlide } from "./glide.mjs";

const SMALLEST = 0.5; // times magnified
const LARGEST = 60;
const GOAL = 0.9; // of the room that there is, by the box that is in sight, when the picture has come to rest
const LOOSE = 0.8; // of that room: a smaller box is followed
const EDGE = 6; // px at the edge of the picture that no point may pass: a dot has a size
const NAME = 20; // px of room for the name of a handle
const FOLLOW_SECONDS = 0.35; // in which it does two thirds of what is to be done
const GLIDE_SECONDS = 1.1; // to what another view shows
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

/** @type {Readonly<Zoom>} */
const WHOLE = { x: 0, y: 0, k: 1 };

/**
 * @typedef {object} Frame what there is room for
 * @property {number} width px, of the narrowest picture @property {number} height
 * @property {[number, number, number, number]} free px that are to stay free at the top, right, bottom and left: tools and words lie there
 * @property {number} names how much of the handles shows, 0 to 1: their names need room
 * @property {number} reach half the range of the axes where nothing is magnified
 */

/** A panel of a grid, about: what counts is its shape. @type {Omit<Frame, "reach">} */
const PANEL = { width: 160, height: 160, free: [6, 6, 6, 6], names: 0 };

/** How many px a plot unit is. @param {Frame} frame @param {number} k */
const scaleOf = ({ width, height, reach }, k) => (Math.min(width, height) * k) / (2 * reach);

/** Room at each side, in px. @param {Frame} frame @returns {[number, number, number, number]} */
function margins({ width, height, free, names }) {
  const room = free.map((one) => one + NAME * names);
  // a small picture is not all margin
  const [across, up] = [
    Math.min(1, (0.3 * width) / (room[1] + room[3])),
    Math.min(1, (0.3 * height) / (room[0] + room[2])),
  ];
  return [room[0] * up, room[1] * across, room[2] * up, room[3] * across];
}

/**
 * Where to go so that a box fills what room there is, whichever side is the tighter one.
 *
 * @param {import("./extent.mjs").Box} box @param {Frame} frame @param {number} share of that room
 * @returns {Zoom}
 */
export function fitted(box, frame, share) {
  const [top, right, bottom, left] = margins(frame);
  const across = (frame.width - left - right) / Math.max(1e-9, box.right - box.left);
  const up = (frame.height - top - bottom) / Math.max(1e-9, box.top - box.bottom);
  const k = Math.min(LARGEST, (share * Math.min(across, up)) / scaleOf(frame, 1));
  const scale = scaleOf(frame, k);
  return {
    x: (box.left + box.right) / 2 - (left - right) / 2 / scale,
    y: (box.bottom + box.top) / 2 + (top - bottom) / 2 / scale,
    k,
  };
}

/** Whether a box lies within given px of the edges: top, right, bottom, left. @param {import("./extent.mjs").Box} box @param {Frame} frame @param {Zoom} zoom @param {readonly number[]} edges */
function isWithin(box, frame, { x, y, k }, [top, right, bottom, left]) {
  const scale = scaleOf(frame, k);
  const [wide, high] = [frame.width / 2, frame.height / 2];
  return (
    (box.left - x) * scale >= left - wide - 0.5 &&
    (box.right - x) * scale <= wide - right + 0.5 &&
    (box.bottom - y) * scale >= bottom - high - 0.5 &&
    (box.top - y) * scale <= high - top + 0.5
  );
}

/** The nearest to it in which nothing is cut off. @param {import("./extent.mjs").Box} box @param {Frame} frame @param {Zoom} zoom @returns {Zoom} */
export function whole(box, frame, zoom) {
  const [across, up] = [frame.width - 2 * EDGE, frame.height - 2 * EDGE];
  const most = Math.min(across / Math.max(1e-9, box.right - box.left), up / Math.max(1e-9, box.top - box.bottom));
  const k = Math.min(zoom.k, most / scaleOf(frame, 1));
  const scale = scaleOf(frame, k);
  const near = (
    /** @type {number} */ at,
    /** @type {number} */ low,
    /** @type {number} */ high,
    /** @type {number} */ px,
  ) => Math.max(high - px / 2 / scale, Math.min(low + px / 2 / scale, at));
  return { x: near(zoom.x, box.left, box.right, across), y: near(zoom.y, box.bottom, box.top, up), k };
}

/**
 * The same for a picture that is one of many: as it is while all points are in sight and fill enough of it, else there.
 *
 * @param {Zoom} zoom @param {import("./extent.mjs").Picture[]} pictures @param {number} reach half the range of the axes where nothing is magnified
 * @returns {Zoom} the one that was given where it does
 */
export function keptInSight(zoom, pictures, reach) {
  const box = boundsOf(pictures);
  if (!isBox(box)) return zoom;
  const goal = fitted(box, { ...PANEL, reach }, GOAL);
  const large = zoom.k >= (goal.k * LOOSE) / GOAL;
  return large && isWithin(box, { ...PANEL, reach }, zoom, PANEL.free) ? zoom : goal;
}

/** Between two: as fast at all scales. @param {Zoom} a @param {Zoom} b @param {number} u 0 to 1 @returns {Zoom} */
function between(a, b, u) {
  const k = a.k * (b.k / a.k) ** u;
  const share = Math.abs(b.k - a.k) < 1e-9 ? u : (1 / a.k - 1 / k) / (1 / a.k - 1 / b.k); // so that it is magnified about one place
  return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y), k };
}

/** Nobody would see the rest of the way. @param {Zoom} zoom @param {Zoom} goal @param {Frame} frame */
function isThere(zoom, goal, frame) {
  const off = Math.max(Math.abs(goal.x - zoom.x), Math.abs(goal.y - zoom.y)) * (scaleOf(frame, zoom.k) / frame.width);
  return Math.abs(Math.log(goal.k / zoom.k)) <= THERE && off <= THERE;
}

/** @param {Zoom} zoom @param {Zoom} goal @param {number} share of the way @returns {Zoom} */
const towards = (zoom, goal, share) => ({
  x: zoom.x + share * (goal.x - zoom.x),
  y: zoom.y + share * (goal.y - zoom.y),
  k: zoom.k * (goal.k / zoom.k) ** share,
});

/** On the way from one to another. @param {Zoom} from @param {Zoom} to @param {boolean} follow what is to be done there */
function createWay(from, to, follow) {
  const glide = createGlide(0, 1, GLIDE_SECONDS);
  return {
    to,
    follow,
    get done() {
      return glide.done;
    },
    /** @param {number} dt seconds @returns {Zoom} where it is then */
    advance: (dt) => between(from, to, glide.advance(dt)),
  };
}

/** @param {{changed: (what: "zoom") => void, wake: () => void, abrupt?: () => boolean}} given `abrupt`: whether other views are gone to at once */
export function createMagnifier({ changed, wake, abrupt = () => true }) {
  /** @type {Zoom} */
  const zoom = { ...WHOLE };
  let moved = true;
  /** whether what is drawn is kept in sight, and large */
  let following = false;
  /** whether it is on its way there */
  let going = false;
  /** whether the scale of the picture is to stay, whatever its size */
  let held = false;

  /** on its way to another view @type {ReturnType<typeof createWay>|null} */
  let way = null;

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
    /** Whether it is on its way to what it follows. */
    get going() {
      return way !== null || (following && !held && going);
    },
    /** What is in sight where it follows the points, which depends on where they were before; null where it does not follow, or is the whole. */
    get sight() {
      return following && differs(zoom, WHOLE) ? zoom : null;
    },
    /** Whether the reader has zoomed. */
    get zoomed() {
      return !following && differs(zoom, WHOLE);
    },

    /** Another run: what is drawn is kept in sight until the reader zooms. */
    begin() {
      move(WHOLE);
      [following, going, held, way] = [true, true, false, null];
    },
    /** @param {Zoom} to */
    set(to) {
      [following, way] = [false, null];
      move(to);
      wake();
      changed("zoom");
    },
    /** Stand there again. @param {Zoom} to @param {boolean} follow whether the points are kept in sight from there on */
    put(to, follow) {
      [following, way] = [follow, null];
      move(to);
      wake();
      changed("zoom");
    },
    /** Go there by and by. @param {Zoom} to @param {boolean} follow whether the points are kept in sight from there on */
    glideTo(to, follow) {
      if (abrupt()) return magnifier.put(to, follow);
      following = false;
      way = createWay({ ...zoom }, to, follow);
      wake();
      changed("zoom");
    },
    /** Let time pass for what glides. @param {number} dt seconds */
    pass(dt) {
      if (!way) return;
      const { to, follow } = way;
      move(way.advance(dt));
      if (way.done) magnifier.put(to, follow);
    },
    /** @param {number} factor of the range of the axes @param {number} x stays where it is, as y does @param {number} y */
    about: (factor, x, y) => magnifier.set(zoomAbout(zoom, factor, x, y)),
    /** @param {number} dx plot units @param {number} dy */
    pan: (dx, dy) => magnifier.set({ x: zoom.x + dx, y: zoom.y + dy, k: zoom.k }),
    /** Keep the points in sight, until the reader zooms. */
    follow() {
      [following, going, moved, way] = [true, true, true, null];
      wake();
      changed("zoom");
    },
    /** Keep the scale of the picture, so that lengths in different frames can be compared. @param {boolean} on */
    hold(on) {
      held = on;
      wake();
    },

    /**
     * Keep a box in sight, and large: within bounds nothing is done, so that a tour does not breathe; beyond them it goes there by and by, and at
     * once as far as something would be cut off.
     *
     * @param {number} dt seconds; 0 for at once
     * @param {import("./extent.mjs").Box} box
     * @param {Frame} frame
     */
    advance(dt, box, frame) {
      if (!isBox(box)) return;
      const goal = fitted(box, frame, GOAL);
      const before = going;
      const loose = zoom.k < Math.min(LARGEST, (goal.k * LOOSE) / GOAL);
      going ||= loose || !isWithin(box, frame, zoom, margins(frame));
      let to = { ...zoom };
      if (going) {
        const step = dt ? 1 - Math.exp(-dt / FOLLOW_SECONDS) : 1;
        going = dt > 0 && !isThere(zoom, goal, frame);
        to = towards(zoom, goal, going ? step : 1);
      }
      to = whole(box, frame, to);
      if (to.x !== zoom.x || to.y !== zoom.y || to.k !== zoom.k) move(to);
      if (before && !going) changed("zoom"); // it has arrived
    },
  };
  return magnifier;
}

// @ts-check
/**
 * Going from point to point by keys: a cursor that arrows lead to the nearest point in their direction, as the picture is at
 * that moment. Pixels in, indices out.
 */

import { nearestPoint } from "./hits.mjs";
import { toLeft, toTop } from "./viewport.mjs";

const STEEP = 2; // times as much counts what lies aside of the direction
const SAME = 0.5; // px: points that are as near lie on one another
const WAYS = /** @type {Record<string, [number, number]>} */ ({
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

/** @typedef {import("./hits.mjs").Picture} Picture */

/**
 * The point that an arrow key leads to: of those that lie in its quarter of the picture the nearest, where what lies aside
 * counts more.
 *
 * @param {Picture} picture @param {number} from index of a point @param {[number, number]} way in px: [1, 0] is to the right, [0, 1] is down
 * @returns {number} index, or -1 where there is nothing
 */
export function nextPoint({ view, positions, visible }, from, way) {
  const at = (/** @type {number} */ i) => [toLeft(view, positions[2 * i]), toTop(view, positions[2 * i + 1])];
  const [x, y] = at(from);
  let best = -1;
  let least = Infinity;
  for (let i = 0; 2 * i < positions.length; i++) {
    if (i === from || !visible(i)) continue;
    const [px, py] = at(i);
    const along = (px - x) * way[0] + (py - y) * way[1];
    const aside = Math.abs((px - x) * way[1]) + Math.abs((py - y) * way[0]);
    if (!(along > SAME) || aside > along) continue;
    const far = along + STEEP * aside;
    if (far < least) [best, least] = [i, far];
  }
  return best;
}

/** The point to begin at: nearest to the middle of the picture; -1 for none. @param {Picture} picture */
export const middlePoint = (picture) =>
  nearestPoint(
    picture,
    [picture.view.left + picture.view.width / 2, picture.view.top + picture.view.height / 2],
    Infinity,
  );

/**
 * @param {HTMLElement} layer has the keys while it has the focus, unless it got it from the pointer
 * @param {object} events
 * @param {() => Picture|null} events.picture
 * @param {(index: number, x: number, y: number) => void} events.hover a point's index, or -1; px
 * @param {(indices: number[], how: import("./gestures.mjs").How) => void} events.pick
 * @param {() => import("./gestures.mjs").How} events.how what to do where no key says it
 * @param {() => string} events.of what the points are of
 * @param {(index: number, picked: boolean) => void} events.walked it is there now, or it was picked; -1 where there is nothing further
 */
export function createWalking(layer, { picture, hover, pick, how, of, walked }) {
  let index = -1;
  let pressing = false; // the focus comes from the pointer: keys mean what they mean elsewhere
  let on = false;

  layer.tabIndex = 0;
  layer.setAttribute("role", "application");
  const name = () =>
    layer.setAttribute("aria-label", `Points, ${of()}. Arrow keys go from point to point, Enter selects.`);
  name();
  layer.addEventListener("pointerdown", () => {
    [pressing, on, index] = [true, false, -1];
    setTimeout(() => (pressing = false));
  }, { capture: true }); // prettier-ignore
  layer.addEventListener("focus", () => {
    on = !pressing;
    name();
  });
  layer.addEventListener("blur", () => {
    if (index >= 0) hover(-1, 0, 0);
    [on, index] = [false, -1];
  });

  /** @param {Picture} now @param {number} to */
  function go(now, to) {
    if (to < 0) return walked(-1, false);
    index = to;
    hover(to, toLeft(now.view, now.positions[2 * to]), toTop(now.view, now.positions[2 * to + 1]));
    walked(to, false);
  }

  layer.addEventListener("keydown", (event) => {
    const now = on && !event.ctrlKey && !event.metaKey ? picture() : null;
    if (!now) return;
    const there = index >= 0 && 2 * index < now.positions.length && now.visible(index);
    const way = WAYS[event.key];
    if (way && !event.altKey) go(now, there ? nextPoint(now, index, way) : middlePoint(now));
    else if ((event.key === "Enter" || event.key === " ") && there) {
      pick([index], event.shiftKey ? "add" : event.altKey ? "subtract" : how());
      walked(index, true);
    } else return;
    event.preventDefault();
    event.stopPropagation(); // they mean the epoch, and play, everywhere else
  });

  return {
    /** The point that it is at, or -1. */
    get index() {
      return index;
    },
  };
}

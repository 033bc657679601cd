// @ts-check
/**
 * What a pointer does over the points: hover, lasso, box, zoom and pan. One element over the plot
 * takes all of it, and tests against the positions that are on the screen at that very moment, so a
 * moving picture is selected as it is seen.
 */

import { boxOf, nearestOfBoth, pointsWithin, rectangleOf } from "./hits.mjs";
import { createLasso } from "./lasso.mjs";
import { createPointers } from "./pointers.mjs";
import { fromLeft, fromTop } from "./viewport.mjs";
import { createWalking } from "./walking.mjs";

const NEAR = 9; // pixels from the pointer to a point that counts as hovered

/**
 * @typedef {"look"|"lasso"|"box"} Tool
 * @typedef {"new"|"add"|"subtract"} How
 * @typedef {object} GestureEvents
 * @property {() => import("./hits.mjs").Picture|null} picture
 * @property {() => Tool} tool
 * @property {() => How} how what to do where no key says it
 * @property {(index: number, x: number, y: number, second?: boolean) => void} hover a point's index, or -1; pixels; whether it
 *   is of the second cloud of the picture
 * @property {(indices: number[], how: How) => void} pick
 * @property {(factor: number, x: number, y: number) => void} zoom about a place in plot units
 * @property {(dx: number, dy: number) => void} pan plot units
 * @property {(rectangle: import("./brushes.mjs").Rectangle|null, how: How) => boolean} [box] a box was drawn, or null for a
 *   click with the box tool beside all points; true if that was all, else the points in it are picked
 * @property {() => string} [of] what the points are of, for those who go there by keys
 * @property {(index: number, picked: boolean) => void} [walked] keys have led to a point, or picked it; without, there is no way by keys
 * @property {false} [wheel] false where the wheel never zooms; else it does with Ctrl held, or where the picture has the focus
 */

/** @param {HTMLElement} layer @param {GestureEvents} events */
export function createGestures(layer, events) {
  layer.tabIndex = -1;
  const walking = events.walked ? createWalking(layer, /** @type {any} */ (events)) : null;
  const lasso = createLasso(layer);
  const pointers = createPointers();

  /** @param {MouseEvent} event @returns {import("./hits.mjs").Place} */
  const place = (event) => {
    const box = layer.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  /** @param {import("./hits.mjs").Place} at @param {number} near pixels @returns {[index: number, second: boolean]} */
  const nearest = (at, near = NEAR) => nearestOfBoth(events.picture(), at, near);
  /** The shape so far. */
  const ring = () => (events.tool() === "box" ? boxOf(pointers.corners) : pointers.corners);
  const draw = () => lasso.draw(pointers.corners.length < 2 || pointers.doing !== "shape" ? null : ring());

  layer.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    const at = place(event);
    pointers.down(event.pointerId, at, events.tool() === "look" || event.button === 1);
    layer.setPointerCapture(event.pointerId);
    layer.focus({ preventScroll: true }); // what has the focus is zoomed by the wheel alone
    events.hover(-1, 0, 0);
  });

  layer.addEventListener("pointermove", (event) => {
    const at = place(event);
    const before = pointers.move(event.pointerId, at);
    if (!before) {
      const [index, second] = nearest(at);
      return events.hover(index, ...at, second);
    }
    const view = events.picture()?.view;
    if (!view) return;
    const pinched = pointers.pinch();
    if (pointers.doing === "pan") events.pan((before[0] - at[0]) / view.kx, (at[1] - before[1]) / view.ky);
    else if (pinched) events.zoom(pinched.factor, fromLeft(view, pinched.middle[0]), fromTop(view, pinched.middle[1]));
    else if (pointers.doing === "shape") {
      pointers.trace(at, events.tool() === "box");
      draw();
    }
  });

  /** @param {PointerEvent} event @param {How} how @returns {boolean} whether that was all */
  function click(event, how) {
    const touch = event.pointerType === "touch";
    const [index, second] = nearest(place(event), touch ? 2 * NEAR : NEAR);
    if (touch) events.hover(index, ...place(event), second);
    else if (index >= 0) events.pick([index], how);
    return touch || index >= 0;
  }

  /** @param {How} how */
  function pickShape(how) {
    const view = events.picture()?.view;
    const rectangle = view && events.tool() === "box" ? rectangleOf(view, pointers.corners) : null;
    if (rectangle && events.box?.(rectangle, how)) return;
    const picture = events.picture(); // what heard of the box may have changed it
    events.pick(picture ? pointsWithin(picture, ring()) : [], how);
  }

  layer.addEventListener("pointerup", (event) => {
    const finished = pointers.up(event.pointerId);
    if (!finished) return;
    const how = event.shiftKey ? "add" : event.altKey ? "subtract" : events.how();
    if (pointers.clicked) {
      const beside = !click(event, how) && finished === "shape";
      if (beside && !(events.tool() === "box" && events.box?.(null, how))) events.pick([], how);
    } else if (finished === "shape") pickShape(how);
    pointers.forget();
    draw();
  });
  layer.addEventListener("pointercancel", (event) => {
    pointers.cancel(event.pointerId);
    draw();
  });
  layer.addEventListener("pointerleave", () => {
    if (!pointers.count) events.hover(-1, 0, 0);
  });
  // of the whole picture: the names of handles lie above the layer
  (layer.parentElement ?? layer).addEventListener(
    "wheel",
    (event) => {
      const picture = events.picture();
      const focused = layer.parentElement?.contains(document.activeElement) ?? false;
      // otherwise the page itself scrolls: pictures fill it
      if (!picture || events.wheel === false || !(event.ctrlKey || event.metaKey || focused)) return;
      event.preventDefault();
      const [x, y] = place(event);
      const lines = event.deltaMode === 1 ? 16 : 1;
      const factor = Math.exp(Math.max(-60, Math.min(60, event.deltaY * lines)) * 0.004);
      events.zoom(factor, fromLeft(picture.view, x), fromTop(picture.view, y));
    },
    { passive: false },
  );

  return {
    /** The point that keys have led to, or -1. */
    walking: () => walking?.index ?? -1,
    /** End the gesture under way; nothing is picked. @returns {boolean} whether there was one */
    cancel() {
      const busy = pointers.doing === "shape" && pointers.corners.length > 1;
      pointers.cancel();
      draw();
      return busy;
    },
  };
}

// @ts-check
/**
 * What a pointer does over the points: hover, lasso, box, zoom and pan. One element over the plot
 * takes all of it, and tests against the positions that are on the screen at that very moment, so a
 * moving picture is selected as it is seen.
 */

import { fromLeft, fromTop, toLeft, toTop } from "./viewport.mjs";

const NEAR = 9; // pixels from the pointer to a point that counts as hovered
const STRIDE = 3; // pixels between two corners of a lasso
const CLICK = 4; // pixels a pointer may wander and still have clicked

/**
 * @typedef {"look"|"lasso"|"box"} Tool
 * @typedef {"new"|"add"|"subtract"} How
 * @typedef {object} Picture what is on the screen now
 * @property {import("./viewport.mjs").Viewport} view
 * @property {Float32Array} positions interleaved x, y in plot units
 * @property {(i: number) => boolean} visible
 * @typedef {object} GestureEvents
 * @property {() => Picture|null} picture
 * @property {() => Tool} tool
 * @property {() => How} how what to do where no key says it
 * @property {(index: number, x: number, y: number) => void} hover a point's index, or -1; pixels
 * @property {(indices: number[], how: How) => void} pick
 * @property {(factor: number, x: number, y: number) => void} zoom about a place in plot units
 * @property {(dx: number, dy: number) => void} pan plot units
 * @property {(rectangle: import("./brushes.mjs").Rectangle|null, how: How) => boolean} [box] a box was drawn, or null for a
 *   click with the box tool beside all points; true if that was all, else the points in it are picked
 * @property {(event: WheelEvent) => boolean} [wheel] whether a turn of the wheel zooms; it always does without
 */

/** @param {HTMLElement} layer @param {GestureEvents} events */
export function createGestures(layer, events) {
  const shape = document.createElement("canvas");
  shape.className = "gt-lasso";
  layer.append(shape);
  /** @type {Map<number, [number, number]>} */
  const pointers = new Map();
  /** @type {[number, number][]} */
  let corners = [];
  /** @type {"none"|"shape"|"pan"|"pinch"} */
  let doing = "none";
  let spread = 0;
  let moved = 0;

  /** @param {MouseEvent} event @returns {[number, number]} */
  const place = (event) => {
    const box = layer.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  layer.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    const at = place(event);
    pointers.set(event.pointerId, at);
    layer.setPointerCapture(event.pointerId);
    moved = 0;
    corners = [at];
    if (pointers.size === 2) [doing, spread] = ["pinch", distance()];
    else doing = events.tool() === "look" || event.button === 1 ? "pan" : "shape";
    events.hover(-1, 0, 0);
  });

  layer.addEventListener("pointermove", (event) => {
    const at = place(event);
    const before = pointers.get(event.pointerId);
    if (!before) return events.hover(nearest(at), ...at);
    moved += Math.hypot(at[0] - before[0], at[1] - before[1]);
    pointers.set(event.pointerId, at);
    const picture = events.picture();
    if (!picture) return;
    if (doing === "pan") {
      events.pan((before[0] - at[0]) / picture.view.kx, (at[1] - before[1]) / picture.view.ky);
    } else if (doing === "pinch" && pointers.size === 2) {
      const now = distance();
      const [a, b] = [...pointers.values()];
      const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      events.zoom(spread / now, fromLeft(picture.view, middle[0]), fromTop(picture.view, middle[1]));
      spread = now;
    } else if (doing === "shape") {
      if (events.tool() === "box") corners = [corners[0], at];
      else {
        const last = corners[corners.length - 1];
        if (Math.hypot(at[0] - last[0], at[1] - last[1]) >= STRIDE) corners.push(at);
      }
      draw();
    }
  });

  /** @param {PointerEvent} event */
  function up(event) {
    if (!pointers.delete(event.pointerId)) return;
    const finished = doing;
    if (pointers.size) return;
    doing = "none";
    const how = event.shiftKey ? "add" : event.altKey ? "subtract" : events.how();
    if (moved <= CLICK) {
      const index = nearest(place(event), event.pointerType === "touch" ? 2 * NEAR : NEAR);
      if (event.pointerType === "touch") events.hover(index, ...place(event));
      else if (index >= 0) events.pick([index], how);
      else if (finished === "shape" && !(events.tool() === "box" && events.box?.(null, how))) events.pick([], how);
    } else if (finished === "shape") {
      const rectangle = events.tool() === "box" ? rectangleOf(corners) : null;
      if (!rectangle || !events.box?.(rectangle, how)) events.pick(inside(), how);
    }
    corners = [];
    draw();
  }
  layer.addEventListener("pointerup", up);
  layer.addEventListener("pointercancel", (event) => {
    pointers.delete(event.pointerId);
    [doing, corners] = ["none", []];
    draw();
  });
  layer.addEventListener("pointerleave", () => {
    if (!pointers.size) events.hover(-1, 0, 0);
  });
  // of the whole picture: the names of handles lie above the layer
  (layer.parentElement ?? layer).addEventListener(
    "wheel",
    (event) => {
      const picture = events.picture();
      if (!picture || events.wheel?.(event) === false) return;
      event.preventDefault();
      const [x, y] = place(event);
      const lines = event.deltaMode === 1 ? 16 : 1;
      const factor = Math.exp(Math.max(-60, Math.min(60, event.deltaY * lines)) * 0.004);
      events.zoom(factor, fromLeft(picture.view, x), fromTop(picture.view, y));
    },
    { passive: false },
  );

  function distance() {
    const [a, b] = [...pointers.values()];
    return Math.max(1, Math.hypot(a[0] - b[0], a[1] - b[1]));
  }

  /** @param {[number, number]} at pixels @param {number} near pixels @returns {number} index or -1 */
  function nearest(at, near = NEAR) {
    const picture = events.picture();
    if (!picture) return -1;
    const { view, positions, visible } = picture;
    const x = fromLeft(view, at[0]);
    const y = fromTop(view, at[1]);
    let best = -1;
    let least = (near / view.kx) ** 2;
    for (let i = 0; 2 * i < positions.length; i++) {
      const away = (positions[2 * i] - x) ** 2 + (positions[2 * i + 1] - y) ** 2;
      if (away < least && visible(i)) [best, least] = [i, away];
    }
    return best;
  }

  /** @returns {number[]} indices of the visible points inside the shape */
  function inside() {
    const picture = events.picture();
    if (!picture) return [];
    const { view, positions, visible } = picture;
    const ring = events.tool() === "box" ? boxOf(corners) : corners;
    const found = [];
    for (let i = 0; 2 * i < positions.length; i++) {
      const at = [toLeft(view, positions[2 * i]), toTop(view, positions[2 * i + 1])];
      if (visible(i) && within(ring, at[0], at[1])) found.push(i);
    }
    return found;
  }

  /** @param {[number, number][]} ends @returns {import("./brushes.mjs").Rectangle|null} plot units */
  function rectangleOf([[left, top], [right, bottom]]) {
    const view = events.picture()?.view;
    if (!view) return null;
    const [x0, x1] = [fromLeft(view, Math.min(left, right)), fromLeft(view, Math.max(left, right))];
    const [y1, y0] = [fromTop(view, Math.min(top, bottom)), fromTop(view, Math.max(top, bottom))];
    return { x0, x1, y0, y1 };
  }

  function draw() {
    const { clientWidth: width, clientHeight: height } = layer;
    const ratio = window.devicePixelRatio || 1;
    if (shape.width !== Math.round(width * ratio) || shape.height !== Math.round(height * ratio)) {
      shape.width = Math.round(width * ratio);
      shape.height = Math.round(height * ratio);
    }
    const pen = /** @type {CanvasRenderingContext2D} */ (shape.getContext("2d"));
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (corners.length < 2 || doing !== "shape") return;
    const ring = events.tool() === "box" ? boxOf(corners) : corners;
    pen.beginPath();
    ring.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
    const color = getComputedStyle(layer).getPropertyValue("--bs-primary-rgb") || "13,110,253";
    pen.fillStyle = `rgba(${color},0.12)`;
    pen.strokeStyle = `rgba(${color},0.9)`;
    pen.lineWidth = 1.5;
    pen.fill();
    pen.stroke();
  }

  return {
    /** End the gesture under way; nothing is picked. @returns {boolean} whether there was one */
    cancel() {
      const busy = doing === "shape" && corners.length > 1;
      [doing, corners] = ["none", []];
      pointers.clear();
      draw();
      return busy;
    },
  };
}

/** @param {[number, number][]} corners @returns {[number, number][]} */
function boxOf([[x0, y0], [x1, y1]]) {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

/** Even-odd rule. @param {[number, number][]} ring @param {number} x @param {number} y */
export function within(ring, x, y) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

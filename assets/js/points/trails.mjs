// @ts-check
/**
 * Trails: where points came from, each a line that fades into the past, with a dot at every whole state (or epoch).
 *
 * Lines of one colour and about one age are one path: a few hundred strokes a frame, however many points there are.
 */

import { createSizedCanvas } from "./sized_canvas.mjs";
import { toLeft, toTop } from "./viewport.mjs";

const BANDS = 12; // ages that are told apart
const FAINTEST = 0.1;
const STRONGEST = 0.8;
const LINE = 1.5; // CSS px …
const THIN = 1; // … and where there are many paths: calmer, and a tenth of the work for a browser without a GPU
const MANY = 60;
const DOT = 3; // CSS px; squares, which at this size look round and cost a tenth

/**
 * @typedef {object} Paths
 * @property {Float32Array} positions (count, length, 2), data units
 * @property {number} count
 * @property {number} length positions of each
 * @property {string[]} colors one a path, CSS
 * @property {number} [end] where along the paths the points are now, 0 … length - 1, fractions between two; the last when left out
 */

/**
 * Which segments of a path are how old: the band of a segment, the newest being the last.
 *
 * @param {number} segment 0 is the oldest @param {number} segments how many there are
 */
export const bandOf = (segment, segments) => Math.min(BANDS - 1, Math.floor(((segment + 1) / segments) * BANDS - 1e-9));

/**
 * Neighbours that are alike, together.
 *
 * @param {number} n @param {(i: number) => unknown} kind
 * @returns {[number, number][]} from each first one to the one behind its last
 */
export function runs(n, kind) {
  /** @type {[number, number][]} */
  const found = [];
  for (let from = 0; from < n; ) {
    const mine = kind(from);
    let to = from + 1;
    while (to < n && kind(to) === mine) to++;
    found.push([from, to]);
    from = to;
  }
  return found;
}

/** Paths in an order in which those of one colour are together. @param {string[]} colors */
export const byColor = (colors) =>
  Uint32Array.from(colors.keys()).sort((a, b) => (colors[a] < colors[b] ? -1 : colors[a] > colors[b] ? 1 : a - b));

/** @param {Paths} paths */
function check({ positions, count, length, colors }) {
  if (positions.length !== 2 * count * length) {
    throw new Error(
      `trails.draw: ${count} paths of ${length} positions are ${2 * count * length} numbers, got ${positions.length}`,
    );
  }
  if (colors.length !== count)
    throw new Error(`trails.draw: there must be a colour for each of ${count} paths, got ${colors.length}`);
}

/** @param {HTMLCanvasElement} canvas over the picture, of the same size; transparent to the pointer */
export function createTrails(canvas) {
  const sized = createSizedCanvas(canvas);
  let empty = true;
  /** @type {string[]|null} the colours that `sorted` is of */
  let colored = null;
  let sorted = sortedBy([]);

  const trails = {
    /** @param {import("./viewport.mjs").Viewport} view @param {Paths} paths */
    draw(view, paths) {
      check(paths);
      sized.clear();
      empty = false;
      if (colored !== paths.colors) sorted = sortedBy((colored = paths.colors));
      paintTrails(sized.pen, view, paths, sorted);
    },
    clear() {
      if (empty) return;
      sized.clear();
      empty = true;
    },
    /** Let go of the canvas. */
    dispose() {
      sized.leave();
      trails.clear();
    },
  };
  return trails;
}

/** Paths, those of one colour together. @param {string[]} colors one a path */
function sortedBy(colors) {
  const order = byColor(colors);
  return { order, groups: runs(order.length, (i) => colors[order[i]]) };
}

/**
 * How lines that change with the picture are drawn: on their canvas, or with any pen.
 *
 * @param {{viewport: import("./viewport.mjs").Viewport|null}} stage that they lie over @param {ReturnType<typeof createTrails>} trails
 * @param {() => Paths|null} lines as they are now; null for none
 */
export const drawn = (stage, trails, lines) => ({
  draw() {
    const at = stage.viewport;
    const found = at && lines();
    if (found) trails.draw(at, found);
    else trails.clear();
  },
  /** @param {import("./pens.mjs").Pen} pen @param {import("./viewport.mjs").Viewport} at */
  paint(pen, at) {
    const found = lines();
    if (found) paintTrails(pen, at, found);
  },
});

/**
 * Draw trails with any pen.
 *
 * @param {import("./pens.mjs").Pen} context @param {import("./viewport.mjs").Viewport} view @param {Paths} paths
 * @param {ReturnType<typeof sortedBy>} sorted
 */
function paintTrails(context, view, paths, { order, groups } = sortedBy(paths.colors)) {
  const { positions, count, length, colors, end = length - 1 } = paths;
  const upTo = Math.max(0, Math.min(length - 1, end));
  const segments = Math.ceil(upTo - 1e-6);
  if (!count || !segments) return;
  const pen = createPen(context, view, positions);
  const part = upTo - (segments - 1); // of the last segment
  context.save();
  context.beginPath();
  context.rect(view.left, view.top, view.width, view.height);
  context.clip();
  context.lineWidth = count > MANY ? THIN : LINE;
  context.lineJoin = "round";
  for (const [from, to] of runs(segments, (segment) => bandOf(segment, segments))) {
    context.globalAlpha = FAINTEST + ((STRONGEST - FAINTEST) * (bandOf(from, segments) + 1)) / BANDS;
    for (const [first, past] of groups) {
      context.strokeStyle = context.fillStyle = colors[order[first]];
      context.beginPath();
      for (let i = first; i < past; i++) pen.line(2 * order[i] * length, from, to, to === segments ? part : 1);
      context.stroke();
      context.beginPath();
      for (let i = first; i < past; i++) pen.dots(2 * order[i] * length, from, to);
      context.fill();
    }
  }
  context.restore();
}

/**
 * Adds a part of a path to what will be stroked or filled next.
 *
 * @param {import("./pens.mjs").Pen} context @param {import("./viewport.mjs").Viewport} view
 * @param {Float32Array} xy data units; `base` is where a path begins in it
 */
function createPen(context, view, xy) {
  const [kx, ky, dx, dy] = [view.kx, -view.ky, toLeft(view, 0), toTop(view, 0)];
  return {
    /** @param {number} base @param {number} from @param {number} to @param {number} share of the last segment */
    line(base, from, to, share) {
      let at = base + 2 * from;
      context.moveTo(dx + kx * xy[at], dy + ky * xy[at + 1]);
      for (let s = from + 1; s <= to; s++) {
        at = base + 2 * s;
        const back = s === to ? 1 - share : 0; // the point itself is between two states
        const x = xy[at] + back * (xy[at - 2] - xy[at]);
        const y = xy[at + 1] + back * (xy[at - 1] - xy[at + 1]);
        context.lineTo(dx + kx * x, dy + ky * y);
      }
    },
    /** @param {number} base @param {number} from @param {number} to without its end */
    dots(base, from, to) {
      for (let s = from; s < to; s++) {
        const at = base + 2 * s;
        context.rect(dx + kx * xy[at] - DOT / 2, dy + ky * xy[at + 1] - DOT / 2, DOT, DOT);
      }
    },
  };
}

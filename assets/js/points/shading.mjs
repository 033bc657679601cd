// @ts-check
/**
 * Density shading: where very many points lie over each other, a pixel shows the mean of their colours, the more opaque, the more
 * there are, by the logarithm of their number. `gl/cloud.mjs` does it on the screen, `shadeRows` the same for pictures.
 */

import { canShade } from "../gl/cloud.mjs";
import { dotChoice } from "../state/dot_choice.mjs";
import { toLeft, toTop } from "./viewport.mjs";

export const DENSE = 50_000; // points, of which more are shaded by themselves
const ALONE = 0.3; // opacity of a point that lies alone
const STANDING_OUT = 0.82; // the same of one that stands out from others
const LEAST = Math.log(8); // how many over each other are opaque, at least
const BEYOND = 1.3; // times the crowding, the same where points are denser
const BINS = 64; // to the shorter side of a view, in which points are counted
const COUNTED = 20_000; // points at most, evenly taken from all

/** What shading means. */
export const SHADED =
  "Shaded by density: the stronger a colour, the more points lie there; where classes meet, their colours mix.";

/**
 * @typedef {import("./viewport.mjs").Viewport} Viewport
 * @typedef {import("../gl/cloud.mjs").Tone} Tone
 */

/** Whether so many points are to be shaded, if the browser can. @param {number} n @param {boolean|null} chosen by the reader */
export const isDense = (n, chosen) => chosen ?? n > DENSE;

/** Whether so many points are shaded. @param {number} n */
export const shades = (n) => isDense(n, dotChoice().shading) && canShade();

/** Opacity of a point that lies alone, of those that are shaded. */
export const aloneOpacity = () => dotChoice().opacity ?? ALONE;

/**
 * Points by how they are drawn: those that stand back, and those that stand out.
 *
 * @param {ArrayLike<number>} order points that are drawn @param {Uint8Array} ids a palette entry each @param {number} entries of the palette, of which the second half stand back
 * @returns {[Uint32Array, Uint32Array]}
 */
export function layersOf(order, ids, entries) {
  const layers = /** @type {[Uint32Array, Uint32Array]} */ ([
    new Uint32Array(order.length),
    new Uint32Array(order.length),
  ]);
  const many = [0, 0];
  for (let k = 0; k < order.length; k++) {
    const layer = ids[order[k]] >= entries / 2 ? 0 : 1;
    layers[layer][many[layer]++] = order[k];
  }
  return [layers[0].slice(0, many[0]), layers[1].slice(0, many[1])];
}

/**
 * How many points lie over each other where a point lies: the mean, over points, of the logarithm of their number.
 *
 * @param {Float32Array} positions (n, 2), interleaved @param {ArrayLike<number>} order points that are drawn
 * @param {Viewport} view @param {number} diameter px of a dot @param {number} [of] how many points each stands for
 * @returns {number} 0 where all lie alone
 */
export function crowding(positions, order, view, diameter, of = 1) {
  const side = Math.max(Math.min(view.width, view.height) / BINS, diameter);
  if (!(side > 0) || !order.length) return 0;
  const columns = Math.ceil(view.width / side);
  const rows = Math.ceil(view.height / side);
  const counts = new Uint32Array(columns * rows);
  const step = Math.max(1, Math.ceil(order.length / COUNTED));
  const [across, down] = [view.kx / side, view.ky / side];
  let inside = 0;
  for (let k = 0; k < order.length; k += step) {
    const i = order[k];
    const column = Math.floor((positions[2 * i] - view.x0) * across);
    const row = Math.floor((view.y1 - positions[2 * i + 1]) * down);
    if (!(column >= 0 && column < columns && row >= 0 && row < rows)) continue;
    counts[row * columns + column]++;
    inside++;
  }
  if (!inside) return 0;
  const over = (of * step * Math.PI * diameter * diameter) / 4 / (side * side); // over each other, of those in a bin
  let sum = 0;
  for (const many of counts) if (many * over > 1) sum += many * Math.log(many * over);
  return sum / inside;
}

/**
 * How opaque what stands back and what stands out is.
 *
 * @param {number} crowded see `crowding` @param {number} alone opacity of a point alone @param {boolean} both whether there is anything that stands back
 * @returns {[Tone, Tone]}
 */
export function tonesOf(crowded, alone, both) {
  const full = Math.max(LEAST, BEYOND * crowded);
  return [{ alone, full }, { alone: both ? Math.max(STANDING_OUT, alone) : alone, full }]; // prettier-ignore
}

/** Opacity of so many points over each other. @param {number} many of which a part may lie at a pixel's edge @param {Tone} tone */
export const opacityOf = (many, { alone, full }) =>
  many < 1 ? alone * many : alone + (1 - alone) * Math.min(1, Math.log(many) / full);

/**
 * Some rows of a picture of shaded points.
 *
 * @param {{positions: Float32Array, palette: Uint8Array, ids: Uint8Array}} points @param {Uint32Array[]} layers see `layersOf` @param {Tone[]} tones
 * @param {Viewport} at px of the picture @param {number} diameter px of a dot @param {number} width px @param {number} from the first row @param {number} rows
 * @returns {Uint8ClampedArray<ArrayBuffer>} RGBA of these rows, not premultiplied
 */
export function shadeRows({ positions, palette, ids }, layers, tones, at, diameter, width, from, rows) {
  const out = new Uint8ClampedArray(4 * width * rows);
  const sums = new Float32Array(4 * width * rows);
  const radius = diameter / 2;
  layers.forEach((layer, which) => {
    if (!layer.length) return;
    sums.fill(0);
    for (const i of layer) {
      const x = toLeft(at, positions[2 * i]);
      const y = toTop(at, positions[2 * i + 1]) - from;
      addDot(sums, width, rows, x, y, radius, palette, 4 * ids[i]);
    }
    layOver(out, sums, tones[which]);
  });
  return out;
}

/** @param {Float32Array} sums @param {number} width @param {number} rows @param {number} x @param {number} y @param {number} radius @param {Uint8Array} palette @param {number} color where it begins */
function addDot(sums, width, rows, x, y, radius, palette, color) {
  const reach = radius + 0.5;
  const last = Math.min(rows - 1, Math.ceil(y + reach));
  const right = Math.min(width - 1, Math.ceil(x + reach));
  for (let v = Math.max(0, Math.floor(y - reach)); v <= last; v++) {
    for (let u = Math.max(0, Math.floor(x - reach)); u <= right; u++) {
      const covered = Math.min(1, reach - Math.hypot(u + 0.5 - x, v + 0.5 - y));
      if (!(covered > 0)) continue;
      const to = 4 * (v * width + u);
      for (let c = 0; c < 3; c++) sums[to + c] += covered * palette[color + c];
      sums[to + 3] += covered;
    }
  }
}

/** What is added up, over what is there. @param {Uint8ClampedArray} out RGBA @param {Float32Array} sums @param {Tone} tone */
function layOver(out, sums, tone) {
  for (let at = 0; at < sums.length; at += 4) {
    const many = sums[at + 3];
    if (!many) continue;
    const alpha = opacityOf(many, tone);
    const below = (out[at + 3] / 255) * (1 - alpha);
    for (let c = 0; c < 3; c++) out[at + c] = ((sums[at + c] / many) * alpha + out[at + c] * below) / (alpha + below);
    out[at + 3] = 255 * (alpha + below);
  }
}

// @ts-check
/** Points drawn with any pen, on the page or on a sheet at its size: dots, or the points' own images; and rings around those that are selected. */

import { INK } from "../gl/sprites.mjs";
import { aloneOpacity, crowding, layersOf, shadeRows, tonesOf } from "./shading.mjs";
import { stylesOf } from "./ground.mjs";
import { toLeft, toTop } from "./viewport.mjs";

const SMALLEST = 1.2; // px of a dot
const RING = 1.6; // px between a dot and its ring
const AT_ONCE = 2 ** 20; // pixels that are shaded
const FRAME = 1.2; // px, of colour images
export const MOST_VECTORS = 20_000; // points, of which more would make a file that no program opens with ease

/**
 * @typedef {import("./pens.mjs").Pen} Pen
 * @typedef {import("./viewport.mjs").Viewport} Viewport
 * @typedef {object} Dots
 * @property {Float32Array} positions plot units, x and y in turns
 * @property {Uint8Array} palette RGBA entries @property {Uint8Array} ids one entry a point
 * @property {Uint32Array} order what is drawn, the last on top
 * @property {number} size px of a dot @property {number} imageSize px of an image
 * @property {import("../stage/stage.mjs").Images|null} images
 * @property {boolean} shaded whether dots are shaded by density
 * @property {(i: number) => boolean} chosen whether a point is selected
 */

/** Places of the points that are in a view, and a little beyond: what is cut off by its edge. @param {Dots} dots @param {Viewport} at @param {number} beyond px @param {(i: number, x: number, y: number) => void} each */
function eachInside({ positions, order }, at, beyond, each) {
  const [right, bottom] = [at.left + at.width + beyond, at.top + at.height + beyond];
  for (const i of order) {
    const [x, y] = [toLeft(at, positions[2 * i]), toTop(at, positions[2 * i + 1])];
    if (x > at.left - beyond && x < right && y > at.top - beyond && y < bottom) each(i, x, y);
  }
}

/** Draw the points with any pen; images only with one of a canvas. @param {Pen} pen @param {Viewport} at @param {Dots} dots @param {ReturnType<typeof createTiles>} [tiles] */
export function paintDots(pen, at, dots, tiles = createTiles()) {
  if (dots.images) {
    const { size, draw } = tiles.of(/** @type {any} */ (dots));
    const place = dots.imageSize / Math.max(size.w, size.h);
    eachInside(dots, at, dots.imageSize, (i, x, y) => draw(pen, i, x, y, place));
    return;
  }
  const styles = stylesOf(dots.palette);
  const radius = Math.max(SMALLEST, dots.size) / 2;
  let [last, alpha] = [-1, -1];
  eachInside(dots, at, radius, (i, x, y) => {
    const color = dots.ids[i];
    if (color !== last) pen.fillStyle = styles[color][0];
    if (styles[color][1] !== alpha) pen.globalAlpha = alpha = styles[color][1];
    last = color;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
  });
  pen.globalAlpha = 1;
}

/**
 * Shade the points by density, over a whole canvas; its pixels are counted a few rows at a time.
 *
 * @param {CanvasRenderingContext2D} pen of that canvas @param {Viewport} at what of a sheet the canvas is @param {Dots} dots
 */
export function paintShaded(pen, at, dots) {
  const { width, height } = pen.canvas;
  const scale = width / at.width;
  const view = { ...at, left: 0, top: 0, width, height, kx: at.kx * scale, ky: (at.ky * height) / at.height };
  const size = Math.max(SMALLEST, dots.size) * scale;
  const layers = layersOf(dots.order, dots.ids, dots.palette.length / 4);
  const tones = tonesOf(crowding(dots.positions, dots.order, view, size), aloneOpacity(), layers[0].length > 0);
  const rows = Math.max(1, Math.floor(AT_ONCE / width));
  for (let from = 0; from < height; from += rows) {
    const many = Math.min(rows, height - from);
    const pixels = shadeRows(dots, layers, tones, view, size, width, from, many);
    pen.putImageData(new ImageData(pixels, width, many), 0, from);
  }
}

/** Rings around selected points. @param {Pen} pen @param {Viewport} at @param {Dots} dots @param {string} color */
export function paintRings(pen, at, dots, color) {
  const radius = dots.images ? dots.imageSize / 2 + RING : Math.max(SMALLEST, dots.size) / 2 + RING;
  pen.strokeStyle = color;
  pen.lineWidth = 1;
  eachInside(dots, at, 0, (i, x, y) => {
    if (!dots.chosen(i)) return;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.stroke();
  });
}

/** Whether points are drawn as vectors where the pen can: not images, not shaded, and not too many. @param {Dots} dots */
export const asVectors = ({ order, images, shaded }) => !images && !shaded && order.length <= MOST_VECTORS;

/** The images of points in their colours, on one canvas: made when colours or images are others, and kept. */
export function createTiles() {
  /** @type {unknown[]} what it was made of */
  let made = [];
  /** @type {HTMLCanvasElement|null} */
  let canvas = null;
  let columns = 1;

  return {
    /** @param {Dots & {images: import("../stage/stage.mjs").Images}} dots */
    of({ images, palette, ids }) {
      const { images: values, h, w, c } = images;
      const of = [values, palette, ids];
      if (of.some((one, i) => one !== made[i])) {
        made = of;
        columns = Math.ceil(Math.sqrt(ids.length));
        canvas = atlasOf(images, palette, ids, columns);
      }
      const styles = stylesOf(palette);
      return {
        size: { w, h },
        /** @param {Pen} pen @param {number} i @param {number} x @param {number} y @param {number} scale px a texel */
        draw(pen, i, x, y, scale) {
          const [wide, high] = [w * scale, h * scale];
          const [left, top] = [x - wide / 2, y - high / 2];
          const [sx, sy] = [(i % columns) * w, Math.floor(i / columns) * h];
          /** @type {CanvasRenderingContext2D} */ (pen).drawImage(/** @type {HTMLCanvasElement} */ (canvas), sx, sy, w, h, left, top, wide, high); // prettier-ignore
          if (c === 1) return;
          [pen.fillStyle, pen.globalAlpha] = styles[ids[i]];
          pen.beginPath(); // a frame within the image's edge, as the stage draws it
          pen.rect(left, top, wide, FRAME);
          pen.rect(left, top + high - FRAME, wide, FRAME);
          pen.rect(left, top + FRAME, FRAME, high - 2 * FRAME);
          pen.rect(left + wide - FRAME, top + FRAME, FRAME, high - 2 * FRAME);
          pen.fill();
          pen.globalAlpha = 1;
        },
      };
    },
  };
}

/** @param {import("../stage/stage.mjs").Images} images @param {Uint8Array} palette @param {Uint8Array} ids @param {number} columns */
function atlasOf({ images, h, w, c }, palette, ids, columns) {
  const n = ids.length;
  const canvas = document.createElement("canvas");
  canvas.width = columns * w;
  canvas.height = Math.ceil(n / columns) * h;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const ink = Float32Array.from({ length: 256 }, (_, value) => (value / 255) ** INK);
  const out = pen.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < n; i++) {
    const [left, top, color] = [(i % columns) * w, Math.floor(i / columns) * h, 4 * ids[i]];
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const from = ((i * h + y) * w + x) * c;
        const to = 4 * ((top + y) * canvas.width + left + x);
        for (let k = 0; k < 3; k++) out.data[to + k] = c === 1 ? palette[color + k] : images[from + k];
        out.data[to + 3] = palette[color + 3] * (c === 1 ? ink[images[from]] : 1);
      }
    }
  }
  pen.putImageData(out, 0, 0);
  return canvas;
}

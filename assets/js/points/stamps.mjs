// @ts-check
/**
 * Images of points at the size that they are drawn at, in their colours, side by side on one canvas: so that a frame has pixels to copy, and
 * none to scale, unless they are so large that one canvas does not take them. They stand on whole pixels.
 */

import { createTiles } from "./dots.mjs";
import { toLeft, toTop } from "./viewport.mjs";

const LARGEST = 8192; // pixels, side of a canvas that every browser has

/** @typedef {import("./dots.mjs").Dots & {images: import("../stage/stage.mjs").Images}} Pictured @typedef {import("./viewport.mjs").Viewport} Viewport */

/** @param {import("../gl/sprites.mjs").Pictures} pictures @throws {Error} where one canvas does not take as many */
export function createStamps({ n, h, w }) {
  const columns = Math.max(1, Math.ceil(Math.sqrt(n)));
  const most = Math.floor(LARGEST / columns);
  const texels = Math.max(h, w);
  if (texels > most)
    throw new Error(
      `createStamps: one canvas of ${LARGEST} px takes ${Math.floor(LARGEST / texels) ** 2} images of ${h} × ${w}, got ${n}; show dots`,
    );
  const tiles = createTiles();
  /** what they were made of @type {unknown[]} */
  let made = [];
  const canvas = document.createElement("canvas");

  /** @param {Pictured} dots @param {number} side pixels */
  function make(dots, side) {
    const { images, palette, ids } = dots;
    const of = [images.images, palette, ids, side];
    if (of.every((one, i) => one === made[i])) return;
    made = of;
    canvas.width = columns * side;
    canvas.height = Math.ceil(ids.length / columns) * side;
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const { draw } = tiles.of(dots);
    const scale = side / Math.max(images.h, images.w);
    for (let i = 0; i < ids.length; i++)
      draw(pen, i, ((i % columns) + 0.5) * side, (Math.floor(i / columns) + 0.5) * side, scale);
  }

  return {
    /**
     * Draw them. @param {CanvasRenderingContext2D} pen whose transformation scales from CSS px @param {Viewport} at @param {Pictured} dots
     */
    draw(pen, at, dots) {
      const ratio = pen.getTransform().a;
      const side = Math.max(1, Math.round(dots.imageSize * ratio));
      const kept = Math.min(side, most);
      make(dots, kept);
      pen.setTransform(1, 0, 0, 1, 0, 0);
      const { positions, order } = dots;
      for (const i of order) {
        const x = Math.round(toLeft(at, positions[2 * i]) * ratio - side / 2);
        const y = Math.round(toTop(at, positions[2 * i + 1]) * ratio - side / 2);
        if (x > -side && y > -side && x < pen.canvas.width && y < pen.canvas.height)
          pen.drawImage(canvas, (i % columns) * kept, Math.floor(i / columns) * kept, kept, kept, x, y, side, side);
      }
    },
  };
}

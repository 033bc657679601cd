// @ts-check
/** A stage, or a panel of a grid, as one picture of a sheet. */

import { bytesOf, onGround } from "../points/ground.mjs";
import { asVectors, paintDots, paintRings, paintShaded } from "../points/dots.mjs";

/**
 * @typedef {import("../points/pens.mjs").Pen} Pen
 * @typedef {import("../points/viewport.mjs").Viewport} Viewport
 * @typedef {import("./look.mjs").Look} Look
 * @typedef {ReturnType<typeof import("../points/dots.mjs").createTiles>} Tiles
 */

/**
 * Points and rings around the selected of them. Where they cannot be vectors they are embedded as a picture.
 *
 * @param {Pen} pen @param {Viewport} at @param {import("../points/dots.mjs").Dots} dots sizes as they are on the screen
 * @param {number} ratio how many times as large the picture is here @param {Look} look @param {Tiles} [tiles]
 */
export function paintPoints(pen, at, dots, ratio, look, tiles) {
  const palette = dots.images ? dots.palette : onGround(dots.palette, bytesOf(look.ground));
  const sized = {
    ...dots,
    palette,
    size: dots.size * ratio * look.dots,
    imageSize: dots.imageSize * ratio * look.dots,
  };
  if (dots.shaded) {
    const { canvas, pen: own } = canvasOf(at.width, at.height, look.scale);
    paintShaded(own, at, sized);
    pen.drawImage(canvas, at.left, at.top, at.width, at.height);
  } else if (look.vector && !asVectors(dots)) {
    const { canvas, pen: own } = canvasOf(at.width, at.height, look.scale);
    own.translate(-at.left, -at.top);
    paintDots(own, at, sized, tiles);
    pen.drawImage(canvas, at.left, at.top, at.width, at.height);
  } else paintDots(pen, at, sized, tiles);
  if (look.rings) paintRings(pen, at, sized, look.ink);
}

/** A canvas whose pen counts in px. @param {number} width px @param {number} height @param {number} scale pixels a px @param {CanvasRenderingContext2DSettings} [how] */
export function canvasOf(width, height, scale, how = {}) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", how));
  pen.scale(canvas.width / width, canvas.height / height);
  return { canvas, pen };
}

// @ts-check
/** A small still picture of a sheet, as a data: address: for lists, for print, and for who has no JavaScript. */

import { lookOf } from "./look.mjs";
import { paintStill } from "./sheet.mjs";
import { canvasOf } from "./stage_part.mjs";
import { TYPE, sizeOf } from "./take.mjs";

/** @typedef {import("./take.mjs").Taken} Taken */

/** Widths in px, and how good, from the best: the first that has few enough bytes is taken. @type {[number, number][]} */
const TRIES = [[760, 0.86], [760, 0.7], [620, 0.7], [480, 0.65], [360, 0.6], [240, 0.5]]; // prettier-ignore
const DPI = 96; // a pixel is a px

/** Without a caption, which stands beside it, on white, as paper is. */
const WISH = { format: /** @type {const} */ ("png"), ground: /** @type {const} */ ("white"), caption: false, legend: true, names: true, rings: true, dots: 1 }; // prettier-ignore

/**
 * @param {Taken} taken @param {number} most bytes
 * @returns {Promise<string|null>} a data: address of a WebP (of a PNG where the browser writes none); null where it would be too large
 */
export async function stillOf(taken, most) {
  for (const [width, quality] of TRIES) {
    const blob = await draw(taken, width, quality);
    if (blob && blob.size <= most) return dataOf(blob);
  }
  return null;
}

/** @param {Taken} taken @param {number} width px @param {number} quality 0 to 1 @returns {Promise<Blob|null>} */
function draw(taken, width, quality) {
  const size = sizeOf(taken, { ...WISH, width, unit: "px", dpi: DPI });
  const look = lookOf(WISH, { type: TYPE, scale: size.scale, vector: false });
  const { canvas, pen } = canvasOf(size.width, size.height, size.scale);
  paintStill(pen, taken, look, size.width);
  return new Promise((done) => canvas.toBlob(done, "image/webp", quality));
}

/** @param {Blob} blob @returns {Promise<string>} */
async function dataOf(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return `data:${blob.type};base64,${btoa(text)}`;
}

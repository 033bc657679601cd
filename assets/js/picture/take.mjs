// @ts-check
/** A sheet as a file: PNG, SVG or PDF. */

import { MOST_VECTORS } from "../points/dots.mjs";
import { lookOf } from "./look.mjs";
import { paperOf } from "./paper.mjs";
import { PdfPen } from "./pdf_pen.mjs";
import { fontOf, widthOf } from "./pen.mjs";
import { withDpi } from "./png.mjs";
import { canvasOf } from "./stage_part.mjs";
import { layOut, paintStill } from "./sheet.mjs";
import { SvgPen } from "./svg_pen.mjs";

export const TYPE = 11; // px: 8¼ points on paper

/**
 * @typedef {"png"|"svg"|"pdf"} Format
 * @typedef {import("./sheet.mjs").Subject & {run: string, stem: string, points: number, images: boolean, shaded: boolean, chosen: number}} Taken what is taken away: of which run, what its file is called, how
 *   many points the picture that has most draws, whether as images or shaded by density, and how many are selected
 * @typedef {import("./look.mjs").Chosen & import("./paper.mjs").Asked & {format: Format}} Wish
 */

/** Whether the points of a file are pictures, and not vectors, though its other parts are. @param {Taken} taken @param {Format} format */
export const embedsPoints = (taken, format) =>
  format !== "png" && (taken.images || taken.shaded || taken.points > MOST_VECTORS);

/** How large the file will be. @param {Taken} taken @param {Wish} wish @returns {import("./paper.mjs").Paper} @throws {Error} for what cannot be drawn */
export function sizeOf(taken, wish) {
  const wide = paperOf(wish, 0.01).width;
  const { height } = layOut(taken, { ...wish, type: TYPE }, wide);
  return paperOf(wish, height / wide);
}

/**
 * @param {Taken} taken @param {Wish} wish
 * @returns {Promise<Blob>}
 * @throws {Error} for what cannot be drawn, in words for the reader
 */
export async function fileOf(taken, wish) {
  const { width, height, scale } = sizeOf(taken, wish);
  const look = lookOf(wish, { type: TYPE, scale, vector: wish.format !== "png" });
  const title = taken.caption();
  if (wish.format === "svg") {
    const pen = new SvgPen(width, height);
    paintStill(pen, taken, look, width);
    return new Blob([pen.file(title)], { type: "image/svg+xml" });
  }
  if (wish.format === "pdf") {
    const pen = new PdfPen(width, height, (text, font, color, size) => writeText(text, font, color, size, scale));
    paintStill(pen, taken, look, width);
    return new Blob([/** @type {BlobPart} */ (await pen.file(title))], { type: "application/pdf" });
  }
  const { canvas, pen } = canvasOf(width, height, scale);
  paintStill(pen, taken, look, width);
  const made = await new Promise((/** @type {(blob: Blob|null) => void} */ done) => canvas.toBlob(done, "image/png"));
  if (!made) throw new Error("The browser made no PNG of this size: take a smaller width or fewer dpi");
  const png = withDpi(new Uint8Array(await made.arrayBuffer()), wish.dpi);
  return new Blob([/** @type {BlobPart} */ (png)], { type: "image/png" });
}

/** A text as a picture. @type {(text: string, font: string, color: string, size: number, scale: number) => ReturnType<import("./pdf_pen.mjs").WriteText>} */
function writeText(text, font, color, size, scale) {
  const bold = font === fontOf(size, true);
  const [width, height] = [widthOf(text, size, bold) + 2, 1.5 * size];
  const { canvas, pen } = canvasOf(width, height, Math.max(scale, 3));
  Object.assign(pen, { font, fillStyle: color, textBaseline: "middle" });
  pen.fillText(text, 0, height / 2, width);
  return { pixels: pen.getImageData(0, 0, canvas.width, canvas.height), width, height };
}

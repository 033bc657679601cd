// @ts-check
/** A sheet drawn small, before it is saved. */

import { lookOf } from "./look.mjs";
import { canvasOf } from "./stage_part.mjs";

/**
 * Draw a sheet small, as it will be.
 *
 * @param {HTMLCanvasElement} preview @param {number} width px of the sheet @param {number} height
 * @param {import("./look.mjs").Chosen} chosen @param {number} type px
 * @param {(pen: CanvasRenderingContext2D, look: import("./look.mjs").Look) => void} paint
 */
export function drawPreview(preview, width, height, chosen, type, paint) {
  const room = Math.max(200, preview.parentElement?.clientWidth ?? 0);
  const ratio = Math.min(3, (Math.min(room, 640) / width) * (devicePixelRatio || 1));
  const { canvas, pen } = canvasOf(width, height, ratio);
  paint(pen, lookOf(chosen, { type, scale: ratio, vector: false }));
  preview.classList.toggle("gt-transparent", chosen.ground === "none");
  shapeLike(preview, canvas);
  preview.getContext("2d")?.drawImage(canvas, 0, 0);
}

/** Have the preview show a frame of a film. @param {HTMLCanvasElement} preview @param {HTMLCanvasElement} frame */
export function showFrame(preview, frame) {
  if (Math.abs(preview.width * frame.height - preview.height * frame.width) > frame.width) shapeLike(preview, frame);
  preview.getContext("2d")?.drawImage(frame, 0, 0, preview.width, preview.height);
}

/** @param {HTMLCanvasElement} preview @param {HTMLCanvasElement} canvas */
function shapeLike(preview, { width, height }) {
  [preview.width, preview.height] = [width, height];
  preview.style.aspectRatio = `${width} / ${height}`;
}

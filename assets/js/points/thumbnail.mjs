// @ts-check
/** One example's image on a small canvas. */

import { el } from "../core/dom.mjs";

/**
 * @typedef {{values: Uint8Array, h: number, w: number, c: number}} Images all images of a split
 */

/**
 * @param {Images} images
 * @param {number} index
 * @param {string} label read aloud
 */
export function thumbnail({ values, h, w, c }, index, label) {
  const canvas = el("canvas", { width: w, height: h, class: "gt-thumb", role: "img", "aria-label": label });
  const pen = canvas.getContext("2d");
  if (!pen) return canvas;
  const image = pen.createImageData(w, h);
  const start = index * h * w * c;
  for (let i = 0; i < h * w; i++) {
    for (let channel = 0; channel < 3; channel++) {
      image.data[4 * i + channel] = values[start + i * c + (c === 3 ? channel : 0)];
    }
    image.data[4 * i + 3] = 255;
  }
  pen.putImageData(image, 0, 0);
  return canvas;
}

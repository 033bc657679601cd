// @ts-check
/** A lens over heat maps: the value under the pointer, where it is, and its map made large. */

import { el } from "../core/dom.mjs";
import { drawMaps, layOut, numberText, placeOf } from "./heat.mjs";

const SIDE = 148; // px, of the map made large

/**
 * @typedef {object} Found a value that is pointed at
 * @property {import("./heat.mjs").Layout} at
 * @property {Float32Array} values
 * @property {number} index
 * @property {number} limit of the scale
 * @property {string[]} where it is, in words, a line each
 */

/** @param {HTMLElement} page the card is placed inside it */
export function createLens(page) {
  const value = el("strong", { class: "gt-lens-value" });
  const where = el("div", { class: "gt-lens-where" });
  const canvas = el("canvas", {});
  const mark = el("span", { class: "gt-lens-mark" });
  const large = el("div", { class: "gt-lens-map" }, canvas, mark);
  const card = el(
    "div",
    { class: "gt-hover-card gt-lens", hidden: true, role: "tooltip", "data-gt-part": "lens" },
    large,
    el("div", {}, value, where),
  );
  page.append(card);

  return {
    /**
     * @param {Found} found @param {import("./heat.mjs").Ramp} ramp
     * @param {number} left pixels in the window @param {number} top
     */
    show({ at, values, index, limit, where: lines }, ramp, left, top) {
      const { map, row, column } = placeOf(at, index);
      value.textContent = numberText(values[index]);
      where.replaceChildren(...lines.map((line) => el("div", {}, line)));
      large.hidden = at.h * at.w === 1;
      if (!large.hidden) {
        const one = layOut({ count: 1, h: at.h, w: at.w }, SIDE);
        const cell = Math.min(SIDE / at.h, SIDE / at.w);
        const zoomed = { ...one, cellW: cell, cellH: cell, width: at.w * cell, height: at.h * cell };
        drawMaps(canvas, zoomed, values.subarray(map * at.h * at.w, (map + 1) * at.h * at.w), limit, ramp);
        const size = Math.max(5, cell);
        const off = (cell - size) / 2;
        mark.style.cssText = `left:${column * cell + off}px;top:${row * cell + off}px;width:${size}px;height:${size}px`;
      }
      card.hidden = false;
      const { offsetWidth: width, offsetHeight: height } = card;
      const x = left + 18 + width > innerWidth - 8 ? left - width - 18 : left + 18;
      const y = Math.max(8, Math.min(innerHeight - height - 8, top + 14));
      card.style.transform = `translate(${Math.max(8, x)}px,${y}px)`;
    },
    hide() {
      card.hidden = true;
    },
  };
}

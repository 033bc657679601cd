// @ts-check
/**
 * A canvas of heat maps with what belongs to it: the scale that its colours are on, and a lens for pointer, finger and
 * keyboard (Tab to it, then arrows).
 */

import { el } from "../core/dom.mjs";
import { drawMaps, numberText, placeOf, spanOf, valueAt } from "./heat.mjs";

/**
 * @typedef {object} Words how a heat map is told
 * @property {(map: number, row: number, column: number) => string[]} where a value is, a line each
 * @property {string} what it shows, for those who hear it
 *
 * @typedef {object} Given
 * @property {ReturnType<typeof import("./lens.mjs").createLens>} lens
 * @property {() => import("./heat.mjs").Ramp} ramp as the page looks now
 */

/** @param {Given} given */
export function createHeatMap({ lens, ramp }) {
  const canvas = el("canvas", { class: "gt-heat", role: "img", tabIndex: 0 });
  const low = el("span", {});
  const high = el("span", {});
  const bar = el("span", { class: "gt-heat-bar" });
  const scale = el("div", { class: "gt-heat-scale" }, low, bar, high);
  /** @type {{at: import("./heat.mjs").Layout, values: Float32Array, limit: number, words: Words}|null} */
  let shown = null;
  let cursor = 0;
  let over = false;

  canvas.addEventListener("pointermove", point);
  canvas.addEventListener("pointerdown", point);
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("blur", leave);
  canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && look());
  canvas.addEventListener("keydown", (event) => {
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
    const { at } = shown;
    const { map, row, column } = placeOf(at, cursor);
    const strip = at.h === 1 && at.w === 1;
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [
      0, 0,
    ];
    if (!dx && !dy) return;
    event.preventDefault();
    event.stopPropagation(); // the page's own arrows change the epoch
    if (strip) cursor = clamp(cursor + dx + dy * at.perRow, at.count);
    else if (column + dx < 0 || column + dx >= at.w) {
      const next = clamp(map + dx, at.count);
      cursor = next === map ? cursor : (next * at.h + row) * at.w + (dx > 0 ? 0 : at.w - 1);
    } else if (row + dy >= 0 && row + dy < at.h) cursor += dx + dy * at.w;
    look();
  });

  /** @param {PointerEvent} event */
  function point(event) {
    if (!shown) return;
    const box = canvas.getBoundingClientRect();
    const index = valueAt(shown.at, event.clientX - box.left, event.clientY - box.top);
    if (index < 0) return leave();
    cursor = index;
    tell(event.clientX, event.clientY);
  }

  function look() {
    if (!shown) return;
    const box = canvas.getBoundingClientRect();
    const { x, y } = placeOf(shown.at, cursor);
    tell(box.left + x + shown.at.cellW, box.top + y + shown.at.cellH);
  }

  let [lastX, lastY] = [0, 0];
  /** @param {number} x pixels in the window @param {number} y */
  function tell(x, y) {
    if (!shown) return;
    [lastX, lastY, over] = [x, y, true];
    const { map, row, column } = placeOf(shown.at, cursor);
    const { at, values, limit, words } = shown;
    lens.show({ at, values, limit, index: cursor, where: words.where(map, row, column) }, ramp(), x, y);
  }

  function leave() {
    if (over) lens.hide();
    over = false;
  }

  return {
    canvas,
    scale,
    /**
     * @param {import("./heat.mjs").Layout} at @param {Float32Array} values @param {Words} words
     * @param {number|null} held the size of the scale; that of the values when null
     * @returns {number} the size of the scale
     */
    show(at, values, words, held = null) {
      const span = spanOf(values);
      const limit = held ?? span.limit;
      shown = { at, values, limit, words };
      cursor = clamp(cursor, values.length);
      drawMaps(canvas, at, values, limit, ramp());
      canvas.setAttribute("aria-label", `${words.what}, from ${numberText(span.low)} to ${numberText(span.high)}`);
      const sides = span.low >= 0 ? "up" : span.high <= 0 ? "down" : "both";
      scale.dataset.gtSides = sides;
      low.textContent = sides === "up" ? "0" : numberText(-limit);
      high.textContent = sides === "down" ? "0" : numberText(limit);
      scale.title = `Values from ${numberText(span.low)} to ${numberText(span.high)}`;
      if (over) tell(lastX, lastY); // another epoch under the same pointer
      return limit;
    },
    leave,
  };
}

/** @param {number} index @param {number} count */
const clamp = (index, count) => Math.max(0, Math.min(count - 1, index));

// @ts-check
/** One panel of a grid: its elements, and the points of its row at one epoch. */

import { hasClasses } from "../data/groups.mjs";
import { clockOf } from "../data/tensors.mjs";
import { el } from "../core/dom.mjs";
import { projectSlice } from "../tour/project.mjs";
import { toLeft, toTop } from "../points/viewport.mjs";
import { viewIn } from "./grid_rows.mjs";

const OUT_OF_SIGHT = -1e4; // px

/**
 * @typedef {import("./grid_rows.mjs").Row} Row
 * @typedef {import("../points/brushes.mjs").Rectangle} Rectangle
 * @typedef {object} Panel
 * @property {string} name @property {Row} row
 * @property {number} epoch its number
 * @property {number} index of the epoch in the row; -1 where the row has not got it
 * @property {HTMLElement} root @property {HTMLElement} touch takes the pointer
 * @property {HTMLElement} ring @property {HTMLElement} brush
 * @property {HTMLElement} over holds the handles
 * @property {ReturnType<typeof import("../points/handles.mjs").createHandles>|null} handles
 * @property {Float32Array} positions interleaved, plot units
 * @property {number} offset of its points among all
 * @property {import("./grid_rows.mjs").Box} box px in the grid
 * @property {boolean} here whether its slice has arrived and is drawn
 * @property {boolean} dirty
 */

/** @param {Row} row @param {number} epoch @param {number} offset @returns {Panel} without handles */
export function makePanel(row, epoch, offset) {
  const name = `compare-${row.name}-${epoch}`;
  const index = row.said.epochs.indexOf(epoch);
  const when = `${clockOf(row.said)} ${epoch}`;
  const touch = el("div", { class: "gt-touch" });
  const says = `${hasClasses(row.said) ? "Class handles" : "Handles"}, ${row.title}, ${when}`;
  const over = el("div", { class: "gt-handles", role: "group", "aria-label": says });
  const ring = el("div", { class: "gt-ring", hidden: true });
  const brush = el("div", { class: "gt-brush", hidden: true });
  const label = `${row.title}, ${when}`;
  const root = el(
    "div",
    { class: "gt-panel-cell", role: "group", "aria-label": label, "data-gt-stage": name },
    touch,
    brush,
    over,
    ring,
  );
  if (index < 0) root.append(el("p", { class: "gt-panel-missing" }, `no picture at ${when}`));
  return {
    name, row, epoch, index, root, touch, ring, brush, over, offset,
    handles: null,
    positions: new Float32Array(2 * row.points.n).fill(NaN),
    box: { left: 0, top: 0, width: 1, height: 1 },
    here: false, dirty: true,
  }; // prettier-ignore
}

/** @param {Panel} panel */
export const viewOf = ({ row, box }) => viewIn(row, box);

/** Read where a panel is. @param {Panel} panel @param {DOMRect} outer of the grid */
export function measurePanel(panel, outer) {
  const { left, top } = panel.root.getBoundingClientRect();
  const { clientWidth: width, clientHeight: height, clientLeft, clientTop } = panel.root;
  panel.box = { left: left - outer.left + clientLeft, top: top - outer.top + clientTop, width, height };
  panel.dirty = true;
}

/** Room for the pixels of all points. @param {number} n */
export const makePixels = (n) => new Float32Array(2 * n).fill(OUT_OF_SIGHT);

/**
 * Bring a panel's points up to date; what lies outside the panel is moved out of sight.
 *
 * @param {Panel} panel @param {Float32Array} all pixels of all points of the grid, from its lower left corner @param {number} bottom px, height of the grid
 * @returns {boolean} whether its data is here
 */
export function placePanel(panel, all, bottom) {
  const { row, index, positions, box, offset } = panel;
  const { n } = row.points;
  const slice = index < 0 ? null : row.tensors.slice(row.split, index);
  panel.dirty = false;
  panel.here = slice !== null;
  if (!slice) {
    all.fill(OUT_OF_SIGHT, 2 * offset, 2 * (offset + n));
    return false;
  }
  const { p, radius: unit } = row.said;
  const { seen: matrix } = row.turning;
  projectSlice(positions, matrix, p, n, slice.values, slice.scale / unit, slice.offset / unit, null, 0, 0, 0);
  const view = viewOf(panel);
  const left = box.left - view.x0 * view.kx;
  const low = bottom - box.top - box.height - view.y0 * view.ky;
  for (let i = 0, o = 2 * offset; i < n; i++, o += 2) {
    const x = positions[2 * i];
    const y = positions[2 * i + 1];
    const inside = x >= view.x0 && x <= view.x1 && y >= view.y0 && y <= view.y1;
    all[o] = inside ? left + x * view.kx : OUT_OF_SIGHT;
    all[o + 1] = inside ? low + y * view.ky : OUT_OF_SIGHT;
  }
  panel.handles?.draw(matrix, view);
  return true;
}

/** Mark a point, where the panel has it. @param {Panel} panel @param {number|null} id */
export function placeRing(panel, id) {
  const i = id === null ? undefined : panel.row.places.get(id);
  panel.ring.hidden = i === undefined || !panel.here;
  if (i === undefined) return;
  const view = viewOf(panel);
  const [x, y] = [toLeft(view, panel.positions[2 * i]), toTop(view, panel.positions[2 * i + 1])];
  panel.ring.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px)`;
}

/** @param {Panel} panel @param {Rectangle|undefined} r none for no rectangle */
export function placeBrush(panel, r) {
  panel.brush.hidden = !r;
  if (!r) return;
  const view = viewOf(panel);
  const [left, top] = [toLeft(view, r.x0), toTop(view, r.y1)];
  const [width, height] = [toLeft(view, r.x1) - left, toTop(view, r.y0) - top];
  panel.brush.style.cssText = `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
}

// @ts-check
/** Where notes point to in the panels of `/compare`: the first panel that has it; what is in none lies in the grid. */

import { groupsOf } from "../state/kept_groups.mjs";
import { medianOf } from "../points/held.mjs";
import { nearestPoint } from "../points/hits.mjs";
import { toLeft, toTop } from "../points/viewport.mjs";
import { viewOf } from "../stage/grid_panel.mjs";

/**
 * @typedef {import("../stage/grid_view.mjs").GridView} GridView
 * @typedef {import("../stage/grid_panel.mjs").Panel} Panel
 * @typedef {import("../story/shown.mjs").At} At
 */

const NEAR = 8; // px from a click to a point

/** The points that a note points at, by their indices in a row. @param {GridView} view @param {Panel} panel @param {At} at @returns {number[]} */
function indicesOf({ run }, { row }, at) {
  const { ids, labels } = row.points;
  const all = [...ids.keys()];
  if ("point" in at) return all.filter((i) => ids[i] === at.point);
  if ("class" in at) return all.filter((i) => run.classes[labels[i]] === at.class);
  const group = groupsOf(run).find(({ name }) => name === at.group);
  return group ? all.filter((i) => group.ids.has(ids[i])) : [];
}

/** @param {GridView} view @param {HTMLElement} wrap holds the panels @param {At} at @returns {[number, number]|null} px in the wrap */
export function placeInGrid(view, wrap, at) {
  if (Array.isArray(at.place)) return [at.place[0] * wrap.clientWidth, at.place[1] * wrap.clientHeight];
  for (const panel of view.panels) {
    const found = panel.here ? medianOf(indicesOf(view, panel, at), panel.positions, view.visibleIn(panel.row)) : null;
    const of = viewOf(panel);
    if (found) return [panel.box.left + toLeft(of, found[0]), panel.box.top + toTop(of, found[1])];
  }
  return null;
}

/** What lies at a place. @param {GridView} view @param {HTMLElement} wrap @param {number} x px @param {number} y @returns {At} */
export function findInGrid(view, wrap, x, y) {
  const panel = view.panels.find(({ box, here }) => here && x >= box.left && x <= box.left + box.width && y >= box.top && y <= box.top + box.height); // prettier-ignore
  if (panel) {
    const picture = { view: viewOf(panel), positions: panel.positions, visible: view.visibleIn(panel.row) };
    const i = nearestPoint(picture, [x - panel.box.left, y - panel.box.top], NEAR);
    if (i >= 0 && panel === firstWith(view, panel.row.points.ids[i])) return { point: panel.row.points.ids[i] };
  }
  const within = (/** @type {number} */ v) => Math.min(1, Math.max(0, +v.toFixed(4)));
  return { place: [within(x / wrap.clientWidth), within(y / wrap.clientHeight)] };
}

/** The panel in which a note to a point is drawn: in another it would not be where it was put. @param {GridView} view @param {number} id */
const firstWith = (view, id) => view.panels.find(({ here, row }) => here && row.places.has(id));

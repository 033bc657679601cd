// @ts-check
/** The grid of `/compare` as a sheet: a row for each embedding, a column for each epoch. */

import { clockOf } from "../data/tensors.mjs";
import { selectedIds } from "../state/selection.mjs";
import { count } from "../core/dom.mjs";
import { paintHandles } from "../picture/over_points.mjs";
import { viewInBox } from "../picture/sheet.mjs";
import { paintPoints } from "../picture/stage_part.mjs";
import { viewOf } from "../stage/grid_panel.mjs";
import { chosenIn, legendOf, saidOfPoints } from "./pictured.mjs";

const LETTERS = 13; // of a handle's name, as in the panels

/** @typedef {import("../stage/grid_panel.mjs").Panel} Panel */

/**
 * @param {import("../stage/grid_view.mjs").GridView} view
 * @returns {import("../picture/take.mjs").Taken}
 */
export function takenFromGrid(view) {
  const { run, rows, panels, coloring } = view;
  const unit = clockOf(run);
  const epochs = [...new Set(panels.map(({ epoch }) => epoch))];
  const chosen = selectedIds(run.run);
  const each = rows.map((row) => panels.filter((panel) => panel.row === row));
  const looks = panels
    .filter(({ here }) => here)
    .map((panel) => ({ look: view.lookOf(panel), ids: panel.row.points.ids }));
  const drawn = looks.map(({ look }) => look.order.length);
  const most = Math.max(0, ...looks.map(({ look, ids }) => chosenIn(look, ids, chosen))); // rows may show other points
  const points = drawn.reduce((sum, n) => sum + n, 0);
  const of = [...new Set(drawn)].map(count).join(" or "); // some may be hidden, or filtered away
  return {
    run: run.run,
    stem: `${run.run}-compare`,
    caption: () => [run.title, run.layer, `${of} points in each picture`, ...saidOfPoints(view, most)].join(", "),
    legend: () => legendOf(run, coloring),
    parts: each.map((row) => row.map((panel) => panelPart(view, panel, chosen))),
    fit() {},
    rows: rows.map(({ title }) => title),
    columns: epochs.map((epoch) => `${unit} ${epoch}`),
    points,
    images: false,
    chosen: most,
  };
}

/** @param {import("../stage/grid_view.mjs").GridView} view @param {Panel} panel @param {ReadonlySet<number>} chosen @returns {import("../picture/sheet.mjs").Part} */
function panelPart(view, panel, chosen) {
  const { row, positions, epoch } = panel;
  const { ids } = row.points;
  return {
    missing: `not computed at ${clockOf(row.said)} ${epoch}`,
    aspect: () => (panel.here ? panel.box.height / panel.box.width : null),
    view: (box) => viewInBox(viewOf(panel), box),
    paint(pen, at, look) {
      const ratio = at.kx / viewOf(panel).kx;
      const dots = { ...view.lookOf(panel), positions, imageSize: 0, chosen: (/** @type {number} */ i) => chosen.has(ids[i]) }; // prettier-ignore
      paintPoints(pen, at, dots, ratio, look);
      const marks = look.names ? (panel.handles?.marks ?? []) : [];
      paintHandles(pen, at, row.turning.seen, marks, 1, { ...look, type: look.type - 2 }, LETTERS);
    },
  };
}

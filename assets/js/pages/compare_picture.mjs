// @ts-check
/** The grid of `/compare` as a sheet: a row for each embedding, a column for each epoch; in a film of epochs a picture for each embedding. */

import { clockOf } from "../data/tensors.mjs";
import { selectedIds } from "../state/selection.mjs";
import { count } from "../core/dom.mjs";
import { paintHandles } from "../picture/over_points.mjs";
import { viewInBox } from "../picture/sheet.mjs";
import { paintPoints } from "../picture/stage_part.mjs";
import { panelDotSize } from "../points/dot_look.mjs";
import { isBetween, viewOfCell } from "../stage/grid_film.mjs";
import { viewOf } from "../stage/grid_panel.mjs";
import { chosenIn, groupsDrawn, legendOf, saidOfPoints } from "./pictured.mjs";

const LETTERS = 13; // of a handle's name, as in the panels

/**
 * @typedef {import("../stage/grid_panel.mjs").Panel} Panel
 * @typedef {import("../stage/grid_film.mjs").Cell} Cell
 * @typedef {import("../stage/grid_film.mjs").GridHand} GridHand
 */

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
    .map((panel) => ({ look: view.lookOf(panel), points: panel.row.points }));
  const drawn = looks.map(({ look }) => look.order.length);
  const most = Math.max(0, ...looks.map(({ look, points }) => chosenIn(look, points.ids, chosen))); // rows may show other points
  const points = drawn.reduce((sum, n) => sum + n, 0);
  const of = [...new Set(drawn)].map(count).join(" or "); // some may be hidden, or filtered away
  return {
    run: run.run,
    stem: `${run.run}-compare`,
    caption: () => [run.title, run.layer, `${of} points in each picture`, ...saidOfPoints(view, most)].join(", "),
    legend: () => legendOf(run, coloring, groupsDrawn(looks)),
    parts: each.map((row) => row.map((panel) => panelPart(view, panel, chosen))),
    fit() {},
    rows: rows.map(({ title }) => title),
    columns: epochs.map((epoch) => `${unit} ${epoch}`),
    points,
    images: false,
    shaded: view.shaded,
    chosen: most,
  };
}

/** @param {import("../stage/grid_view.mjs").GridView} view @param {Panel} panel @param {ReadonlySet<number>} chosen @returns {import("../picture/sheet.mjs").Part} */
function panelPart(view, panel, chosen) {
  const { row, positions, epoch } = panel;
  const { ids } = row.points;
  return {
    missing: `no picture at ${clockOf(row.said)} ${epoch}`,
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

/** Into how many columns so many pictures go, so that each is as large as it can be. @param {number} n @param {number} width @param {number} height */
export function columnsFor(n, width, height) {
  const size = (/** @type {number} */ columns) => Math.min(width / columns, height / Math.ceil(n / columns));
  return Array.from({ length: n }, (_, i) => i + 1).reduce((best, one) => (size(one) > size(best) ? one : best), 1);
}

/**
 * What can move in a film of the grid: the tours of its rows, in the panels as they are, or epochs, in one picture for each row.
 *
 * @param {import("../stage/grid_view.mjs").GridView} view @param {GridHand} hand
 * @returns {import("../picture/film.mjs").Film}
 */
export function filmOfGrid(view, hand) {
  const { run, rows, panels } = view;
  const turns = rows.some(({ turning }) => !turning.flat);
  const first = run.epochs.indexOf(Math.min(...panels.map(({ epoch }) => epoch)));
  const still = takenFromGrid(view);
  return {
    hand,
    unit: clockOf(run),
    tour: turns ? hand.before.touring : null,
    epochs: { names: run.epochs.map(String), at: Math.max(0, first), on: !hand.before.touring },
    states: null,
    whole: null,
    turn: hand.turn,
    async taken({ epochs, width, height }) {
      if (!epochs) return still;
      await hand.prepare(epochs);
      await hand.show({ epoch: epochs[0], dt: 0 });
      return takenFromCells(view, hand, width, height);
    },
  };
}

/** @param {import("../stage/grid_view.mjs").GridView} view @param {GridHand} hand @param {number} width of a film @param {number} height @returns {import("../picture/take.mjs").Taken} */
function takenFromCells(view, hand, width, height) {
  const { run, coloring } = view;
  const chosen = selectedIds(run.run);
  const { cells } = hand;
  const columns = columnsFor(cells.length, width, height);
  const looks = () => cells.flatMap(({ look, row }) => (look ? [{ look, points: row.points }] : []));
  const drawn = () => [...new Set(looks().map(({ look }) => look.order.length))].map(count).join(" or ");
  const most = () => Math.max(0, ...looks().map(({ look, points }) => chosenIn(look, points.ids, chosen)));
  const when = () => `${clockOf(run)} ${+hand.number.toFixed(2)}${run.epochs.includes(hand.number) ? "" : " (between recorded ones)"}`; // prettier-ignore
  return {
    run: run.run,
    stem: `${run.run}-compare`,
    caption: () => [run.title, run.layer, `${drawn()} points in each picture`, ...saidOfPoints(view, most()), when()].join(", "), // prettier-ignore
    legend: () => legendOf(run, coloring, groupsDrawn(looks())),
    parts: Array.from({ length: Math.ceil(cells.length / columns) }, (_, r) =>
      cells.slice(r * columns, (r + 1) * columns).map((cell) => cellPart(view, hand, cell, chosen)),
    ),
    fit() {},
    rows: [],
    columns: [],
    points: Math.max(0, ...cells.map(({ row }) => row.points.n)),
    images: false,
    shaded: view.shaded,
    chosen: most(),
  };
}

/** @param {import("../stage/grid_view.mjs").GridView} view @param {GridHand} hand @param {Cell} cell @param {ReadonlySet<number>} chosen @returns {import("../picture/sheet.mjs").Part} */
function cellPart(view, hand, cell, chosen) {
  const { row } = cell;
  const { ids, n } = row.points;
  const marks = view.panels.find((panel) => panel.row === row)?.handles?.marks ?? [];
  return {
    name: () => `${row.title}${isBetween(cell) && view.run.epochs.includes(hand.number) ? ", between its epochs" : ""}`,
    missing: `no picture at this ${clockOf(row.said)}`,
    aspect: () => (cell.at < 0 ? null : 1),
    view: (box) => viewInBox(viewOfCell(cell), box),
    paint(pen, at, look) {
      if (!cell.look) return;
      const { palette, ids: entries, order } = cell.look;
      const dots = { palette, ids: entries, order, images: null, shaded: view.shaded, positions: cell.positions, size: panelDotSize(n, at.width), imageSize: 0, chosen: (/** @type {number} */ i) => chosen.has(ids[i]) }; // prettier-ignore
      paintPoints(pen, at, dots, 1, look);
      paintHandles(pen, at, row.turning.seen, look.names ? marks : [], 1, { ...look, type: look.type - 2 }, LETTERS);
    },
  };
}

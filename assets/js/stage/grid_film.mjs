// @ts-check
/**
 * The rows of a grid as one picture each, at moments that are said: what a film of epochs shows. A row whose epochs are fewer than the network's
 * lies between two of its own meanwhile, as it does on its own page; before its first and behind its last there is nothing of it.
 */

import { nearestEpoch, numberAt } from "../data/epochs.mjs";
import { selectedIds } from "../state/selection.mjs";
import { dotOpacity } from "../points/dot_look.mjs";
import { projectSlice } from "../tour/project.mjs";
import { reachOfRow, viewIn, windowAround } from "./grid_rows.mjs";
import { differs, keptInSight } from "./magnifier.mjs";

/**
 * @typedef {import("./grid_rows.mjs").Row} Row
 * @typedef {import("./grid_view.mjs").GridView} GridView
 * @typedef {object} Cell
 * @property {Row} row @property {Float32Array} positions plot units, x and y in turns
 * @property {import("./magnifier.mjs").Zoom} zoom
 * @property {number} at index among the row's epochs, with a fraction; -1 where it has nothing
 * @property {ReturnType<GridView["coloring"]["paint"]>|null} look @property {number} painted index of the epoch that its colours are of
 */

const MARGIN = 0.9; // of a cell that its window has: its name stands beside the points

/** Whether the points of a cell lie between two epochs of its row. @param {Cell} cell */
export const isBetween = ({ at }) => !Number.isInteger(at);

/** What a cell shows. @param {Cell} cell @returns {import("../points/viewport.mjs").Viewport} in a box of 1 px */
export const viewOfCell = ({ row, zoom }) =>
  viewIn({ ...row, zoom: { ...zoom, k: MARGIN * zoom.k } }, { left: 0, top: 0, width: 1, height: 1 });

/** @param {Row} row @returns {Cell} */
const cellOf = (row) => ({ row, positions: new Float32Array(2 * row.points.n), zoom: { ...row.zoom }, at: -1, look: null, painted: -1 }); // prettier-ignore

/** The row's own epochs that lie in a range of numbers, and those beside it that points come from or go to. @param {Row} row @param {number} from @param {number} to */
function epochsWithin({ said: { epochs } }, from, to) {
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  return epochs.slice(Math.floor(nearestEpoch(epochs, low)), Math.ceil(nearestEpoch(epochs, high)) + 1);
}

/** Where a row is at an epoch's number; -1 where it is not. @param {Row} row @param {number} number */
export function placeOfRow({ said: { epochs } }, number) {
  const beyond = number < epochs[0] - 1e-9 || number > epochs[epochs.length - 1] + 1e-9;
  return beyond ? -1 : nearestEpoch(epochs, number);
}

/** Bring a cell's points to where they are at an epoch; what that needs is here. @param {Cell} cell @param {number} number of the epoch */
export function placeCell(cell, number) {
  const { row, positions } = cell;
  const { said, tensors, split, points, turning } = row;
  cell.at = placeOfRow(row, number);
  if (cell.at < 0) return;
  const { p, radius } = said;
  const [low, high] = [Math.floor(cell.at), Math.ceil(cell.at)];
  const [a, b] = [low, high].map((at) => tensors.slice(split, at));
  if (!a || !b) throw new Error(`grid film: ${row.title} has no data of ${said.epochs[a ? high : low]} yet`);
  projectSlice(positions, turning.seen, p, points.n, a.values, a.scale / radius, a.offset / radius, b.values, b.scale / radius, b.offset / radius, cell.at - low); // prettier-ignore
}

/**
 * Time in hand for a grid: its rows are turned, and shown at epochs, by who makes a film.
 *
 * @param {GridView} view @param {{told: (split: string, index: number) => Promise<unknown>, release: () => void}} given
 */
export function gridInHand(view, { told, release }) {
  const { rows, run, coloring } = view;
  const before = { touring: view.touring, frames: rows.map(({ turning }) => (turning.flat ? null : turning.matrix.slice())) }; // prettier-ignore
  view.tour(false);
  const cells = rows.map(cellOf);
  const most = Math.max(1, ...rows.map(({ points }) => points.n));
  /** what of the epochs has been fetched, and windows are around @type {string} */
  let ready = "";
  let number = 0;
  let over = false;

  /** Fetch all epochs from one to another: each row has one window for them. @param {[number, number]} way indices of the network's epochs */
  async function prepare(way) {
    const [from, to] = way.map((at) => run.epochs[at]);
    if (ready === `${from}-${to}`) return;
    await Promise.all(
      cells.flatMap(({ row }) =>
        epochsWithin(row, from, to).map((epoch) => row.tensors.load(row.split, row.said.epochs.indexOf(epoch))),
      ),
    );
    ready = `${from}-${to}`;
    for (const cell of cells) settle(cell, from, to);
  }

  /** The window that a cell begins with. @param {Cell} cell @param {number} from @param {number} to */
  function settle(cell, from, to) {
    const { row } = cell;
    const own = !row.turning.flat || differs(row.zoom, row.start); // a tour's, or the reader's
    cell.zoom = own ? { ...row.zoom } : windowAround(row, epochsWithin(row, from, to));
  }

  /** Keep a cell's points in sight, and give them their colours. @param {Cell} cell @param {number} nearest index of the network's epoch */
  function dress(cell, nearest) {
    const { row, positions } = cell;
    if (cell.at < 0) return;
    const through = view.filtering.maskOf(row);
    const { points, following } = row;
    const visible = (/** @type {number} */ i) => !coloring.hidden.has(points.labels[i]) && through?.[i] !== 0;
    if (following) cell.zoom = keptInSight(cell.zoom, [{ points, positions, visible }], reachOfRow(row));
    const epoch = coloring.told ? nearest : 0;
    if (cell.look && cell.painted === epoch) return;
    const said = coloring.told ? view.saidAt(nearest, row) : null;
    cell.look = coloring.paint(points, said, run.classes.length, selectedIds(run.run), through, dotOpacity(most));
    cell.painted = epoch;
  }

  /** Go back to where everything was. */
  function rewind() {
    if (over) return;
    rows.forEach(({ turning }, i) => before.frames[i] && turning.put(before.frames[i]));
    view.redraw();
  }

  return {
    before,
    cells,
    /** Number of the epoch that the cells show, between two as their points are. */
    get number() {
      return number;
    },
    prepare,
    /**
     * Make the pictures of a moment.
     *
     * @param {import("./by_hand.mjs").Moment} moment without an epoch the panels themselves are, in which only the tour moves
     * @returns {Promise<boolean>} whether they were made
     */
    async show({ epoch = null, dt }) {
      if (over) return false;
      for (const { turning } of rows) turning.advance(dt, () => false);
      if (epoch === null) {
        view.redraw();
        return true;
      }
      const nearest = Math.round(epoch);
      const splits = new Set(rows.map(({ split }) => split).filter((split) => run.splits[split]));
      if (coloring.told) await Promise.all([...splits].map((split) => told(split, nearest)));
      if (over) return false;
      number = numberAt(run.epochs, epoch);
      for (const cell of cells) {
        placeCell(cell, number);
        dress(cell, nearest);
      }
      return true;
    },
    rewind,
    /** A grid has a size of its own in each picture. */
    fit() {},
    /** @param {boolean} on */
    turn(on) {
      for (const { turning } of rows) turning.tour(on);
    },
    /** Have everything again as it was, moving or not. */
    end() {
      if (over) return;
      for (const { turning } of rows) turning.tour(false);
      rewind();
      over = true;
      release();
      if (before.touring) view.tour(true);
    },
  };
}

/** @typedef {ReturnType<typeof gridInHand>} GridHand */

// @ts-check
/** The rows of a grid of panels: one embedding each, or a tour, whose frame and window all its panels share. */

import { fetchTexts } from "../data/columns.mjs";
import { FLAT, home } from "../points/viewport.mjs";
import { history } from "../state/history.mjs";
import { completeFrame, starFrame } from "../tour/frame.mjs";
import { Turning } from "./turning.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {ReturnType<typeof import("../data/tensors.mjs").openTensors>} Tensors
 * @typedef {import("./magnifier.mjs").Zoom} Zoom
 * @typedef {{name: string, title: string, note: string, split: string, tensors: Tensors}} Source what a row shows
 * @typedef {object} Row
 * @property {string} name @property {string} title @property {string} note
 * @property {Tensors} tensors @property {Announcement} said @property {string} split
 * @property {import("./stage.mjs").Points} points
 * @property {Map<number, number>} places of ids among the points
 * @property {Turning} turning
 * @property {Zoom} zoom
 * @property {Zoom} start where the zoom is reset to
 * @property {boolean} following whether its points are kept in sight: of very many handles none reaches far, so that no span of theirs is a measure
 * @typedef {{left: number, top: number, width: number, height: number}} Box px
 */

/** How far to magnify a tour's first view, whose handles are all short: panels are small. @param {number} p */
const nearest = (p) => (p <= 3 ? 1 : Math.max(1, home(p) / (1.35 * Math.sqrt(2 / p))));

/** The first frame of a row that can be turned: of an embedding its principal axes, of outputs all handles equally long. @param {Announcement} said @returns {Float64Array} (p, p) */
export const firstFrame = ({ p, embedding }) =>
  embedding?.principal ? completeFrame(Float64Array.from(embedding.principal.flat()), p) : starFrame(p);

/**
 * @param {Source} source @param {number} seed of the tour
 * @param {(row: Row) => void} turned its frame is another one
 * @returns {Promise<Row>}
 */
export async function openRow({ name, title, note, split, tensors }, seed, turned) {
  const said = tensors.announcement;
  const [ids, labels, columns, targets] =
    /** @type {[Int32Array|Float64Array, Uint16Array, Float64Array|null, Float32Array|null]} */ (
      await Promise.all(
        /** @type {const} */ (["ids", "labels", "columns", "targets"]).map((part) => tensors.part(split, part)),
      )
    );
  await fetchTexts(tensors);
  const changed = () => turned(row);
  const turning = new Turning({ seed, changed, wake: () => {}, abrupt: () => true, history, name: `view of ${name}` });
  turning.begin(said.p, said.axes && firstFrame(said));
  /** @type {Row} */
  const row = {
    name, title, note, tensors, said, split, turning,
    points: { n: said.splits[split].n, ids, labels, columns, targets },
    places: new Map(Array.from(ids, (id, i) => [id, i])),
    zoom: { x: 0, y: 0, k: 1 },
    start: { x: 0, y: 0, k: said.axes ? nearest(said.p) : 1 },
    following: false,
  }; // prettier-ignore
  return row;
}

/** Half the range of a row's axes where nothing is magnified. @param {Row} row */
export const reachOfRow = ({ turning, said }) => (turning.flat ? FLAT : home(said.p));

/** What a panel of a row shows. @param {Row} row @param {Box} box @returns {import("../points/viewport.mjs").Viewport} pixels from its corner */
export function viewIn(row, { width, height }) {
  const { x, y, k } = row.zoom;
  const half = reachOfRow(row) / k;
  const [kx, ky] = [width / (2 * half), height / (2 * half)];
  return { left: 0, top: 0, width, height, x0: x - half, x1: x + half, y0: y - half, y1: y + half, kx, ky };
}

/**
 * One window for all panels of a row as it is turned now: around its points in the epochs that are shown, so that an
 * epoch with far-off points elsewhere does not make these small. One that can be turned stays about its middle, and its
 * handles are seen.
 *
 * @param {Row} row @param {number[]} epochs numbers
 * @returns {Zoom}
 */
export function windowAround(row, epochs) {
  const { tensors, split, said, turning } = row;
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const epoch of epochs) {
    const slice = tensors.slice(split, said.epochs.indexOf(epoch));
    if (!slice) continue;
    const { values, scale, offset } = slice;
    for (let i = 0; i < values.length; i += said.p) {
      for (let axis = 0; axis < 2; axis++) {
        let at = 0;
        for (let j = 0; j < said.p; j++)
          at += ((values[i + j] * scale + offset) / said.radius) * turning.seen[2 * j + axis];
        if (at < low[axis]) low[axis] = at;
        if (at > high[axis]) high[axis] = at;
      }
    }
  }
  const middle = turning.flat ? [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2] : [0, 0];
  const handles = turning.flat ? [] : [...turning.seen].map(Math.abs);
  const reach = Math.max(...middle.flatMap((at, axis) => [high[axis] - at, at - low[axis]]), ...handles);
  if (!(reach > 0) || !Number.isFinite(reach)) return { x: 0, y: 0, k: 1 };
  return { x: middle[0], y: middle[1], k: reachOfRow(row) / (FLAT * reach) };
}

/** Fetch the slice of an epoch, if the row has it. @param {Row} row @param {number} epoch its number */
export function fetchSlice({ said, tensors, split }, epoch) {
  const index = said.epochs.indexOf(epoch);
  return index < 0 ? null : tensors.load(split, index);
}

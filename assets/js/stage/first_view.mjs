// @ts-check
/** How a run is looked at before anyone turns or zooms. */

import { handleNames, hasClassHandles } from "../data/groups.mjs";
import { completeFrame, starFrame } from "../tour/frame.mjs";
import { classColors } from "../points/palette.mjs";
import { MANY } from "../points/handles.mjs";
import { FLAT, LAYERS, home } from "../points/viewport.mjs";

const NO_CLASS = "var(--bs-secondary-color)"; // of handles that are of no class

/** @typedef {import("../data/tensors.mjs").Announcement} Announcement */

/** The first frame: all handles equally long. @param {Announcement} run @returns {Float64Array} (p, p) */
export function homeFrame(run) {
  const { p, alignment } = run;
  const k = handleNames(run).length;
  if (!alignment || k === p || !k) return starFrame(p);
  const star = starFrame(k);
  const columns = new Float64Array(2 * p); // those of the classes; what else a state has is behind them
  for (let c = 0; c < k; c++) for (let j = 0; j < Math.min(2, k); j++) columns[2 * c + j] = star[c * k + j];
  return completeFrame(columns, p);
}

/** Half the range of the axes before anyone zooms. @param {Announcement} run */
export const reachOf = (run) => (run.alignment ? LAYERS : run.axes ? home(run.p) : FLAT);

/**
 * Whether a row of panels is magnified so that its points stay in sight: where a network's states differ in size, and where so many dimensions share
 * the length of two columns that handles and points lie near the middle. A stage always is.
 *
 * @param {Announcement} run
 */
export const followsPoints = (run) => Boolean(run.alignment) || hasManyHandles(run);

/** Whether only some of the handles are shown. @param {Announcement} run */
export const hasManyHandles = (run) => handleNames(run).length > MANY;

/** Handles of dimensions: what they are called, and their colours. @param {Announcement} run */
export function handlesOf(run) {
  const names = handleNames(run);
  return { names, colors: hasClassHandles(run) ? classColors(names.length) : names.map(() => NO_CLASS) };
}

// @ts-check
/** The selected points as a file, from whichever page; the server writes it. */

import { noUpdate, setProps } from "../core/dash.mjs";
import { toast } from "../core/dom.mjs";
import { selectedIds } from "../state/selection.mjs";

/**
 * Ask for a file of the selected points of a run.
 *
 * @param {string} store id of the store that it is asked through
 * @param {string} run @param {string} layer that is shown @param {number} epoch its number: of when the file says what the network takes points for
 */
export function saveSelection(store, run, layer, epoch) {
  const ids = [...selectedIds(run)];
  if (!ids.length) return toast("Select points first: the CSV holds the selection");
  setProps(store, { data: { run, layer, epoch, ids, nonce: Date.now() } });
}

/** Why a file could not be written. @param {string|null} problem */
export function sayCsvProblem(problem) {
  if (problem) toast(problem, "error");
  return noUpdate();
}

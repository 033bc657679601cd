// @ts-check
/** The selected points as a file, from whichever page; the server writes it. */

import { noUpdate, setProps } from "../core/dash.mjs";
import { toast } from "../core/dom.mjs";
import { groupsOf } from "../state/kept_groups.mjs";
import { selectedIds } from "../state/selection.mjs";

/**
 * Ask for a file of the selected points of a run.
 *
 * @param {string} store id of the store that it is asked through
 * @param {{run: string, uid?: string}} of the run @param {string} layer that is shown @param {number} epoch its number: of when the file says what the network takes points for
 */
export function saveSelection(store, { run, uid = "" }, layer, epoch) {
  const ids = [...selectedIds(run)];
  if (!ids.length) return toast("Select points first: the CSV holds the selection");
  const groups = groupsOf({ uid }).map((group) => ({ name: group.name, ids: ids.filter((id) => group.ids.has(id)) }));
  setProps(store, { data: { run, layer, epoch, ids, groups, nonce: Date.now() } });
}

/** Why a file could not be written. @param {string|null} problem */
export function sayCsvProblem(problem) {
  if (problem) toast(problem, "error");
  return noUpdate();
}

// @ts-check
/**
 * The selection: the point ids picked by hand. One for the whole app, whatever page is open; it
 * belongs to one run and is empty for every other.
 */

import { history } from "./history.mjs";

/** @type {{run: string, ids: Set<number>, listeners: Set<() => void>}} */
const state = { run: "", ids: new Set(), listeners: new Set() };

const SELECTION = "selection";
/** @type {import("./history.mjs").Source<{run: string, ids: Set<number>}>} */
const kept = {
  now: () => ({ run: state.run, ids: state.ids }),
  put: ({ run, ids }) => become(run, ids),
  run: ({ run }) => run,
};

/** @param {string} run a run's name @returns {ReadonlySet<number>} */
export function selectedIds(run) {
  return run === state.run ? state.ids : new Set();
}

/** Whether a selection is just some points, all of them and no other. @param {ReadonlySet<number>} chosen @param {readonly number[]} ids */
export const isJust = (chosen, ids) =>
  ids.length > 0 && ids.length === chosen.size && ids.every((id) => chosen.has(id));

/**
 * @param {string} run
 * @param {Iterable<number>} ids
 * @param {"new"|"add"|"subtract"} how
 * @param {boolean} [undoable] whether the reader did it, and may take it back
 */
export function select(run, ids, how = "new", undoable = true) {
  const chosen = new Set(how === "new" || run !== state.run ? [] : state.ids);
  for (const id of ids) {
    if (how === "subtract") chosen.delete(id);
    else chosen.add(id);
  }
  state.run ||= run; // nothing is selected in it yet
  if (undoable && !isSame(selectedIds(run), chosen)) history.remember(SELECTION, kept);
  become(run, chosen);
}

/** @param {ReadonlySet<number>} a @param {ReadonlySet<number>} b */
const isSame = (a, b) => a.size === b.size && [...a].every((id) => b.has(id));

/** @param {string} run @param {Set<number>} ids */
function become(run, ids) {
  state.run = run;
  state.ids = ids;
  for (const listener of [...state.listeners]) listener();
}

/** @returns {import("../payloads.mjs").Selection} the payload of `selection-store` */
export function selectionPayload() {
  return { run: state.run, ids: [...state.ids] };
}

/**
 * Hear of every change of the selection.
 *
 * @param {() => void} listener
 * @returns {() => void} ends it
 */
export function onSelection(listener) {
  state.listeners.add(listener);
  return () => state.listeners.delete(listener);
}

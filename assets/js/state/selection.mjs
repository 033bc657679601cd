// @ts-check
/**
 * The selection: the point ids picked by hand. One for the whole app, whatever page is open; it
 * belongs to one run and is empty for every other.
 */

/** @type {{run: string, ids: Set<number>, listeners: Set<() => void>}} */
const state = { run: "", ids: new Set(), listeners: new Set() };

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
 */
export function select(run, ids, how = "new") {
  const kept = new Set(how === "new" || run !== state.run ? [] : state.ids);
  for (const id of ids) {
    if (how === "subtract") kept.delete(id);
    else kept.add(id);
  }
  state.run = run;
  state.ids = kept;
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

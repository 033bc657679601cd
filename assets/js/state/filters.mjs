// @ts-check
/**
 * Filters: what hides points, by what is said of them or one by one. Like the selection there is one list for the whole app,
 * whatever page is open; it belongs to one run and is empty for every other. Points are drawn that all of `only` let through
 * and none of `without`.
 */

import { history } from "./history.mjs";

/**
 * @typedef {object} Filter
 * @property {"only"|"without"} how
 * @property {string} text in the language of assets/js/filter/language.mjs; empty where points are listed
 * @property {ReadonlySet<number>|null} ids of points, in the place of a text
 */

/** @type {{run: string, list: readonly Filter[], listeners: Set<() => void>}} */
const state = { run: "", list: [], listeners: new Set() };

const NONE = /** @type {readonly Filter[]} */ ([]);
const FILTERS = "filters";
/** @type {import("./history.mjs").Source<{run: string, list: readonly Filter[]}>} */
const kept = {
  now: () => ({ run: state.run, list: state.list }),
  put: ({ run, list }) => become(run, list),
  run: ({ run }) => run,
};

/** @param {string} run its name @returns {readonly Filter[]} another list whenever one of them is */
export const filtersOf = (run) => (run === state.run ? state.list : NONE);

/** @param {string} run @param {readonly Filter[]} list @param {boolean} [undoable] whether the reader did it, and may take it back */
export function setFilters(run, list, undoable = true) {
  if (!list.length && !filtersOf(run).length) return;
  state.run ||= run;
  if (undoable) history.remember(FILTERS, kept);
  become(run, list);
}

/** @param {string} run @param {Filter} filter */
export const addFilter = (run, filter) => setFilters(run, [...filtersOf(run), filter]);

/** @param {string} run @param {Filter} filter */
export const dropFilter = (run, filter) => setFilters(run, filtersOf(run).filter((one) => one !== filter)); // prettier-ignore

/** @param {string} run @param {readonly Filter[]} list */
function become(run, list) {
  [state.run, state.list] = [run, list];
  for (const listener of [...state.listeners]) listener();
}

/** Hear of every change of the filters. @param {() => void} listener @returns {() => void} ends it */
export function onFilters(listener) {
  state.listeners.add(listener);
  return () => state.listeners.delete(listener);
}

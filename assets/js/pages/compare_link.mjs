// @ts-check
/** Columns and rows of `/compare` as a link. */

import { tellUnread } from "../core/unread.mjs";
import { clockOf } from "../data/tensors.mjs";
import { MOST_COLUMNS } from "./compare_grid.mjs";

/**
 * Columns and rows from a link; what cannot be used is said and left out.
 *
 * @param {URLSearchParams} query @param {import("./compare.mjs").Comparison} said
 * @returns {{epochs: number[]|null, rows: string[]|null}}
 */
export function readQuery(query, said) {
  const list = (/** @type {string} */ key) => query.get(key)?.split(".").filter(Boolean) ?? null;
  const unit = clockOf(said.outputs);
  const epochs = list("epochs")?.map(Number) ?? null;
  const rows = list("rows");
  const known = epochs?.filter((epoch) => said.outputs.epochs.includes(epoch)) ?? null;
  const there = rows?.filter((name) => said.rows.some((row) => row.name === name)) ?? null;
  const some = (/** @type {(string|number)[]} */ found) => (found.length ? found.join(", ") : "none");
  const wrong = [];
  if (epochs && known && known.length < epochs.length)
    wrong.push(`Of the link's ${unit}s (${query.get("epochs")}) this run has ${some(known)}.`);
  if (known && new Set(known).size > MOST_COLUMNS)
    wrong.push(`The link has more than ${MOST_COLUMNS} ${unit}s: the first ${MOST_COLUMNS} are shown.`);
  if (rows && there && there.length < rows.length) wrong.push(`Of the link's rows this run has ${some(there)}.`);
  tellUnread([], wrong);
  return {
    epochs: known?.length ? [...new Set(known)].sort((a, b) => a - b).slice(0, MOST_COLUMNS) : null,
    rows: there?.length ? there : null,
  };
}

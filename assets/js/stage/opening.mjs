// @ts-check
/** What the first picture of a run needs, fetched. */

import { fetchTexts } from "../data/columns.mjs";
import { groupsOf } from "../data/groups.mjs";
import { createStates } from "./states.mjs";

/** @typedef {ReturnType<typeof import("../data/tensors.mjs").openTensors>} Tensors */

/**
 * @param {Tensors} tensors @param {string[]} splits
 * @param {number} start index of an epoch @param {number} state of an aligned network @param {import("./states.mjs").Heard} heard of its states
 */
export async function openRun(tensors, splits, start, state, heard) {
  const { alignment } = tensors.announcement;
  const states = alignment ? createStates(alignment, await tensors.other(alignment.turns), state, heard) : null;
  /** @type {import("./slices.mjs").Need[]} */
  const needs = states ? states.needs(start) : [[start, "slices"]];
  const points = await Promise.all(splits.map((split) => pointsOf(tensors, split, needs)));
  return { states, points };
}

/**
 * @param {Tensors} tensors @param {string} split @param {import("./slices.mjs").Need[]} needs
 * @returns {Promise<import("./stage.mjs").Points>} once their slices are here too
 */
async function pointsOf(tensors, split, needs) {
  const run = tensors.announcement;
  const [ids, labels, columns, targets] = await Promise.all([
    tensors.part(split, "ids"),
    tensors.part(split, "labels"),
    tensors.part(split, "columns"),
    tensors.part(split, "targets"),
    fetchTexts(tensors),
    ...needs.map(([at, kind]) => tensors.load(split, at, kind)),
  ]);
  const classes = /** @type {Uint16Array} */ (labels);
  return {
    n: run.splits[split].n,
    ids: /** @type {Int32Array} */ (ids),
    labels: classes,
    groups: groupsOf(run, classes),
    columns: /** @type {Float64Array|null} */ (columns),
    targets: /** @type {Uint8Array|Float32Array|null} */ (targets),
  };
}

// @ts-check
/** A view whose run grows while it is looked at: nothing of what the reader has done to it is lost. */

import { addTo } from "../data/growth.mjs";

/**
 * Take in epochs that were recorded since. Whoever stands at the newest epoch is brought along.
 *
 * @param {import("./tour_view.mjs").TourView} view
 * @param {import("../payloads.mjs").Grown} grown
 * @returns {Promise<boolean>} whether they are shown: another run may have been asked for meanwhile
 */
export async function grow(view, grown) {
  const { run, tensors, clock } = view;
  const first = run.epochs.length;
  const splits = view.stages.map((stage) => stage.split);
  const takeBack = addTo(run, grown);
  try {
    const added = grown.epochs.map((_, i) => first + i);
    await Promise.all(splits.flatMap((split) => added.map((at) => tensors.load(split, at))));
  } catch (error) {
    takeBack();
    if (view.run === run) throw error;
  }
  if (view.run !== run) return false;
  clock.extend(run.epochs);
  view.refresh();
  return true;
}

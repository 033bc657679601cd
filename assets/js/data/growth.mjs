// @ts-check
/** A run that is announced and grows: what is added to its announcement while it is shown. */

import { ask } from "../core/ask.mjs";

/**
 * @typedef {import("./tensors.mjs").Announcement} Announcement
 * @typedef {import("../payloads.mjs").Grown} Grown
 */

/** Whether epochs can be added to what is announced: a layer of a run, not what was computed of one. @param {Announcement} run */
export const canGrow = (run) => !run.embedding && !run.alignment && !run.attack && !run.two;

/** The same announcement, with lists of its own where it grows. @param {Announcement} run @returns {Announcement} */
export function ownCopy(run) {
  const splits = Object.entries(run.splits).map(([name, split]) => {
    return [name, { ...split, slices: [...split.slices], outputs: [...split.outputs] }];
  });
  return { ...run, epochs: [...run.epochs], splits: Object.fromEntries(splits) };
}

/**
 * What a layer has beyond what was announced of it.
 *
 * @param {Announcement} run @param {string} base prefix under which the app is served, ending in "/"
 * @returns {Promise<Grown>}
 */
export async function fetchGrowth(run, base) {
  const asked = new URLSearchParams({
    run: run.run,
    uid: run.uid,
    layer: run.layer,
    have: String(run.epochs.length),
  });
  const answer = await ask(`${base}grown?${asked}`, { cache: "no-store" });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer.json();
}

/**
 * Add what has come; the picture's unit never shrinks.
 *
 * @param {Announcement} run @param {Grown} grown
 * @returns {() => void} takes it back
 */
export function addTo(run, grown) {
  const { radius } = run;
  const count = run.epochs.length;
  run.epochs.push(...grown.epochs);
  run.radius = Math.max(radius, grown.radius);
  for (const [name, { slices, outputs }] of Object.entries(grown.splits)) {
    run.splits[name].slices.push(...slices);
    run.splits[name].outputs.push(...outputs);
  }
  return () => {
    run.radius = radius;
    run.epochs.length = count;
    for (const split of Object.values(run.splits)) {
      split.slices.length = count;
      if (split.outputs.length) split.outputs.length = count;
    }
  };
}

// @ts-check
/** What the server found in a training, with the predictions of each point at each epoch. */

import { confusion } from "./confusion.mjs";

/**
 * @typedef {import("./tensors.mjs").Tensor} Tensor
 * @typedef {import("../payloads.mjs").TrainingReport} Report
 * @typedef {{ids: number[], labels: Uint16Array, predicted: Uint16Array|null, at: Map<number, number>}} Points of a split; `predicted` is
 *   (epochs, n), null where points have no one class, `at` the place of each id
 */

/** @param {Report} report @param {(tensor: Tensor) => Promise<any>} get @returns {Promise<Record<string, Points>>} by split */
export async function readPoints(report, get) {
  /** @type {Record<string, Points>} */
  const read = {};
  for (const [split, said] of Object.entries(report.splits)) {
    const [i, labels] = await Promise.all([said.ids, said.labels].map(get));
    const predicted = said.predicted && (await get(said.predicted));
    const ids = Array.from(/** @type {Int32Array} */ (i));
    read[split] = { ids, labels, predicted, at: new Map(ids.map((id, row) => [id, row])) };
  }
  return read;
}

/** @param {Record<string, Points>} points @param {(label: number) => boolean} keep @returns {number[]} ids */
export const idsWhere = (points, keep) =>
  Object.values(points).flatMap(({ ids, labels }) => ids.filter((_, i) => keep(labels[i])));

/**
 * The class that one is confused with most at an epoch; the next if with none.
 *
 * @param {Record<string, Points>} points @param {number} k classes @param {number} epoch index @param {number} c
 */
export function confusedMost(points, k, epoch, c) {
  const counts = new Int32Array(k);
  for (const { labels, predicted } of Object.values(points)) {
    if (!predicted) continue;
    const table = confusion(predicted, labels, k, epoch);
    for (let q = 0; q < k; q++) counts[q] += q === c ? 0 : table[c * (k + 1) + q] + table[q * (k + 1) + c];
  }
  const most = Math.max(...counts);
  return most ? counts.indexOf(most) : (c + 1) % k;
}

/** How many selected points each cell of the confusion has. @param {Points} points @param {number} k classes @param {number} epoch index @param {ReadonlySet<number>} chosen */
export function selectedCells({ ids, labels, predicted }, k, epoch, chosen) {
  const cells = new Int32Array(k * (k + 1));
  if (chosen.size && predicted)
    ids.forEach((id, i) => chosen.has(id) && cells[labels[i] * (k + 1) + predicted[epoch * ids.length + i]]++);
  return cells;
}

/** Selected points, with what each is taken for at an epoch. @param {Record<string, Points>} points @param {number} epoch index @param {ReadonlySet<number>} chosen */
export const selectedPoints = (points, epoch, chosen) =>
  Object.entries(points).flatMap(([split, { at, labels, predicted }]) =>
    [...chosen].filter((id) => at.has(id)).map((id) => {
      const index = /** @type {number} */ (at.get(id));
      return { id, split, index, label: labels[index], predicted: predicted ? predicted[epoch * labels.length + index] : -1 };
    }),
  ); // prettier-ignore

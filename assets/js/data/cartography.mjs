// @ts-check
/** What a training made of each example: its map, which labels to look at, and how often it was right. */

/**
 * @typedef {import("./tensors.mjs").Tensor} Tensor
 * @typedef {import("../payloads.mjs").LabelsReport} LabelsReport
 * @typedef {object} Examples
 * @property {number} n
 * @property {ArrayLike<number>} ids (n,)
 * @property {Uint16Array} labels (n,)
 * @property {Uint16Array} taken (n,) what the network takes each for, by its mean probabilities; the number of classes where undecided
 * @property {Int32Array} inSplit (n,) place of each among the points of its split
 * @property {Record<string, Float32Array>} values (n,) each, by their names
 * @property {Record<string, Int32Array>} orders (n,) each, by their names: what is to be looked at first
 * @property {Map<number, number>} places of the examples by their ids
 * @property {(i: number) => string} splitOf
 *
 * @typedef {{label: number, taken: number, ids: number[]}} Pair examples of a label that are taken for another class
 * @typedef {{name: string, share: number}} Bin examples that were right about as often; of how many epochs, to colour them
 */

/** How often an example was right, from never to always. */
const BINS = [0, 0.25, 0.75, 1];

/** @param {LabelsReport} report @param {(tensor: Tensor) => Promise<any>} get @returns {Promise<Examples|null>} null where nothing can be said */
export async function readExamples({ tensors, values, orders, splits }, get) {
  if (!tensors) return null;
  const names = /** @type {const} */ (["ids", "labels", "taken", "places", "values", "orders"]);
  const [ids, labels, taken, inSplit, measured, ordered] = await Promise.all(names.map((name) => get(tensors[name])));
  const n = ids.length;
  /** @template T @param {string[]} by @param {{subarray: (from: number, to: number) => T}} rows @returns {Record<string, T>} */
  const named = (by, rows) => Object.fromEntries(by.map((name, at) => [name, rows.subarray(at * n, (at + 1) * n)]));
  /** @type {[string, number][]} each split and where it ends */
  const ends = [];
  for (const [split, count] of Object.entries(splits)) ends.push([split, count + (ends.at(-1)?.[1] ?? 0)]);
  return {
    n,
    ids,
    labels,
    taken,
    inSplit,
    values: named(values, /** @type {Float32Array} */ (measured)),
    orders: named(Object.keys(orders), /** @type {Int32Array} */ (ordered)),
    places: new Map(Array.from(/** @type {Int32Array} */ (ids), (id, i) => [id, i])),
    splitOf: (i) => ends.find(([, end]) => i < end)?.[0] ?? "",
  };
}

/** The ids of the first examples of an order. @param {Examples} examples @param {string} order @param {number} count */
export const firstIds = ({ ids, orders }, order, count) =>
  Array.from(orders[order].subarray(0, Math.max(0, count)), (i) => ids[i]);

/** The map: variability across, confidence up. @param {Examples} examples @returns {Float32Array} (n, 2) */
export function mapPositions({ n, values: { variability, confidence } }) {
  const positions = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) [positions[2 * i], positions[2 * i + 1]] = [variability[i], confidence[i]];
  return positions;
}

/** How often examples can have been right. @param {number} epochs @param {string} unit @returns {Bin[]} */
export const binsOf = (epochs, unit) => {
  const names = ["right in none", "in up to half", "in more than half", `in all ${epochs} ${unit}s`];
  return BINS.map((share, bin) => ({ name: names[bin], share }));
};

/** Which of `binsOf` an example is in. @param {number} right epochs @param {number} epochs of so many */
export const binOf = (right, epochs) => (right === 0 ? 0 : right === epochs ? 3 : 2 * right > epochs ? 2 : 1);

/**
 * Which label is most often taken for which other class among the first examples of an order.
 *
 * @param {Examples} examples @param {string} order @param {number} count of the first @param {number} k classes @param {number} most
 * @returns {Pair[]} the most frequent first
 */
export function frequentPairs({ ids, labels, taken, orders }, order, count, k, most) {
  /** @type {Map<number, Pair>} */
  const pairs = new Map();
  for (const i of orders[order].subarray(0, Math.max(0, count))) {
    const [label, to] = [labels[i], taken[i]];
    if (label === to || to === k) continue;
    const key = label * k + to;
    const pair = pairs.get(key) ?? { label, taken: to, ids: [] };
    pair.ids.push(ids[i]);
    pairs.set(key, pair);
  }
  return [...pairs.values()].sort((a, b) => b.ids.length - a.ids.length).slice(0, most);
}

/** A number of a list, with a true minus. @param {number} value @param {number} [digits] */
export const numberText = (value, digits = 2) => value.toFixed(digits).replace("-", "−");

/** What an order has of an example, in a word. @param {string} order @param {Examples} examples @param {number} i */
export function scoreText(order, { values }, i) {
  const value = values[order][i];
  if (order === "forgotten") return `${value} ×`;
  return numberText(value, order === "margin" ? 1 : order === "alike" ? 3 : 2);
}

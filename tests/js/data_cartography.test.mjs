import assert from "node:assert/strict";
import { test } from "node:test";

import {
  binOf,
  binsOf,
  firstIds,
  frequentPairs,
  mapPositions,
  numberText,
  readExamples,
  scoreText,
} from "../../assets/js/data/cartography.mjs";

const arrays = {
  ids: Int32Array.of(10, 11, 12, 107, 108),
  labels: Uint16Array.of(0, 0, 1, 2, 0),
  taken: Uint16Array.of(1, 1, 1, 3, 2),
  places: Int32Array.of(0, 2, 3, 0, 4),
  values: Float32Array.of(0.1, 0.2, 0.9, 0.5, 0.3, 0.4, 0.1, 0, 0.2, 0.25, -2.25, 0.5, 3, 0, -1, 1, 0, 0, 4, 12),
  orders: Int32Array.of(0, 1, 4, 3, 2, 4, 3, 0, 1, 2),
};
const tensors = Object.fromEntries(Object.keys(arrays).map((name) => [name, { url: name }]));
const report = {
  tensors,
  splits: { train: 3, test: 2 },
  values: ["confidence", "variability", "margin", "forgotten"],
  orders: { margin: "", forgotten: "" },
};
/** @type {(tensor: any) => Promise<any>} */
const get = async ({ url }) => arrays[/** @type {keyof typeof arrays} */ (url)];
async function read() {
  const examples = await readExamples(/** @type {any} */ (report), get);
  assert.ok(examples);
  return examples;
}

test("examples are read by their values, orders, ids and splits", async () => {
  const examples = await read();
  assert.equal(examples.n, 5);
  assert.deepEqual([...examples.values.variability].map((x) => +x.toFixed(2)), [0.4, 0.1, 0, 0.2, 0.25]); // prettier-ignore
  assert.deepEqual([...examples.orders.forgotten], [4, 3, 0, 1, 2]);
  assert.deepEqual([0, 2, 3, 4].map(examples.splitOf), ["train", "train", "test", "test"]);
  assert.deepEqual([examples.places.get(107), examples.inSplit[4]], [3, 4]);
  assert.deepEqual([...mapPositions(examples)].slice(0, 4), [0.4, 0.1, 0.1, 0.2].map(Math.fround));
});

test("where nothing can be said nothing is read", async () => {
  const never = () => assert.fail("nothing is to be fetched");
  assert.equal(await readExamples(/** @type {any} */ ({ ...report, tensors: null }), never), null);
});

test("the first of an order are as many as are asked for, if there are", async () => {
  const examples = await read();
  assert.deepEqual(firstIds(examples, "margin", 2), [10, 11]);
  assert.deepEqual(firstIds(examples, "forgotten", 99), [108, 107, 10, 11, 12]);
  assert.deepEqual(firstIds(examples, "margin", -3), []);
});

test("pairs are of the first alone, without those that agree or are undecided, the most frequent first", async () => {
  const examples = await read();
  assert.deepEqual(frequentPairs(examples, "margin", 5, 3, 6), [
    { label: 0, taken: 1, ids: [10, 11] },
    { label: 0, taken: 2, ids: [108] },
  ]);
  assert.deepEqual(
    frequentPairs(examples, "margin", 5, 3, 1).map(({ ids }) => ids),
    [[10, 11]],
  );
  assert.deepEqual(frequentPairs(examples, "forgotten", 1, 3, 6), [{ label: 0, taken: 2, ids: [108] }]);
});

test("every example is in one bin, by how often it was right", () => {
  const at = [0, 1, 2, 3, 4].map((right) => binsOf(4, "epoch")[binOf(right, 4)].name);
  assert.deepEqual(at, ["right in none", "in up to half", "in up to half", "in more than half", "in all 4 epochs"]);
  assert.equal(binOf(1, 1), 3);
  assert.equal(binsOf(7, "step")[3].name, "in all 7 steps");
});

test("scores are said as their measure is, with a true minus", async () => {
  const examples = await read();
  assert.equal(scoreText("margin", examples, 0), "−2.3");
  assert.equal(scoreText("forgotten", examples, 4), "12 ×");
  assert.equal(numberText(-0.126), "−0.13");
});

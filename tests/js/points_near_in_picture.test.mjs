import assert from "node:assert/strict";
import { test } from "node:test";

import { byChance, lostAndFalse, nearInPicture } from "../../assets/js/points/near_in_picture.mjs";
import { readSettings, settingsText, USUAL } from "../../assets/js/data/neighbours.mjs";

const everybody = () => true;
/** @param {number[]} ids @param {number[]} xs */
const line = (ids, xs) => ({ ids, positions: Float32Array.from(xs.flatMap((x) => [x, 0])) });

/** @param {Parameters<typeof nearInPicture>} given */
function near(...given) {
  const found = nearInPicture(...given);
  assert.ok(found);
  return found;
}

test("the nearest in a picture, whichever side they are on, and at which rank others come", () => {
  const found = near([line([1, 2, 3, 4, 5], [0, 1, -0.5, 3, 2])], 1, everybody);
  assert.equal(found.of, 4);
  assert.deepEqual(found.nearest(2), [{ id: 3, rank: 1 }, { id: 2, rank: 2 }]); // prettier-ignore
  assert.deepEqual([2, 3, 4, 5, 1, 99].map(found.rank), [2, 1, 4, 3, 0, 0]);
});

test("pictures that share a tour lie over each other, and some may not count", () => {
  const pictures = [line([1, 2], [0, 5]), line([100_001, 100_002], [1, 4])];
  const ids = (/** @type {ReturnType<typeof near>} */ found) => found.nearest(9).map(({ id }) => id);
  assert.deepEqual(ids(near(pictures, 1, everybody)), [100_001, 100_002, 2]);
  assert.deepEqual(ids(near(pictures, 100_002, everybody)), [2, 100_001, 1]);
  assert.deepEqual(ids(near(pictures, 100_002, (id) => id < 100)), [2, 1]);
  assert.equal(nearInPicture(pictures, 7, everybody), null);
});

test("points in one place have one rank, and no more than were asked for are there", () => {
  const found = near([line([1, 2, 3, 4, 5], [0, 0, 0, 0, 2])], 3, everybody);
  assert.deepEqual(found.nearest(2), [{ id: 1, rank: 1 }, { id: 2, rank: 1 }]); // prettier-ignore
  assert.equal(found.rank(5), 4);
  assert.deepEqual(near([line([1], [0])], 1, everybody).nearest(10), []);
});

test("what is as far as the last neighbour is neither lost nor false", () => {
  const rank = (/** @type {Record<number, number>} */ ranks) => (/** @type {number} */ id) => ranks[id] ?? 0;
  const data = [{ id: 1, rank: 1 }, { id: 2, rank: 2 }, { id: 3, rank: 2 }]; // prettier-ignore
  const picture = [{ id: 1, rank: 1 }, { id: 4, rank: 1 }, { id: 5, rank: 3 }]; // prettier-ignore
  const found = lostAndFalse(data, picture, 3, rank({ 1: 1, 2: 3, 3: 9, 4: 1, 5: 3 }), rank({ 1: 1, 4: 2, 5: 17 }));
  assert.deepEqual([...found.lost], [3]);
  assert.deepEqual([...found.false], [5]);
});

test("chance keeps k of n with the share k of n, and no more than there are", () => {
  assert.equal(byChance(10, 1000), 0.1);
  assert.equal(byChance(10, 4), 4);
  assert.equal(byChance(10, 0), 0);
});

test("as many neighbours as drawn at random are kept as is said, on average", () => {
  // a picture without anything of the data: positions from a fixed recurrence, data in the order of the ids
  const n = 400;
  let state = 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const ids = Array.from({ length: n }, (_, i) => i);
  const positions = Float64Array.from({ length: 2 * n }, random);
  let kept = 0;
  for (const id of ids) {
    const found = near([{ ids, positions }], id, everybody).nearest(20);
    kept += found.filter((one) => (one.id - id + n) % n <= 20).length; // its 20 nearest "in the data"
  }
  assert.ok(Math.abs(kept / n - byChance(20, n - 1)) < 0.25, String(kept / n)); // 1.0, and about 0.05 of one standard error
});

test("how it is asked goes into a link and comes back, layers with dots too", () => {
  assert.equal(settingsText(USUAL), "");
  /** @type {import("../../assets/js/data/neighbours.mjs").NearSettings[]} */
  const several = [
    { metric: "cosine", k: 50, split: "train", layer: "" },
    { ...USUAL, layer: "layer1.0/add" },
  ];
  for (const settings of several) assert.deepEqual(readSettings(settingsText(settings)), settings);
  for (const text of ["", "cosine", "l1.10.all", "cosine.7.all", "cosine.10.other"])
    assert.equal(readSettings(text), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { accuracyOf, cellRows, confusion } from "../../assets/js/data/confusion.mjs";

// two epochs of five points, two classes; 2 is undecided; the first epoch as in tests/unit/measure/test_examples.py
const labels = Uint16Array.of(0, 0, 1, 1, 1);
const predicted = Uint16Array.of(0, 1, 1, 2, 2, 0, 0, 1, 1, 0);

test("points are counted by true and by predicted class, the undecided last", () => {
  assert.deepEqual([...confusion(predicted, labels, 2, 0)], [1, 1, 0, 0, 1, 2]);
  assert.deepEqual([...confusion(predicted, labels, 2, 1)], [2, 0, 0, 1, 2, 0]);
});

test("a cell's points are as many as it counts", () => {
  for (const epoch of [0, 1]) {
    const table = confusion(predicted, labels, 2, epoch);
    table.forEach((n, at) => assert.equal(cellRows(predicted, labels, epoch, Math.floor(at / 3), at % 3).length, n));
  }
  assert.deepEqual(cellRows(predicted, labels, 0, 1, 2), [3, 4]);
});

test("accuracy is of the chosen points alone, over all splits", () => {
  assert.deepEqual(accuracyOf([{ predicted, labels, rows: [0, 1] }], 2), [0.5, 1]);
  const both = [
    { predicted, labels, rows: [0] },
    { predicted, labels, rows: [4] },
  ];
  assert.deepEqual(accuracyOf(both, 2), [0.5, 0.5]);
  assert.equal(accuracyOf([{ predicted, labels, rows: [] }], 2), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { confusedMost, idsWhere, readPoints, selectedCells, selectedPoints } from "../../assets/js/data/training.mjs";
import { trainingReport } from "./fakes.mjs";

const K = 3;
/** Four points at two epochs; 3 is undecided. */
const arrays = {
  ids: Int32Array.of(5, 6, 7, 8),
  labels: Uint16Array.of(0, 1, 2, 1),
  predicted: Uint16Array.of(0, 1, 2, 1, 1, 2, 2, 3),
};
const said = { ids: { url: "ids" }, labels: { url: "labels" }, predicted: { url: "predicted" } };
const points = await readPoints(trainingReport({ splits: { test: said } }), async ({ url }) => arrays[url]);

test("points are read with the place of each id", () => {
  assert.deepEqual(points.test.ids, [5, 6, 7, 8]);
  assert.equal(points.test.at.get(7), 2);
});

test("a class has its points, and who it is confused with at an epoch; with none the next", () => {
  assert.deepEqual(idsWhere(points, (label) => label === 1), [6, 8]); // prettier-ignore
  assert.equal(confusedMost(points, K, 0, 2), 0);
  assert.equal(confusedMost(points, K, 1, 0), 1);
  assert.equal(confusedMost(points, K, 1, 2), 1);
});

test("selected points are counted in the cells of the confusion, and listed with what they are taken for", () => {
  const chosen = new Set([6, 8, 99]);
  const cells = selectedCells(points.test, K, 1, chosen);
  assert.deepEqual([...cells], [0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0]);
  assert.ok(selectedCells(points.test, K, 1, new Set()).every((n) => n === 0));
  assert.deepEqual(selectedPoints(points, 1, chosen), [
    { id: 6, split: "test", index: 1, label: 1, predicted: 2 },
    { id: 8, split: "test", index: 3, label: 1, predicted: 3 },
  ]);
});

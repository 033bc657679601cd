/** A film of Compare: each row one picture, at the epoch of each moment. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { columnsFor } from "../../assets/js/pages/compare_picture.mjs";
import { isBetween, placeCell, placeOfRow } from "../../assets/js/stage/grid_film.mjs";

/** A flat row of two points, recorded at epochs 0, 10 and 20. @returns {any} */
const row = () => ({
  title: "t-SNE",
  split: "train",
  said: { p: 2, radius: 2, epochs: [0, 10, 20] },
  points: { n: 2 },
  turning: { seen: Float64Array.of(1, 0, 0, 1) },
  tensors: { slice: (/** @type {string} */ _, /** @type {number} */ at) => ({ values: Float32Array.of(at, 0, 0, 2 * at), scale: 2, offset: 0 }) }, // prettier-ignore
});

test("a row that was recorded more seldom lies between two of its own epochs, and nowhere beyond them", () => {
  assert.equal(placeOfRow(row(), 10), 1);
  assert.equal(placeOfRow(row(), 12.5), 1.25);
  assert.equal(placeOfRow(row(), 21), -1);
  assert.equal(placeOfRow(row(), -1), -1);
});

test("its points are where its own page has them at that epoch", () => {
  const cell = {
    row: row(),
    positions: new Float32Array(4),
    zoom: { x: 0, y: 0, k: 1 },
    at: -1,
    look: null,
    painted: -1,
  };
  placeCell(cell, 15);
  assert.deepEqual([...cell.positions], [1.5, 0, 0, 3]);
  assert.ok(isBetween(cell));
  placeCell(cell, 20);
  assert.deepEqual([...cell.positions], [2, 0, 0, 4]);
  assert.ok(!isBetween(cell));
  const empty = { ...cell, row: { ...cell.row, tensors: { slice: () => null } } };
  assert.throws(() => placeCell(empty, 10), /t-SNE has no data of 10 yet/);
});

test("pictures stand so that each is as large as it can be", () => {
  assert.equal(columnsFor(1, 1280, 720), 1);
  assert.equal(columnsFor(2, 1280, 720), 2);
  assert.equal(columnsFor(2, 720, 1280), 1);
  assert.equal(columnsFor(5, 1280, 720), 3);
  assert.equal(columnsFor(7, 1080, 1080), 3);
});

/** Rows of the comparison: where they begin, and how much of them a panel shows. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { hasClassHandles } from "../../assets/js/data/groups.mjs";
import { FLAT, home } from "../../assets/js/points/viewport.mjs";
import { firstFrame, windowAround } from "../../assets/js/stage/grid_rows.mjs";
import { identity, starFrame } from "../../assets/js/tour/frame.mjs";

const PRINCIPAL = [
  [0, 0],
  [0, 0.6],
  [1, 0],
  [0, 0.8],
];

/** What is announced. @param {object} said @returns {any} */
const announced = (said) => ({ radius: 4, epochs: [0, 5], task: "classification", splits: {}, ...said });

/** A row of two points in two epochs. @param {any} said @param {ArrayLike<number>} matrix @param {number[][]} slices @returns {any} */
function rowOf(said, matrix, slices) {
  const { p } = said;
  const seen = Float64Array.from({ length: 2 * p }, (_, i) => matrix[Math.floor(i / 2) * p + (i % 2)]);
  const slice = (/** @type {string} */ _, /** @type {number} */ index) =>
    slices[index] && { values: Uint16Array.from(slices[index]), scale: 0.5, offset: -10 };
  const turning = { flat: !said.axes, seen };
  return { said: announced(said), split: "test", turning, tensors: { slice } };
}

test("an embedding of more than two dimensions begins along its principal axes, outputs with handles equally long", () => {
  const frame = firstFrame(announced({ p: 4, embedding: { principal: PRINCIPAL } }));
  PRINCIPAL.forEach(([x, y], j) => {
    assert.ok(Math.abs(frame[4 * j] - x) < 1e-12 && Math.abs(frame[4 * j + 1] - y) < 1e-12);
  });
  assert.deepEqual(firstFrame(announced({ p: 4, embedding: null })), starFrame(4));
  assert.deepEqual(firstFrame(announced({ p: 4, embedding: { principal: null } })), starFrame(4));
});

test("a flat row's window is around its points in the epochs that are shown", () => {
  const row = rowOf({ p: 2, axes: null }, identity(2), [[20, 20, 28, 24], [20, 20, 60, 20]]); // prettier-ignore
  assert.deepEqual(windowAround(row, [0]), { x: 0.5, y: 0.25, k: 2 });
  assert.deepEqual(windowAround(row, [0, 5]), { x: 2.5, y: 0.25, k: 0.4 });
  assert.deepEqual(windowAround(row, [99]), { x: 0, y: 0, k: 1 }, "it has nothing there");
});

test("one that can be turned stays about its middle, with points and handles in sight as they are turned", () => {
  const frame = firstFrame(announced({ p: 4, embedding: { principal: PRINCIPAL } }));
  const far = rowOf({ p: 4, axes: ["d1", "d2", "d3", "d4"] }, frame, [[20, 20, 36, 20, 20, 20, 20, 20]]);
  const seen = windowAround(far, [0]);
  assert.deepEqual([seen.x, seen.y], [0, 0]);
  assert.ok(Math.abs(home(4) / seen.k - FLAT * 2) < 1e-12, "the point at 2");
  const near = rowOf({ p: 4, axes: ["d1", "d2", "d3", "d4"] }, frame, [[20, 20, 20, 20, 20, 20, 20, 20]]);
  assert.ok(Math.abs(home(4) / windowAround(near, [0]).k - FLAT) < 1e-12, "the handle at 1");
});

test("handles of an embedding are of no class, also where another row says what the network predicts", () => {
  assert.equal(hasClassHandles(announced({ p: 4, embedding: null })), true);
  assert.equal(hasClassHandles(announced({ p: 4, embedding: { principal: PRINCIPAL } })), false);
});

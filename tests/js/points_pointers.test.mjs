import assert from "node:assert/strict";
import { test } from "node:test";

import { createPointers } from "../../assets/js/points/pointers.mjs";
import { places } from "./fakes.mjs";

test("a press that hardly moves is a click, a longer way is a shape with a corner every few pixels", () => {
  const pointers = createPointers();
  pointers.down(1, [10, 10], false);
  assert.deepEqual(pointers.move(1, [12, 10]), [10, 10]);
  pointers.trace([12, 10], false);
  assert.deepEqual(pointers.corners, [[10, 10]]);
  assert.ok(pointers.clicked);
  for (const x of [13, 14, 20]) {
    pointers.move(1, [x, 10]);
    pointers.trace([x, 10], false);
  }
  assert.deepEqual(pointers.corners, [
    [10, 10],
    [13, 10],
    [20, 10],
  ]);
  assert.ok(!pointers.clicked);
  assert.equal(pointers.up(1), "shape");
  assert.equal(pointers.doing, "none");
});

test("a box keeps the corner where it began and the one where the pointer is", () => {
  const pointers = createPointers();
  pointers.down(1, [0, 0], false);
  for (const at of places([1, 1], [40, 30])) pointers.trace(at, true);
  assert.deepEqual(pointers.corners, [
    [0, 0],
    [40, 30],
  ]);
});

test("two fingers spread the picture about what lies between them, each time by what came since", () => {
  const pointers = createPointers();
  pointers.down(1, [0, 0], false);
  pointers.down(2, [100, 0], false);
  assert.equal(pointers.doing, "pinch");
  pointers.move(2, [200, 0]);
  assert.deepEqual(pointers.pinch(), { factor: 0.5, middle: [100, 0] });
  assert.deepEqual(pointers.pinch(), { factor: 1, middle: [100, 0] });
  assert.equal(pointers.up(1), null, "one finger is still down");
  assert.equal(pointers.pinch(), null);
  assert.equal(pointers.up(2), "pinch");
});

test("a pointer that is not down only hovers, and one that is lost leaves no shape behind", () => {
  const pointers = createPointers();
  assert.equal(pointers.move(7, [1, 1]), null);
  assert.equal(pointers.up(7), null);
  pointers.down(1, [0, 0], false);
  pointers.trace([9, 9], false);
  pointers.cancel(1);
  assert.deepEqual([pointers.doing, pointers.corners, pointers.count], ["none", [], 0]);
  pointers.down(2, [0, 0], true);
  assert.equal(pointers.doing, "pan");
  pointers.cancel();
  assert.equal(pointers.count, 0);
});

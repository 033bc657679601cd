import assert from "node:assert/strict";
import { test } from "node:test";

import { stateByKey } from "../../assets/js/core/arrow_keys.mjs";
import { blockHeight } from "../../assets/js/network/strip_block.mjs";

test("a wider state has a higher block, by the logarithm", () => {
  const heights = [1, 10, 50, 784, 5760].map((width) => blockHeight(width, 5760));
  assert.deepEqual(
    heights,
    [...heights].sort((a, b) => a - b),
  );
  assert.equal(heights[0], 14);
  assert.equal(heights[4], 46);
  assert.equal(blockHeight(64, 4096) - blockHeight(8, 4096), blockHeight(512, 4096) - blockHeight(64, 4096));
});

test("a network whose states have one value each still has blocks", () => {
  assert.equal(blockHeight(1, 1), 14);
});

test("arrow keys lead to the next whole state, from between two of them too", () => {
  const to = (key) => [0, 1, 1.3, 4].map((from) => stateByKey(key, from, 4));
  assert.deepEqual(to("ArrowRight"), [1, 2, 2, 4]);
  assert.deepEqual(to("ArrowLeft"), [0, 0, 1, 3]);
  assert.deepEqual(to("Home"), [0, 0, 0, 0]);
  assert.deepEqual(to("End"), [4, 4, 4, 4]);
  assert.equal(stateByKey("a", 1, 4), null);
});

test("a position that is a whole state but for rounding is that state", () => {
  assert.equal(stateByKey("ArrowRight", 2.9999999999, 9), 4);
  assert.equal(stateByKey("ArrowLeft", 3.0000000001, 9), 2);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { combine, idsIn } from "../../assets/js/points/brushes.mjs";

const all = () => true;
const square = { x0: -0.5, x1: 0.5, y0: -0.5, y1: 0.5 };
/** Three points on a line, ids 10, 11, 12. */
const line = { positions: Float32Array.of(-1, 0, 0, 0, 1, 0), ids: Int32Array.of(10, 11, 12), visible: all };
/** The same points elsewhere: 12 in the middle, 11 beside it. */
const turned = { positions: Float32Array.of(0, 0.2, 0.9, 0, 0.1, 0), ids: Int32Array.of(10, 11, 12), visible: all };
const everything = { x0: -2, x1: 2, y0: -2, y1: 2 };

test("a rectangle holds the points inside it and on its edge", () => {
  assert.deepEqual([...idsIn(line, square)], [11]);
  assert.deepEqual([...idsIn(line, { x0: -1, x1: 0, y0: 0, y1: 0 })], [10, 11]);
});

test("with AND a point must be inside every rectangle", () => {
  assert.deepEqual(
    combine(
      [
        [line, everything],
        [turned, square],
      ],
      "and",
    ),
    [10, 12],
  );
  assert.deepEqual(
    combine(
      [
        [line, square],
        [turned, square],
      ],
      "and",
    ),
    [],
  );
});

test("with OR it is enough to be inside one", () => {
  assert.deepEqual(
    combine(
      [
        [line, square],
        [turned, square],
      ],
      "or",
    ),
    [10, 11, 12],
  );
});

test("no rectangle selects nothing, whichever way they go together", () => {
  assert.deepEqual(combine([], "and"), []);
  assert.deepEqual(combine([], "or"), []);
});

test("hidden points are in no rectangle", () => {
  const without = { ...line, visible: (i) => i !== 1 };
  assert.deepEqual(combine([[without, everything]], "and"), [10, 12]);
});

test("a point that a panel has no place for is in none of its rectangles", () => {
  const lost = { ...line, positions: Float32Array.of(NaN, NaN, 0, 0, 1, 0) };
  assert.deepEqual(combine([[lost, everything]], "or"), [11, 12]);
});

test("panels with other points are matched by id, not by place in the array", () => {
  const some = { positions: Float32Array.of(0, 0), ids: Int32Array.of(12), visible: all };
  assert.deepEqual(
    combine(
      [
        [line, everything],
        [some, square],
      ],
      "and",
    ),
    [12],
  );
});

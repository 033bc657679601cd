import assert from "node:assert/strict";
import { test } from "node:test";

import { boxOf, nearestOfBoth, nearestPoint, pointsWithin, rectangleOf } from "../../assets/js/points/hits.mjs";
import { toLeft, toTop } from "../../assets/js/points/viewport.mjs";
import { places } from "./fakes.mjs";

// 200 × 100 px for x from -1 to 1 and y from -0.5 to 0.5: 100 px a unit
const view = { left: 0, top: 0, width: 200, height: 100, x0: -1, x1: 1, y0: -0.5, y1: 0.5, kx: 100, ky: 100 };
const positions = Float32Array.of(0, 0, 0.05, 0, 0.5, 0.25);
const picture = (visible = () => true) => ({ view, positions, visible });

test("the nearest visible point counts, if it is near enough", () => {
  assert.equal(nearestPoint(picture(), [101, 50], 9), 0);
  assert.equal(nearestPoint(picture(), [104, 50], 9), 1);
  assert.equal(
    nearestPoint(
      picture((i) => i !== 1),
      [104, 50],
      9,
    ),
    0,
  );
  assert.equal(nearestPoint(picture(), [150, 33], 9), 2);
  assert.equal(nearestPoint(picture(), [150, 35], 9), -1);
  assert.equal(nearestPoint(picture(), [150, 35], 18), 2);
});

test("a box holds the visible points in it, from whichever corner it was drawn", () => {
  const ends = places([110, 60], [90, 40]);
  assert.deepEqual(pointsWithin(picture(), boxOf(ends)), [0, 1]);
  assert.deepEqual(
    pointsWithin(
      picture((i) => i > 0),
      boxOf(ends),
    ),
    [1],
  );
  const { x0, x1, y0, y1 } = rectangleOf(view, ends);
  for (const [found, wanted] of [[x0, -0.1], [x1, 0.1], [y0, -0.1], [y1, 0.1]]) assert.ok(Math.abs(found - wanted) < 1e-12); // prettier-ignore
});

test("of two clouds the nearer point counts, and the first where both are as near", () => {
  const first = picture();
  const moved = first.positions.slice();
  moved[0] += 20 / first.view.kx; // of its first point the second cloud has it 20 px to the right
  const both = { ...first, second: { positions: moved, visible: () => true } };
  const [x, y] = [toLeft(first.view, first.positions[0]), toTop(first.view, first.positions[1])];
  const far = first.positions.slice().fill(1e6);
  const alone = { ...first, positions: far, second: { positions: moved, visible: () => true } };
  assert.deepEqual(nearestOfBoth(alone, [x + 19, y], 9), [0, true]);
  assert.deepEqual(nearestOfBoth(alone, [x + 40, y - 40], 9), [-1, false]);
  assert.equal(nearestOfBoth(both, [x - 1, y], 9)[1], false);
  assert.deepEqual(nearestOfBoth({ ...alone, second: null }, [x + 19, y], 9), [-1, false]);
  assert.deepEqual(nearestOfBoth({ ...alone, second: { positions: moved, visible: (i) => i > 0 } }, [x + 20, y], 2), [
    -1,
    false,
  ]);
});

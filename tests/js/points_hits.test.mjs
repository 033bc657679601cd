import assert from "node:assert/strict";
import { test } from "node:test";

import { boxOf, nearestPoint, pointsWithin, rectangleOf } from "../../assets/js/points/hits.mjs";
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

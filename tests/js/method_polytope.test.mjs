import assert from "node:assert/strict";
import { test } from "node:test";

import { randomFrame } from "../../assets/js/tour/frame.mjs";
import { hypercube, seen } from "../../assets/js/method/polytope.mjs";
import { arc, createCamera } from "../../assets/js/method/side_view.mjs";

test("a square, a cube and a tesseract have their corners and edges, on the unit sphere", () => {
  for (const [p, corners, edges] of [
    [2, 4, 4],
    [3, 8, 12],
    [4, 16, 32],
  ]) {
    // prettier-ignore
    const shape = hypercube(p);
    assert.deepEqual([shape.n, shape.edges.length], [corners, edges]);
    for (let i = 0; i < corners; i++)
      assert.ok(Math.abs(Math.hypot(...shape.corners.subarray(i * p, i * p + p)) - 1) < 1e-12);
    for (const [a, b, axis] of shape.edges) {
      const apart = Array.from({ length: p }, (_, k) => shape.corners[b * p + k] - shape.corners[a * p + k]);
      apart.forEach((x, k) => assert.ok(Math.abs(x - (k === axis ? 2 / Math.sqrt(p) : 0)) < 1e-12));
    }
  }
});

test("edges along one axis are seen alike from anywhere, and never longer than they are", () => {
  const { n, corners, edges } = hypercube(4);
  for (let seed = 0; seed < 20; seed++) {
    const places = seen(corners, n, randomFrame(4, seed), 4);
    /** @type {number[][]} */
    const first = [];
    for (const [a, b, axis] of edges) {
      const way = [places[2 * b] - places[2 * a], places[2 * b + 1] - places[2 * a + 1]];
      assert.ok(Math.hypot(...way) <= 1 + 1e-6);
      first[axis] ??= way;
      way.forEach((x, k) => assert.ok(Math.abs(x - first[axis][k]) < 1e-6));
    }
  }
});

test("from straight ahead the side view is the drawn one, from the side the hidden coordinate lies across", () => {
  assert.deepEqual(createCamera(0)(0.3, -0.4, 0.8), [0.3, -0.4, 0.8]);
  const [right, , near] = createCamera(Math.PI / 2)(0.3, 0, 0.8);
  assert.ok(Math.abs(right + 0.8) < 1e-12 && near > 0.25);
  for (const turn of [0.2, 1, 1.4])
    assert.ok(Math.abs(Math.hypot(...createCamera(turn)(0.3, -0.4, 0.8)) - Math.hypot(0.3, 0.4, 0.8)) < 1e-12);
});

test("an arc goes from one direction to the other at its radius", () => {
  const way = arc([2, 0, 0], [0, 0.1, 0], 0.5, 5);
  assert.equal(way.length, 5);
  for (const x of way) assert.ok(Math.abs(Math.hypot(...x) - 0.5) < 1e-12 && x[2] === 0);
  assert.ok(Math.hypot(way[4][0], way[4][1] - 0.5) < 1e-12);
  assert.deepEqual(arc([1, 0, 0], [3, 0, 0], 1), []);
  assert.deepEqual(arc([0, 0, 0], [3, 0, 0], 1), []);
});

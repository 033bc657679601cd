import assert from "node:assert/strict";
import { test } from "node:test";

import { orthonormalError } from "../../assets/js/tour/frame.mjs";
import { computedAnswer, createOdometer, linearAnswer, nearestStep } from "../../assets/js/method/answers.mjs";

const steps = [-1, 0, 1];
const plane = [[0.6, 0.8, 0], [0, 0, 1]]; // prettier-ignore
const note = { n: 2, p: 3, steps, plane, groups: [0, 1], points: { url: "", shape: [], dtype: "" }, pictures: [] };
const near = (a, b) => a.forEach((x, i) => assert.ok(Math.abs(x - b[i]) < 1e-6, `${a} is not ${b}`));

test("the nearest place of the grid, never one beyond it", () => {
  assert.deepEqual([-9, -0.51, -0.49, 0.2, 0.51, 9].map((x) => nearestStep(steps, x)), [0, 0, 1, 1, 2, 2]); // prettier-ignore
});

test("the linear answer shows points in the plane, the moved one where it is, and no other ever moves", () => {
  const linear = linearAnswer(note, Float32Array.of(1, 0, 0, 0, 0, -2));
  assert.ok(linear.matrix && orthonormalError(linear.matrix, 3) < 1e-12);
  const before = [...linear.at(0.25, -0.5)];
  near(before, [0.6, 0, 0, -2, 0.25, -0.5]);
  near([...linear.at(-1, 1)], [...before.slice(0, 4), -1, 1]);
});

test("a computed answer is the picture of the nearest place", () => {
  const values = Uint16Array.from({ length: 9 * 6 }, (_, i) => i);
  const picture = { name: "tsne", title: "t-SNE", tensor: note.points, scale: 0.5, offset: -1 };
  const answer = computedAnswer(note, picture, values);
  near(
    [...answer.at(0.9, -0.8)],
    [0, 1, 2, 3, 4, 5].map((i) => (36 + i) * 0.5 - 1),
  ); // third of the first, first of the second
});

test("the way of the moved point is not counted among the others'", () => {
  const way = createOdometer(2);
  way.add(Float32Array.of(0, 0, 0, 0, 0, 0), Float32Array.of(1, 0, 0, 2, 3, 4));
  assert.deepEqual([way.point, way.others], [5, 1.5]);
  way.reset();
  assert.deepEqual([way.point, way.others], [0, 0]);
});

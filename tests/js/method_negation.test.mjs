import assert from "node:assert/strict";
import { test } from "node:test";

import { uniform } from "../../assets/js/tour/random.mjs";
import {
  bothWays,
  makePoints,
  meanMotion,
  onTheWay,
  svd2,
  times,
  transposed,
} from "../../assets/js/method/negation.mjs";

const IDENTITY = [[1, 0], [0, 1]]; // prettier-ignore
const NEGATION = [[-1, 0], [0, -1]]; // prettier-ignore
const close = (a, b, tolerance = 1e-12) =>
  a.flat().forEach((x, i) => assert.ok(Math.abs(x - b.flat()[i]) < tolerance, `${a} is not ${b}`));
const orthogonal = (q) => close(times(q, transposed(q)), IDENTITY);

/** Random matrices, and those that break the formula of the eigenvectors: zero, one direction, equal singular values. */
function matrices() {
  const random = Array.from({ length: 200 }, (_, n) =>
    [0, 1].map((i) => [0, 1].map((j) => 4 * uniform(7, n, 2 * i + j) - 2)),
  );
  const special = [[[0, 0], [0, 0]], [[1, 2], [2, 4]], [[0, 3], [0, 0]], [[1e-9, 1], [0, 1e-9]], IDENTITY, NEGATION, [[0, 1], [1, 0]], [[0, -2], [2, 0]]]; // prettier-ignore
  return [...random, ...special];
}

test("every 2 × 2 matrix is its singular vectors times its singular values", () => {
  for (const m of matrices()) {
    const { u, sigma, v } = svd2(m);
    orthogonal(u);
    orthogonal(v);
    assert.ok(sigma[0] >= sigma[1] - 1e-12 && sigma[1] >= 0, `${m}: ${sigma}`);
    close(times(times(u, [[sigma[0], 0], [0, sigma[1]]]), transposed(v)), m); // prettier-ignore
  }
});

test("a layer that negates is I · I · (−I)ᵀ: naively points travel twice their length, aligned not at all", () => {
  const { u, sigma, v } = svd2(NEGATION);
  close(u, IDENTITY);
  close(v, NEGATION);
  assert.deepEqual(sigma, [1, 1]);
  const { points } = makePoints();
  const { naive, aligned, axes } = bothWays(NEGATION);
  const length = points.reduce((sum, [x, y]) => sum + Math.hypot(x, y), 0) / points.length;
  assert.ok(Math.abs(meanMotion(points, naive) - 2 * length) < 1e-12);
  assert.ok(length > 0.5);
  assert.equal(meanMotion(points, aligned), 0);
  close(axes, NEGATION);
});

test("aligned, only the scaling by the singular values is left", () => {
  for (const m of matrices()) {
    const { u, sigma } = svd2(m);
    const { aligned, axes } = bothWays(m);
    close(aligned, times(times(u, [[sigma[0], 0], [0, sigma[1]]]), transposed(u))); // prettier-ignore
    orthogonal(axes);
    close(times(m, axes), aligned); // the same points, seen in the turned axes
  }
});

test("axes turn from where they are to where they go, and stay as long if they turn", () => {
  for (const m of matrices()) {
    const { axes } = bothWays(m);
    close(onTheWay(axes, 0), IDENTITY);
    close(onTheWay(axes, 1), axes);
    const turns = axes[0][0] * axes[1][1] - axes[0][1] * axes[1][0] > 0;
    if (turns) orthogonal(onTheWay(axes, 0.37));
  }
});

test("the points are about forty, in three groups, and not their own negation", () => {
  const { points, groups } = makePoints();
  assert.equal(points.length, 40);
  assert.deepEqual([...new Set(groups)], [0, 1, 2]);
  for (const [x, y] of points) {
    assert.ok(Math.min(...points.map(([a, b]) => Math.hypot(x + a, y + b))) > 0.05);
    assert.ok(Math.hypot(x, y) < 1);
  }
});

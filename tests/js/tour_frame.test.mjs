import assert from "node:assert/strict";
import { test } from "node:test";
import { completeFrame, gramSchmidt, orthonormalError, randomFrame, starFrame } from "../../assets/js/tour/frame.mjs";
import { normals, uniform } from "../../assets/js/tour/random.mjs";
import { rotatePlane, rotateView } from "../../assets/js/tour/rotate.mjs";
import { assertClose, distance, seen } from "./golden.mjs";

test("frames are orthogonal in any number of dimensions", () => {
  for (const p of [1, 2, 3, 10, 64]) {
    assert.ok(orthonormalError(starFrame(p), p) < 1e-13, `star p=${p}`);
    assert.ok(orthonormalError(randomFrame(p, p), p) < 1e-13, `random p=${p}`);
  }
  assert.ok(orthonormalError(starFrame(512), 512) < 1e-12);
});

test("the handles of a star are equally long", () => {
  for (const p of [3, 10, 64]) {
    const columns = seen(starFrame(p), p);
    for (let i = 0; i < p; i++)
      assertClose([Math.hypot(columns[2 * i], columns[2 * i + 1])], [Math.sqrt(2 / p)], 1e-12);
  }
});

test("uniform numbers fill the interval evenly and streams are unrelated", () => {
  const n = 20000;
  const bins = new Float64Array(16);
  let product = 0;
  for (let i = 0; i < n; i++) {
    const x = uniform(5, 1, i);
    bins[Math.floor(16 * x)] += 1;
    product += (x - 0.5) * (uniform(5, 2, i) - 0.5);
  }
  for (const count of bins) assert.ok(Math.abs(count - n / 16) < 5 * Math.sqrt(n / 16), `${count} of ${n} in a bin`);
  assert.ok(Math.abs(product / n) < 5 / 12 / Math.sqrt(n), `correlation ${12 * (product / n)}`);
});

test("normal numbers have mean 0 and variance 1", () => {
  const x = normals(9, 9, 20001);
  const mean = x.reduce((a, b) => a + b) / x.length;
  const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
  assert.ok(Math.abs(mean) < 0.04 && Math.abs(variance - 1) < 0.05, `mean ${mean}, variance ${variance}`);
});

test("Gram-Schmidt gives an orthogonal matrix from anything, and keeps the first row's direction", () => {
  for (let k = 0; k < 50; k++) {
    const p = 2 + (k % 6);
    const m = normals(k, 77, p * p);
    if (k % 3 === 0) m.fill(0, p, 2 * p);
    if (k % 3 === 1) for (let j = 0; j < p; j++) m[(p - 1) * p + j] = 2 * m[j] + 1e-14 * m[p + j];
    if (k === 5) m[p * p - 1] = NaN;
    if (k === 7) m[p * p - 1] = Infinity;
    const first = k % (p - 1);
    const before = m.slice(first * p, first * p + p);
    gramSchmidt(m, p, first);
    assert.ok(orthonormalError(m, p) < 1e-13, `case ${k}: ${orthonormalError(m, p)}`);
    const length = Math.hypot(...before);
    if (length > 0 && length < Infinity)
      assertClose(
        m.slice(first * p, first * p + p),
        before.map((v) => v / length),
        1e-13,
      );
  }
});

test("a frame completed from its first two columns has exactly those", () => {
  for (const p of [2, 3, 10, 64, 512]) {
    const columns = seen(p === 512 ? starFrame(p) : randomFrame(p, 4), p);
    const m = completeFrame(columns, p);
    assertClose(seen(m, p), columns, 1e-14, `p=${p}`);
    assert.ok(orthonormalError(m, p) < 1e-12, `p=${p}`);
  }
});

test("a frame completed from rounded columns is orthogonal and shows nearly the same", () => {
  const columns = seen(randomFrame(10, 4), 10).map((v) => Math.round(v * 1000) / 1000);
  const m = completeFrame(columns, 10);
  assert.ok(orthonormalError(m, 10) < 1e-13);
  assert.ok(distance(seen(m, 10), columns) < 3e-3);
});

test("columns that make no frame are refused with the reason", () => {
  assert.throws(() => completeFrame([1, 0, 0], 3), /completeFrame: v must hold 2 × 3 numbers, got 3/);
  assert.throws(() => completeFrame([1, 0, 0, NaN], 2), /must be finite, got NaN at 3/);
  assert.throws(() => completeFrame([1, 2, 2, 4, 3, 6], 3), /must be independent/);
  assert.throws(() => completeFrame([0, 1, 0, 0], 2), /must be independent/);
});

test("a plane rotation turns a towards b and leaves the complement alone", () => {
  const p = 7;
  const m = randomFrame(p, 8);
  const a = Float64Array.from({ length: p }, (_, i) => m[i * p]);
  const b = Float64Array.from({ length: p }, (_, i) => m[i * p + 3]);
  const turned = rotatePlane(m.slice(), p, a, b, Math.PI / 6);
  for (let i = 0; i < p; i++) {
    assertClose([turned[i * p]], [Math.cos(Math.PI / 6) * a[i] + 0.5 * b[i]], 1e-14);
    for (const j of [1, 2, 4, 5, 6]) assertClose([turned[i * p + j]], [m[i * p + j]], 1e-14);
  }
  const row = m.slice(0, p);
  const viewed = rotateView(m.slice(), p, row, m.slice(p, 2 * p), Math.PI / 2);
  assertClose(viewed.slice(0, p), m.slice(p, 2 * p), 1e-14, "a row turned by a right angle");
  assertClose(viewed.slice(2 * p), m.slice(2 * p), 1e-14, "the other rows");
});

test("directions that span no plane turn nothing", () => {
  const m = randomFrame(3, 1);
  for (const [a, b] of [
    [
      [0, 0, 0],
      [1, 0, 0],
    ],
    [
      [1, 0, 0],
      [-2, 0, 0],
    ],
    [
      [1, 0, 0],
      [0, 0, 0],
    ],
  ]) {
    assert.deepEqual(rotatePlane(m.slice(), 3, a, b, 1), m);
    assert.deepEqual(rotateView(m.slice(), 3, a, b, 1), m);
  }
});

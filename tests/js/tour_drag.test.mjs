import assert from "node:assert/strict";
import { test } from "node:test";
import { dragCentroid, dragHandle } from "../../assets/js/tour/drag.mjs";
import { gramSchmidt, identity, orthonormalError, randomFrame, starFrame } from "../../assets/js/tour/frame.mjs";
import { normals, uniform } from "../../assets/js/tour/random.mjs";
import { assertClose, distance } from "./golden.mjs";

/** A point of the unit disc, evenly. @param {number} k @returns {[number, number]} */
function inDisc(k) {
  const radius = Math.sqrt(uniform(1, 900, k));
  const angle = 2 * Math.PI * uniform(1, 901, k);
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

test("a dragged handle is where the pointer is, and the frame stays orthogonal over thousands of drags", () => {
  for (const [p, drags] of [
    [3, 5000],
    [4, 5000],
    [10, 5000],
    [64, 300],
  ]) {
    const m = starFrame(p);
    for (let k = 0; k < drags; k++) {
      const [x, y] = inDisc(k);
      const i = k % p;
      dragHandle(m, p, i, x, y);
      assertClose([m[i * p], m[i * p + 1]], [x, y], 1e-11, `p=${p} drag ${k}`);
    }
    assert.ok(orthonormalError(m, p) < 1e-11, `p=${p}: ${orthonormalError(m, p)}`);
  }
});

test("a handle in 512 dimensions is where the pointer is", () => {
  const p = 512;
  const m = starFrame(p);
  for (let k = 0; k < 20; k++) dragHandle(m, p, 5, 0.04 * k, -0.02 * k);
  assertClose([m[5 * p], m[5 * p + 1]], [0.76, -0.38], 1e-12);
  assert.ok(orthonormalError(m, p) < 1e-11);
});

test("a frame that is off is put right by a drag", () => {
  const m = randomFrame(6, 2);
  m[8] += 1e-4;
  dragHandle(m, 6, 2, 0.5, 0.1);
  assert.ok(orthonormalError(m, 6) < 1e-13);
});

test("beyond the unit circle the handle stays on it, in the pointer's direction, and comes back the way it left", () => {
  const p = 10;
  const m = randomFrame(p, 3);
  dragHandle(m, p, 4, 0.5, 0.2);
  const hidden = m.slice(4 * p + 2, 5 * p);
  dragHandle(m, p, 4, 30, 40);
  assertClose([m[4 * p], m[4 * p + 1]], [0.6, 0.8], 1e-11);
  dragHandle(m, p, 4, 0.5, 0.2);
  assertClose(m.slice(4 * p + 2, 5 * p), hidden, 1e-8, "the hidden part");
});

test("the closed form is Gram-Schmidt with the dragged row first", () => {
  for (let k = 0; k < 200; k++) {
    const p = [3, 4, 10][k % 3];
    const m = randomFrame(p, k);
    const i = k % p;
    const [dx, dy] = inDisc(k);
    const [x, y] = [m[i * p] + 0.2 * dx, m[i * p + 1] + 0.2 * dy];
    if (Math.hypot(x, y) > 0.99) continue;
    const full = m.slice();
    const hidden = Math.hypot(...m.slice(i * p + 2, i * p + p));
    for (let j = 2; j < p; j++) full[i * p + j] *= Math.sqrt(1 - x * x - y * y) / hidden;
    full[i * p] = x;
    full[i * p + 1] = y;
    assertClose(dragHandle(m, p, i, x, y), gramSchmidt(full, p, i), 1e-12, `p=${p} case ${k}`);
  }
});

test("a small drag moves every handle a little: no sign flips", () => {
  for (let k = 0; k < 300; k++) {
    const p = [2, 3, 4, 10, 64][k % 5];
    const m = randomFrame(p, 1000 + k);
    const i = k % p;
    const [dx, dy] = inDisc(k).map((v) => 1e-4 * v);
    const [x, y] = [m[i * p] + dx, m[i * p + 1] + dy];
    if (p > 2 && Math.hypot(x, y) > 0.95) continue;
    assert.ok(distance(dragHandle(m.slice(), p, i, x, y), m) < 1e-3, `p=${p} case ${k}`);
  }
});

test("a handle that lies in the picture can be pulled in, and disturbs all hidden ones alike", () => {
  const p = 10;
  const m = dragHandle(identity(p), p, 0, 0.9, 0);
  assertClose([m[0], m[1]], [0.9, 0], 1e-14);
  assert.ok(orthonormalError(m, p) < 1e-14);
  for (let j = 2; j < p; j++) assert.ok(Math.hypot(m[j * p], m[j * p + 1]) < 0.2, `handle ${j}`);
  const three = dragHandle(identity(3), 3, 1, 0, 0);
  assertClose([three[3], three[4]], [0, 0], 1e-14);
  assert.ok(orthonormalError(three, 3) < 1e-14);
});

test("two dimensions turn towards the pointer without mirroring, one stays", () => {
  const m = dragHandle(identity(2), 2, 0, -3, 0);
  assertClose(m, [-1, 0, 0, -1], 1e-12);
  assertClose(dragHandle(identity(2), 2, 0, 0, 0), identity(2), 0);
  assertClose(dragHandle(identity(1), 1, 0, 0.5, 0.5), [1], 0);
});

test("a pointer that is no number moves nothing", () => {
  assertClose(dragHandle(starFrame(5), 5, 0, NaN, 0), starFrame(5), 0);
  assertClose(dragCentroid(starFrame(5), 5, [1, 0, 0, 0, 0], 0, Infinity), starFrame(5), 0);
});

test("dragging changes no distance between points in p dimensions", () => {
  for (const p of [2, 3, 10]) {
    const points = [normals(2, 800, p), normals(2, 801, p)];
    const before = Math.hypot(...points[0].map((v, k) => v - points[1][k]));
    const m = starFrame(p);
    for (let k = 0; k < 100; k++) {
      dragHandle(m, p, k % p, ...inDisc(k));
      dragCentroid(m, p, points[0], ...inDisc(k + 1000));
      const [a, b] = points.map((x) =>
        Array.from({ length: p }, (_, j) => x.reduce((sum, v, i) => sum + v * m[i * p + j], 0)),
      );
      assertClose([Math.hypot(...a.map((v, j) => v - b[j]))], [before], 1e-11, `p=${p} drag ${k}`);
    }
  }
});

test("a dragged centroid goes to (c + Δ) scaled to its length, and what is orthogonal to both stays", () => {
  const p = 6;
  const m = randomFrame(p, 4);
  const c = normals(5, 5, p);
  /** @param {ArrayLike<number>} frame */
  const image = (frame) => Array.from({ length: p }, (_, j) => c.reduce((sum, v, i) => sum + v * frame[i * p + j], 0));
  const from = image(m);
  const to = from.slice();
  to[0] += 0.4;
  to[1] -= 0.7;
  const scale = Math.hypot(...from) / Math.hypot(...to);
  dragCentroid(m, p, c, 0.4, -0.7);
  assertClose(
    image(m),
    to.map((v) => v * scale),
    1e-13,
  );
  assert.ok(orthonormalError(m, p) < 1e-14);
});

test("a centroid at the origin, one dragged onto it and one dragged through it break nothing", () => {
  const m = identity(3);
  assertClose(dragCentroid(m.slice(), 3, [0, 0, 0], 1, 1), m, 0);
  assertClose(dragCentroid(m.slice(), 3, [1, 0, 0], -1, 0), m, 0);
  assertClose(dragCentroid(m.slice(), 3, [1, 0, 0], -2, 0), [-1, 0, 0, 0, -1, 0, 0, 0, 1], 1e-12);
});

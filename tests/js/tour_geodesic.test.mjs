import assert from "node:assert/strict";
import { test } from "node:test";
import { completeFrame, identity, orthonormalError, randomFrame } from "../../assets/js/tour/frame.mjs";
import { createGeodesic } from "../../assets/js/tour/geodesic.mjs";
import { rotateColumns } from "../../assets/js/tour/rotate.mjs";
import { assertClose, distance, seen } from "./golden.mjs";

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} p */
const angle = (a, b, p) => createGeodesic(a, b, p).angle;

test("the path starts at the one view, ends at the other and is orthogonal between", () => {
  for (const p of [2, 3, 4, 5, 10, 64]) {
    for (let k = 0; k < 10; k++) {
      const [from, to] = [randomFrame(p, k), randomFrame(p, k + 50)];
      const way = createGeodesic(from, to, p);
      const out = new Float64Array(p * p);
      assertClose(way.at(0, out), from, 0);
      for (const u of [0.1, 0.5, 0.9, 1]) assert.ok(orthonormalError(way.at(u, out), p) < 1e-12, `p=${p} at ${u}`);
      assertClose(seen(out, p), seen(to, p), 0);
      assertClose(seen(way.at(1 - 1e-13, out), p), seen(to, p), 1e-11, "no jump at the end");
    }
  }
});

test("progress outside [0, 1] is held at the ends", () => {
  const [from, to] = [randomFrame(4, 1), randomFrame(4, 2)];
  const way = createGeodesic(from, to, 4);
  const out = new Float64Array(16);
  for (const u of [-1, NaN]) assertClose(way.at(u, out), from, 0);
  assertClose(seen(way.at(7, out), 4), seen(to, 4), 0);
});

test("no way through a third view is shorter, and the way through one on the path is as long", () => {
  for (const p of [3, 4, 5, 10]) {
    for (let k = 0; k < 60; k++) {
      const [from, to, third] = [1, 2, 3].map((s) => randomFrame(p, 3 * k + s));
      const way = createGeodesic(from, to, p);
      assert.ok(way.angle <= angle(from, third, p) + angle(third, to, p) + 1e-9, `p=${p} case ${k}`);
      const on = way.at(0.4, new Float64Array(p * p));
      assertClose([angle(from, on, p), angle(on, to, p)], [0.4 * way.angle, 0.6 * way.angle], 1e-7, `p=${p} case ${k}`);
      const aside = on.slice();
      rotateColumns(aside, p, 0.3);
      assert.ok(angle(from, aside, p) + angle(aside, to, p) > way.angle, `p=${p} case ${k}`);
      assertClose([angle(to, from, p)], [way.angle], 1e-9, "both ways are as long");
    }
  }
});

test("a turn of the picture in its plane is walked as such, the short way round", () => {
  for (const p of [2, 3, 4, 10]) {
    for (const turn of [0, 1e-9, 0.5, -2, 3.1, 4]) {
      const from = randomFrame(p, 6);
      const way = createGeodesic(from, rotateColumns(from.slice(), p, turn), p);
      const short = Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)));
      assertClose([way.angle], [short], 1e-8, `p=${p} by ${turn}`);
      const half = rotateColumns(from.slice(), p, Math.atan2(Math.sin(turn), Math.cos(turn)) / 2);
      assertClose(way.at(0.5, new Float64Array(p * p)), half, 1e-7, `p=${p} half of ${turn}`);
    }
  }
});

test("in three dimensions it is the one rotation that takes the one frame to the other", () => {
  for (let k = 0; k < 20; k++) {
    const [from, to] = [randomFrame(3, k), randomFrame(3, 90 + k)].map((m) => {
      const [a, b] = [0, 1].map((c) => [m[c], m[3 + c], m[6 + c]]);
      return [a, b, [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]];
    });
    const trace = from.flat().reduce((sum, v, i) => sum + v * to.flat()[i], 0);
    const transposed = [from, to].map((columns) => [0, 1, 2].flatMap((i) => columns.map((column) => column[i])));
    assertClose([angle(transposed[0], transposed[1], 3)], [Math.acos((trace - 1) / 2)], 1e-9, `case ${k}`);
  }
});

test("opposite, swapped, mirrored, shared and equal views give numbers and stay orthogonal", () => {
  const unit = (/** @type {number} */ p, /** @type {number[][]} */ entries) => {
    const v = new Float64Array(2 * p);
    for (const [row, column, value] of entries) v[2 * row + column] = value;
    return completeFrame(v, p);
  };
  for (const p of [3, 4, 5, 10]) {
    const ends = [
      identity(p),
      unit(p, [
        [0, 0, -1],
        [1, 1, -1],
      ]),
      unit(p, [
        [1, 0, 1],
        [0, 1, 1],
      ]),
      unit(p, [
        [0, 0, 1],
        [1, 1, -1],
      ]),
      unit(p, [
        [0, 0, -1],
        [2, 1, 1],
      ]),
      unit(p, [
        [2, 0, 1],
        [1, 1, 1],
      ]),
      ...(p > 3
        ? [
            unit(p, [
              [2, 0, 1],
              [3, 1, 1],
            ]),
            unit(p, [
              [3, 0, -1],
              [2, 1, 1],
            ]),
          ]
        : []),
    ];
    for (const [k, to] of ends.entries()) {
      const way = createGeodesic(identity(p), to, p);
      assert.ok(way.angle >= 0 && way.angle < 5, `p=${p} end ${k}: ${way.angle}`);
      let before = identity(p);
      for (let u = 0.01; u <= 1; u += 0.01) {
        const out = way.at(u, new Float64Array(p * p));
        assert.ok(orthonormalError(out, p) < 1e-12, `p=${p} end ${k} at ${u}`);
        assert.ok(distance(out, before) < 0.06, `p=${p} end ${k}: a jump at ${u}`);
        before = out;
      }
      assert.ok(distance(seen(before, p), seen(to, p)) < 0.06, `p=${p} end ${k}: a jump at the end`);
    }
  }
});

test("a mirrored plane is flipped over like a card; one dimension changes at the end", () => {
  const way = createGeodesic(identity(2), [1, 0, 0, -1], 2);
  assertClose(way.at(0.5, new Float64Array(4)), [1, 0, 0, 0], 1e-12);
  assertClose(way.at(1, new Float64Array(4)), [1, 0, 0, -1], 0);
  const line = createGeodesic([1], [-1], 1);
  assertClose(line.at(0.5, new Float64Array(1)), [1], 0);
  assertClose(line.at(1, new Float64Array(1)), [-1], 0);
});

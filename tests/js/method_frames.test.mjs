/** What the page Method says of frames: pulled points, drawn lengths, and a frame passed on from layer to layer. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { P, drawnSpread, leftOver, makeHandful, turnedRow } from "../../assets/js/method/drags.mjs";
import { makePoints, times, transposed } from "../../assets/js/method/negation.mjs";
import { between, leap, passOn, pictures, turnBy } from "../../assets/js/method/passing_on.mjs";
import { drawnLengths } from "../../assets/js/method/lengths.mjs";
import { createDrag } from "../../assets/js/tour/drag_points.mjs";
import { identity, orthonormalError, randomFrame } from "../../assets/js/tour/frame.mjs";
import { uniform } from "../../assets/js/tour/random.mjs";
import { assertClose } from "./golden.mjs";

const handful = makeHandful();
/** @type {[number, number][]} */
const WISHES = [[0.5, 0.2], [-0.7, 0.1], [0.05, -0.9], [-0.4, -0.4]]; // prettier-ignore

/** The frame that a mode answers with. @param {"rotate"|"fit"|"spread"} mode @param {Float64Array} before @param {[number, number]} wish */
function answer(mode, before, [dx, dy]) {
  const out = new Float64Array(P * P);
  const drag = createDrag(mode, before, P, handful.points, handful.n, handful.selected);
  assert.ok(drag);
  return drag.at(dx, dy, out);
}

test("of all answers to a drag the fit leaves least of the wish", () => {
  for (const [seed, wish] of WISHES.entries()) {
    const before = seed ? randomFrame(P, seed) : identity(P);
    const left = (now) => leftOver(before, now, handful, ...wish);
    const fit = left(answer("fit", before, wish));
    assert.ok(fit < left(before), "less than standing still");
    for (const mode of /** @type {("rotate"|"spread")[]} */ (["rotate", "spread"]))
      assert.ok(fit <= left(answer(mode, before, wish)) + 1e-3, mode);
    for (let other = 0; other < 50; other++) assert.ok(fit < left(randomFrame(P, other)) + 1e-3);
  }
});

test("nothing is left of a wish that is no wish, and all of one that is not answered", () => {
  const before = randomFrame(P, 3);
  assert.equal(leftOver(before, before, handful, 0, 0), 0);
  assert.ok(Math.abs(leftOver(before, before, handful, 0.3, 0.4) - 0.5 * Math.SQRT1_2) < 1e-12);
});

test("no view draws more of the selection's spread than a spread that was pulled to its end", () => {
  const most = drawnSpread(answer("spread", identity(P), [0.5, 0]), handful);
  assert.ok(most > drawnSpread(identity(P), handful) + 0.2);
  for (let seed = 0; seed < 200; seed++) assert.ok(drawnSpread(randomFrame(P, seed), handful) <= most + 1e-12);
});

test("a rotate takes the middle of the selection towards the pointer, as long as it was", () => {
  const middle = (g) => {
    const rows = handful.selected.map((row) => turnedRow(handful.points, row, g));
    return rows[0].map((_, k) => rows.reduce((sum, row) => sum + row[k], 0) / rows.length);
  };
  for (const wish of WISHES) {
    const from = middle(identity(P));
    const asked = from.map((value, k) => value + (wish[k] ?? 0));
    const scale = Math.hypot(...from) / Math.hypot(...asked);
    assertClose(middle(answer("rotate", identity(P), wish)), asked.map((value) => value * scale), 1e-12); // prettier-ignore
  }
});

test("no unit vector is drawn longer than it is, and their squares add up to the two dimensions that are drawn", () => {
  for (let p = 2; p <= 10; p++) {
    const g = randomFrame(p, p);
    const lengths = drawnLengths(g, p);
    assert.ok(lengths.every((length) => length <= 1 + 1e-12));
    assert.ok(Math.abs(lengths.reduce((sum, length) => sum + length * length, 0) - 2) < 1e-12);
  }
  assert.deepEqual(drawnLengths(identity(3), 3), [1, 1, 0]);
});

const random = (n) => [0, 1].map((i) => [0, 1].map((j) => 4 * uniform(9, n, 2 * i + j) - 2));

test("passed on as U₂ᵀ V₁ G₁ a frame shows the state between two layers at one place; kept, it does not", () => {
  const { points } = makePoints();
  for (let n = 0; n < 100; n += 2) {
    const [first, second, g1] = [random(n), random(n + 1), turnBy(n)];
    const { u1, v2, g2 } = passOn(first, second, g1);
    assert.ok(orthonormalError(Float64Array.from(g2.flat()), 2) < 1e-12);
    const seen = pictures(first, second, g1, g2);
    assertClose(seen.behindFirst.flat(), seen.beforeSecond.flat(), 1e-12, "the state between");
    assertClose(seen.begin.flat(), times(u1, g1).flat(), 1e-12);
    assertClose(seen.end.flat(), times(times(times(first, second), v2), g2).flat(), 1e-12);
    const kept = pictures(first, second, g1, g1);
    assert.ok(leap(points, seen.behindFirst, seen.beforeSecond) < 1e-12);
    assert.ok(leap(points, kept.behindFirst, kept.beforeSecond) > 0);
  }
});

test("a turn turns, and between two matrices both are reached", () => {
  assertClose(times(turnBy(0.3), transposed(turnBy(0.3))).flat(), [1, 0, 0, 1], 1e-15);
  const [a, b] = [random(1), random(2)];
  assertClose(between(a, b, 0).flat(), a.flat(), 0);
  assertClose(between(a, b, 1).flat(), b.flat(), 0);
});

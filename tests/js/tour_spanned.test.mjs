import assert from "node:assert/strict";
import { test } from "node:test";
import { carryFrame, orthonormalError, randomFrame, randomView, starFrame } from "../../assets/js/tour/frame.mjs";
import { createGeodesic } from "../../assets/js/tour/geodesic.mjs";
import { createGrandTour } from "../../assets/js/tour/grand_tour.mjs";
import { projectSlice } from "../../assets/js/tour/project.mjs";
import { uniform } from "../../assets/js/tour/random.mjs";
import { createSpanned } from "../../assets/js/tour/spanned.mjs";
import { assertClose, distance, seen } from "./golden.mjs";

/** The columns that a span says. @param {import("../../assets/js/tour/grand_tour.mjs").Span} span @param {number} p */
function made({ pairs, weights }, p) {
  const out = new Float64Array(2 * p);
  pairs.forEach((pair, k) => {
    for (let i = 0; i < p; i++)
      for (let a = 0; a < 2; a++)
        for (let c = 0; c < 2; c++) out[2 * i + c] += pair[2 * i + a] * weights[4 * k + 2 * a + c];
  });
  return out;
}

/** Stored values of n points. @param {number} n @param {number} p @param {number} seed */
const slice = (n, p, seed) => ({
  values: Uint16Array.from({ length: n * p }, (_, i) => 65535 * uniform(seed, 1, i) ** 8),
  scale: 1 / 65535,
  offset: -0.01,
});

test("what the tour says its view is made of makes its view, over knots, new seeds and set frames", () => {
  for (const p of [1, 2, 3, 10, 200]) {
    const tour = createGrandTour({ p, seed: 5 });
    for (let frame = 0; frame < 400; frame++) {
      tour.move(0.0173);
      if (frame === 150) tour.reseed(9);
      if (frame === 250) tour.setMatrix(randomView(p, 3));
      assertClose(made(tour.span, p), tour.seen, 1e-12, `p=${p} at ${tour.time} s`);
    }
  }
});

test("the view of a tour is orthonormal for hours, in many dimensions", () => {
  const p = 1000;
  const tour = createGrandTour({ p, seed: 2, speed: 40 });
  for (let frame = 0; frame < 600; frame++) tour.move(1 / 6); // more than an hour of tour, in which nobody asks for the whole
  const sums = [0, 0, 0];
  for (let i = 0; i < p; i++) {
    const [x, y] = [tour.seen[2 * i], tour.seen[2 * i + 1]];
    [sums[0], sums[1], sums[2]] = [sums[0] + x * x, sums[1] + y * y, sums[2] + x * y];
  }
  assertClose(sums, [1, 1, 0], 1e-12);
});

test("the whole frame follows its view, and is orthogonal whenever it is asked for", () => {
  const p = 200;
  const [watched, alone] = [createGrandTour({ p, seed: 8 }), createGrandTour({ p, seed: 8 })];
  for (let second = 1; second <= 20; second++) {
    watched.advance(1);
    alone.move(1);
    assert.ok(orthonormalError(watched.matrix, p) < 1e-12);
  }
  assertClose(seen(alone.matrix, p), alone.seen, 0);
  assertClose(watched.matrix, alone.matrix, 1e-12, "asking for the whole changes nothing");
});

test("a frame is carried to any view, the opposite one too", () => {
  for (const p of [3, 4, 10]) {
    const from = randomFrame(p, 1);
    const opposite = Float64Array.from(seen(from, p), (x) => -x);
    for (const wanted of [opposite, Float64Array.from(seen(randomFrame(p, 2), p)), Float64Array.from(seen(from, p))]) {
      const carried = carryFrame(from.slice(), p, wanted);
      assertClose(seen(carried, p), wanted, 0);
      assert.ok(orthonormalError(carried, p) < 1e-9, `p=${p}: ${orthonormalError(carried, p)}`);
    }
  }
});

test("a random view of many dimensions is a frame, another for each seed, and quick to make", () => {
  const [one, two] = [randomView(300, 1), randomView(300, 2)];
  assert.ok(orthonormalError(one, 300) < 1e-12 && distance(one, two) > 0.05);
  assertClose(randomView(10, 4), randomFrame(10, 4), 0);
});

test("a shortest path says its view alone, and what it is made of", () => {
  for (const p of [1, 2, 3, 10, 64]) {
    const way = createGeodesic(randomFrame(p, 6), randomFrame(p, 7), p);
    for (const u of [0, 0.3, 0.99, 1]) {
      const columns = new Float64Array(2 * p);
      const whole = way.at(u, new Float64Array(p * p));
      for (let i = 0; i < p; i++) columns.set(whole.subarray(i * p, i * p + Math.min(p, 2)), 2 * i);
      assertClose(way.seenAt(u), columns, 1e-12, `p=${p} at ${u}`);
      assertClose(made(way.spanAt(u), p), columns, 1e-12, `p=${p} at ${u}`);
    }
  }
});

test("points that are seen along a few directions are where the frame shows them, in every frame and between epochs", () => {
  const [n, p] = [37, 60];
  const tour = createGrandTour({ p, seed: 3 });
  const spanned = createSpanned();
  const slices = [0, 1, 2, 3].map((epoch) => slice(n, p, epoch));
  const [fast, slow] = [new Float32Array(2 * n), new Float32Array(2 * n)];
  for (let frame = 0; frame < 300; frame++) {
    tour.move(1 / 60);
    if (frame === 200) tour.setMatrix(starFrame(p));
    const at = frame / 100;
    const [a, b, t] = [slices[Math.floor(at)], slices[Math.ceil(at)], at % 1];
    spanned.project(fast, tour.seen, tour.span, p, n, a, b, t, 0.5);
    projectSlice(
      slow, tour.matrix, p, n, a.values, a.scale / 2, a.offset / 2, b.values, b.scale / 2, b.offset / 2, t,
    ); // prettier-ignore
    assertClose(fast, slow, 2e-6, `frame ${frame}`);
  }
});

test("points with few dimensions are projected as they always were, to the bit", () => {
  const [n, p] = [9, 10];
  const frame = Float64Array.from(seen(randomFrame(p, 3), p));
  const [a, b] = [slice(n, p, 1), slice(n, p, 2)];
  const one = createSpanned().project(
    new Float32Array(2 * n), frame, { pairs: [frame], weights: Float64Array.of(1, 0, 0, 1) }, p, n, a, b, 0.3, 1,
  ); // prettier-ignore
  const two = projectSlice(
    new Float32Array(2 * n), randomFrame(p, 3), p, n, a.values, a.scale, a.offset, b.values, b.scale, b.offset, 0.3,
  ); // prettier-ignore
  assertClose(one, two, 0);
});

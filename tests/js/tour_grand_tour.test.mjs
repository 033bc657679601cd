import assert from "node:assert/strict";
import { test } from "node:test";
import { identity, orthonormalError, randomFrame, starFrame } from "../../assets/js/tour/frame.mjs";
import { createGrandTour } from "../../assets/js/tour/grand_tour.mjs";
import { assertClose, distance } from "./golden.mjs";

test("the frame is orthogonal after 100,000 frames", () => {
  for (const p of [1, 2, 3, 10]) {
    const tour = createGrandTour({ p, seed: p });
    for (let frame = 0; frame < 100_000; frame++) tour.advance(1 / 60);
    assert.ok(orthonormalError(tour.matrix, p) < 1e-11, `p=${p}: ${orthonormalError(tour.matrix, p)}`);
  }
});

test("the frame is orthogonal in many dimensions", () => {
  for (const [p, frames] of [
    [64, 5000],
    [512, 60],
  ]) {
    const tour = createGrandTour({ p, seed: p });
    for (let frame = 0; frame < frames; frame++) tour.advance(1 / 60);
    assert.ok(orthonormalError(tour.matrix, p) < 1e-12, `p=${p}: ${orthonormalError(tour.matrix, p)}`);
  }
});

test("the same seed takes the same path at 30 and at 144 frames a second", () => {
  for (const [p, seconds] of [
    [1, 2],
    [2, 60],
    [3, 120],
    [10, 120],
    [64, 20],
    [512, 0.5],
  ]) {
    const [slow, fast] = [createGrandTour({ p, seed: 3 }), createGrandTour({ p, seed: 3 })];
    for (let second = 0.5; second <= seconds; second += 0.5) {
      for (let frame = 0; frame < 15; frame++) slow.advance(1 / 30);
      for (let frame = 0; frame < 72; frame++) fast.advance(1 / 144);
      assertClose(slow.matrix, fast.matrix, 1e-9, `p=${p} after ${second} s`);
    }
  }
});

test("another seed takes another path, from the same start", () => {
  const [one, two] = [createGrandTour({ p: 10, seed: 1 }), createGrandTour({ p: 10, seed: 2 })];
  assertClose(one.matrix, starFrame(10), 0);
  assertClose(two.matrix, starFrame(10), 0);
  assert.ok(distance(one.advance(2), two.advance(2)) > 0.1);
});

test("speed changes how fast the path is walked, not the path", () => {
  const [plain, paced] = [createGrandTour({ p: 5, seed: 4 }), createGrandTour({ p: 5, seed: 4, speed: 0.25 })];
  plain.advance(6);
  paced.advance(4); // 1 s of tour
  paced.setSpeed(0);
  paced.advance(10);
  paced.setSpeed(2.5);
  paced.advance(2); // 5 s of tour
  assertClose([paced.time], [6], 1e-12);
  assertClose(paced.matrix, plain.matrix, 1e-11);
});

test("the path has no jumps: a short time moves the frame a little", () => {
  const tour = createGrandTour({ p: 10, seed: 6 });
  let before = tour.matrix.slice();
  for (let frame = 0; frame < 2000; frame++) {
    tour.advance(0.005);
    assert.ok(distance(tour.matrix, before) < 0.01, `a jump of ${distance(tour.matrix, before)} at ${tour.time} s`);
    before = tour.matrix.slice();
  }
});

test("a frame that is set is shown at once, and the tour goes on from it", () => {
  const tour = createGrandTour({ p: 10, seed: 6 });
  const { matrix } = tour;
  tour.advance(1.2345);
  const wanted = randomFrame(10, 9);
  tour.setMatrix(wanted);
  assertClose(tour.matrix, wanted, 0);
  tour.advance(0.001);
  assert.ok(distance(tour.matrix, wanted) < 0.005);
  assert.equal(tour.matrix, matrix, "always the same array");
  const again = createGrandTour({ p: 10, seed: 6 });
  again.advance(1.2345);
  again.setMatrix(wanted);
  for (let frame = 0; frame < 100; frame++) again.advance(0.02);
  assertClose(again.matrix, tour.advance(1.999), 1e-9);
});

test("a new seed goes on from what is shown, and starts its own time", () => {
  const tour = createGrandTour({ p: 10, seed: 6 });
  const shown = tour.advance(1.2345).slice();
  tour.reseed(8);
  assert.deepEqual([tour.seed, tour.time], [8, 0]);
  assertClose(tour.matrix, shown, 0);
  const fresh = createGrandTour({ p: 10, seed: 8, matrix: shown });
  assertClose(tour.advance(3), fresh.advance(3), 1e-12);
});

test("no time, time backwards and no number move nothing", () => {
  const tour = createGrandTour({ p: 4, seed: 1, matrix: identity(4) });
  for (const dt of [0, -1, NaN, Infinity]) assertClose(tour.advance(dt), identity(4), 0);
  assert.equal(tour.time, 0);
});

test("two dimensions spin slowly, one stands still", () => {
  const flat = createGrandTour({ p: 2 });
  flat.advance(1);
  const turn = Math.atan2(flat.matrix[1], flat.matrix[0]);
  assert.ok(turn > 0.1 && turn < 0.5, `${turn} radians in a second`);
  assertClose(createGrandTour({ p: 1 }).advance(1), [1], 0);
});

test("the tour favours no handle: each is long and short, and as long as the others on average", () => {
  const p = 10;
  const square = new Float64Array(p);
  const seeds = 8;
  const frames = 30 * 600;
  for (let seed = 0; seed < seeds; seed++) {
    const tour = createGrandTour({ p, seed });
    const longest = new Float64Array(p);
    const shortest = new Float64Array(p).fill(1);
    for (let frame = 0; frame < frames; frame++) {
      tour.advance(1 / 30);
      for (let i = 0; i < p; i++) {
        const length = Math.hypot(tour.matrix[i * p], tour.matrix[i * p + 1]);
        square[i] += length * length;
        longest[i] = Math.max(longest[i], length);
        shortest[i] = Math.min(shortest[i], length);
      }
    }
    assert.ok(Math.min(...longest) > 0.7 && Math.max(...shortest) < 0.1, `seed ${seed}: ${longest}, ${shortest}`);
  }
  for (const sum of square) {
    const mean = sum / (seeds * frames);
    assert.ok(Math.abs(mean - 2 / p) < 0.15 * (2 / p), `mean squared length ${mean}, not ${2 / p}`);
  }
});

test("the perceived speed does not depend on the number of dimensions", () => {
  for (const p of [3, 10, 64]) {
    const tour = createGrandTour({ p, seed: 1 });
    let moved = 0;
    const frames = p > 10 ? 2000 : 20000;
    for (let frame = 0; frame < frames; frame++) {
      const before = [tour.matrix[0], tour.matrix[1]];
      tour.advance(1 / 30);
      moved += ((tour.matrix[0] - before[0]) ** 2 + (tour.matrix[1] - before[1]) ** 2) * 30 * 30;
    }
    const relative = Math.sqrt(moved / frames) / Math.sqrt(2 / p);
    assert.ok(relative > 0.25 && relative < 0.6, `p=${p}: ${relative} handle lengths a second`);
  }
});

test("a size that is none, or a frame of another size, is refused", () => {
  assert.throws(() => createGrandTour({ p: 0 }), /p must be a positive integer, got 0/);
  assert.throws(() => createGrandTour({ p: 2.5 }), /got 2.5/);
  assert.throws(() => createGrandTour({ p: 3, matrix: identity(2) }), /3 × 3 numbers, got 4/);
});

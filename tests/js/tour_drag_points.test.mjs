import assert from "node:assert/strict";
import { test } from "node:test";
import { createDrag, createFit, createSpread } from "../../assets/js/tour/drag_points.mjs";
import { identity, orthonormalError, randomFrame } from "../../assets/js/tour/frame.mjs";
import { polarFactor, polarRotation } from "../../assets/js/tour/polar.mjs";
import { principalPlane, symmetricEigen } from "../../assets/js/tour/principal.mjs";
import { normals } from "../../assets/js/tour/random.mjs";
import { assertClose, distance, golden, seen } from "./golden.mjs";

/** @type {("rotate" | "fit" | "spread")[]} */
const MODES = ["rotate", "fit", "spread"];
const TOLERANCE = 1e-9;

/** a · b for row-major matrices with `inner` columns in a. @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} inner */
function times(a, b, inner) {
  const [rows, columns] = [a.length / inner, b.length / inner];
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++)
      for (let j = 0; j < columns; j++) out[i * columns + j] += a[i * inner + k] * b[k * columns + j];
  return out;
}

/** @param {ArrayLike<number>} m @param {number} columns */
function transposed(m, columns) {
  const rows = m.length / columns;
  return Float64Array.from({ length: m.length }, (_, k) => m[(k % rows) * columns + Math.floor(k / rows)]);
}

/** @param {number} seed @param {number} n @param {number} p @param {number} [scale] */
const cloud = (seed, n, p, scale = 1) => normals(seed, 80, n * p).map((v) => scale * v);

/** Symmetric, of the given rank. @param {number} seed @param {number} p @param {number} rank */
function symmetric(seed, p, rank) {
  const x = cloud(seed, p, rank);
  return times(x, transposed(x, rank), rank);
}

/** @param {ArrayLike<number>} values @param {number} p */
function diagonal(values, p) {
  return Float64Array.from({ length: p * p }, (_, k) => (k % (p + 1) === 0 ? values[k / (p + 1)] : 0));
}

test("polar factors, planes and drags are those of Python", () => {
  const { polar, ...modes } = golden("drag_points");
  for (const { p, input, factor, rotation } of polar) {
    assertClose(polarFactor(new Float64Array(p * p), input, p), factor, TOLERANCE, `polar factor p=${p}`);
    assertClose(polarRotation(new Float64Array(p * p), input, p), rotation, TOLERANCE, `nearest rotation p=${p}`);
  }
  assert.ok(
    polar.some((/** @type {any} */ { factor, rotation }) => distance(factor, rotation) > 0.1),
    "one needs its weakest direction turned round",
  );
  assert.deepEqual(Object.keys(modes), MODES);
  for (const mode of MODES) {
    for (const { p, n, seed, stream, selected, plane, steps } of modes[mode]) {
      const points = normals(seed, stream, n * p);
      assertClose(/** @type {Float64Array} */ (principalPlane(points, p, selected)), plane, TOLERANCE, `plane p=${p}`);
      const drag = createDrag(mode, randomFrame(p, seed), p, points, n, selected);
      for (const { dx, dy, matrix } of steps) {
        assertClose(
          /** @type {any} */ (drag).at(dx, dy, new Float64Array(p * p)),
          matrix,
          TOLERANCE,
          `${mode} p=${p} by ${dx}, ${dy}`,
        );
      }
    }
  }
});

test("a polar factor is orthogonal and what it leaves is symmetric without negative directions, whatever the rank", () => {
  for (const p of [1, 2, 3, 7, 64]) {
    for (const rank of [p, Math.max(1, p - 1), 1]) {
      const m = times(cloud(1, p, rank), cloud(2, rank, p), rank);
      const factor = polarFactor(new Float64Array(p * p), m, p);
      assert.ok(orthonormalError(factor, p) < 1e-13, `p=${p} rank=${rank}`);
      const rest = times(transposed(factor, p), m, p);
      assertClose(rest, transposed(rest, p), 1e-10, `p=${p} rank=${rank}: the rest and its transpose`);
      const values = new Float64Array(p);
      symmetricEigen(rest, p, values, new Float64Array(p * p));
      assert.ok(values[p - 1] > -1e-10, `p=${p} rank=${rank}: ${values[p - 1]}`);
      assert.ok(orthonormalError(polarRotation(new Float64Array(p * p), m, p), p) < 1e-12);
    }
  }
});

test("ill-conditioned matrices keep their polar factor, singular ones get one of theirs, and what is no matrix the identity", () => {
  const p = 6;
  const [u, v] = [randomFrame(p, 1), randomFrame(p, 2)];
  const graded = times(times(u, diagonal([1e3, 1, 1e-2, 1e-4, 1e-6, 1e-8], p), p), transposed(v, p), p);
  assertClose(polarFactor(new Float64Array(p * p), graded, p), times(u, transposed(v, p), p), 1e-4, "graded");
  for (const scale of [1e-300, 1e300]) {
    const m = times(u, diagonal([3, 2, 1, 1, 2, 3], p), p).map((x) => scale * x);
    assertClose(polarFactor(new Float64Array(p * p), m, p), u, 1e-13, `times ${scale}`);
  }
  const singular = polarFactor(new Float64Array(9), Float64Array.of(0, 2, 0, 0, 0, 0, 0, 0, 0), 3);
  assert.ok(orthonormalError(singular, 3) < 1e-13);
  assertClose([singular[1]], [1], 1e-9, "the direction that is determined");
  for (const m of [new Float64Array(9), new Float64Array(9).fill(NaN), diagonal([1, Infinity, 1], 3)]) {
    assertClose(polarFactor(new Float64Array(9), m, 3), identity(3), 0);
    assertClose(polarRotation(new Float64Array(9), m, 3), identity(3), 0);
  }
});

test("the nearest rotation turns the weakest direction round, and goes steadily where the polar factor jumps", () => {
  assertClose(polarRotation(new Float64Array(9), diagonal([-3, 2, 1], 3), 3), diagonal([-1, 1, -1], 3), 1e-14);
  const m = cloud(8, 5, 5);
  const before = polarRotation(new Float64Array(25), m, 5);
  /** @type {number[][]} */
  const [steps, jumps] = [[], []];
  let last = { rotation: before, factor: polarFactor(new Float64Array(25), m, 5) };
  for (let k = 1; k <= 2000; k++) {
    const t = (Math.PI * k) / 2000; // row 0 turns into its opposite: the determinant changes its sign on the way
    const moved = m.map((v, i) => (i < 5 ? Math.cos(t) * v + Math.sin(t) * m[i + 5] : v));
    const next = {
      rotation: polarRotation(new Float64Array(25), moved, 5),
      factor: polarFactor(new Float64Array(25), moved, 5),
    };
    steps.push(distance(next.rotation, last.rotation));
    jumps.push(distance(next.factor, last.factor));
    last = next;
  }
  assert.ok(Math.max(...jumps) > 0.3, `the polar factor: ${Math.max(...jumps)}`);
  assert.ok(Math.max(...steps) < 0.05, `the rotation: ${Math.max(...steps)}`);
});

test("eigenvectors are orthonormal, sorted, signed and rebuild the matrix, whatever the rank", () => {
  for (const p of [1, 2, 3, 10, 64]) {
    for (const rank of [p, 1]) {
      const a = symmetric(3, p, rank);
      const values = new Float64Array(p);
      const vectors = new Float64Array(p * p);
      symmetricEigen(a.slice(), p, values, vectors);
      assert.ok(orthonormalError(vectors, p) < 1e-13, `p=${p} rank=${rank}`);
      assertClose(
        times(transposed(vectors, p), times(diagonal(values, p), vectors, p), p),
        a,
        1e-11,
        `p=${p} rank=${rank}`,
      );
      for (let i = 1; i < p; i++) assert.ok(values[i] <= values[i - 1]);
      for (let i = 0; i < p; i++) assert.ok(Math.max(...vectors.subarray(i * p, i * p + p)) > 0.9 / p);
    }
  }
  const vectors = new Float64Array(9);
  const values = new Float64Array(3);
  symmetricEigen(diagonal([2, 5, -1], 3), 3, values, vectors);
  assertClose(values, [5, 2, -1], 0);
  assertClose(vectors, [0, 1, 0, 1, 0, 0, 0, 0, 1], 0);
  symmetricEigen(new Float64Array(9).fill(NaN), 3, values, vectors); // comes to an end
});

test("every mode keeps the frame orthogonal and gives the view back where the gesture began", () => {
  for (let k = 0; k < 120; k++) {
    const p = [2, 3, 4, 10, 32][k % 5];
    const mode = MODES[k % 3];
    const start = randomFrame(p, k);
    const drag = createDrag(mode, start, p, cloud(k, 9, p), 9, [0, 3, 4, 8]);
    const out = new Float64Array(p * p);
    const [dx, dy] = normals(k, 5, 2);
    assert.ok(drag, `${mode} p=${p}`);
    assert.equal(drag.at(dx, dy, out), out);
    const first = out.slice();
    assert.ok(orthonormalError(out, p) < 1e-12, `${mode} p=${p}: ${orthonormalError(out, p)}`);
    if (p > 2 || mode !== "spread") assert.ok(distance(out, start) > 1e-3, `${mode} p=${p} moves`);
    for (const [x, y] of [
      [0, 0],
      [NaN, 1],
      [1, NaN],
      [Infinity, 0],
    ]) {
      drag.at(1, 1, out);
      assertClose(drag.at(x, y, out), start, 1e-12, `${mode} p=${p} by ${x}, ${y}`);
    }
    assertClose(drag.at(dx, dy, out), first, 0, `${mode} p=${p}: the way there does not matter`);
  }
});

test("endless displacements, points of any size and frames that are off give frames", () => {
  const rough = randomFrame(4, 1);
  rough[5] += 1e-5;
  for (const mode of MODES) {
    for (const scale of [1e-30, 1, 1e30]) {
      const drag = createDrag(mode, rough, 4, cloud(1, 6, 4, scale), 6, [0, 2, 3]);
      for (const [dx, dy] of [
        [0, 0],
        [0.3, 0.1],
        [1e300, 0],
        [-1e9, 1e9],
        [1e-300, 0],
        [-Infinity, Infinity],
      ]) {
        assert.ok(
          orthonormalError(/** @type {any} */ (drag).at(dx, dy, new Float64Array(16)), 4) < TOLERANCE,
          `${mode} ${scale} ${dx}`,
        );
      }
    }
  }
});

test("fit moves one of two clusters to where it is dragged, and the other far less than rotate does", () => {
  for (let seed = 0; seed < 8; seed++) {
    const p = 10;
    const middles = randomFrame(p, 500 + seed);
    const noise = normals(seed, 81, 40 * p);
    const points = Float64Array.from({ length: 40 * p }, (_, k) => {
      const j = k % p;
      return 0.05 * noise[k] + (k < 20 * p ? middles[j] : 0.44 * middles[j] + 0.9 * middles[p + j]); // 64 degrees apart
    });
    const start = randomFrame(p, seed);
    /** Where the means of both clusters go. @param {"rotate" | "fit"} mode */
    const moves = (mode) => {
      const drag = createDrag(
        mode,
        start,
        p,
        points,
        40,
        Array.from({ length: 20 }, (_, i) => i),
      );
      const frame = /** @type {any} */ (drag).at(0.2, 0.15, new Float64Array(p * p));
      const change = times(
        points,
        seen(
          frame.map((/** @type {number} */ v, /** @type {number} */ k) => v - start[k]),
          p,
        ),
        p,
      );
      const mean = (/** @type {number} */ from, /** @type {number} */ axis) => {
        let sum = 0;
        for (let i = from; i < from + 20; i++) sum += change[2 * i + axis] / 20;
        return sum;
      };
      return { miss: Math.hypot(mean(0, 0) - 0.2, mean(0, 1) - 0.15), other: Math.hypot(mean(20, 0), mean(20, 1)) };
    };
    const [rotate, fit] = [moves("rotate"), moves("fit")];
    assert.ok(fit.miss < rotate.miss + 0.06, `seed ${seed}: misses by ${fit.miss}, rotate by ${rotate.miss}`);
    assert.ok(
      fit.other < 0.4 * rotate.other,
      `seed ${seed}: moves the other by ${fit.other}, rotate by ${rotate.other}`,
    );
  }
});

test("a fit through the origin and beyond never jumps", () => {
  const points = Float64Array.from([...cloud(5, 5, 3, 0.05), ...cloud(6, 20, 3, 0.1)]);
  for (let i = 0; i < 5; i++) {
    points[3 * i] += 0.6;
    points[3 * i + 2] += 0.1;
  }
  const drag = /** @type {any} */ (createFit(identity(3), 3, points, 25, [0, 1, 2, 3, 4]));
  let last = identity(3);
  for (let k = 1; k <= 600; k++) {
    const next = drag.at(-0.005 * k, 0, new Float64Array(9));
    assert.ok(distance(next, last) < 0.2, `at ${-0.005 * k}: ${distance(next, last)}`);
    last = next;
  }
  assert.ok(last[0] < -0.7, "it went to the other side");
});

test("spread ends where the selected points spread most, and the picture turns least on the way", () => {
  for (const p of [3, 5, 10, 64]) {
    const start = randomFrame(p, p);
    const points = cloud(p, 9, p);
    const selected = [0, 2, 3, 5, 8];
    const plane = /** @type {Float64Array} */ (principalPlane(points, p, selected));
    const path = /** @type {any} */ (createSpread(start, p, points, selected));
    const shown = seen(path.at(1, new Float64Array(p * p)), p);
    assertClose(times(shown, transposed(shown, 2), 2), times(plane, transposed(plane, 2), 2), 1e-12, `plane p=${p}`);
    const [a, b, c, d] = times(transposed(seen(start, p), 2), shown, p);
    assertClose([b], [c], 1e-12, `p=${p}: nothing turns within the picture`);
    assert.ok(a + d > 0 && a * d - b * c > -1e-12, `p=${p}: nothing is mirrored`);
    const drag = /** @type {any} */ (createDrag("spread", start, p, points, 9, selected));
    assertClose(drag.at(0.1, 0, new Float64Array(p * p)), path.at(0.2, new Float64Array(p * p)), 0);
    assertClose(drag.at(3, 4, new Float64Array(p * p)), path.at(1, new Float64Array(p * p)), 0);
  }
});

test("two points are seen at their full distance after the tilt of their line and no more", () => {
  for (const p of [2, 3, 6, 64]) {
    const start = randomFrame(p, p);
    const points = cloud(p, 4, p);
    const line = Float64Array.from({ length: p }, (_, j) => points[p + j] - points[3 * p + j]);
    const path = /** @type {any} */ (createSpread(start, p, points, [1, 3]));
    const length = Math.hypot(...line);
    assertClose([Math.hypot(...times(line, seen(path.at(1, new Float64Array(p * p)), p), p))], [length], 1e-9);
    assertClose(
      [path.angle],
      [Math.acos(Math.min(1, Math.hypot(...times(line, seen(start, p), p)) / length))],
      1e-6,
      `p=${p}`,
    );
  }
  const endOn = /** @type {any} */ (createSpread(identity(4), 4, [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1], [0, 1, 2])).at(
    1,
    new Float64Array(16),
  );
  assertClose([Math.hypot(endOn[12], endOn[13])], [1], 1e-12, "a line seen end on");
});

test("nothing to drag is null, and a mode that does not exist an error", () => {
  const points = [1, 2, 3, 1, 2, 3, NaN, 0, 0, 1e200, 0, 0];
  for (const mode of MODES) {
    assert.equal(createDrag(mode, identity(3), 3, points, 2, []), null);
    assert.equal(createDrag(mode, identity(3), 3, points, 3, [0, 2]), null);
    assert.equal(createDrag(mode, identity(3), 3, points, 4, [9]), null);
    assert.equal(createDrag(mode, identity(1), 1, [1, 2], 2, [0, 1]), null);
  }
  assert.equal(createDrag("fit", identity(3), 3, [1, 2, 3, 1e200, 0, 0], 2, [0]), null);
  assert.equal(createDrag("fit", identity(3), 3, new Float64Array(6), 2, [0]), null);
  assert.equal(createDrag("spread", identity(3), 3, points, 2, [0, 1]), null);
  assert.equal(createDrag("spread", identity(3), 3, points, 2, [0]), null);
  assert.throws(
    () => createDrag(/** @type {any} */ ("push"), identity(3), 3, points, 2, [0]),
    /createDrag: mode must be .* got "push"/,
  );
});

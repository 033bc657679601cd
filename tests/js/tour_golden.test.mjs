import assert from "node:assert/strict";
import { test } from "node:test";
import { dragCentroid, dragHandle } from "../../assets/js/tour/drag.mjs";
import { completeFrame, gramSchmidt, randomFrame, starFrame } from "../../assets/js/tour/frame.mjs";
import { createGeodesic } from "../../assets/js/tour/geodesic.mjs";
import { createGrandTour } from "../../assets/js/tour/grand_tour.mjs";
import { centroid, projectSlice } from "../../assets/js/tour/project.mjs";
import { normals, uniform } from "../../assets/js/tour/random.mjs";
import { rotateColumns, rotatePlane, rotateView } from "../../assets/js/tour/rotate.mjs";
import { assertClose, golden, seen } from "./golden.mjs";

const TOLERANCE = 1e-9;

test("uniform numbers are those of Python, bit for bit", () => {
  for (const [seed, stream, index, value] of golden("random").uniform)
    assert.equal(uniform(seed, stream, index), value);
});

test("normal numbers are those of Python", () => {
  for (const { seed, stream, values } of golden("random").normals)
    assertClose(normals(seed, stream, values.length), values, 1e-14);
});

test("frames are those of Python", () => {
  const { star, random, gram_schmidt, complete } = golden("frames");
  for (const { p, matrix } of star) assertClose(starFrame(p), matrix, TOLERANCE, `star frame p=${p}`);
  for (const { p, seed, matrix } of random) assertClose(randomFrame(p, seed), matrix, TOLERANCE, `random frame p=${p}`);
  for (const { p, first, input, matrix } of gram_schmidt) {
    assertClose(gramSchmidt(Float64Array.from(input), p, first), matrix, TOLERANCE, `Gram-Schmidt from row ${first}`);
  }
  for (const { p, columns, matrix } of complete)
    assertClose(completeFrame(columns, p), matrix, TOLERANCE, `completed frame p=${p}`);
});

test("rotations are those of Python", () => {
  for (const { p, input, a, b, angle, plane, view, columns } of golden("frames").rotate) {
    assertClose(rotatePlane(Float64Array.from(input), p, a, b, angle), plane, TOLERANCE, `data plane p=${p}`);
    assertClose(rotateView(Float64Array.from(input), p, a, b, angle), view, TOLERANCE, `view plane p=${p}`);
    assertClose(rotateColumns(Float64Array.from(input), p, angle), columns, TOLERANCE, `picture p=${p}`);
  }
});

test("the tour takes the path that it takes in Python", () => {
  for (const { p, seed, speed, states } of golden("grand_tour").paths) {
    const tour = createGrandTour({ p, seed, speed });
    let before = 0;
    for (const { time, columns } of states) {
      tour.advance(time - before);
      before = time;
      assertClose(seen(tour.matrix, p), columns, TOLERANCE, `p=${p} seed=${seed} at ${time} s`);
    }
  }
});

test("drags are those of Python", () => {
  const { handles, centroids } = golden("drag");
  for (const { p, input, steps } of handles) {
    const m = Float64Array.from(input);
    for (const { i, x, y, matrix } of steps) {
      assertClose(dragHandle(m, p, i, x, y), matrix, TOLERANCE, `p=${p} handle ${i} to ${x}, ${y}`);
    }
  }
  for (const { p, input, c, dx, dy, matrix } of centroids) {
    assertClose(
      dragCentroid(Float64Array.from(input), p, c, dx, dy),
      matrix,
      TOLERANCE,
      `p=${p} centroid by ${dx}, ${dy}`,
    );
  }
});

test("shortest paths are those of Python", () => {
  for (const { p, from, to, angle, at } of golden("geodesic").cases) {
    const way = createGeodesic(from, to, p);
    assertClose([way.angle], [angle], TOLERANCE, `angle p=${p}`);
    for (const { u, matrix } of at)
      assertClose(way.at(u, new Float64Array(p * p)), matrix, TOLERANCE, `p=${p} at ${u}`);
  }
});

test("projections are those of Python", () => {
  for (const { p, n, matrix, a, b, scales, t, positions, still, indices, centroid: middle } of golden("project")
    .cases) {
    const [scaleA, offsetA, scaleB, offsetB] = scales;
    const frame = Float64Array.from(matrix);
    for (const Stored of [Uint16Array, Float32Array]) {
      const [from, to, out] = [Stored.from(a), Stored.from(b), new Float32Array(2 * n)];
      assertClose(
        projectSlice(out, frame, p, n, from, scaleA, offsetA, to, scaleB, offsetB, t),
        positions,
        2e-7,
        `p=${p} t=${t}`,
      );
      assertClose(
        projectSlice(out, frame, p, n, from, scaleA, offsetA, null, scaleB, offsetB, t),
        still,
        2e-7,
        `p=${p} alone`,
      );
      assertClose(
        projectSlice(out, frame, p, n, from, scaleA, offsetA, from, scaleB, offsetB, t),
        still,
        2e-7,
        `p=${p} with itself`,
      );
      assertClose(
        centroid(new Float64Array(p), p, indices, from, scaleA, offsetA, to, scaleB, offsetB, t),
        middle,
        TOLERANCE,
        `centroid p=${p}`,
      );
    }
  }
});

/** The small layers of the page Method: written out and as matrices, against those of gt/layers. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { alongRow, connected, largestOf, relu, sigmoid, softmax } from "../../assets/js/method/activations.mjs";
import { convolutionMatrix, convolve, sideOut } from "../../assets/js/method/convolution.mjs";
import { farthest, product, singular, transpose } from "../../assets/js/method/linear.mjs";
import { padded } from "../../assets/js/method/padded.mjs";
import { averageBasis, averageMatrix, pooled } from "../../assets/js/method/pooling.mjs";
import { normals } from "../../assets/js/tour/random.mjs";
import { assertClose, golden } from "./golden.mjs";

const identity = (n) => Float64Array.from({ length: n * n }, (_, at) => Number(at % (n + 1) === 0));

test("a convolution's matrix and its singular values are those of Python, and x M is the convolution", () => {
  for (const { kernel, matrix, sigma, ...how } of golden("layers").convolutions) {
    const layer = { kernel, ...how };
    const inputs = how.side ** 2;
    const outputs = sideOut(layer) ** 2;
    assertClose(convolutionMatrix(layer), matrix, 0, "matrix");
    const image = normals(3, 82, inputs);
    assertClose(product(image, 1, inputs, matrix, outputs), convolve(image, layer), 1e-12, "x M");
    assertClose(singular(matrix, inputs, outputs).sigma, sigma, 1e-6, "singular values");
  }
});

test("singular vectors are orthonormal on both sides and give the matrix back, also where it is flat", () => {
  for (const [p, r] of [
    [2, 5],
    [5, 2],
    [6, 6],
    [1, 1],
  ]) {
    // prettier-ignore
    const full = normals(p, r, p * r);
    const flat = Float64Array.from({ length: p * r }, (_, at) => full[Math.floor(at / r) * r] * full[at % r]);
    for (const m of [full, flat, new Float64Array(p * r)]) {
      const { sigma, left, right } = singular(m, p, r);
      const count = Math.min(p, r);
      assert.ok(sigma.every((value, i) => value >= 0 && (i === 0 || value <= sigma[i - 1])));
      assertClose(product(left, count, p, transpose(left, count, p), count), identity(count), 1e-12, "left");
      const scaled = right.map((value, at) => value * sigma[Math.floor(at / r)]);
      assertClose(product(transpose(left, count, p), p, count, scaled, r), m, 1e-6, "U Σ Vᵀ");
      for (let i = 0; i < count; i++) {
        const length = Math.hypot(...right.subarray(i * r, (i + 1) * r));
        assert.ok(Math.abs(length - Number(sigma[i] > 0)) < 1e-6);
      }
    }
  }
});

test("pooling, its matrix and its closed form are those of Python", () => {
  for (const { side, size, matrix, sigma, image, average, largest } of golden("layers").poolings) {
    assertClose(averageMatrix(side, size), matrix, 1e-15, "matrix");
    const outputs = (side / size) ** 2;
    const basis = averageBasis(side, size);
    assertClose(new Float64Array(outputs).fill(basis.sigma), sigma, 1e-12, "singular values");
    const { left } = basis;
    const gram = product(transpose(left, side ** 2, outputs), outputs, side ** 2, left, outputs);
    assertClose(gram, identity(outputs), 1e-12, "UᵀU");
    assertClose(left.map((value) => value * basis.sigma), matrix, 1e-12, "U Σ Vᵀ"); // prettier-ignore
    const ends = [0, 1].map((t) => pooled(image, side, size, t).map(({ shown }) => shown));
    assertClose(ends[0], average, 1e-12, "average");
    assertClose(ends[1], largest, 0, "maximum");
  }
});

test("zeros below and to the right change no product and add singular values that are zero", () => {
  for (const [n, p, r] of [
    [4, 2, 5],
    [4, 5, 2],
    [3, 3, 3],
  ]) {
    // prettier-ignore
    const [x, m] = [normals(1, 0, n * p), normals(2, 0, p * r)];
    const k = Math.max(p, r);
    const y = product(padded(x, n, p, n, k), n, k, padded(m, p, r, k, k), k);
    assertClose(y, padded(product(x, n, p, m, r), n, r, n, k), 1e-12, "the product");
    const { sigma } = singular(padded(m, p, r, k, k), k, k);
    const own = singular(m, p, r).sigma;
    assertClose(sigma, padded(own, 1, own.length, 1, k), 1e-6, "singular values");
  }
});

test("activations are what they are called", () => {
  assert.deepEqual([-2, 0, 1.5].map(relu), [0, 0, 1.5]);
  assert.equal(sigmoid(0), 0.5);
  for (const x of [-800, -3, 0.2, 40]) assert.ok(Math.abs(sigmoid(x) + sigmoid(-x) - 1) < 1e-15);
  const shares = softmax([1000, 1001, 999]);
  assertClose(shares, softmax([0, 1, -1]), 1e-15, "a shift changes nothing");
  assert.ok(Math.abs(shares.reduce((a, b) => a + b) - 1) < 1e-15 && shares[1] === Math.max(...shares));
  assert.ok(Math.abs(shares[1] / shares[0] - Math.E) < 1e-12);
  assert.deepEqual(connected([1, 2], [[1, 0, 3], [0, -1, 1]], [0.5, 0, 0]), [1.5, -2, 5]); // prettier-ignore
  assert.deepEqual(alongRow([1, 2, 4, 8], [-1, 0, 1]), [3, 6]);
  assert.deepEqual(largestOf([1, 3, 5, 5, -2, -1], 2), [1, 2, 5]);
});

test("the largest difference is found wherever it is", () => {
  assert.equal(farthest([1, 2, 3], [1, -2, 3.5]), 4);
  assert.equal(farthest([], []), 0);
});

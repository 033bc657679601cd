/** Heat maps: where values lie, which one a pointer is over, and what colours say. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { nearestOf, pieces, readHead, stepTo } from "../../assets/js/data/network.mjs";
import {
  kernelOrder,
  layOut,
  layOutKernels,
  makeRamp,
  mapsOf,
  numberText,
  placeOf,
  rampIndex,
  spanOf,
  valueAt,
} from "../../assets/js/network/heat.mjs";

const SHAPES = [
  [],
  [1],
  [10],
  [50],
  [320],
  [4096],
  [1, 28, 28],
  [10, 24, 24],
  [20, 4, 4],
  [64, 56, 56],
  [3, 224, 224],
  [12, 40],
  [2, 3, 5, 5],
];

test("maps of every shape fit into the width and hold every value", () => {
  for (const width of [310, 950, 1400]) {
    for (const shape of SHAPES) {
      const maps = mapsOf(shape);
      assert.equal(
        maps.count * maps.h * maps.w,
        shape.reduce((a, b) => a * b, 1),
      );
      const at = layOut(maps, width);
      assert.ok(at.width <= width && at.width > 0 && at.height > 0, `${shape} in ${width}: ${at.width}`);
      assert.ok(Math.ceil(at.count / at.perRow) * (at.h * at.cellH + at.gap) - at.gap <= at.height + 1e-9);
    }
  }
});

test("a pointer is over the value whose place it is at, and over none between maps", () => {
  for (const shape of SHAPES) {
    const at = layOut(mapsOf(shape), 900);
    const size = at.count * at.h * at.w;
    for (const index of [0, 1, Math.floor(size / 3), size - 1].filter((i) => i < size)) {
      const { x, y, map, row, column } = placeOf(at, index);
      assert.equal((map * at.h + row) * at.w + column, index);
      assert.equal(valueAt(at, x + at.cellW / 2, y + at.cellH / 2), index, `${shape} ${index}`);
    }
    assert.equal(valueAt(at, -1, 0), -1);
    assert.equal(valueAt(at, at.width + at.gap + 1, 0), -1);
    assert.equal(valueAt(at, 0, at.height + at.gap + 1), -1);
  }
  const at = layOut({ count: 2, h: 4, w: 4 }, 900);
  assert.equal(valueAt(at, 4 * at.cellW + at.gap / 2, 2), -1);
});

test("kernels stand in a column for each map that comes out and a row for each that goes in", () => {
  const shape = [3, 2, 1, 2]; // values say out, in, place
  const weight = Float32Array.from(
    { length: 12 },
    (_, i) => 100 * Math.floor(i / 4) + 10 * (Math.floor(i / 2) % 2) + (i % 2),
  );
  assert.deepEqual([...kernelOrder(weight, shape)], [0, 1, 100, 101, 200, 201, 10, 11, 110, 111, 210, 211]);
  const at = layOutKernels(shape, 500);
  assert.deepEqual([at.count, at.perRow, at.h, at.w], [6, 3, 1, 2]);
  const linear = layOutKernels([50, 320], 900);
  assert.deepEqual([linear.count, linear.h, linear.w, linear.width], [1, 50, 320, 640]);
  assert.equal(kernelOrder(weight, [3, 4]), weight);
});

test("zero is neutral, the colours are even on both sides, and what is beyond the scale has its end", () => {
  const ramp = makeRamp("#000000", "#808080", " #ffffff");
  const color = (/** @type {number} */ value) => ramp[rampIndex(value, 2)];
  assert.equal(color(0), 128);
  assert.equal(color(-2), 0);
  assert.equal(color(9), 255);
  assert.equal(color(1), 192);
  assert.equal(color(-1), 64);
});

test("the size of the scale is that of the largest value, and one where all are zero", () => {
  assert.deepEqual(spanOf(Float32Array.of(-3, 1)), { low: -3, high: 1, limit: 3 });
  assert.equal(spanOf(Float32Array.of(0, 0)).limit, 1);
});

test("numbers have three digits and a minus sign", () => {
  assert.deepEqual([0, 0.12345, -12.345, 1234.5, 1e-7, -2e8].map(numberText), [
    "0",
    "0.123",
    "−12.3",
    "1230",
    "1.0e−7",
    "−2.0e+8",
  ]);
});

test("the nearest epoch that can be shown is the earlier of two, and a step leads to the next of them", () => {
  const [epochs, available] = [
    [0, 1, 2, 3, 4, 5, 6],
    [0, 2, 6],
  ];
  assert.deepEqual(
    epochs.map((one) => nearestOf(available, one)),
    [0, 0, 2, 2, 2, 6, 6],
  );
  assert.equal(stepTo(epochs, available, 0, 1), 2);
  assert.equal(stepTo(epochs, available, 3, 1), 6);
  assert.equal(stepTo(epochs, available, 3, -1), 2);
  assert.equal(stepTo(epochs, available, 6, 1), 6);
  assert.equal(stepTo(epochs, available, 0, -1), 0);
});

test("an answer is a head and numbers in pieces", () => {
  const text = new TextEncoder().encode('{"sizes":[1,0,2]} '.padEnd(20));
  const raw = new Uint8Array(4 + 20 + 12);
  new DataView(raw.buffer).setUint32(0, 20, true);
  raw.set(text, 4);
  raw.set(new Uint8Array(Float32Array.of(1, 2, 3).buffer), 24);
  const { head, start } = readHead(raw.buffer);
  assert.deepEqual(
    pieces(new Float32Array(raw.buffer, start), head.sizes).map((one) => [...one]),
    [[1], [], [2, 3]],
  );
});

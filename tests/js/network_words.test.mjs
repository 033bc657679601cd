import assert from "node:assert/strict";
import { test } from "node:test";

import { kernelWords, layerWords, unitName } from "../../assets/js/network/words.mjs";

const CLASSES = ["cat", "dog"];

test("units of a layer as wide as there are classes are told by class, others by number", () => {
  assert.equal(unitName({ shape: [2] }, 1, CLASSES), "the unit of dog");
  assert.equal(unitName({ shape: [3] }, 1, CLASSES), "unit 2 of 3");
  assert.equal(unitName({ shape: [2, 4, 4] }, 1, CLASSES), "unit 2 of 2");
});

test("a value of a map is told by map, row and column; a colour of the input by its name", () => {
  const conv = layerWords({ name: "conv1", kind: "Conv2d", shape: [8, 6, 5] }, CLASSES);
  assert.equal(conv.what, "conv1: 8 maps of 6×5");
  assert.deepEqual(conv.where(2, 0, 4), ["conv1, map 3 of 8", "row 1, column 5"]);
  const rgb = layerWords({ name: "input", kind: "Input", shape: [3, 32, 32] }, CLASSES);
  assert.deepEqual(rgb.where(1, 0, 0), ["input, green", "row 1, column 1"]);
  const grey = layerWords({ name: "input", kind: "Input", shape: [1, 28, 28] }, CLASSES);
  assert.equal(grey.what, "input: 1 map of 28×28");
  assert.deepEqual(grey.where(0, 3, 3), ["input", "row 4, column 4"]);
  const strip = layerWords({ name: "fc", kind: "Linear", shape: [2] }, CLASSES);
  assert.deepEqual([strip.what, ...strip.where(0, 0, 0)], ["fc: 2 units", "fc", "the unit of cat"]);
});

test("a kernel is told by the maps it joins, a weight by its units, each with its offset where there is one", () => {
  const kernels = kernelWords(
    { name: "conv1", shape: [2, 4, 4] },
    { shape: [2, 3, 5, 5], bias: Float32Array.of(0.5, -0.25) },
    CLASSES,
  );
  assert.deepEqual(kernels.where(5, 1, 2), [
    "from map 3 of 3 to map 2 of 2",
    "row 2, column 3",
    "offset of the map -0.250",
  ]);
  assert.match(kernels.order, /each of the 2 maps that come out, a row for each of the 3 that go in/);
  const weights = kernelWords({ name: "fc", shape: [2] }, { shape: [2, 7], bias: new Float32Array() }, CLASSES);
  assert.deepEqual(weights.where(0, 1, 6), ["from unit 7 of 7 to the unit of dog"]);
  assert.equal(weights.what, "Weights of fc");
});

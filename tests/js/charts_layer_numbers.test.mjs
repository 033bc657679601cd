import assert from "node:assert/strict";
import { test } from "node:test";

import { howText, keptText, lineThrough, movedText, scaleText, short } from "../../assets/js/charts/layer_numbers.mjs";
import { layerState } from "./fakes.mjs";

const RELU = layerState({
  name: "relu1",
  rank: 32,
  width: 1440,
  classes: false,
  scale: 80.2,
  scales: [3.16, 62.13],
  variance: [0.4, 0.812],
});

test("what is kept of a state is said with its numbers", () => {
  assert.equal(keptText(RELU, 1), "32 of 1,440 coordinates keep 81 % of the variance");
  assert.equal(keptText(RELU, 0), "32 of 1,440 coordinates keep 40 % of the variance");
  assert.equal(keptText({ ...RELU, rank: 1, width: 3 }, 1), "1 of 3 coordinates keeps 81 % of the variance");
  assert.equal(keptText({ ...RELU, rank: 10, width: 10 }, 1), "All 10 coordinates are kept");
  assert.equal(keptText({ ...RELU, rank: 1, width: 1 }, 1), "Its one coordinate is kept");
  assert.equal(
    keptText({ ...RELU, kept: "kept as 96 exact coordinates and a sketch, distances within ±5.9 %" }, 1),
    "32 of 1,440 coordinates keep 81 % of the variance. In the recording it is kept as 96 exact coordinates and a " +
      "sketch, distances within ±5.9 %",
  );
});

test("the scale is said with the epoch that decided it, probabilities as they are", () => {
  assert.equal(scaleText(RELU, 1, 98), "Drawn over 80.2, its size at epoch 98; now 62.1");
  assert.equal(scaleText({ ...RELU, classes: true, scale: 1 }, 1, 98), "Drawn as it is: probabilities");
  assert.deepEqual([80.16949, 0.0012345, 12345.6, 0].map(short), ["80.2", "0.00123", "12,346", "0"]);
});

test("how a layer is aligned is said in words, for every way that there is", () => {
  const how = (one, rank = 32, epoch = 0) =>
    howText({ kind: "", sigma: [], exact: 16, residual: null, ...one }, rank, epoch, "");
  assert.equal(how({ how: "singular" }), "Singular vectors of the layer, 16 of 32 coordinates scaled exactly");
  assert.equal(
    how({ how: "singular", exact: 32 }, 10),
    "Singular vectors of the layer, all 10 coordinates scaled exactly",
  );
  assert.match(how({ how: "pooling" }), /^Pooling in closed form/);
  assert.match(how({ how: "diagonal" }), /^Each value scaled by itself, 16 of 32/);
  assert.equal(how({ how: "identity" }), "Every value is the one before: nothing is turned");
  assert.equal(how({ how: "value" }), "Value by value: nothing is turned");
  assert.match(how({ how: "softmax" }), /^Softmax/);
  assert.match(
    how({ how: "concatenation" }),
    /^A concatenation, exact in 16 of 32 coordinates: .* those of the other inputs come beside them/,
  );
  assert.match(how({ how: "concatenation", exact: 40 }), /^A concatenation, exact in all 32 coordinates/);
  assert.equal(
    how({ how: "procrustes", residual: [0.12, 0.4] }, 32, 0),
    "By the points alone (Procrustes): 12 % unexplained",
  );
});

test("what holds at one epoch only is said with that epoch, where another is shown", () => {
  const how = (one, epoch = 1) =>
    howText({ kind: "", sigma: [], exact: 16, residual: null, ...one }, 32, epoch, "epoch 98");
  assert.equal(
    how({ how: "singular" }),
    "Singular vectors of the layer at epoch 98: its weights scale 16 of 32 coordinates exactly, those of now need not",
  );
  assert.match(
    how({ how: "diagonal", exact: 32 }),
    /^Each value scaled by itself at epoch 98: its weights scale all 32 coordinates exactly/,
  );
  assert.equal(
    how({ how: "procrustes", residual: [0.12, 0.4] }),
    "By the points alone of epoch 98 (Procrustes): 40 % unexplained",
  );
  assert.match(how({ how: "identity" }), /at epoch 98/);
  for (const same of ["pooling", "value", "softmax"]) assert.doesNotMatch(how({ how: same }), /98/); // true of every epoch
});

test("aligned and naive motion are said side by side", () => {
  assert.equal(
    movedText([0.2051, 1.049]),
    "In all coordinates kept, points move on average 0.21 times the size of the state aligned, 1.05 naive",
  );
});

test("a line is interrupted where nothing is known", () => {
  const path = (values) =>
    lineThrough(
      values,
      (i) => 10 * i,
      (v) => 100 * v,
    );
  assert.equal(path([0.5, 1, 0]), "M0.0 50.0L10.0 100.0L20.0 0.0");
  assert.equal(path([null, 1, null, 0, 0.5]), "M10.0 100.0M30.0 0.0L40.0 50.0");
  assert.equal(path([null]), "");
});

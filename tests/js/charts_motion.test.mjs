import assert from "node:assert/strict";
import { test } from "node:test";

import { axisRange, motionText, movers, readMoved } from "../../assets/js/charts/motion.mjs";
import { motionOf } from "./fakes.mjs";

const buffer = (array) => array.buffer;
const moved = readMoved([
  buffer(Float64Array.of(70, 5, 9)),
  buffer(Uint16Array.of(1, 0, 1)),
  buffer(Float64Array.of(0.5, 2, 1)),
  buffer(Float64Array.of(3, 1, 2)),
]);

test("a motion is read as points whose place is how far they moved in the data and on the screen", () => {
  assert.deepEqual([moved.points.n, [...moved.points.labels]], [3, [1, 0, 1]]);
  assert.deepEqual([...moved.positions], [0.5, 3, 2, 1, 1, 2]);
  assert.equal(moved.places.get(9), 2);
  assert.equal(moved.places.get(1), undefined);
});

test("the points that moved most are sorted by either side", () => {
  assert.deepEqual(movers(moved, "screen", 12), [0, 2, 1]);
  assert.deepEqual(movers(moved, "data", 2), [1, 2]);
});

test("an axis holds zero and the farthest point, and has a length where nothing moved", () => {
  const [from, to] = axisRange(moved.data);
  assert.ok(from < 0 && to > 2 && to < 2.2);
  assert.deepEqual(axisRange(Float64Array.of(0, 0)), [-0.03, 1]);
});

test("it is said what is drawn across and up", () => {
  const motion = motionOf({ split: "test", layer: "logits", fitted: false });
  assert.match(motionText(motion, 1000), /^Across: how far each of 1,000 test points moved in the data \(logits, all/);
  assert.match(motionText(motion, 3), /Up: how far on the screen/);
  assert.match(motionText({ ...motion, split: "train", fitted: true }, 3), /training points .* were taken out\.$/);
});

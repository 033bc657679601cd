import assert from "node:assert/strict";
import { test } from "node:test";
import { roved } from "../../assets/js/core/roving.mjs";
import { unreadSentence } from "../../assets/js/core/unread.mjs";
import { saidOfFrame, saidOfSelection, wayOf } from "../../assets/js/pages/stage_words.mjs";
import { rowsOf, saidOfPoint } from "../../assets/js/points/card.mjs";
import { middlePoint, nextPoint } from "../../assets/js/points/walking.mjs";

const view = { left: 0, top: 0, width: 100, height: 100, x0: -1, x1: 1, y0: -1, y1: 1, kx: 50, ky: 50 };
/** A picture of points, in plot units; some may be hidden. */
const picture = (points, hidden = []) => ({
  view,
  positions: Float32Array.from(points.flat()),
  visible: (i) => !hidden.includes(i),
});
const [RIGHT, LEFT, UP, DOWN] = /** @type {[number, number][]} */ ([[1, 0], [-1, 0], [0, -1], [0, 1]]); // prettier-ignore

test("an arrow leads to the nearest point in its quarter of the picture, straight on before aside", () => {
  const cross = picture([[0, 0], [0.5, 0.1], [-0.5, 0], [0.1, 0.6], [0, -0.4], [0.3, 0.28]]); // prettier-ignore
  assert.equal(nextPoint(cross, 0, RIGHT), 1, "not the nearer one that lies aside");
  assert.equal(nextPoint(cross, 0, LEFT), 2);
  assert.equal(nextPoint(cross, 0, UP), 3, "up is towards larger values");
  assert.equal(nextPoint(cross, 0, DOWN), 4);
  assert.equal(nextPoint(cross, 1, RIGHT), -1, "there is nothing further on");
});

test("what is hidden is passed by, and points that lie on one another do not hold the cursor", () => {
  const row = picture([[-0.8, 0], [-0.4, 0], [-0.4, 0], [0, 0], [0.4, 0]], [3]); // prettier-ignore
  assert.equal(nextPoint(row, 0, RIGHT), 1);
  assert.equal(nextPoint(row, 1, RIGHT), 4);
  assert.equal(nextPoint(row, 4, LEFT), 1);
});

test("every point of a cloud can be gone to by arrows", () => {
  let seed = 7;
  const random = () => ((seed = (seed * 16807) % 2147483647) / 2147483647) * 2 - 1;
  const cloud = picture(Array.from({ length: 200 }, () => [random(), random()]));
  const reached = new Set([middlePoint(cloud)]);
  for (const from of reached) for (const way of [RIGHT, LEFT, UP, DOWN]) {
    const to = nextPoint(cloud, from, way);
    if (to >= 0) reached.add(to);
  } // prettier-ignore
  assert.ok(reached.size >= 195, `${reached.size} of 200`);
});

test("it begins at the point nearest to the middle; a picture of nothing has none", () => {
  assert.equal(middlePoint(picture([[0.9, 0.9], [0.1, 0], [-0.5, 0]])), 1); // prettier-ignore
  assert.equal(middlePoint(picture([[0.1, 0], [0.9, 0.9]], [0])), 1); // prettier-ignore
  assert.equal(middlePoint(picture([])), -1);
});

test("arrows lead around among those that can be used, and other keys nowhere", () => {
  const usable = [true, false, true, true];
  const to = (key, from) => roved(key, from, usable);
  assert.deepEqual([to("ArrowRight", 0), to("ArrowDown", 3), to("ArrowLeft", 0), to("ArrowUp", 2)], [2, 0, 3, 0]);
  assert.deepEqual([to("Home", 2), to("End", 0), to("x", 0), to("Enter", 0)], [0, 3, -1, -1]);
  assert.equal(roved("ArrowRight", 0, [false, false]), -1);
  assert.equal(roved("ArrowRight", 0, [true]), 0);
});

test("one message lists what of a link could not be read", () => {
  assert.equal(unreadSentence(["epoch"]), "The link's “epoch” could not be read and was left out.");
  assert.equal(
    unreadSentence(["epoch", "frame", "stop"]),
    "The link's “epoch”, “frame” and “stop” could not be read and were left out.",
  );
});

test("a frame is told by its longest handles and where they point", () => {
  assert.deepEqual([wayOf(1, 0), wayOf(1, 1), wayOf(0, 2), wayOf(-1, 0.01), wayOf(-1, -1), wayOf(0.5, -0.5)], ["right", "upper right", "up", "left", "lower left", "lower right"]); // prettier-ignore
  const seen = Float64Array.of(0.1, 0, 0, 0.9, -0.5, 0, 0.01, 0);
  assert.equal(saidOfFrame(seen, [0, 1, 2, 3], ["a", "b", "c", "d"]), "Longest handles: b up, c left, a right.");
  assert.equal(saidOfFrame(seen, [3], ["a", "b", "c", "d"]), "", "one that is seen end-on points nowhere");
});

test("a selection is told by its largest groups", () => {
  const points = { n: 6, ids: Int32Array.of(1, 2, 3, 4, 5, 6), labels: Uint16Array.of(0, 0, 1, 2, 3, 3) };
  const names = ["cat", "dog", "owl", "bee"];
  assert.equal(saidOfSelection(points, new Set(), names), "None is selected.");
  assert.equal(saidOfSelection(points, new Set([99]), names), "None is selected.");
  assert.equal(saidOfSelection(points, new Set([1, 2, 4]), names), "3 selected: 2 cat, 1 owl.");
  assert.equal(
    saidOfSelection(points, new Set([1, 2, 3, 4, 5, 6]), names),
    "6 selected: 2 cat, 2 bee, 1 dog, 1 other.",
  );
});

test("what the card says is what is heard", () => {
  const about = {
    id: 7, split: "test", label: "cat", predicted: "dog", confidence: 0.5, epoch: 3, images: null, index: 0,
    more: /** @type {[string, string][]} */ ([["Group", "furry"]]),
  }; // prettier-ignore
  const rows = [["Label", "cat"], ["Predicted", "dog"], ["Confidence", "50 %"], ["Point", "7, test"], ["Epoch", "3"], ["Group", "furry"]]; // prettier-ignore
  assert.deepEqual(rowsOf(about), rows);
  const said = "Label cat; Predicted dog; Confidence 50 %; Point 7, test; Epoch 3; Group furry";
  assert.equal(saidOfPoint(about, false), `${said}.`);
  assert.equal(saidOfPoint(about, true), `${said}; selected.`);
  assert.deepEqual(rowsOf({ ...about, label: null, predicted: null, clock: "step", more: [] }), [["Point", "7, test"], ["Step", "3"]]); // prettier-ignore
});

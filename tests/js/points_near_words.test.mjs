import assert from "node:assert/strict";
import { test } from "node:test";

import { USUAL } from "../../assets/js/data/neighbours.mjs";
import { falseSaid, headSaid, hintsSaid, keptSaid, notRecorded, tileSaid } from "../../assets/js/points/near_words.mjs";

const NONE = { points: 1, of: 999, left_out: 0, tied: 0, near: [], seen: [], silence: "", note: "" };
/** @param {number} n */
const near = (n) => Array.from({ length: n }, (_, i) => ({ id: i, distance: i / 10, rank: i + 1 }));
const ASKED = { of: "point 3 (cat)", layer: "logits", clock: "epoch", epoch: 12, settings: USUAL };

test("it is said of whom, in what data, how measured, among how many", () => {
  assert.equal(
    headSaid(ASKED, { ...NONE, near: near(10) }),
    "The 10 nearest of 999 points to point 3 (cat), at logits, epoch 12: Euclidean distance, all compared.",
  );
  const middle = {
    ...ASKED,
    of: "the middle of 2 selected points",
    settings: { ...USUAL, split: /** @type {const} */ ("test") },
  };
  assert.match(headSaid(middle, { ...NONE, points: 2, near: near(1) }), /^The nearest of 999 test points .* left out,/);
  assert.match(headSaid(ASKED, { ...NONE, of: 0 }), /no other points to compare/);
});

test("ties, points without a distance and wide layers are said", () => {
  assert.deepEqual(hintsSaid(NONE, "cosine"), []);
  const hints = hintsSaid({ ...NONE, tied: 1, left_out: 2, note: "kept as a sketch" }, "cosine");
  assert.match(hints[0], /^1 more is exactly as near/);
  assert.equal(hints[1], "2 points at the origin have no direction and are left out.");
  assert.match(hints[2], /kept as a sketch/);
  assert.equal(
    hintsSaid({ ...NONE, left_out: 1 }, "euclidean")[0],
    "1 point is too far out to be measured and is left out.",
  );
});

test("what is kept is said beside what chance keeps, with the numbers that belong to it", () => {
  const said = keptSaid({ ...NONE, of: 1000, near: near(10) }, USUAL, 3, "");
  assert.match(
    said,
    /^Of these 10, 7 are among the 10 nearest points in the picture too; the other 3 \(dashed\) are lost\./,
  );
  assert.match(said, /Drawn at random, 0\.1 would be/);
  const few = keptSaid({ ...NONE, of: 4, near: near(4) }, USUAL, 0, " Elsewhere.");
  assert.match(few, /among the 4 nearest points .* too\. Drawn at random, 4\.0 would be, on average\. Elsewhere\.$/);
  assert.match(falseSaid(0, 10, USUAL), /^None of the 10/);
  assert.match(
    falseSaid(2, 10, { ...USUAL, split: "train" }),
    /10 nearest training points in the picture, 2 are not among/,
  );
});

test("a neighbour is told with both its ranks, and without one where it was not asked", () => {
  const one = { id: 7, distance: 0.125, rank: 1234 };
  assert.equal(
    tileSaid("cat", one, "test", 5),
    "cat, point 7, test: number 1,234 in the data, at 0.125; number 5 in the picture",
  );
  assert.equal(tileSaid("", { ...one, distance: null }, "train", 0), "point 7, train: no distance in the data");
});

test("a layer whose values a run does not keep is told, with those that it has", () => {
  assert.equal(notRecorded("softmax", ["logits", "softmax"]), "");
  const said = notRecorded("relu2", ["logits", "softmax"]);
  assert.match(said, /does not keep the values at relu2/);
  assert.match(said, /those at logits and softmax\. Choose one of them above\.$/);
  assert.match(notRecorded("relu2", ["softmax"]), /those at softmax\.$/, "there is nothing to choose");
});

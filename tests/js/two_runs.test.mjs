import assert from "node:assert/strict";
import { test } from "node:test";

import { evenly, mostApart } from "../../assets/js/charts/when_apart.mjs";
import { canGrow } from "../../assets/js/data/growth.mjs";
import { WAYS, answersApart, disagreed, largestOf } from "../../assets/js/data/two_runs.mjs";
import { saidOfAnswers, saidOfEpoch, saidOfFrame } from "../../assets/js/pages/two_runs_panels.mjs";
import { arrowsOf } from "../../assets/js/points/second_cloud.mjs";

/** @type {any} */
const NOTE = {
  a: { name: "a", called: "one", n: 9, unit: "epoch", epochs: [0, 3], last: 3 },
  b: { name: "b", called: "other", n: 8, unit: "epoch", epochs: [0, 3], last: 6 },
  n: 8, said: ["A sentence."], named: true, widths: [3, 3], held: [1, 1], scale: 1.25, kept: "",
  left: null, best: null, apart: [], agreement: [{ both: 3, only_a: 1, only_b: 2, same_wrong: 1, other_wrong: 1, expected: 4.6 }],
}; // prettier-ignore
/** @type {any} */
const RUN = { run: "a", layer: "softmax", p: 3, epochs: [0, 3], unit: "epoch", two: NOTE };

test("each point that not both have right is in one of four lists", () => {
  const found = answersApart([0, 0, 1, 2, 2, 3], [0, 1, 0, 2, 1, 3], [0, 0, 0, 0, 0, 1]);
  assert.deepEqual(found, { only_a: [1], only_b: [2], same_wrong: [3, 5], other_wrong: [4] });
  assert.deepEqual([...WAYS].sort(), Object.keys(found).sort());
  assert.equal(disagreed(NOTE.agreement[0]), 4);
});

test("the largest of a table is found past what is not known", () => {
  assert.deepEqual(largestOf([[null, 1], [3, 2]]), { row: 1, at: 0, value: 3 }); // prettier-ignore
  assert.equal(largestOf([[null]]), null);
});

test("epochs are chosen evenly, the first and the last among them", () => {
  assert.deepEqual(evenly(3, 5), [0, 1, 2]);
  assert.deepEqual(evenly(101, 5), [0, 25, 50, 75, 100]);
});

test("the classes that are farthest apart are shown, in their own order", () => {
  assert.deepEqual(mostApart([[1, 9], [null, null], [2, 3], [5, 0]], 2), [0, 3]); // prettier-ignore
});

test("arrows are for all that are drawn, else for the selected, and for no more than 1,000", () => {
  const none = () => false;
  assert.deepEqual(arrowsOf([4, 2], none), { points: [4, 2], some: false, many: 0 });
  assert.deepEqual(arrowsOf([4, 2], (i) => i === 2), { points: [2], some: true, many: 0 }); // prettier-ignore
  const many = Array.from({ length: 1001 }, (_, i) => i);
  assert.deepEqual(arrowsOf(many, none), { points: [], some: false, many: 1001 });
  assert.deepEqual(arrowsOf(many, (i) => i < 3).points, [0, 1, 2]);
});

test("two runs do not grow as one does", () => {
  assert.equal(canGrow(RUN), false);
  assert.equal(canGrow({ ...RUN, two: undefined }), true);
});

test("what is said of the frame follows how it came about", () => {
  assert.deepEqual(saidOfFrame(RUN), [
    "8 points that both have.",
    "A sentence.",
    "At softmax the axes mean the same in both runs: nothing is turned.",
  ]);
  const hidden = { ...RUN, layer: "fc", two: { ...NOTE, named: false, widths: [3, 2] } };
  assert.ok(saidOfFrame(hidden).includes("At fc one has 3 values and other 2; the narrower has zeros behind."));
  assert.ok(saidOfFrame(hidden).includes("other's cloud is 1.25 times as large; the picture leaves it so."));
  const wide = { ...hidden, two: { ...hidden.two, widths: [900, 80], held: [0.9, 0.8] } };
  assert.match(saidOfFrame(wide)[2], /3 leading principal coordinates, of 900 and 80: 90 % and 80 % of the variance/);
});

test("what a turn leaves is said of the epoch that is shown", () => {
  assert.equal(saidOfEpoch(RUN, 1), "");
  const hidden = { ...RUN, two: { ...NOTE, left: [0.5, 0.25], best: [0.4, 0.125] } };
  assert.match(saidOfEpoch(hidden, 1), /^other is turned by one turn for all epochs\. At epoch 3 it leaves 25 %/);
  assert.match(saidOfEpoch(hidden, 0), /At epoch 0 it leaves 50 %.* would leave 40 %\.$/);
  const percent = { ...RUN, unit: "percent", epochs: [0, 100] };
  assert.equal(saidOfEpoch(percent, 1), "Shown: one at epoch 3, other at epoch 3.");
});

test("differing answers are told with what chance would make of them", () => {
  assert.match(
    saidOfAnswers(RUN, 0),
    /^At epoch 0 the two give different answers for 4 of 8 points \(50 %\)\..* about 5\.$/,
  );
  assert.match(saidOfAnswers({ ...RUN, two: { ...NOTE, agreement: null } }, 0), /no one class/);
});

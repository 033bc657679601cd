import assert from "node:assert/strict";
import { test } from "node:test";
import { orthonormalError } from "../../assets/js/tour/frame.mjs";
import { dragHandle } from "../../assets/js/tour/drag.mjs";
import { randomFrame } from "../../assets/js/tour/frame.mjs";
import { rhoText, shareText } from "../../assets/js/meter/numbers.mjs";
import { drawnSquares, frameWithFirstRow, swapPlanes } from "../../assets/js/method/pythagoras.mjs";
import { createReading } from "../../assets/js/meter/reading.mjs";
import { leadingText, stopSentence } from "../../assets/js/meter/stops_bar.mjs";
import {
  choicesOf,
  countedPoints,
  displacements,
  emptySubject,
  meanDifferences,
  nameOf,
  readSubject,
  subjectOf,
  writeSubject,
} from "../../assets/js/meter/subject.mjs";
import { assertClose, seen } from "./golden.mjs";

const P = 3;
/** Two splits of four points in three epochs; scale and offset as on the wire. */
const slices = {
  train: [[0, 0, 0, 9, 0, 0, 0, 9, 0, 9, 9, 0], [9, 0, 0, 9, 0, 0, 0, 9, 0, 9, 9, 9], [9, 9, 9, 9, 0, 0, 0, 9, 0, 9, 9, 9]],
  test: [[0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9], [0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9], [0, 0, 9, 0, 0, 9, 9, 9, 9, 9, 9, 9]],
}; // prettier-ignore

/** @param {Record<string, any>} more */
function pretend(more = {}) {
  const labels = Uint16Array.of(0, 0, 1, 1);
  const stages = ["train", "test"].map((split) => ({
    split,
    points: { n: 4, labels, ids: Int32Array.of(0, 1, 2, 3) },
  }));
  const tensors = {
    /** @param {"train"|"test"} split @param {number} epoch */
    slice: (split, epoch) => ({ values: Uint16Array.from(slices[split][epoch]), scale: 2, offset: -1 }),
  };
  const run = {
    unit: "epoch",
    p: P,
    radius: 4,
    epochs: [0, 5, 10],
    classes: ["a", "b"],
    splits: { train: {}, test: {} },
    axes: ["x", "y", "z"],
    embedding: null,
  };
  return /** @type {any} */ ({
    run,
    stages,
    tensors,
    states: null,
    epoch: 0,
    playing: false,
    hidden: new Set(),
    seen: Float64Array.from(seen(randomFrame(P, 4), P)),
    refresh() {},
    ...more,
  });
}

test("what is measured is the motion while something moves, else the still picture", () => {
  const of = (/** @type {any} */ more, /** @type {any} */ choice = "auto") =>
    subjectOf(pretend(more), choice, emptySubject());
  assert.deepEqual(of({ epoch: 1 }), { kind: "positions", fromEpoch: 1, toEpoch: 1, fromState: 0, toState: 0 });
  assert.deepEqual(of({ epoch: 1.2 }), { kind: "epochs", fromEpoch: 1, toEpoch: 2, fromState: 0, toState: 0 });
  assert.equal(of({ epoch: 1, playing: true }).kind, "epochs");
  assert.deepEqual([of({ epoch: 2 }, "epochs").fromEpoch, of({ epoch: 2 }, "epochs").toEpoch], [1, 2]);
  assert.deepEqual([of({ epoch: 1 }, "since").fromEpoch, of({ epoch: 1 }, "since").toEpoch], [0, 1]);
  assert.equal(of({ epoch: 0 }, "since").toEpoch, 0, "at the first epoch nothing has moved yet");
  const states = {
    position: 1.5,
    playing: false,
    count: 3,
    note: { states: [{ name: "in" }, { name: "mid" }, { name: "out" }] },
  };
  const passing = of({ states });
  assert.deepEqual([passing.kind, passing.fromState, passing.toState], ["states", 1, 2]);
  assert.equal(nameOf(pretend({ states }), passing), "mid → out");
  assert.equal(nameOf(pretend(), of({ epoch: 1.2 })), "epoch 5 → 10");
});

test("who moved by no more than the rounding of the slices is not known to have moved", () => {
  const slices = [
    { values: Float64Array.of(0, 100, 200, 0, 65535, 7), scale: 1e-5, offset: 0 },
    { values: Float64Array.of(0, 100, 203, 0, 65535, 7), scale: 1.0000001e-5, offset: 1e-12 },
  ];
  const run = { p: 3, radius: 1, epochs: [0, 1] };
  const tensors = { slice: (/** @type {string} */ _, /** @type {number} */ epoch) => slices[epoch] };
  const out = new Float64Array(6);
  const subject = /** @type {any} */ ({ kind: "epochs", fromEpoch: 0, toEpoch: 1, fromState: 0, toState: 0 });
  assert.ok(displacements(/** @type {any} */ ({ run, tensors, states: null }), "test", subject, [0, 1], out));
  assert.ok(out[2] > 2.9e-5, "three steps are known");
  assert.deepEqual([...out.slice(3)], [0, 0, 0], "rounding is not");
});

test("what there is to choose is what the run has", () => {
  assert.deepEqual(choicesOf(pretend()).map(([one]) => one), ["auto", "epochs", "since", "means", "positions"]); // prettier-ignore
  const alone = pretend();
  alone.run = { ...alone.run, splits: { test: {} }, epochs: [3] };
  assert.deepEqual(choicesOf(alone).map(([one]) => one), ["auto", "positions"]); // prettier-ignore
});

test("a subject survives a link, and what a run has not got is none", () => {
  const view = pretend();
  const subject = subjectOf(pretend({ epoch: 1 }), "epochs", emptySubject());
  assert.deepEqual(readSubject(view, writeSubject(view, subject)), subject);
  for (const wrong of [
    "",
    "epochs",
    "epochs_5_99_0_0",
    "states_5_10_0_1",
    "auto_0_0_0_0",
    "epochs_5_10_0_1",
    "epochs_5_10_0_0_0",
  ])
    assert.equal(readSubject(view, wrong), null, wrong);
});

test("points that are hidden, and of an attack those that are not attacked, do not count", () => {
  const view = pretend({ hidden: new Set([1]) });
  const motion = subjectOf(view, "epochs", emptySubject());
  assert.deepEqual(countedPoints(view, view.stages[0], motion, 99), { indices: [0, 1], of: 2 });
  view.hidden = new Set();
  assert.deepEqual(countedPoints(view, view.stages[0], motion, 2), { indices: [0, 2], of: 4 });
  view.run = { ...view.run, attack: { attacked: [1, 3] } };
  assert.deepEqual(countedPoints(view, view.stages[0], motion, 99).indices, [1, 3]);
  assert.deepEqual(
    countedPoints(view, view.stages[0], subjectOf(view, "positions", emptySubject()), 99).indices,
    [0, 1, 2, 3],
  );
});

test("a reading of a motion: shares and ρ of the frame, by hand", () => {
  const view = pretend({ seen: Float64Array.of(1, 0, 0, 1, 0, 0) }); // the first two coordinates
  const reading = createReading(view, view.stages[0]);
  const told = reading.read(subjectOf(view, "epochs", emptySubject()), null);
  assert.ok(told);
  // epoch 0 to 5: point 0 moves by 9 along x, point 3 by 9 along z, in units of 2 / 4
  assertClose([told.motion ?? NaN, told.count, told.points], [0.5, 4, 4], 1e-12);
  // lengths rank 3.5, 1.5, 1.5, 3.5; drawn 4, 2, 2, 2
  assertClose([told.rho], [(1 * 1.5 + 1 * 0.5 + 1 * 0.5 - 1 * 0.5) / Math.sqrt(4 * 3)], 1e-12);
  assert.equal(told.seen, told.rho);
});

test("class means of training against test, those that are drawn", () => {
  const view = pretend();
  const rows = meanDifferences(view, subjectOf(view, "means", emptySubject()));
  assertClose(rows ?? [], [4.5, 0, 0, -4.5, 0, -9].map((x) => (x * 2) / 4), 1e-12); // prettier-ignore
  view.hidden = new Set([0]);
  assert.equal(meanDifferences(view, subjectOf(view, "means", emptySubject()))?.length, P);
});

test("numbers are written so that nothing is said to be all or nothing that is not", () => {
  assert.deepEqual([0.384, -0.126, -0.001, NaN, 1].map(rhoText), ["0.38", "−0.13", "0.00", "–", "1.00"]);
  assert.deepEqual([0, 1e-5, 0.034, 0.0996, 0.42, 0.997, 1, null].map(shareText), [
    "0 %",
    "< 0.1 %",
    "3.4 %",
    "10 %",
    "42 %",
    "> 99 %",
    "100 %",
    "–",
  ]);
  const of = { kind: /** @type {"states"} */ ("states"), fromEpoch: 0, toEpoch: 0, fromState: 0, toState: 1 };
  const now = {
    of,
    p: 32,
    stop: 3,
    stops: 16,
    share: 0.12,
    sofar: 0.84,
    shares: [],
    visited: [],
    rho: 0.93,
    arrived: true,
    playing: false,
  };
  assert.equal(stopSentence(now), "Stop 3 of 16: 12 % of the motion, 84 % so far, ρ\u00a00.93");
  assert.equal(leadingText(32, 16), "");
  const leading = { ...now, p: 1000, stops: 100 };
  assert.match(stopSentence(leading), /^Stop 3 of 100, the leading ones: 12 %/);
  assert.match(leadingText(1000, 100), /^All of 1,000 dimensions would take 500 stops\. These 100 /);
});

test("the two planes of the figure share out the square of a displacement, wherever it is pulled", () => {
  const g = frameWithFirstRow([0.5, 0.25, 0.3, 0.776]);
  assertClose(g.subarray(0, 4), [0.5, 0.25, 0.3, 0.776].map((x) => x / Math.hypot(0.5, 0.25, 0.3, 0.776)), 1e-12); // prettier-ignore
  for (const [plane, x, y] of [[0, 0.9, 0.1], [1, -0.4, 0.3], [1, 2, 2], [0, 0, 0]]) {
    if (plane) swapPlanes(g);
    dragHandle(g, 4, 0, x, y);
    if (plane) swapPlanes(g);
    const [a, b] = drawnSquares(g);
    assert.ok(Math.abs(a + b - 1) < 1e-12 && orthonormalError(g, 4) < 1e-9);
  } // prettier-ignore
  assertClose(frameWithFirstRow([0, 1, 0, 0]).subarray(0, 4), [0, 1, 0, 0], 1e-12);
});

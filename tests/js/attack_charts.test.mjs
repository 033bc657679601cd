import assert from "node:assert/strict";
import { test } from "node:test";

import {
  confidenceLook,
  holdSentence,
  holdText,
  movedLook,
  successLook,
} from "../../assets/js/charts/attack_looks.mjs";
import { answerOf, pText, pointText } from "../../assets/js/charts/detour_words.mjs";
import { nextPoint, orderAlong, rangeOf } from "../../assets/js/charts/scatter_places.mjs";
import { keepApart, niceTicks, tickText } from "../../assets/js/charts/small_chart.mjs";
import {
  labelRoom,
  labelText,
  labelled,
  nearestStep,
  numberAt,
  stepText,
  toldAt,
  valueAt,
  wordsOf,
} from "../../assets/js/charts/step_values.mjs";
import { detoursNote } from "./fakes.mjs";

test("ticks are round, within the range, and not more than asked for", () => {
  assert.deepEqual(niceTicks(0, 50, 6), [0, 10, 20, 30, 40, 50]);
  assert.deepEqual(niceTicks(0, 1, 2), [0, 0.5, 1]);
  assert.deepEqual(niceTicks(-0.04, 0.84, 5), [0, 0.2, 0.4, 0.6, 0.8]);
  assert.deepEqual(niceTicks(0.213, 0.371, 6), [0.25, 0.3, 0.35]);
  assert.deepEqual(niceTicks(0, 0.3, 3), [0, 0.1, 0.2, 0.3]); // not 0.30000000000000004
  assert.deepEqual(niceTicks(3, 3, 5), [3]);
  assert.deepEqual([tickText(-0.5), tickText(0.25)], ["−0.5", "0.25"]);
});

test("labels keep apart, in order, between the ends, and stay where they have room", () => {
  assert.deepEqual(keepApart([10, 50, 90], 12, 0, 100), [10, 50, 90]);
  assert.deepEqual(keepApart([50, 52], 12, 0, 100), [50, 62]);
  assert.deepEqual(keepApart([99, 98, 0], 12, 0, 100), [100, 88, 0]);
  assert.deepEqual(keepApart([-5, 1], 12, 0, 100), [0, 12]);
  assert.deepEqual(keepApart([], 12, 0, 100), []);
});

test("between two steps a value lies between theirs; one unknown makes it unknown, but not at the other", () => {
  const values = [0, 1, NaN, 3];
  assert.deepEqual(
    [0, 0.25, 1, 3, 7, -1].map((at) => valueAt(values, at)),
    [0, 0.25, 1, 3, 3, 0],
  );
  assert.ok(Number.isNaN(valueAt(values, 1.5)));
  assert.equal(numberAt([0, 2, 10], 1.5), 6);
  assert.deepEqual(
    [-3, 0.9, 1.1, 5.9, 6.1, 99].map((number) => nearestStep([0, 2, 10], number)),
    [0, 0, 1, 1, 2, 2],
  );
  assert.deepEqual([stepText(7), stepText(7.25)], ["7", "7.3"]);
});

test("labels are short, and room is kept for the longest", () => {
  assert.equal(labelText("softmax"), "softmax");
  assert.equal(labelText("layer1.0.conv1"), "layer…conv1");
  assert.ok(labelRoom(["a", "layer1.0.conv1"]) === labelRoom(["elevenchars"]) && labelRoom(["a"]) < labelRoom(["ab"]));
});

test("where an attack takes hold is said, or that it does so nowhere and where it came closest", () => {
  const states = [{ name: "input" }, { name: "relu1" }, { name: "softmax" }];
  const moved = (...final) => final.map((x) => Float64Array.of(0, x));
  assert.deepEqual(holdText(moved(0.2, 1.234, 2), states), ["at relu1", "1.23"]);
  assert.deepEqual(holdText(moved(0.2, NaN, 0.496), states), ["nowhere", "farthest: 0.496 in softmax"]);
  assert.deepEqual(holdText(moved(NaN, NaN, NaN), states), ["nowhere", "no distance is known"]);
});

test("whether detours are noisier is answered by number and sign, and not where it cannot be said", () => {
  const said = (rho, p_value, n = 89) => Object.values(answerOf(detoursNote({ rho, p_value, n }))).join(": ");
  assert.equal(said(-0.0479, 0.6542), "Spearman’s ρ = −0.05 over 89 points, p = 0.65: not in this attack");
  assert.equal(said(0.3, 0.05), "Spearman’s ρ = 0.30 over 89 points, p = 0.05: not in this attack");
  assert.equal(said(0.514, 0.0001), "Spearman’s ρ = 0.51 over 89 points, p < 0.001: yes, in this attack");
  assert.equal(
    said(-0.4, 0.0123),
    "Spearman’s ρ = −0.40 over 89 points, p = 0.012: no, in this attack it is the other way round",
  );
  assert.equal(said(null, null, 2), "It cannot be said: of 2 points that moved and were changed: too few to compare");
  assert.match(said(null, null, 40), /^It cannot be said.*alike$/);
  assert.match(said(-0.001, 0.9), /ρ = 0\.00 /);
  assert.deepEqual([0.0001, 0.0012, 0.5, 1].map(pText), ["p < 0.001", "p = 0.0012", "p = 0.50", "p = 1.00"]);
});

test("keys go through points in the order of an axis, from one end when they begin", () => {
  const order = orderAlong([0, 2, 3], [0.5, 9, 0.1, 0.5]);
  assert.deepEqual(order, [2, 0, 3]);
  const to = (key) => [-1, 2, 0, 3].map((from) => nextPoint(key, order, from));
  assert.deepEqual(to("ArrowRight"), [2, 0, 3, 3]);
  assert.deepEqual(to("ArrowDown"), [3, 2, 2, 0]);
  assert.deepEqual(
    [nextPoint("End", order, 2), nextPoint("Home", order, 3), nextPoint("x", order, 2), nextPoint("End", [], -1)],
    [3, 2, null, null],
  );
});

test("lines are labelled where their end is known, and the only line names the others too", () => {
  const line = (name, label, end, /** @type {number|null} */ others = null) => ({
    name, label, color: "red", values: [0, end], others: others === null ? null : [0, others], followed: true,
  }); // prettier-ignore
  assert.deepEqual(labelled([line("", "selected", 0.5, 0.25)]), [["selected", 0.5, false], ["others", 0.25, true]]); // prettier-ignore
  assert.deepEqual(labelled([line("8", "8", 0.5, 0.25), line("0", "", 1), line("3", "3", NaN)]), [["8", 0.5, false]]);
  const told = toldAt([line("8", "8", 1, 0.5), line("0", "0", 3)], 0.5, String);
  assert.deepEqual(
    told.map(({ own, others }) => [own, others]),
    [
      ["0.5", "0.25"],
      ["1.5", null],
    ],
  );
  assert.equal(wordsOf(told), "8: 0.5, others 0.25; 0: 1.5");
  assert.equal(wordsOf(toldAt([line("", "", 1)], 1, String)), "1");
});

test("where it takes hold is told for all, or for the selected against the others", () => {
  const states = [{ name: "input" }, { name: "relu1" }];
  const moved = (...final) => ({ moved: final.map((x) => Float64Array.of(0, x)) });
  const sentence = (strong, faint) => holdSentence(strong, faint, states).join("");
  assert.match(
    sentence(moved(0.1, 2), null),
    /^at relu1: the first layer in which points end half as far .* \(2\.00\)$/,
  );
  assert.match(sentence(moved(0.1, 0.2), null), /^nowhere: in no layer .* \(farthest: 0\.200 in relu1\)$/);
  assert.equal(
    sentence(moved(0.1, 2), moved(1, 2)),
    "at relu1 for the selected (2.00), at input for the others (1.00)",
  );
});

test("the line of the layer that is shown is above the others, followed, and alone set against others", () => {
  const states = ["input", "relu1", "softmax"].map((name) => ({ name }));
  const strong = { moved: [Float64Array.of(0, 0.2), Float64Array.of(0, 3), Float64Array.of(0, NaN)] };
  const faint = { moved: [Float64Array.of(0, 9), Float64Array.of(0, 5), Float64Array.of(0, 7)] };
  const look = movedLook(strong, faint, states, 1);
  assert.deepEqual(
    look.series.map(({ name, label, others, followed }) => [name, label, others, followed]),
    [
      ["input", "", null, false],
      ["softmax", "", null, false],
      ["relu1", "relu1", faint.moved[1], true],
    ],
  );
  assert.deepEqual([look.top, look.rule], [5, 1], "what is not drawn needs no room");
  assert.equal(movedLook({ moved: [Float64Array.of(0, 0.2)] }, null, [{ name: "input" }], 0).top, 1.08);
});

test("success has one line, which is named once there are others; confidence one a class that is known", () => {
  const curves = (...rows) => {
    const [success, source, target] = rows.map((row) => Float64Array.from(row));
    return { success, source, target };
  };
  const strong = curves([0, 1], [1, 0], [0, 1]);
  const faint = curves([0, 0.5], [1, 0.5], [0, 0.5]);
  assert.deepEqual(
    [successLook(strong, null), successLook(strong, faint)].map(({ series: [one] }) => [one.label, one.others]),
    [
      ["", null],
      ["selected", faint.success],
    ],
  );
  const [eight, zero] = [{ name: "8", color: "red" }, { name: "0", color: "blue" }]; // prettier-ignore
  const names = (/** @type {Parameters<typeof confidenceLook>} */ ...given) =>
    confidenceLook(...given).series.map((one) => [one.name, one.others]);
  assert.deepEqual(names(strong, faint, eight, zero), [["8", faint.source], ["0", faint.target]]); // prettier-ignore
  assert.deepEqual(names(strong, null, eight, null), [["8", null]]);
  assert.deepEqual(names({ ...strong, target: null }, null, eight, zero), [["8", null]]);
});

test("of a point it is said how far it strays, how noisy it is, and how much longer its path is where that is known", () => {
  assert.equal(
    pointText(17, 0.256, 0.5, 0.124),
    "Point 17: strays 0.26, its path 12 % longer than straight; noise 0.50",
  );
  assert.equal(pointText(17, -0.001, 0.5, null), "Point 17: strays 0.00; noise 0.50");
});

test("an axis leaves some room beyond its points, and is of use with one point or none", () => {
  const near = (range, wanted) => range.forEach((x, i) => assert.ok(Math.abs(x - wanted[i]) < 1e-12, `${range}`));
  near(rangeOf([1, 3]), [0.9, 3.1]);
  near(rangeOf([1, 2], 0), [-0.1, 2.1]);
  near(rangeOf([2]), [1.5, 2.5]);
  near(rangeOf([]), [0, 1]);
});

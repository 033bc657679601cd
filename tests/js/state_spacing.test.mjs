import assert from "node:assert/strict";
import { test } from "node:test";
import { axisOf, ticksOf } from "../../assets/js/charts/spaced_axis.mjs";
import { createEpochClock } from "../../assets/js/stage/epoch_clock.mjs";
import { chooseSpacing, indexAt, onSpacing, placeOf, placesOf, spacingOf } from "../../assets/js/state/spacing.mjs";
import { inUnit } from "../../assets/js/pages/units.mjs";

/** @type {Map<string, string>} */
const kept = new Map();
Object.assign(globalThis, {
  localStorage: { getItem: (/** @type {string} */ key) => kept.get(key) ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value) },
}); // prettier-ignore

const STEPS = [0, 1, 2, 4, 8, 16, 32];
const near = (/** @type {number[]} */ a, /** @type {number[]} */ b) => a.forEach((x, i) => assert.ok(Math.abs(x - b[i]) < 1e-9, `${a} is not ${b}`)); // prettier-ignore

test("epochs follow each other, steps are spaced by their numbers or their logarithms, 0 as far off as the others", () => {
  assert.deepEqual(placesOf([0, 5, 20], "epoch"), [0, 1, 2]);
  near(placesOf(STEPS, "step", "log"), [0, 1, 2, 3, 4, 5, 6]);
  near(placesOf([0, 10, 100, 1000], "step", "log"), [0, 1, 2, 3]);
  near(placesOf([10, 100, 1000], "step", "log"), [0, 1, 2]);
  near(placesOf([0, 10, 40], "step", "even"), [0, 0.5, 2]);
  assert.deepEqual(placesOf([0, 7], "step"), [0, 1], "two are where they are");
});

test("an index and its place lead to each other, and stay within", () => {
  const places = placesOf(STEPS, "step", "even");
  for (const index of [0, 0.25, 3.5, 5.75, 6]) near([indexAt(places, placeOf(places, index))], [index]);
  assert.deepEqual([indexAt(places, -3), indexAt(places, 99), indexAt([0], 0)], [0, 6, 0]);
});

test("what is not chosen is seen from the steps; a choice is kept and told", () => {
  assert.deepEqual([spacingOf(STEPS), spacingOf([0, 100, 200, 300])], ["log", "even"]);
  let heard = 0;
  const end = onSpacing(() => heard++);
  chooseSpacing("even");
  assert.deepEqual([spacingOf(STEPS), kept.get("gt-spacing"), heard], ["even", "even", 1]);
  assert.equal(axisOf(STEPS, "step"), STEPS, "an even axis has the numbers themselves");
  end();
  chooseSpacing("log");
  assert.equal(heard, 1);
  near(axisOf(STEPS, "step"), [0, 1, 2, 3, 4, 5, 6]);
  kept.clear();
});

test("ticks are some of the steps, with the first and the last", () => {
  const ticks = ticksOf(Array.from({ length: 50 }, (_, i) => i));
  assert.ok(ticks.length <= 9 && ticks[0] === 0 && ticks[ticks.length - 1] === 49, `${ticks}`);
  assert.deepEqual(ticksOf([3]), [0]);
});

test("all steps take as long to play, however they are spaced", () => {
  for (const spacing of /** @type {const} */ (["even", "log"])) {
    const clock = createEpochClock({ changed: () => {}, wake: () => {}, abrupt: () => true });
    clock.begin(STEPS, 0);
    clock.space(placesOf(STEPS, "step", spacing));
    clock.setRate(3);
    clock.play(true);
    let seconds = 0;
    for (; clock.playing && seconds < 10; seconds += 0.05) clock.advance(0.05, () => true);
    assert.ok(Math.abs(seconds - 2) < 0.11, `${spacing}: ${seconds} s`);
    clock.seek(0);
    clock.play(true);
    clock.advance(1, () => true);
    near([clock.number], [spacing === "even" ? 16 : 4]);
    clock.seek(2);
    clock.step(1);
    assert.equal(clock.number, 4, "a key goes to the next that is recorded");
  }
});

test("words of epochs are said of steps, and back", () => {
  const said = [
    "One epoch back",
    "Play the epochs (Space)",
    "Epochs",
    "3 epochs/s",
    "1 epoch/s",
    "an epoch of it",
    "stepping",
  ];
  const steps = [
    "One step back",
    "Play the steps (Space)",
    "Steps",
    "3 recorded steps/s",
    "1 recorded step/s",
    "a step of it",
    "stepping",
  ];
  assert.deepEqual(said.map((one) => inUnit(one, "step")), steps); // prettier-ignore
  assert.deepEqual(steps.map((one) => inUnit(one, "epoch")), said); // prettier-ignore
  assert.deepEqual(said.map((one) => inUnit(one, "epoch")), said); // prettier-ignore
});

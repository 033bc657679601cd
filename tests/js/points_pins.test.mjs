import assert from "node:assert/strict";
import { test } from "node:test";

import { nudge } from "../../assets/js/core/arrow_keys.mjs";
import { createPinSteering } from "../../assets/js/points/pin_steering.mjs";
import { pinText } from "../../assets/js/points/pins.mjs";

test("a pin says its name and how many points it holds", () => {
  assert.equal(pinText({ name: "Selection", count: 57 }), "Selection, 57 points");
  assert.equal(pinText({ name: "5", count: 1 }), "5, 1 point");
  assert.equal(pinText({ name: "shoes", count: 1234 }), "shoes, 1,234 points");
});

test("arrow keys move a handle in the picture, with shift by less", () => {
  assert.deepEqual(nudge("ArrowUp", false), [0, 0.03]);
  assert.deepEqual(nudge("ArrowLeft", true), [-0.01, 0]);
  assert.equal(nudge("Enter", false), null);
});

/** Steering that writes down what it tells. */
function steering() {
  const log = [];
  const heard = (name) => (...args) => log.push([name, ...args]); // prettier-ignore
  return { log, pin: createPinSteering({ start: heard("start"), move: heard("move"), end: heard("end") }) };
}
const VIEW = { kx: 100, ky: 50 }; // px a data unit

test("a press becomes a drag after a few pixels, told from where it began", () => {
  const { log, pin } = steering();
  pin.press(1, 10, 10);
  pin.drag(1, 11, 11, VIEW);
  pin.drag(0, 90, 90, VIEW); // another pin has nothing to say
  assert.deepEqual(log, [["start", 1]]);
  pin.drag(1, 60, 60, VIEW);
  pin.drag(1, 11, 10, VIEW); // back again: still dragged
  pin.drop();
  assert.deepEqual(log.slice(1), [["move", 1, 0.5, -1], ["move", 1, 0.01, -0], ["end", 1, true]]); // prettier-ignore
  assert.equal(pin.dragged, -1);
});

test("a press that goes nowhere ends without having moved", () => {
  const { log, pin } = steering();
  pin.press(0, 10, 10);
  pin.drop();
  assert.deepEqual(log, [["start", 0], ["end", 0, false]]); // prettier-ignore
});

test("keys steer one pin in one gesture from the first press to the release", () => {
  const { log, pin } = steering();
  pin.steer(2, [0.5, 0]);
  pin.steer(2, [0.5, 0.25]);
  pin.release(1);
  assert.equal(pin.steered, 2);
  pin.release(2);
  pin.release(2);
  pin.steer(2, [0.5, 0]);
  assert.deepEqual(log, [
    ["start", 2], ["move", 2, 0.5, 0], ["move", 2, 1, 0.25], ["end", 2, true],
    ["start", 2], ["move", 2, 0.5, 0],
  ]); // prettier-ignore
});

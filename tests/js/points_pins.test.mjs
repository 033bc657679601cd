import assert from "node:assert/strict";
import { test } from "node:test";

import { nudge, pinText } from "../../assets/js/points/pins.mjs";

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

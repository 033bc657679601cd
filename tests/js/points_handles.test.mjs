import assert from "node:assert/strict";
import { test } from "node:test";

import { standsLeft } from "../../assets/js/points/handles.mjs";

const PLOT = { left: 0, width: 400 };

test("a name stands outward, unless it would be cut off there", () => {
  assert.ok(standsLeft(-0.5, 100, "cat", PLOT));
  assert.ok(!standsLeft(0.5, 300, "cat", PLOT));
  assert.ok(!standsLeft(-0.9, 20, "cat", PLOT), "cut off at the left edge");
  assert.ok(standsLeft(0.9, 380, "cat", PLOT), "cut off at the right edge");
  assert.ok(standsLeft(-0.5, 191, "a name that is much longer than the style lets it be", PLOT));
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { standsLeft } from "../../assets/js/points/handles.mjs";
import { placeLabels } from "../../assets/js/points/labels.mjs";
import { roomWithin } from "../../assets/js/stage/stage.mjs";

const PLOT = { left: 0, width: 400 };

test("a name stands outward, unless it would be cut off there", () => {
  assert.ok(standsLeft(-0.5, 100, "cat", PLOT));
  assert.ok(!standsLeft(0.5, 300, "cat", PLOT));
  assert.ok(!standsLeft(-0.9, 20, "cat", PLOT), "cut off at the left edge");
  assert.ok(standsLeft(0.9, 380, "cat", PLOT), "cut off at the right edge");
  assert.ok(standsLeft(-0.5, 191, "a name that is much longer than the style lets it be", PLOT));
});

test("names keep clear of tools and words at a stage's edges, and use the others to the last", () => {
  const view = { left: 0, top: 0, width: 560, height: 750 };
  const room = roomWithin(view, [34, 14, 50, 52]); // as the style says of the first stage
  assert.deepEqual(room, { left: 46, top: 28, width: 512, height: 678 });
  assert.ok(standsLeft(-0.8, 104, "cat", room));
  assert.ok(!standsLeft(-0.8, 104, "sandal", room), "it would lie under the tools");
  const end = { x: 104, y: 400, name: "sandal", left: standsLeft(-0.8, 104, "sandal", room) };
  const [{ dx, width }] = placeLabels([end], room, (text) => 8 * text.length + 8);
  assert.ok(end.x + dx >= room.left && end.x + dx + width <= room.left + room.width);
});

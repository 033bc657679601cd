import assert from "node:assert/strict";
import { test } from "node:test";

import { bandOf, byColor, runs } from "../../assets/js/points/trails.mjs";

test("segments fall into bands of age, the newest into the last", () => {
  for (const segments of [1, 2, 11, 12, 13, 49, 500]) {
    const bands = Array.from({ length: segments }, (_, i) => bandOf(i, segments));
    assert.deepEqual(
      bands,
      [...bands].sort((a, b) => a - b),
    );
    assert.equal(bands.at(-1), 11);
    assert.equal(new Set(bands).size, Math.min(12, segments));
    assert.ok(bands[0] >= 0);
  }
});

test("neighbours that are alike are drawn together, paths by their colour", () => {
  assert.deepEqual(runs(0, String), []);
  const kinds = ["a", "a", "b", "a"];
  assert.deepEqual(
    runs(4, (i) => kinds[i]),
    [
      [0, 2],
      [2, 3],
      [3, 4],
    ],
  );
  const order = byColor(["red", "blue", "red", "green"]);
  assert.deepEqual([...order], [1, 3, 0, 2]);
});

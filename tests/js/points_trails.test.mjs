import assert from "node:assert/strict";
import { test } from "node:test";

import { bandOf } from "../../assets/js/points/trails.mjs";

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

/** A caption counts what a picture shows: what is selected and hidden is not in it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenIn } from "../../assets/js/pages/pictured.mjs";

test("of the selected points those count that are drawn", () => {
  const ids = [7, 8, 9, 10];
  const look = { order: Uint32Array.of(3, 0) }; // 8 and 9 are hidden
  assert.equal(chosenIn(look, ids, new Set([7, 8])), 1);
  assert.equal(chosenIn(look, ids, new Set([8, 9])), 0);
  assert.equal(chosenIn(look, ids, new Set([7, 10, 99])), 2);
  assert.equal(chosenIn(look, ids, new Set()), 0);
});

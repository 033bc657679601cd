import assert from "node:assert/strict";
import { test } from "node:test";
import { saidOfNone } from "../../assets/js/data/epochs.mjs";

test("an epoch that is not there is told with the nearest; between two there is one where the picture goes through", () => {
  const epochs = [0, 2, 8];
  for (const [
    asked,
    between,
  ] of /** @type {[number|null, boolean][]} */ ([[null, false], [2, false], [0, true], [3.5, true]])) // prettier-ignore
    assert.equal(saidOfNone(epochs, asked, "epoch", between), "");
  assert.equal(saidOfNone(epochs, -5, "step", true), "There is no step -5 here: the nearest, 0, is shown.");
  assert.equal(saidOfNone(epochs, 9, "epoch", true), "There is no epoch 9 here: the nearest, 8, is shown.");
  assert.equal(saidOfNone(epochs, 3, "epoch", false), "There is no epoch 3 here: the nearest, 2, is shown.");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { lossText, overall, shareText } from "../../assets/js/charts/read_off.mjs";

test("what curves of all classes say is told, where it is known", () => {
  const data = [
    { meta: { class: -1 }, name: "training", y: [0.25, null] },
    { meta: { class: 3 }, name: "cat", y: [0.5, 0.5] },
    { meta: { class: -1 }, name: "test", y: [0.123456] },
  ];
  assert.deepEqual(overall({ gd: { data } }, 0, shareText), ["25.0 % training", "12.3 % test"]);
  assert.deepEqual(overall({ gd: { data } }, 0, lossText), ["0.250 training", "0.123 test"]);
  assert.deepEqual(overall({ gd: { data } }, 1, shareText), []);
});

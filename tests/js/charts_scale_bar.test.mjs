import assert from "node:assert/strict";
import { test } from "node:test";
import { round125 } from "../../assets/js/charts/scale_bar.mjs";

test("a scale bar is one, two or five times a power of ten long, and no shorter than it must be", () => {
  const rounded = [0.0031, 0.02, 0.7, 1, 1.2, 2.01, 7.3, 40, 51, 980].map(round125);
  assert.deepEqual(
    rounded.map((x) => Number(x.toPrecision(6))),
    [0.005, 0.02, 1, 1, 2, 5, 10, 50, 100, 1000],
  );
});

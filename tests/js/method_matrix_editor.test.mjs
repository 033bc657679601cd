import assert from "node:assert/strict";
import { test } from "node:test";

import { readEntry, written } from "../../assets/js/method/controls.mjs";
import { parse } from "../../assets/js/method/formula.mjs";
import { decomposition } from "../../assets/js/method/matrix_editor.mjs";

test("numbers are read as people write them", () => {
  assert.deepEqual(["1", " -0.5 ", "−2", "+1.", ".25", "1,5"].map(readEntry), [1, -0.5, -2, 1, 0.25, 1.5]);
});

test("what cannot be drawn is refused", () => {
  for (const text of ["", " ", "x", "1e9", "3.01", "NaN", "Infinity", "1 2", "--1", "0x1", "."])
    assert.equal(readEntry(text), null, text);
});

test("numbers are written short, with a minus sign, and zero has none", () => {
  assert.deepEqual([1, -0.5, 0.333333, -0.0001].map((x) => written(x)), ["1", "−0.5", "0.33", "0"]); // prettier-ignore
});

test("the decomposition is a formula whose three factors give the matrix", () => {
  const text = decomposition([[0, 2], [-1, 0]]); // prettier-ignore
  const factors = [...text.matchAll(/\[([^\]]*)\]/g)].map(([, inside]) =>
    inside.split(";").map((row) => row.split(",").map((x) => Number(x.replace("−", "-")))),
  );
  const times = (a, b) => a.map((row) => [0, 1].map((j) => row[0] * b[0][j] + row[1] * b[1][j]));
  assert.deepEqual(times(times(factors[0], factors[1]), factors[2]), [[0, 2], [-1, 0]]); // prettier-ignore
  assert.equal(parse(text).filter(({ tag }) => tag === "mrow").length, 3);
});

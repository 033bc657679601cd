/** What the tests of the tour share: the golden files and comparison with a tolerance. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** @param {string} name of a file in tests/golden, without .json */
export function golden(name) {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), "utf8"));
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @returns {number} NaN if any difference is */
export function distance(a, b) {
  assert.equal(a.length, b.length, "lengths differ");
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}

/** @param {ArrayLike<number>} actual @param {ArrayLike<number>} expected @param {number} tolerance @param {string} [what] */
export function assertClose(actual, expected, tolerance, what = "values") {
  const worst = distance(actual, expected);
  assert.ok(worst <= tolerance, `${what} differ by ${worst}, more than ${tolerance}`);
}

/** The first two columns of a frame, the part that is seen. @param {ArrayLike<number>} m @param {number} p */
export function seen(m, p) {
  const columns = Math.min(p, 2);
  return Array.from({ length: p * columns }, (_, k) => m[Math.floor(k / columns) * p + (k % columns)]);
}

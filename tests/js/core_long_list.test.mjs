import assert from "node:assert/strict";
import { test } from "node:test";
import { rowByKey, rowsInView, search } from "../../assets/js/core/long_list.mjs";

test("only rows in view are in the page, with a few beyond, however many there are", () => {
  for (const count of [0, 1, 5, 1000, 100_000]) {
    for (const top of [0, 137, 29 * 500, 29 * count]) {
      const [first, last] = rowsInView(top, 320, 29, count);
      assert.ok(first >= 0 && last <= count && last - first <= 320 / 29 + 8, `${first} to ${last} of ${count}`);
    }
  }
  const [first, last] = rowsInView(2900, 290, 29, 1000);
  assert.ok(first <= 100 && last >= 110, "what is seen is there");
});

test("keys lead through all rows and stop at the ends; other keys lead nowhere", () => {
  assert.equal(rowByKey("ArrowDown", 4, 10, 1000), 5);
  assert.equal(rowByKey("ArrowUp", 0, 10, 1000), 0);
  assert.equal(rowByKey("PageDown", 995, 10, 1000), 999);
  assert.equal(rowByKey("End", 3, 10, 1000), 999);
  assert.equal(rowByKey("Home", 3, 10, 1000), 0);
  assert.equal(rowByKey("a", 3, 10, 1000), -1);
  assert.equal(rowByKey("End", 0, 10, 0), -1);
});

test("names are found by all words of a query, in any order and case", () => {
  const names = ["great white shark", "tiger shark", "white wolf"];
  assert.deepEqual(search(names, "SHARK white"), [0]);
  assert.deepEqual(search(names, "white"), [0, 2]);
  assert.deepEqual(search(names, ""), [0, 1, 2]);
  assert.deepEqual(search(names, "whale"), []);
});

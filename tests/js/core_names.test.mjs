import assert from "node:assert/strict";
import { test } from "node:test";
import { middle, named } from "../../assets/js/core/names.mjs";
import { golden } from "./golden.mjs";

test("names are cut in the middle as in Python", () => {
  for (const { name, most, cut } of golden("names").cases) assert.equal(middle(name, most), cut);
});

test("a cut name has the whole in a tooltip, one that fits has none", () => {
  assert.deepEqual(named("cat", 10), { textContent: "cat", title: "" });
  assert.deepEqual(named("features.12.conv", 9), { textContent: "feat…conv", title: "features.12.conv" });
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { holdGroups, medianOf, middlesOf } from "../../assets/js/points/held.mjs";

const group = (name, ...ids) => ({ name, ids: new Set(ids), color: "red" });
const ids = [10, 11, 12, 13];

test("the selection has a handle before the groups, and groups without a point here have none", () => {
  const { held, live } = holdGroups(ids, group("Selection", 12, 10), [group("a", 13, 99), group("b", 99)]);
  assert.ok(live);
  assert.deepEqual(
    held.map((one) => [one.group.name, one.indices]),
    [
      ["Selection", [2, 0]],
      ["a", [3]],
    ],
  );
});

test("a selection that is a group already, or is empty, has no handle of its own", () => {
  for (const selection of [group("Selection", 11, 10), group("Selection"), group("Selection", 99)]) {
    const { held, live } = holdGroups(ids, selection, [group("a", 10, 11)]);
    assert.ok(!live);
    assert.deepEqual(
      held.map((one) => one.group.name),
      ["a"],
    );
  }
  assert.ok(holdGroups(ids, group("Selection", 10), [group("a", 10, 11)]).live, "a part of a group is another one");
});

test("a group's middle is the mean of its points", () => {
  const held = [
    { group: group("a"), indices: [0, 2] },
    { group: group("b"), indices: [1] },
  ];
  const out = new Float32Array(4);
  assert.deepEqual([...middlesOf(held, Float32Array.of(0, 0, 5, 7, 2, 4), out)], [1, 2, 5, 7]);
});

test("a name stands at the median of the points that are drawn, in x and in y", () => {
  const positions = Float32Array.of(0, 9, 1, 0, 100, 1, 2, 3, NaN, NaN);
  const all = () => true;
  assert.deepEqual(medianOf([0, 1, 2], positions, all), [1, 1]);
  assert.deepEqual(medianOf([0, 1, 2, 3, 4], positions, all), [1.5, 2]);
  assert.deepEqual(medianOf([0, 1, 2, 3], positions, (i) => i !== 2), [1, 3]); // prettier-ignore
  assert.equal(medianOf([0, 1], positions, () => false), null); // prettier-ignore
  assert.equal(medianOf([], positions, all), null);
});

test("of very many points the median is that of some, evenly through the list", () => {
  const n = 20_000;
  const positions = Float32Array.from({ length: 2 * n }, (_, j) => Math.floor(j / 2));
  let asked = 0;
  const found = medianOf(Int32Array.from({ length: n }, (_, i) => i), positions, () => Boolean(++asked)); // prettier-ignore
  assert.ok(asked <= 500, String(asked));
  assert.ok(Math.abs((found ?? [0])[0] - n / 2) < n / 100);
});

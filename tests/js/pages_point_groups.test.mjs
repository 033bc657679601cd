import assert from "node:assert/strict";
import { test } from "node:test";
import { nameFor } from "../../assets/js/pages/point_groups.mjs";
import { groupText } from "../../assets/js/points/group_list.mjs";
import { rowsOf } from "../../assets/js/stage/projecting.mjs";
import { addGroup } from "../../assets/js/state/kept_groups.mjs";
import { keepHere } from "./fakes.mjs";

keepHere();

/** @type {any} */
const RUN = { run: "mine", uid: "named", task: "classification", classes: ["cat", "dog"] };
/** @type {any} */
const SOURCES = [{ points: { ids: [1, 2], labels: [0, 1] } }, { points: { ids: [3, 4], labels: [1, 0] } }];
const named = (/** @type {number[]} */ ...ids) => nameFor(new Set(ids), RUN, SOURCES);

test("a group of one class has its name at first, any other the next number", () => {
  assert.equal(named(2, 3), "dog");
  assert.equal(named(1, 2), "Group 1");
  assert.equal(named(2, 99), "Group 1", "of a point that is not here nobody knows the class");
  addGroup(RUN, [1], "group 1", 0);
  assert.equal(named(1, 2), "Group 2");
  assert.equal(nameFor(new Set([1]), { ...RUN, task: "regression", classes: ["points"] }, SOURCES), "Group 2");
});

test("it is said how many points a group has, and of them how many are here", () => {
  const group = (/** @type {number} */ n) => ({ name: "", note: "", color: 0, ids: new Set(Array(n).keys()) });
  assert.equal(groupText(group(1), 1), "1 point");
  assert.equal(groupText(group(1200), 1200), "1,200 points");
  assert.equal(groupText(group(5), 2), "5 points, 2 of them in this picture");
  assert.equal(groupText(group(5), 0), "5 points, none of them in this picture");
});

test("points of a layer between two epochs, in plot units", () => {
  const slices = [
    { values: Int16Array.of(0, 2, 4, 6), scale: 0.5, offset: 1 },
    { values: Int16Array.of(2, 2, 2, 2), scale: 1, offset: 0 },
  ];
  /** @type {any} */
  const tensors = { announcement: { p: 2, radius: 2 }, slice: (/** @type {string} */ _, /** @type {number} */ at) => slices[at] }; // prettier-ignore
  assert.deepEqual([...rowsOf(tensors, "test", 0, 2)], [0.5, 1, 1.5, 2]);
  assert.deepEqual([...rowsOf(tensors, "test", 0.5, 2)], [0.75, 1, 1.25, 1.5]);
});

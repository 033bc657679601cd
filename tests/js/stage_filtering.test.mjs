import assert from "node:assert/strict";
import { test } from "node:test";
import { createFiltering } from "../../assets/js/stage/filtering.mjs";
import { addFilter, setFilters } from "../../assets/js/state/filters.mjs";
import { setGroups } from "../../assets/js/state/kept_groups.mjs";
import { keepHere } from "./fakes.mjs";

keepHere();

/** @type {any} */
const RUN = { run: "mine", task: "classification", classes: ["cat", "dog"], unit: "epoch", epochs: [0, 9], outputs: [], columns: [], splits: {} }; // prettier-ignore
/** @type {any} */
const PART = { split: "train", points: { n: 4, ids: [5, 6, 7, 8], labels: Uint16Array.of(0, 0, 1, 1), columns: null, targets: null } }; // prettier-ignore

/** What the network says of the points, where it is known. @param {any} said */
function filteringOf(said = { predicted: Uint16Array.of(0, 1, 1, 1), confidence: new Float32Array(4) }) {
  const state = { said, changes: 0 };
  setFilters("mine", []);
  const filtering = createFiltering({
    run: () => RUN,
    saidAt: (at) => (at === 1 ? state.said : null),
    changed: () => state.changes++,
  });
  return { filtering, state };
}

/** @param {"only"|"without"} how @param {string} text @param {number[]|null} [ids] */
const filter = (how, text, ids = null) => ({ how, text, ids: ids && new Set(ids) });

test("without filters nothing is hidden; with them what all let through is shown", () => {
  const { filtering, state } = filteringOf();
  assert.equal(filtering.maskOf(PART), null);
  addFilter("mine", filter("only", "predicted@9:dog"));
  assert.deepEqual([...(filtering.maskOf(PART) ?? [])], [0, 1, 1, 1]);
  addFilter("mine", filter("without", "label:cat"));
  assert.deepEqual([...(filtering.maskOf(PART) ?? [])], [0, 0, 1, 1]);
  addFilter("mine", filter("without", "", [8, 99]));
  assert.deepEqual([...(filtering.maskOf(PART) ?? [])], [0, 0, 1, 0]);
  assert.equal(state.changes, 3);
  assert.equal(filtering.maskOf(PART), filtering.maskOf(PART), "found once");
  filtering.leave();
});

test("while it is not known what the network says nothing is hidden for that, and then it is", () => {
  const { filtering, state } = filteringOf(null);
  addFilter("mine", filter("only", "correct@9:no"));
  assert.equal(filtering.maskOf(PART), null);
  assert.ok(filtering.waits);
  state.said = { predicted: Uint16Array.of(0, 1, 1, 1), confidence: new Float32Array(4) };
  filtering.again();
  assert.deepEqual([...(filtering.maskOf(PART) ?? [])], [0, 1, 0, 0]);
  assert.ok(!filtering.waits);
  filtering.leave();
});

test("a filter that says nothing here hides nothing, and says why", () => {
  const { filtering } = filteringOf();
  const far = filter("only", "predicted@5:dog");
  addFilter("mine", far);
  assert.equal(filtering.maskOf(PART), null);
  assert.match(filtering.problemOf(far), /epoch 5 is not recorded; there are 0, 9/);
  assert.match(filtering.problemOf(filter("only", "correct:no")), /must name the epoch .* as in correct@9:no/);
  assert.equal(filtering.problemOf(filter("only", "", [1])), "");
  filtering.leave();
});

test("a filter by a group follows the group", () => {
  const { filtering, state } = filteringOf();
  RUN.uid = "filtering";
  const group = (/** @type {string} */ name, /** @type {number[]} */ ...ids) => ({ name, note: "", color: 0, ids: new Set(ids) });
  setGroups(RUN, [group("mine", 5, 7)]);
  addFilter("mine", filter("only", "group:mine"));
  assert.deepEqual([...(filtering.maskOf(PART) ?? [])], [1, 0, 1, 0]);
  const before = state.changes;
  setGroups(RUN, [group("mine", 8)]);
  assert.deepEqual([...(filtering.maskOf(PART) ?? [])], [0, 0, 0, 1]);
  setGroups(RUN, [group("renamed", 8)]);
  assert.equal(filtering.maskOf(PART), null);
  assert.match(filtering.problemOf(filter("only", "group:mine")), /group has no “mine”; there is renamed/);
  assert.equal(state.changes, before + 2);
  filtering.leave();
}); // prettier-ignore

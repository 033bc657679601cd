import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { keepHere } from "./fakes.mjs";
import { history } from "../../assets/js/state/history.mjs";
import {
  COLORS, LETTERS, MOST, addGroup, changeGroup, dropGroup, followOtherTabs, groupFrom, groupsOf, mergeGroups, onGroups, refusal, setGroups,
} from "../../assets/js/state/kept_groups.mjs"; // prettier-ignore

const kept = keepHere();

let made = 0;
/** A run of which nothing is kept. */
const fresh = () => ({ run: "mnist", uid: `u${++made}` });
const names = (/** @type {{uid: string}} */ run) => groupsOf(run).map(({ name }) => name);

beforeEach(() => history.show(""));

test("a group has points, and a name that no other has", () => {
  const run = fresh();
  assert.deepEqual(groupsOf(run), []);
  const cat = addGroup(run, [3, 1], "cat", 0);
  addGroup(run, [2], "  Cat \n", 0);
  addGroup(run, [4], "cat", 0);
  assert.deepEqual(names(run), ["cat", "Cat 2", "cat 3"]);
  assert.deepEqual([...cat.ids], [3, 1]);
});

test("what is changed is another group in its place; an empty name changes nothing", () => {
  const run = fresh();
  const [a, b] = [addGroup(run, [1], "a", 0), addGroup(run, [2], "b", 0)];
  changeGroup(run, a, { name: "B" });
  changeGroup(run, groupsOf(run)[0], { note: " why ", color: 5 });
  const [first] = groupsOf(run);
  assert.deepEqual([first.name, first.note, first.color], ["B 2", "why", 5]);
  const before = groupsOf(run);
  changeGroup(run, first, { name: "  " });
  changeGroup(run, a, { name: "of a group that is no more" });
  assert.equal(groupsOf(run), before);
  assert.equal(groupsOf(run)[1], b);
  changeGroup(run, first, { name: "x".repeat(99) });
  assert.equal(names(run)[0].length, LETTERS);
});

test("all of it can be taken back, and done again", () => {
  const run = fresh();
  history.show(run.run);
  const a = addGroup(run, [1], "a", 0);
  changeGroup(run, a, { name: "b" });
  dropGroup(run, groupsOf(run)[0]);
  const seen = [];
  for (const act of [history.undo, history.undo, history.undo, history.redo]) {
    act();
    seen.push(names(run).join());
  }
  assert.deepEqual(seen, ["b", "a", "", "a"]);
});

test("the browser keeps them under the training, not under the run's name", () => {
  const run = fresh();
  addGroup(run, [70000, 5, 6], "far", 0);
  changeGroup(run, groupsOf(run)[0], { note: "a note" });
  const key = `gt-groups-${run.uid}`;
  const again = fresh();
  kept.set(`gt-groups-${again.uid}`, /** @type {string} */ (kept.get(key))); // as another page finds it
  const [found] = groupsOf(again);
  assert.deepEqual([found.name, found.note, [...found.ids]], ["far", "a note", [5, 6, 70000]]);
  assert.deepEqual(groupsOf(fresh()), [], "recorded anew it is another training");
  dropGroup(run, groupsOf(run)[0]);
  assert.ok(!kept.has(key));
});

test("what a browser keeps and is no group is left out", () => {
  for (const [text, found] of [
    ["{", []],
    ["{}", []],
    ["[1, null]", []],
    ['[{"name": "a", "note": "", "color": 99, "ids": "AQ"}]', []],
    ['[{"name": "a", "color": 0, "ids": ""}, {"name": "b", "note": "", "color": 1, "ids": "AQ"}]', ["b"]],
  ]) {
    // prettier-ignore
    const run = fresh();
    kept.set(`gt-groups-${run.uid}`, /** @type {string} */ (text));
    assert.deepEqual(names(run), found, String(text));
  }
});

test("where nothing can be kept they are there all the same", () => {
  const run = fresh();
  const set = localStorage.setItem;
  localStorage.setItem = () => {
    throw new Error("no room");
  };
  addGroup(run, [1], "a", 0);
  localStorage.setItem = set;
  assert.deepEqual(names(run), ["a"]);
});

test("there is room for so many", () => {
  const run = fresh();
  for (let i = 0; i < MOST; i++) {
    assert.equal(refusal(run), "");
    addGroup(run, [i], "g", 0);
  }
  assert.match(refusal(run), /There can be 20 groups of a run; delete one first/);
  assert.equal(refusal(fresh()), "");
});

test("groups of a link are added: not twice, not over one of that name, not beyond what there is room for", () => {
  const run = fresh();
  addGroup(run, [1, 2], "mine", 0);
  const came = (/** @type {string} */ name, /** @type {number[]} */ ...ids) => ({ name, note: "", color: 3, ids: new Set(ids) });
  assert.deepEqual(mergeGroups(run, [came("other", 2, 1), came("Mine", 7), came("new", 8)]), { added: 2, left: 0 });
  assert.deepEqual(names(run), ["mine", "Mine 2", "new"]);
  dropGroup(run, groupsOf(run)[2]);
  const before = groupsOf(run);
  assert.deepEqual(mergeGroups(run, [came("new", 8)]), { added: 0, left: 0 }, "what was deleted does not come back");
  assert.equal(groupsOf(run), before);
  const many = Array.from({ length: 30 }, (_, i) => came(`m${i}`, 100 + i));
  assert.deepEqual(mergeGroups(run, many), { added: MOST - 2, left: 12 });
}); // prettier-ignore

test("another tab's are followed, and then nothing of here is taken back over them", () => {
  const run = fresh();
  history.show(run.run);
  addGroup(run, [1], "a", 0);
  /** @type {(event: any) => void} */
  let heard = () => {};
  followOtherTabs(/** @type {any} */ ({ addEventListener: (/** @type {string} */ _, /** @type {any} */ f) => (heard = f) }));
  let told = 0;
  const end = onGroups(() => told++);
  heard({ key: "gt-theme" });
  heard({ key: null });
  assert.equal(told, 0);
  kept.set(`gt-groups-${run.uid}`, '[{"name":"b","note":"","color":1,"ids":"AQ"}]');
  heard({ key: `gt-groups-${run.uid}` });
  assert.deepEqual([names(run), told, history.canUndo], [["b"], 1, false]);
  end();
  setGroups(run, []);
  assert.equal(told, 1);
}); // prettier-ignore

test("what comes from elsewhere is cut to what there is room for", () => {
  assert.equal(groupFrom("a", "", 0, []), null);
  assert.equal(groupFrom("a", "", 1.5, [1]), null);
  assert.equal(groupFrom("a", "", COLORS, [1]), null);
  const found = groupFrom(" a\tb ", " n ", 10, [1]);
  assert.deepEqual([found?.name, found?.note], ["a b", "n"]);
});

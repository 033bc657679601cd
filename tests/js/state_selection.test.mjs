import assert from "node:assert/strict";
import { test } from "node:test";
import { onSelection, select, selectedIds, selectionPayload } from "../../assets/js/state/selection.mjs";

const ids = (run) => [...selectedIds(run)].sort((a, b) => a - b);

test("selecting anew replaces, adding keeps, subtracting leaves the rest", () => {
  select("mnist", [3, 1, 2]);
  assert.deepEqual(ids("mnist"), [1, 2, 3]);
  select("mnist", [3, 4], "add");
  assert.deepEqual(ids("mnist"), [1, 2, 3, 4]);
  select("mnist", [1, 9], "subtract");
  assert.deepEqual(ids("mnist"), [2, 3, 4]);
  select("mnist", [7]);
  assert.deepEqual(ids("mnist"), [7]);
  select("mnist", []);
  assert.deepEqual(ids("mnist"), []);
});

test("a selection belongs to one run", () => {
  select("mnist", [1, 2]);
  assert.deepEqual(ids("cifar10"), []);
  select("cifar10", [5], "add");
  assert.deepEqual(ids("cifar10"), [5]);
  assert.deepEqual(ids("mnist"), []);
  select("mnist", [5], "subtract");
  assert.deepEqual(ids("mnist"), []);
});

test("what was handed out before stays as it was", () => {
  select("mnist", [1]);
  const before = selectedIds("mnist");
  select("mnist", [2], "add");
  assert.deepEqual([...before], [1]);
});

test("the payload of the store is plain JSON", () => {
  select("mnist", new Set([2, 4]));
  assert.deepEqual(JSON.parse(JSON.stringify(selectionPayload())), { run: "mnist", ids: [2, 4] });
});

test("listeners hear of every change until they end, also while others are told", () => {
  const heard = [];
  const endA = onSelection(() => {
    heard.push("a");
    endA();
  });
  const endB = onSelection(() => heard.push("b"));
  select("mnist", [1]);
  select("mnist", [2]);
  endB();
  select("mnist", [3]);
  assert.deepEqual(heard, ["a", "b", "b"]);
});

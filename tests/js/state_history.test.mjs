import assert from "node:assert/strict";
import { test } from "node:test";
import { addFilter, dropFilter, filtersOf, setFilters } from "../../assets/js/state/filters.mjs";
import { createHistory, history } from "../../assets/js/state/history.mjs";
import { select, selectedIds } from "../../assets/js/state/selection.mjs";

/** Something that changes, in a history. @param {ReturnType<typeof createHistory>} past @param {string} name */
function thing(past, name) {
  let state = 0;
  const source = { now: () => state, put: (/** @type {number} */ to) => void (state = to) };
  return {
    get state() {
      return state;
    },
    set(/** @type {number} */ to) {
      past.remember(name, source);
      state = to;
    },
  };
}

test("what was done last is taken back first, whatever it was, and done again", () => {
  const past = createHistory();
  const [view, choice] = [thing(past, "view"), thing(past, "choice")];
  view.set(1);
  choice.set(5);
  view.set(2);
  const states = () => [view.state, choice.state];
  const seen = [states()];
  for (const _ of "123") {
    past.undo();
    seen.push(states());
  }
  assert.deepEqual(seen, [[2, 5], [1, 5], [1, 0], [0, 0]]); // prettier-ignore
  assert.ok(!past.canUndo && past.canRedo);
  past.undo(); // nothing is left
  past.redo();
  past.redo();
  assert.deepEqual(states(), [1, 5]);
  choice.set(6);
  assert.ok(!past.canRedo);
});

test("what is done together is taken back in one step", () => {
  const past = createHistory();
  const [view, choice] = [thing(past, "view"), thing(past, "choice")];
  past.together(() => {
    view.set(1);
    past.together(() => choice.set(5));
    view.set(2);
  });
  past.together(() => {});
  past.undo();
  assert.deepEqual([view.state, choice.state, past.canUndo], [0, 0, false]);
  past.redo();
  assert.deepEqual([view.state, choice.state, past.canRedo], [2, 5, false]);
});

test("what is taken back is not remembered as if it were new", () => {
  const past = createHistory();
  let state = 0;
  const source = {
    now: () => state,
    put(/** @type {number} */ to) {
      past.remember("it", source); // as whoever sets it does
      state = to;
    },
  };
  source.put(1);
  past.undo();
  assert.deepEqual([state, past.canUndo, past.canRedo], [0, false, true]);
});

test("what has gone is forgotten, alone", () => {
  const past = createHistory();
  const [view, choice] = [thing(past, "view"), thing(past, "choice")];
  view.set(1);
  choice.set(5);
  past.forget("view");
  past.undo();
  assert.deepEqual([view.state, choice.state, past.canUndo], [1, 0, false]);
});

test("states become others where what they are of does", () => {
  const past = createHistory();
  const view = thing(past, "view");
  view.set(3);
  past.map("view", (/** @type {number} */ state) => state - 7);
  past.undo();
  assert.equal(view.state, -7);
});

test("a selection, a filter and a cleared selection are taken back in their order", () => {
  select("mnist", [1, 2, 3]);
  const filter = { how: /** @type {const} */ ("only"), text: "label:4", ids: null };
  addFilter("mnist", filter);
  select("mnist", []);
  select("mnist", []); // nothing changes: nothing to take back
  const now = () => [selectedIds("mnist").size, filtersOf("mnist").length];
  assert.deepEqual(now(), [0, 1]);
  history.undo();
  assert.deepEqual(now(), [3, 1]);
  history.undo();
  assert.deepEqual(now(), [3, 0]);
  history.redo();
  assert.deepEqual(filtersOf("mnist"), [filter]);
  dropFilter("mnist", filter);
  assert.deepEqual(now(), [3, 0]);
  history.undo();
  assert.deepEqual(now(), [3, 1]);
});

test("filters are of one run, and what is of another run is not taken back there", () => {
  setFilters("mnist", [{ how: "without", text: "label:4", ids: null }]);
  assert.equal(filtersOf("cifar").length, 0);
  select("cifar", [9], "new", false);
  history.show("cifar");
  assert.equal(history.canUndo, false);
  select("cifar", [8]);
  history.undo();
  assert.deepEqual([...selectedIds("cifar")], [9]);
});

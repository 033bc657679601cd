import assert from "node:assert/strict";
import { test } from "node:test";
import { choicesOf } from "../../assets/js/pages/run_lists.mjs";
import { COMPARISON, sentence } from "../../assets/js/pages/watching.mjs";

const RUN = { name: "a", title: "A", uid: "1", epochs: 3, last: 9, live: false, attack: false };
const shown = { run: "a", uid: "1", epochs: [0, 3, 6], made: "" };

test("nothing is said of a run that is shown as it is", () => {
  assert.equal(sentence(shown, RUN, true).kind, "");
  assert.equal(sentence({ ...shown, epochs: [0, 6, 8] }, RUN, false).kind, "", "one that takes every second epoch");
});

test("what was computed says at which epoch it ends, and where the training is", () => {
  const said = sentence({ ...shown, made: "alignment" }, { ...RUN, live: true }, false);
  assert.equal(said.kind, "live");
  assert.ok(said.behind);
  assert.equal(said.text, "This alignment ends at epoch 6; the training is at epoch 9 and goes on.");
  assert.equal(sentence({ ...shown, made: "picture" }, RUN, false).kind, "older");
});

test("two runs that were compared end with the shorter one, and are behind only where run a has grown", () => {
  const compared = { ...shown, epochs: [9], made: COMPARISON };
  assert.equal(sentence(compared, RUN, false).kind, "");
  const said = sentence(compared, { ...RUN, last: 12 }, false);
  assert.equal(said.text, "Run a was compared when it was at epoch 9; the training is at epoch 12.");
});

test("a run that is gone, and one that was recorded anew, are told", () => {
  assert.equal(sentence(shown, null, true).kind, "gone");
  assert.equal(sentence(shown, { ...RUN, uid: "2" }, true).kind, "anew");
});

test("lists offer what there is, and go on naming what is shown", () => {
  const runs = [
    RUN,
    { ...RUN, name: "b", title: "B" },
    { ...RUN, name: "c", epochs: 0 },
    { ...RUN, name: "d", attack: true },
  ];
  const names = (/** @type {any[]} */ choices) => choices.map(({ value }) => value);
  assert.deepEqual(names(choicesOf({ runs }, false, null)), ["a", "b"]);
  assert.deepEqual(names(choicesOf({ runs }, true, null)), ["d"]);
  const gone = { value: "x", label: "X" };
  assert.deepEqual(choicesOf({ runs }, false, gone)[2], { value: "x", label: "X (gone)", disabled: true });
  assert.equal(choicesOf({ runs }, false, { value: "x", label: "X (gone)" })[2].label, "X (gone)");
  assert.deepEqual(names(choicesOf({ runs }, false, { value: "", label: "" })), ["a", "b"]);
});

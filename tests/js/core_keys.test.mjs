import assert from "node:assert/strict";
import { test } from "node:test";
import { actsOf, hearKeys, keyOf } from "../../assets/js/core/keys.mjs";
import { KEYS } from "../../assets/js/pages/keys.mjs";
import { documentOf, pressed } from "./fakes.mjs";

/** What has the focus: an element of this kind. */
const focused = (kind = "body") => ({
  matches: (/** @type {string} */ selector) => selector.split(/[\s,]+/).some((one) => one === kind),
  closest: (/** @type {string} */ selector) => (selector.split(", ").includes(kind) ? {} : null),
});

/** Press keys on a page that hears some rows; what was done, and which of the presses went no further. */
function press(rows, events, { dialog = false, can = /** @type {(action: string) => boolean} */ (() => true) } = {}) {
  let listener = null;
  globalThis.document = documentOf({
    addEventListener: (_, heard) => (listener = heard),
    removeEventListener: (_, heard) => listener === heard && (listener = null),
    querySelector: () => (dialog ? {} : null),
  });
  const done = [];
  const end = hearKeys(rows, ([action, value]) => {
    if (!can(action)) return false;
    done.push(value ? `${action} ${value}` : action);
    return true;
  });
  const stopped = events.map((event) => {
    let prevented = false;
    listener(pressed({ target: focused(), preventDefault: () => (prevented = true), ...event }));
    return prevented;
  });
  end();
  assert.equal(listener, null, "and then nothing is heard any more");
  Reflect.deleteProperty(globalThis, "document");
  return { done, stopped };
}

test("letters are small, whether Shift is held or not, and Ctrl counts", () => {
  assert.equal(keyOf(pressed({ key: "T", shiftKey: true })), "t");
  assert.equal(keyOf(pressed({ key: "ArrowLeft" })), "ArrowLeft");
  assert.equal(keyOf(pressed({ key: "Z", ctrlKey: true, shiftKey: true })), "Ctrl+Shift+z");
  assert.equal(keyOf(pressed({ key: "z", metaKey: true })), "Ctrl+z");
});

test("no two rows mean something else by the same key", () => {
  /** @type {import("../../assets/js/core/keys.mjs").KeyRow[]} */
  const rows = Object.values(KEYS);
  const all = rows.flatMap(({ keys = {} }) => Object.keys(keys));
  assert.equal(new Set(all).size, all.length);
  assert.ok(rows.every(({ name, what }) => name && what));
});

test("a page does what its keys say, and only those go no further", () => {
  const { done, stopped } = press([KEYS.tool, KEYS.undo], [{ key: "b" }, { key: "y", ctrlKey: true }, { key: "x" }]);
  assert.deepEqual(done, ["tool box", "redo"]);
  assert.deepEqual(stopped, [true, true, false]);
});

test("what cannot be done now goes on to the browser", () => {
  const { done, stopped } = press([KEYS.tour], [{ key: "t" }], { can: () => false });
  assert.deepEqual([done, stopped], [[], [false]]);
});

test("with a modifier a letter is another key", () => {
  assert.deepEqual(press([KEYS.reset, KEYS.tour], [{ key: "t", ctrlKey: true }, { key: "t", altKey: true }]).done, []); // prettier-ignore
});

test("where letters are typed, and under a dialog, nothing is heard", () => {
  for (const kind of ["select", "textarea"])
    assert.deepEqual(press([KEYS.tour], [{ key: "t", target: focused(kind) }]).done, []);
  assert.deepEqual(press([KEYS.tour], [{ key: "t" }], { dialog: true }).done, []);
});

test("Space presses what has the focus, other keys do not", () => {
  const on = focused("button");
  assert.deepEqual(press([KEYS.play, KEYS.tour], [{ key: " ", target: on }, { key: "t", target: on }]).done, ["tour"]); // prettier-ignore
  assert.deepEqual(press([KEYS.play], [{ key: " " }]).done, ["play"]);
});

test("rows without keys are for reading", () => {
  assert.equal(actsOf([KEYS.pan, KEYS.how]).size, 0);
});

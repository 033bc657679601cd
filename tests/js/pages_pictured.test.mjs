/** A caption counts what a picture shows, and says what else is hidden by which filters. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenIn, groupsDrawn, legendOf, saidOfMissing, saidOfPoints } from "../../assets/js/pages/pictured.mjs";
import { createFiltering } from "../../assets/js/stage/filtering.mjs";
import { setFilters } from "../../assets/js/state/filters.mjs";
import { keepHere } from "./fakes.mjs";

test("of the selected points those count that are drawn", () => {
  const ids = [7, 8, 9, 10];
  const look = { order: Uint32Array.of(3, 0) }; // 8 and 9 are hidden
  assert.equal(chosenIn(look, ids, new Set([7, 8])), 1);
  assert.equal(chosenIn(look, ids, new Set([8, 9])), 0);
  assert.equal(chosenIn(look, ids, new Set([7, 10, 99])), 2);
  assert.equal(chosenIn(look, ids, new Set()), 0);
});

test("a legend lists the classes of which something is drawn", () => {
  const { run } = viewOf();
  /** @type {any} */
  const coloring = { by: "label", key: null, hidden: new Set(), out: [], colorOf: () => null };
  const points = { labels: [0, 1, 0, 1] };
  const said = (/** @type {number[]} */ ...order) =>
    legendOf(run, coloring, groupsDrawn([{ look: { order: Uint32Array.from(order) }, points }])).map((one) => "text" in one && one.text); // prettier-ignore
  assert.deepEqual(said(3, 0, 1), ["cat", "dog"]);
  assert.deepEqual(said(2, 0), ["cat"]);
  assert.deepEqual(said(), []);
  coloring.key = { text: "what the network says" }; // a class may be said of points of another
  assert.deepEqual(said(2).slice(0, 2), ["cat", "dog"]);
});

/** @param {number[]} [hidden] @returns {any} a view of four points */
function viewOf(hidden = []) {
  const run = { run: "mine", task: "classification", classes: ["cat", "dog"], unit: "epoch", epochs: [0, 9], outputs: [], columns: [], splits: {} }; // prettier-ignore
  const filtering = createFiltering({ run: () => /** @type {any} */ (run), saidAt: () => null, changed() {} });
  return { run, filtering, shaded: false, coloring: { by: "label", title: "Label", hidden: new Set(hidden) } };
}

test("a caption says which filters have made the picture what it is", () => {
  keepHere();
  const view = viewOf();
  assert.deepEqual(saidOfPoints(view, 0), []);
  setFilters("mine", [
    { how: "only", text: "label:cat confidence:<0.6", ids: null }, // of no epoch: hides nothing
    { how: "only", text: "label:cat", ids: null },
    { how: "without", text: "", ids: new Set([7, 8]) },
  ]);
  assert.deepEqual(saidOfPoints(view, 1), ["only label:cat", "without 2 points picked by hand", "1 selected"]);
  assert.equal(saidOfPoints({ ...view, shaded: true }, 0).at(-1), "shaded by density");
  assert.deepEqual(saidOfMissing({ ...view, run: { ...view.run, run: "another" } }), [], "they are of one run");
  view.filtering.leave();
});

test("a caption says no more filters than it has room for, and which groups the legend hides", () => {
  keepHere();
  const view = viewOf([1]);
  setFilters("mine", ["id:>1", "id:<9", `id:${"1,".repeat(40)}2`, "id:5"].map((text) => ({ how: "only", text, ids: null }))); // prettier-ignore
  const said = saidOfMissing(view);
  assert.deepEqual(said.slice(0, 2), ["only id:>1", "only id:<9"]);
  assert.equal(said[2].length, "only ".length + 44);
  assert.deepEqual(said.slice(3), ["and 1 more filter", "without dog"]);
  view.filtering.leave();
});

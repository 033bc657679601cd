/** Very many classes: which handles are shown, the order of the legend, what stands out, and the confused pairs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { confusedPairs } from "../../assets/js/charts/matrix.mjs";
import { groupWord } from "../../assets/js/data/groups.mjs";
import { rightByClass } from "../../assets/js/data/confusion.mjs";
import { countByClass, handlesThatMatter, longest } from "../../assets/js/points/chosen_handles.mjs";
import { ordered } from "../../assets/js/points/long_legend.mjs";
import { paintPoints } from "../../assets/js/points/paint.mjs";
import { NEUTRAL, classColors, rgba } from "../../assets/js/points/palette.mjs";
import { tally } from "../../assets/js/points/tally.mjs";
import { createColoring } from "../../assets/js/stage/coloring.mjs";

const seen = Float64Array.of(0.1, 0, 0.5, 0, 0.2, 0, 0.4, 0, 0.3, 0);
const none = new Float64Array(5);

test("handles are those that were asked for, then of selected points, then of those in view, then the longest", () => {
  const [selected, inView] = [Float64Array.of(0, 0, 2, 0, 5), Float64Array.of(9, 0, 0, 0, 0)];
  assert.deepEqual(handlesThatMatter({ seen, asked: [3], selected, inView }, 4), [3, 4, 2, 0]);
  assert.deepEqual(handlesThatMatter({ seen, asked: [], selected: none, inView: none }, 3), [1, 3, 4]);
  assert.deepEqual(longest(seen, 5, 2, 2), [1, 3]);
  const crowd = new Float64Array([1, 0, 0.99, 0.01, 0.9, 0.3, -0.5, 0.005]);
  assert.deepEqual(longest(crowd, 4, 2, 4, [0.4, 0.1]), [0, 2, 3], "a name that would lie on another one is left out");
  const nothing = new Float64Array(4);
  const now = { seen: crowd, asked: [1], selected: nothing, inView: nothing };
  assert.deepEqual(handlesThatMatter(now, 4, [0.4, 0.1]), [1, 2, 3], "but not one that was asked for");
});

test("points are counted by class, those alone that count", () => {
  const points = { n: 4, ids: Int32Array.of(1, 2, 3, 4), labels: Uint16Array.of(0, 2, 2, 9) };
  assert.deepEqual([...countByClass(points, 3, (i) => i !== 1)], [1, 0, 1]);
});

test("a group is called a class where each point has one, and a group where not: an attack's points, labels, columns", () => {
  const words = (/** @type {any} */ run) => [0, 2].map(groupWord(run));
  assert.deepEqual(words({ task: "classification", classes: ["a", "b"], attack: {} }), ["class", "group"]);
  for (const task of ["multilabel", "regression", "none"])
    assert.deepEqual(words({ task, classes: ["a", "b", "c"] }), ["group", "group"]);
});

test("the legend's orders: by name with numbers as numbers, by points, by the share that is correct", () => {
  const names = ["owl 10", "owl 9", "bat"];
  const [totals, right] = [
    [4, 2, 0],
    [1, 2, 0],
  ];
  const by = (/** @type {string} */ order, /** @type {number[]|null} */ chosen = null) =>
    ordered([0, 1, 2], order, names, totals, chosen, right);
  assert.deepEqual(by("order"), [0, 1, 2]);
  assert.deepEqual(by("name"), [2, 1, 0]);
  assert.deepEqual(by("points"), [0, 1, 2]);
  assert.deepEqual(by("points", [0, 1, 0]), [1, 0, 2], "selected ones first");
  assert.deepEqual(by("right"), [0, 1, 2], "one without points is last");
});

test("classes that stand out have colours of their own, all others are neutral and faint, and lie below", () => {
  const labels = Uint16Array.from({ length: 200 }, (_, c) => c);
  /** @type {Parameters<typeof paintPoints>[1]} */
  const how = {
    colorBy: "label",
    said: null,
    k: 200,
    hidden: new Set(),
    preview: null,
    chosen: new Set(),
    out: [150, 3],
  };
  const { palette, ids, order } = paintPoints({ n: 200, ids: Int32Array.from(labels), labels }, how);
  const look = (/** @type {number} */ i) => [...palette.subarray(4 * ids[i], 4 * ids[i] + 4)];
  assert.deepEqual(look(150).slice(0, 3), rgba(classColors(10)[0], 1).slice(0, 3));
  assert.deepEqual(look(3).slice(0, 3), rgba(classColors(10)[1], 1).slice(0, 3));
  assert.deepEqual(look(4).slice(0, 3), rgba(NEUTRAL, 1).slice(0, 3));
  assert.ok(look(4)[3] < look(3)[3]);
  assert.deepEqual(new Set(order.slice(-2)), new Set([3, 150]));
});

test("legend and picture give a class that stands out one colour, and forget it with the run", () => {
  const coloring = createColoring({ changed: () => {}, wake: () => {} });
  assert.equal(coloring.colorOf(3), null);
  coloring.standOut([7, 3]);
  assert.deepEqual(
    [coloring.colorOf(7), coloring.colorOf(3), coloring.colorOf(5)],
    [...classColors(10).slice(0, 2), NEUTRAL],
  );
  coloring.begin(/** @type {any} */ ({ colorings: [{ value: "label", label: "True label" }] }));
  assert.equal(coloring.colorOf(7), null);
});

test("how many of each class are right is known where the network says something of all points", () => {
  const points = { n: 3, ids: Int32Array.of(1, 2, 3), labels: Uint16Array.of(0, 1, 1) };
  const said = { predicted: Uint16Array.of(0, 0, 1) };
  assert.deepEqual(tally([{ split: "test", points, said }], 2, new Set()).right, [1, 1]);
  assert.equal(tally([{ split: "test", points, said: null }], 2, new Set()).right, null);
});

test("confused pairs are ranked by their points, and classes by what is right of them", () => {
  const table = Int32Array.of(5, 1, 0, 2, /**/ 0, 3, 4, 0, /**/ 0, 0, 0, 0);
  assert.deepEqual(confusedPairs(table, 3), [{ n: 4, c: 1, q: 2 }, { n: 2, c: 0, q: 3 }, { n: 1, c: 0, q: 1 }]); // prettier-ignore
  const right = rightByClass([table, table], 3);
  assert.deepEqual([...right.slice(0, 2)], [5 / 8, 3 / 7]);
  assert.ok(Number.isNaN(right[2]), "a class without points");
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { COLORINGS, coloringOf as coloringOfName } from "../../assets/js/points/colorings.mjs";
import { setGroups } from "../../assets/js/state/kept_groups.mjs";
import { createColoring } from "../../assets/js/stage/coloring.mjs";
import { createPointing } from "../../assets/js/stage/pointing.mjs";
import { select, selectedIds } from "../../assets/js/state/selection.mjs";
import { keepHere } from "./fakes.mjs";

keepHere();

function coloringOf() {
  /** @type {string[]} */
  const heard = [];
  const coloring = createColoring({ changed: (what) => heard.push(what), wake: () => heard.push("wake") });
  coloring.clean();
  return { coloring, heard };
}

test("the selects offer the colourings that there are", () => {
  const source = readFileSync(new URL("../../gt/serve/tasks.py", import.meta.url), "utf8");
  const listed = /^CLASSES = \{([^}]*)\}/m.exec(source)?.[1] ?? "";
  assert.deepEqual([...listed.matchAll(/^\s*"([\w-]+)":/gm)].map(([, name]) => name), Object.keys(COLORINGS)); // prettier-ignore
});

test("every colouring fits into a palette, whatever there is", () => {
  for (const [name, { colors, entry }] of Object.entries(COLORINGS)) {
    for (const [k, attacked] of /** @type {[number, boolean][]} */ ([[2, false], [10, true], [200, true]])) {
      const all = colors(k, attacked);
      assert.ok(all.length > 0 && all.length <= 84 && all.every((one) => /^#[\da-f]{6}$/.test(one)), name);
      const points = { n: 1, ids: [7], labels: Uint16Array.of(1), groups: Uint16Array.of(1), k };
      for (const [predicted, confidence] of [[0, 0], [1, 1], [k, 0.5]]) {
        const said = { predicted: Uint16Array.of(predicted), confidence: Float32Array.of(confidence) };
        const at = entry(0, points, said, all.length - 1);
        assert.ok(Number.isInteger(at) && at >= 0 && at < all.length, `${name}: ${at} of ${all.length}`);
      }
    }
  }
}); // prettier-ignore

test("each change asks for paint, and is said where a page shows it", () => {
  const { coloring, heard } = coloringOf();
  coloring.setPreview(1);
  assert.ok(coloring.dirty);
  assert.deepEqual(heard, ["wake"]);
  coloring.clean();
  coloring.colorBy("verdict");
  coloring.setHidden([2]);
  assert.ok(coloring.dirty && coloring.told && coloring.by === "verdict");
  assert.deepEqual(heard.slice(1), ["wake", "colors", "wake", "colors"]);
});

test("handles of hidden groups recede, and all but the one that is looked at", () => {
  const { coloring } = coloringOf();
  coloring.setHidden([0]);
  assert.deepEqual([0, 1, 2].map(coloring.recedes), [true, false, false]);
  coloring.setPreview(1);
  assert.deepEqual([0, 1, 2].map(coloring.recedes), [true, false, true]);
});

test("what was asked for stands out, selected or not, until it is taken back", () => {
  const { coloring, heard } = coloringOf();
  coloring.mark([0, 2]);
  assert.ok(coloring.dirty && heard.includes("wake"));
  assert.deepEqual([0, 1, 2].map(coloring.recedes), [false, true, false]);
  const points = { n: 3, ids: Int32Array.of(7, 8, 9), labels: Uint16Array.of(0, 1, 2) };
  const faint = () =>
    Array.from(coloring.paint(/** @type {any} */ (points), null, 3, new Set([8])).ids, (id) => id >= 3);
  assert.deepEqual(faint(), [false, true, false]);
  coloring.setPreview(1); // the pointer is on its legend entry: that is looked at meanwhile
  assert.deepEqual(
    [faint(), [0, 1, 2].map(coloring.recedes)],
    [
      [true, false, true],
      [true, false, true],
    ],
  );
  coloring.setPreview(null);
  coloring.mark([]);
  assert.deepEqual(faint(), [true, false, true]);
  assert.deepEqual([0, 1, 2].map(coloring.recedes), [false, false, false]);
});

test("another run is drawn whole, in the colours that were chosen", () => {
  const { coloring } = coloringOf();
  coloring.colorBy("confidence");
  coloring.setHidden([0]);
  coloring.begin(/** @type {any} */ ({ colorings: Object.keys(COLORINGS).map((value) => ({ value, label: value })) }));
  assert.deepEqual([coloring.by, coloring.hidden.size, coloring.dirty], ["confidence", 0, true]);
});

test("points are painted as it is decided", () => {
  const { coloring } = coloringOf();
  coloring.setHidden([1]);
  const points = { n: 3, ids: Int32Array.of(5, 6, 7), labels: Uint16Array.of(0, 1, 0) };
  assert.deepEqual([...coloring.paint(points, null, 2, new Set()).order], [0, 2]);
});

test("what is picked is selected; nothing picked with a key for more changes nothing", () => {
  const root = { dataset: {} };
  const pointing = createPointing([root]);
  pointing.setTool("box");
  pointing.setHow("add");
  assert.deepEqual([pointing.tool, pointing.how, root.dataset], ["box", "add", { gtTool: "box" }]);
  const points = { n: 3, ids: Int32Array.of(5, 6, 7), labels: Uint16Array.of(0, 1, 0) };
  select("r", []);
  pointing.pick("r", points, [0, 2], "new");
  pointing.pick("r", points, [], "add");
  assert.deepEqual([...selectedIds("r")], [5, 7]);
  pointing.pick("r", points, [], "new");
  assert.equal(selectedIds("r").size, 0);
});

test("points have the colour of the last group that they are in, which the key names", () => {
  /** @type {any} */
  const run = { run: "mine", uid: "coloured", colorings: [], columns: [], outputs: [] };
  const none = coloringOfName("groups", run);
  assert.match(/** @type {any} */ (none.key).text, /no groups yet/);
  setGroups(run, [{ name: "a", note: "", color: 2, ids: new Set([5, 6]) }, { name: "b", note: "", color: 0, ids: new Set([6]) }]);
  const coloring = coloringOfName("groups", run);
  assert.equal(coloringOfName("groups", run), coloring, "made once");
  const colors = coloring.colors(3, false);
  const points = { n: 3, ids: [5, 6, 7], labels: new Uint16Array(3), groups: new Uint16Array(3), k: 3 };
  const seen = points.ids.map((_, i) => coloring.entry(i, points, /** @type {any} */ (null), colors.length - 1));
  assert.deepEqual(seen, [2, 0, 31]);
  const { swatches } = /** @type {{swatches: [string, string][]}} */ (coloring.key);
  assert.deepEqual(swatches.map(([color, text]) => [colors.indexOf(color), text]), [[2, "a"], [0, "b"], [31, "in no group"]]);
}); // prettier-ignore

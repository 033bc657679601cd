import assert from "node:assert/strict";
import { test } from "node:test";
import { saidOf } from "../../assets/js/points/dot_controls.mjs";
import {
  dotOpacity,
  dotSize,
  imageSize,
  panelDotSize,
  usualOpacity,
  usualSize,
} from "../../assets/js/points/dot_look.mjs";
import { MANY_VALUES, isForCard, saidOfCard } from "../../assets/js/points/on_card.mjs";
import { bytesOf, onGround } from "../../assets/js/points/ground.mjs";
import { paintPoints } from "../../assets/js/points/paint.mjs";
import { classColors } from "../../assets/js/points/palette.mjs";
import { AUTOMATIC, asChoice, chooseDots, dotChoice, onDotChoice } from "../../assets/js/state/dot_choice.mjs";
import { paintPanels } from "../../assets/js/stage/grid_paint.mjs";
import { createColoring } from "../../assets/js/stage/coloring.mjs";

const GROUNDS = ["#ffffff", "#191d23"]; // --gt-surface, light and dark

/** One colour over another. */
/** @type {(below: number[], color: number[]) => number[]} */
const over = (below, [r, g, b, a]) => [r, g, b].map((c, i) => below[i] + (a / 255) * (c - below[i]));
const apart = (one, other) => Math.hypot(...one.map((c, i) => c - other[i]));
const entry = (palette, i) => [...palette.subarray(4 * i, 4 * i + 4)];

test("many points are smaller, and of very many more shows through", () => {
  const counts = [100, 2500, 2501, 20000, 20001, 60000, 1e6];
  for (const of of [usualSize, usualOpacity, (n) => panelDotSize(n, 200)]) {
    const found = counts.map(of);
    assert.deepEqual(found, found.toSorted((a, b) => b - a)); // prettier-ignore
    assert.ok(found[0] > found[6] && found[6] > 0.4);
  }
  assert.equal(usualOpacity(10000), usualOpacity(10));
});

test("what the reader chooses is for all pages, and can be left to their number again", () => {
  let heard = 0;
  const end = onDotChoice(() => heard++);
  const [size, panel] = [dotSize(3000), panelDotSize(3000, 150)];
  chooseDots({ size: 2, opacity: 0.3 });
  assert.deepEqual([dotSize(3000), panelDotSize(3000, 150), imageSize()], [2 * size, 2 * panel, 40]);
  assert.equal(dotOpacity(3000), 0.3);
  assert.equal(dotOpacity(1e6), 0.3, "whatever their number");
  chooseDots(AUTOMATIC);
  assert.deepEqual([dotSize(3000), dotOpacity(3000), heard], [size, usualOpacity(3000), 2]);
  end();
  assert.deepEqual([saidOf("3.5 px", true), saidOf("3.5 px", false)], ["3.5 px", "3.5 px, automatic"]);
});

test("what was kept is held to its limits, whatever it is", () => {
  assert.deepEqual(asChoice({ size: 99, opacity: 7 }), { size: 4, opacity: 1, shading: null, projected: null });
  assert.deepEqual(asChoice({ size: 0.001, opacity: 0.001 }), {
    size: 0.25,
    opacity: 0.05,
    shading: null,
    projected: null,
  });
  for (const bad of [null, 3, "x", {}, { size: "2" }, { size: NaN, opacity: -1 }, { size: Infinity, opacity: null }])
    assert.deepEqual(asChoice(bad), AUTOMATIC);
  assert.deepEqual(dotChoice(), AUTOMATIC);
});

test("a colour is read as styles write it", () => {
  assert.deepEqual(bytesOf("#fff"), [255, 255, 255]);
  assert.deepEqual(bytesOf(" #191d23"), [25, 29, 35]);
  assert.deepEqual(bytesOf("rgb(25, 29, 35)"), [25, 29, 35]);
  for (const none of [null, "", "red", "#12"]) assert.deepEqual(bytesOf(none), [255, 255, 255]);
});

test("any number of unselected points on one place looks like no selected one, whatever its class and the ground", () => {
  const k = 10;
  const labels = Uint16Array.from({ length: k }, (_, c) => c);
  const painted = paintPoints(
    { n: k, ids: Int32Array.from(labels), labels },
    { colorBy: "label", said: null, k, hidden: new Set(), preview: null, chosen: new Set([3]) },
  );
  for (const name of GROUNDS) {
    const ground = bytesOf(name);
    const palette = onGround(painted.palette, ground);
    for (let c = 0; c < k; c++) {
      assert.deepEqual(entry(palette, c), entry(painted.palette, c), "what is selected is as it was");
      const selected = over(ground, entry(palette, c));
      const once = over(ground, entry(palette, k + c));
      /** @type {number[]} */
      let heap = ground;
      for (let i = 0; i < 200; i++) heap = over(heap, entry(palette, k + c));
      assert.ok(apart(once, over(ground, entry(painted.palette, k + c))) < 4, "a single one is as faint as it was");
      for (let other = 0; other < k; other++) {
        const heapOf = over(ground, [...entry(palette, k + other).slice(0, 3), 255]);
        assert.ok(apart(heapOf, selected) > 40, `${name}: a heap of class ${other} is not a selected ${c}`);
      }
      assert.ok(apart(heap, ground) < 0.4 * apart(selected, ground), `${name}, class ${c}`);
    }
  }
});

test("a grid paints as a stage does: the same opacity for its largest panel, the same colours for what is not selected", () => {
  const labels = Uint16Array.of(0, 1, 2);
  const points = { n: 3, ids: Int32Array.of(5, 6, 7), labels };
  const coloring = createColoring({ changed() {}, wake() {} });
  coloring.of(/** @type {any} */ ({ colorings: [{ value: "label", label: "Label" }] }));
  const row = /** @type {any} */ ({ points, name: "a", said: { p: 2 } });
  const grid = paintPanels(/** @type {any} */ ([{ row, offset: 0, epoch: 0 }]), 3, coloring, 3, () => null, new Set([5]), () => null); // prettier-ignore
  const stage = coloring.paint(points, null, 3, new Set([5]));
  assert.deepEqual([grid.palette, [...grid.ids], [...grid.order]], [stage.palette, [...stage.ids], [...stage.order]]);
  assert.equal(grid.palette?.length, 8 * classColors(3).length);
});

test("a graphics card projects very many values, unless the reader has said otherwise", () => {
  assert.deepEqual(
    [isForCard(MANY_VALUES, null, true), isForCard(MANY_VALUES - 1, null, true), isForCard(1e9, null, false)],
    [true, false, false],
  );
  assert.deepEqual([isForCard(10, true, false), isForCard(1e9, false, true)], [true, false]);
  assert.deepEqual(
    [saidOfCard(true, false, true, true), saidOfCard(false, false, true, false), saidOfCard(true, true, true, true), saidOfCard(false, false, false, false)],
    ["above 500,000", "no card found", "on", "not in this browser"],
  ); // prettier-ignore
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { within } from "../../assets/js/points/hits.mjs";
import { spreadColumns } from "../../assets/js/stage/named_views.mjs";
import { paintPoints } from "../../assets/js/points/paint.mjs";
import { CONFIDENCE, SHADES, VERDICTS, classColors, rgba } from "../../assets/js/points/palette.mjs";
import { numpyText } from "../../assets/js/stage/take_away.mjs";
import { fromLeft, fromTop, toLeft, toTop } from "../../assets/js/points/viewport.mjs";
import { places } from "./fakes.mjs";

const POINTS = { n: 6, ids: Int32Array.of(10, 11, 12, 13, 14, 15), labels: Uint16Array.of(0, 1, 2, 0, 1, 2) };
/** @type {Parameters<typeof paintPoints>[1]} */
const PLAIN = { colorBy: "label", said: null, k: 3, hidden: new Set(), preview: null, chosen: new Set() };
const paint = (how) => paintPoints(POINTS, { ...PLAIN, ...how });

/** The colour and opacity that a point is painted with. */
function look({ palette, ids }, i) {
  const [r, g, b, a] = palette.subarray(4 * ids[i], 4 * ids[i] + 4);
  return { color: `#${[r, g, b].map((x) => x.toString(16).padStart(2, "0")).join("")}`, strong: a > 128 };
}

test("points have the colour of their label, all strong, in their own order", () => {
  const made = paint({});
  for (let i = 0; i < 6; i++) assert.deepEqual(look(made, i), { color: classColors(3)[i % 3], strong: true });
  assert.deepEqual([...made.order], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...made.visible], [1, 1, 1, 1, 1, 1]);
});

test("hidden classes are not drawn at all", () => {
  const made = paint({ hidden: new Set([1]) });
  assert.deepEqual([...made.visible], [1, 0, 1, 1, 0, 1]);
  assert.deepEqual([...made.order], [0, 2, 3, 5]);
});

test("what is selected is strong and above everything else", () => {
  const made = paint({ chosen: new Set([10, 14]) });
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((i) => look(made, i).strong),
    [true, false, false, false, true, false],
  );
  assert.deepEqual([...made.order], [1, 2, 3, 5, 0, 4]);
});

test("a selection without any of these points dims them all", () => {
  const made = paint({ chosen: new Set([99]) });
  assert.ok([0, 1, 2, 3, 4, 5].every((i) => !look(made, i).strong));
});

test("a preview brings one class out, whatever is selected", () => {
  const made = paint({ preview: 2, chosen: new Set([10]), hidden: new Set([0]) });
  assert.deepEqual(
    [2, 5].map((i) => look(made, i).strong),
    [true, true],
  );
  assert.deepEqual([...made.order], [1, 4, 2, 5]);
});

test("colours can say the prediction, the verdict and the confidence", () => {
  const said = { predicted: Uint16Array.of(0, 2, 2, 1, 1, 2), confidence: Float32Array.of(0, 0.5, 0.999, 1, 0.2, 0.7) };
  const colors = (how) => [0, 1, 2, 3, 4, 5].map((i) => look(paint({ said, colorBy: how }), i).color);
  const classes = classColors(3);
  assert.deepEqual(
    colors("prediction"),
    [0, 2, 2, 1, 1, 2].map((c) => classes[c]),
  );
  assert.deepEqual(
    colors("verdict"),
    [0, 1, 0, 1, 0, 0].map((v) => VERDICTS[v]),
  );
  const steps = [0, 6, 11, 11, 2, 8];
  assert.deepEqual(
    colors("confidence"),
    steps.map((step) => CONFIDENCE[step]),
  );
});

test("many classes have different colours, and a palette never outgrows what a trace can hold", () => {
  for (const k of [1, 2, 10, 11, 40, 80]) assert.equal(new Set(classColors(k)).size, k, `${k} classes`);
  for (const k of [81, 1000]) {
    const colors = classColors(k);
    assert.equal(new Set(colors).size, SHADES, `${k} classes`);
    assert.ok(
      colors.every((color, c) => color === colors[c % SHADES]),
      "they repeat in their order",
    );
  }
  for (const k of [3, 80, 81, 84, 200, 1000]) {
    const labels = Uint16Array.from({ length: k }, (_, c) => c);
    const made = paintPoints({ n: k, ids: Int32Array.from(labels), labels }, { ...PLAIN, k });
    assert.ok(made.palette.length <= 4 * 255);
    assert.ok(Math.max(...made.ids) < made.palette.length / 4);
    const painted = Array.from(made.ids, (id) => [...made.palette.subarray(4 * id, 4 * id + 3)]);
    assert.deepEqual(painted, classColors(k).map((color) => rgba(color, 1).slice(0, 3)), "as the legend says"); // prettier-ignore
  }
});

test("a colour is four bytes", () => {
  assert.deepEqual(rgba("#ff8000", 0.5), [255, 128, 0, 128]);
});

test("a place is within a ring by the even-odd rule", () => {
  const square = places([0, 0], [10, 0], [10, 10], [0, 10]);
  assert.ok(within(square, 5, 5) && within(square, 0.1, 9.9));
  for (const [x, y] of [[-1, 5], [11, 5], [5, -1], [5, 11]]) assert.ok(!within(square, x, y), `${x},${y}`); // prettier-ignore
  const cee = places([0, 0], [10, 0], [10, 3], [3, 3], [3, 7], [10, 7], [10, 10], [0, 10]);
  assert.ok(within(cee, 1, 5) && !within(cee, 6, 5) && within(cee, 6, 8));
  const eight = places([0, 0], [10, 10], [10, 0], [0, 10]);
  assert.ok(within(eight, 1, 5) && within(eight, 9, 5) && !within(eight, 5, 9) && !within(eight, 5, 1));
  assert.ok(!within([], 0, 0) && !within([[1, 1]], 1, 1) && !within(places([0, 0], [9, 9]), 4, 5));
});

test("the frame of a named view spreads its handles evenly, with orthonormal columns", () => {
  /** @type {[number, number[]][]} */
  const wanted = [
    [10, [7, 9, 4]],
    [10, [3, 5]],
    [10, [6]],
    [3, [0, 1, 2]],
    [10, [0, 1, 2, 3, 4]],
    [2, [1, 0]],
    [2, [1]],
  ];
  for (const [p, which] of wanted) {
    const columns = spreadColumns(p, which);
    const dot = (a, b) =>
      Array.from({ length: p }, (_, i) => columns[2 * i + a] * columns[2 * i + b]).reduce((x, y) => x + y, 0);
    for (const [a, b, expected] of [
      [0, 0, 1],
      [1, 1, 1],
      [0, 1, 0],
    ]) {
      assert.ok(Math.abs(dot(a, b) - expected) < 1e-12, `p=${p} ${which}: ${a}·${b} is ${dot(a, b)}`);
    }
    const lengths = which.map((d) => Math.hypot(columns[2 * d], columns[2 * d + 1]));
    for (const length of lengths) assert.ok(Math.abs(length - lengths[0]) < 1e-12);
    if (which.length > 1) {
      for (let d = 0; d < p; d++) {
        if (!which.includes(d)) assert.ok(columns[2 * d] === 0 && columns[2 * d + 1] === 0);
      }
    }
  }
});

test("the matrix as numpy text is the matrix, to nine digits", () => {
  const matrix = Float64Array.of(1 / 3, -1e-12, 0, 2 / 7);
  const text = numpyText(matrix, 2);
  assert.match(text, /^np\.array\(\[\[.*\],\n +\[.*\]\]\)$/);
  const rows = JSON.parse(text.replace("np.array(", "").replace(/\)$/, ""));
  rows.flat().forEach((x, i) => assert.ok(Math.abs(x - matrix[i]) <= 1e-9 * Math.abs(matrix[i])));
});

test("pixels and data units are inverses of each other", () => {
  const view = { left: 10, top: 20, width: 300, height: 200, x0: -1.5, x1: 1.5, y0: -1, y1: 1, kx: 100, ky: 100 };
  assert.deepEqual([toLeft(view, -1.5), toLeft(view, 1.5), toTop(view, 1), toTop(view, -1)], [10, 310, 20, 220]);
  for (const x of [-2, 0, 0.37]) {
    assert.ok(Math.abs(fromLeft(view, toLeft(view, x)) - x) < 1e-12);
    assert.ok(Math.abs(fromTop(view, toTop(view, x)) - x) < 1e-12);
  }
});

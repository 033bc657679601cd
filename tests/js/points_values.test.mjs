import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchTexts } from "../../assets/js/data/columns.mjs";
import { coloringNames, coloringOf } from "../../assets/js/points/colorings.mjs";
import { paintPoints } from "../../assets/js/points/paint.mjs";
import { DIVERGING, SCALE } from "../../assets/js/points/palette.mjs";
import { summaryOf, valuesOf } from "../../assets/js/points/point_values.mjs";
import { short, wrongBy } from "../../assets/js/points/values.mjs";

const COLUMNS = [
  { name: "age", kind: "number", names: [], low: 10, high: 30, missing: 1 },
  { name: "place", kind: "category", names: ["here", "there"], low: null, high: null, missing: 1 },
];

/** A run of three points, with columns. @param {string} task @param {any} [more] @returns {any} */
function runOf(task, more = {}) {
  const outputs = [{ name: "value", low: 0, high: 4 }, { name: "rent", low: 0, high: 4 }]; // prettier-ignore
  const colorings = ["label", "error", "target-0", "output-0", "column-0", "column-1"].map((value) => ({
    value,
    label: value,
  }));
  return { task, outputs, classes: ["points"], columns: COLUMNS, colorings, ...more };
}

/** @param {any} targets @returns {any} */
const pointsOf = (targets) => ({
  n: 3, ids: [1, 2, 3], labels: new Uint16Array(3), columns: Float64Array.of(10, 30, NaN, 0, NaN, 1), targets,
}); // prettier-ignore

/** @param {number[]} values @param {any} [more] @returns {any} */
const givenOf = (values, more = {}) => ({
  slice: { values: Uint16Array.from(values), scale: 0.5, offset: -1 }, k: 2, logits: false, at: null, ...more,
}); // prettier-ignore

/** The colours of the points. @param {any} run @param {string} colorBy @param {any} points @param {any} given */
function colorsOf(run, colorBy, points, given = null) {
  const said = given && { predicted: new Uint16Array(0), confidence: new Float32Array(0), given };
  const { ids } = paintPoints(points, {
    colorBy,
    run,
    said,
    k: 1,
    hidden: new Set(),
    preview: null,
    chosen: new Set(),
  });
  const colors = coloringOf(colorBy, run).colors(1, false);
  return [...ids].map((at) => colors[at]);
}

test("a column of numbers goes from the first to the last colour, and what is missing is grey and said", () => {
  const run = runOf("none");
  const [low, high, missing] = colorsOf(run, "column-0", pointsOf(null));
  assert.deepEqual([low, high], [SCALE[0], SCALE[SCALE.length - 1]]);
  assert.equal(SCALE.includes(missing), false);
  assert.deepEqual(coloringOf("column-0", run).key, { ramp: SCALE, ends: ["10", "30"], missing: "1 missing" });
});

test("a column of categories has the palette of classes, and a swatch for each", () => {
  const run = runOf("none");
  const { key } = coloringOf("column-1", run);
  const swatches = key && "swatches" in key ? key.swatches : [];
  assert.deepEqual(swatches.map(([, text]) => text), ["here", "there", "1 missing"]); // prettier-ignore
  const [here, missing, there] = colorsOf(run, "column-1", pointsOf(null));
  assert.deepEqual([here, there, missing], swatches.map(([color]) => color)); // prettier-ignore
});

test("target, output and error of a regression are colours over what the targets reach", () => {
  const run = runOf("regression");
  const points = pointsOf(Float32Array.of(0, 0, 4, 4, 2, 2));
  const given = givenOf([2, 2, 14, 14, 6, 6]); // 0 0, 6 6, 2 2
  const last = SCALE[SCALE.length - 1];
  assert.deepEqual(colorsOf(run, "target-0", points)[1], last);
  assert.deepEqual(colorsOf(run, "output-0", points, given).slice(0, 2), [SCALE[0], last], "beyond the range: its end");
  const { key } = coloringOf("output-0", run);
  assert.deepEqual(key && "ends" in key && key.ends, ["≤ 0", "≥ 4"]);
  assert.deepEqual(colorsOf(run, "error", points, given), [SCALE[0], last, SCALE[0]]);
});

test("an unknown colouring is that of the groups, and a run says which there are", () => {
  assert.equal(coloringOf("column-9", runOf("none")).told, false);
  assert.equal(coloringOf("no-such", null), coloringOf("label", null));
  assert.deepEqual(coloringNames(runOf("none")).slice(-2), ["column-0", "column-1"]);
});

test("a card says what outputs should be and are, and the columns", () => {
  const points = pointsOf(Float32Array.of(0, 1, 4, 4, 2, 2));
  const { rows } = valuesOf(runOf("regression"), points, 0, givenOf([2, 4, 0, 0, 0, 0]));
  assert.deepEqual(rows, [
    ["value", "true 0, output 0"], ["rent", "true 1, output 1"], ["age", "10"], ["place", "here"],
  ]); // prettier-ignore
  assert.deepEqual(valuesOf(runOf("none"), pointsOf(null), 2, null).rows, [["age", "missing"], ["place", "there"]]); // prettier-ignore
  assert.deepEqual(valuesOf(runOf("classification"), pointsOf(null), 1, null).rows, [["age", "30"], ["place", "missing"]]); // prettier-ignore
});

test("labels are said by name, and one on the wrong side of a half is wrong", () => {
  const points = pointsOf(Uint8Array.of(1, 0, 1, 1, 0, 0));
  const run = runOf("multilabel");
  const given = givenOf([12, 0, 12, 0, 0, 0], { logits: true }); // logits 5 and −1
  const first = valuesOf(run, points, 0, given);
  assert.deepEqual([first.rows[0], first.rows[1][0], first.wrong], [["Labels", "value"], "Above a half", false]); // prettier-ignore
  assert.match(first.rows[1][1], /^value 99/);
  assert.equal(valuesOf(run, points, 1, given).wrong, true);
  assert.equal(wrongBy(given, points.targets, 1, true), 1);
  assert.deepEqual(valuesOf(run, points, 2, null).rows[0], ["Labels", "none"]);
});

test("of a selection the mean and the range are said, of what is known", () => {
  const parts = [{ points: pointsOf(Float32Array.of(0, 1, 4, 1, 2, 1)), given: null, rows: [0, 1, 2] }];
  assert.deepEqual(summaryOf(runOf("regression"), parts), [
    ["true value", "mean 2, 0 to 4"], ["true rent", "1"], ["age", "mean 20, 10 to 30"], ["place", "here 1, there 1"],
  ]); // prettier-ignore
});

test("numbers are said in four figures", () => {
  assert.deepEqual([1234.56, 0.00001234, -2e9, 0, NaN].map(short), ["1235", "1.234e-5", "-2e+9", "0", "unknown"]);
});

/** A run of three points with one column. @param {any} column @returns {any} */
const withColumn = (column) => runOf("none", { columns: [{ names: [], low: null, high: null, missing: 0, texts: null, ...column }], outputs: [] }); // prettier-ignore
const withValues = (/** @type {number[]} */ ...values) => ({ ...pointsOf(null), columns: Float64Array.from(values) });

test("numbers on both sides of zero are coloured from there, and the key shows no colour that no point has", () => {
  const run = withColumn({ name: "change", kind: "number", low: -1, high: 4 });
  const [below, zero, above] = colorsOf(run, "column-0", withValues(-1, 0, 4));
  assert.deepEqual([zero, above], [DIVERGING[24], DIVERGING[48]]);
  assert.equal(below, DIVERGING[18]); // a quarter of the way to its end
  const { key } = coloringOf("column-0", run);
  assert.deepEqual(key, { ramp: DIVERGING.slice(18), ends: ["-1", "4"] });
});

test("a date is said as one, and coloured from the first to the last", () => {
  const [first, last] = [Date.UTC(2024, 0, 31) / 1000, Date.UTC(2024, 4, 1, 12, 30) / 1000];
  const run = withColumn({ name: "taken", kind: "date", low: first, high: last, missing: 1 });
  const points = withValues(first, last, NaN);
  const colors = colorsOf(run, "column-0", points);
  assert.deepEqual([colors[0], colors[1]], [SCALE[0], SCALE[SCALE.length - 1]]);
  assert.equal(SCALE.includes(colors[2]), false);
  assert.deepEqual(/** @type {any} */ (coloringOf("column-0", run).key).ends, ["2024-01-31", "2024-05-01 12:30"]);
  const rows = [0, 1, 2].map((i) => valuesOf(run, points, i, null).rows[0][1]);
  assert.deepEqual(rows, ["2024-01-31", "2024-05-01 12:30", "missing"]);
  assert.deepEqual(summaryOf(run, [{ points, given: null, rows: [0, 1, 2] }]), [["taken", "2024-01-31 to 2024-05-01 12:30"]]); // prettier-ignore
});

test("texts are said of one point, and counted of several", () => {
  const run = withColumn({ name: "page", kind: "url", names: ["https://a.example/1", "https://a.example/2"] });
  const points = withValues(0, 1, 0);
  const said = (/** @type {number[]} */ rows) => summaryOf(run, [{ points, given: null, rows }])[0][1];
  assert.equal(said([0, 2]), "https://a.example/1");
  assert.equal(said([0, 1, 2]), "2 different");
  assert.equal(valuesOf(run, points, 1, null).rows[0][1], "https://a.example/2");
});

test("the texts of columns are fetched once, and stand where categories have their names", async () => {
  const note = { name: "page", kind: "text", names: [], texts: { url: "t", shape: [9], dtype: "uint8" } };
  let asked = 0;
  const other = async () => (asked++, new TextEncoder().encode('["ä","b"]'));
  for (let i = 0; i < 2; i++) await fetchTexts(/** @type {any} */ ({ announcement: { columns: [note] }, other }));
  assert.deepEqual([note.names, asked], [["ä", "b"], 1]);
});

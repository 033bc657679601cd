import assert from "node:assert/strict";
import { test } from "node:test";

import {
  blocksOf, layOutGraph, MAIN, partOf, pathThrough, placeAt, positionAt, widthsOf,
} from "../../assets/js/network/graph_layout.mjs"; // prettier-ignore
import { listed, wayText } from "../../assets/js/network/way_words.mjs";
import { arrowStarts, sumAt } from "../../assets/js/points/added.mjs";

/** @typedef {import("../../assets/js/payloads.mjs").NetworkGraph} NetworkGraph */

/** @returns {NetworkGraph} @param {string} text lines "name input,input"; those behind a * are not on the path */
function graph(text) {
  const lines = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  let place = 0;
  const states = lines.map(([name]) => ({
    name: name.replace("*", ""), kind: "Linear", family: /** @type {const} */ ("linear"), family_title: "linear", shape: [4], width: 4,
    place: name.startsWith("*") ? null : place++,
  })); // prettier-ignore
  const at = (name) => states.findIndex((one) => one.name === name);
  const ways = lines.flatMap(([, inputs], behind) =>
    (inputs?.split(",") ?? []).map((one) => {
      const before = at(one);
      const both = states[before].place !== null && states[behind].place === states[before].place + 1;
      return {
        before,
        behind,
        how: "singular",
        kind: "Linear",
        role: /** @type {const} */ (""),
        between: [],
        walked: both,
      };
    }),
  );
  return { states, ways };
}

const BLOCK = `
x
a x
b a
y x,b
out y`;

test("the main path is along the bottom, a shortcut in a lane above it", () => {
  const { columns, main, lanes, levels } = layOutGraph(graph(BLOCK));
  assert.deepEqual(columns, [0, 1, 2, 3, 4]);
  assert.deepEqual(main, [0, 1, 2, 3, 4]);
  assert.deepEqual(lanes, [{ from: 0, to: 3, level: 0, states: [], ways: [2], start: MAIN, end: MAIN }]);
  assert.equal(levels, 1);
});

test("states of a shorter branch stand in its lane, in columns that they have before them", () => {
  const { columns, lanes } = layOutGraph(graph("x\na x\nb a\n*p x\n*q p\ny b,q"));
  assert.deepEqual(lanes, [{ from: 0, to: 3, level: 0, states: [3, 4], ways: [2, 3, 5], start: MAIN, end: MAIN }]);
  assert.deepEqual([columns[3], columns[4]], [1, 2]);
});

test("no line leaves the input for what comes from another input, which stands in a lane of its own", () => {
  const { columns, main, lanes } = layOutGraph(graph("x\na x\n*m\nb a\nc b,m\nd c,m\n*n\n*p n\ne d,p"));
  assert.deepEqual(main, [0, 1, 3, 4, 5, 8]);
  assert.deepEqual([columns[2], columns[6], columns[7]], [0, 0, 1]);
  assert.deepEqual(
    lanes.map(({ states, start, end }) => ({ states, start, end })),
    [
      { states: [2], start: null, end: MAIN },
      { states: [], start: 0, end: MAIN },
      { states: [6, 7], start: null, end: MAIN },
    ],
  );
});

test("a lane that leaves a state of another lane, or comes to one, is not drawn down to the main path", () => {
  const { lanes } = layOutGraph(graph("x\na x\nb a\nc b\n*p x\n*q p,x\nd c,p,q"));
  const found = lanes.map(({ states, level, start, end }) => ({ states, level, start, end }));
  const [own] = found.filter(({ states }) => states.length);
  assert.deepEqual(own.states, [4, 5]);
  assert.ok(
    found.some(({ start, end }) => start === MAIN && end === own.level),
    "x → q",
  );
  assert.ok(
    found.some(({ start, end }) => start === own.level && end === MAIN),
    "p → d",
  );
});

test("lanes over the same columns are above each other, the shortest lowest; those that only touch share a level", () => {
  const { lanes, levels } = layOutGraph(graph("x\na x\nb x,a\nc x,b\nd c\ne c,d"));
  const level = Object.fromEntries(lanes.map((lane) => [`${lane.from}-${lane.to}`, lane.level]));
  assert.deepEqual(level, { "0-2": 0, "0-3": 1, "3-5": 0 });
  assert.equal(levels, 2);
});

test("every way is the main path's own or in a lane, and every state has a place", () => {
  const text = Array.from({ length: 30 }, (_, i) =>
    i < 3 ? `s${i} ${i ? `s${i - 1}` : ""}` : `s${i} s${i - 1},s${i - 3}`,
  );
  const one = graph(text.join("\n"));
  const { columns, main, lanes } = layOutGraph(one);
  const laned = new Set(lanes.flatMap(({ ways }) => ways));
  one.ways.forEach((way, w) => assert.ok(laned.has(w) || columns[way.behind] === columns[way.before] + 1));
  const placed = new Set([...main, ...lanes.flatMap(({ states }) => states)]);
  assert.equal(placed.size, one.states.length);
});

test("parts of a network are found by their names", () => {
  assert.equal(partOf("layer1.0.conv1"), "layer1.0");
  assert.equal(partOf("layer1.0/add"), "layer1.0");
  assert.equal(partOf("bert.encoder.layer.3.attention.self.query"), "bert.encoder.layer.3");
  assert.equal(partOf("features.7"), "features");
  assert.equal(partOf("/relu:2"), "");
  assert.equal(partOf("fc"), "");
  assert.deepEqual(blocksOf(["input", "a.0.x", "a.0.y", "a.0/add", "a.1.x", "a.1.y", "fc"]), [
    { name: "a.0", from: 1, to: 3 },
  ]);
});

test("a folded block is narrow, and the middles are shares of the whole", () => {
  const blocks = [{ name: "a", from: 1, to: 10 }];
  const open = widthsOf(12, blocks, new Set());
  const folded = widthsOf(12, blocks, new Set(["a"]));
  assert.ok(folded.total < open.total / 2.5);
  for (const { middles } of [open, folded]) {
    assert.deepEqual([...middles].sort((a, b) => a - b), middles); // prettier-ignore
    assert.ok(middles[0] > 0 && middles[11] < 1);
  }
});

test("a network of 62 states fits a page of 1440 px when it is folded", () => {
  const names = ["input", "conv1", "bn1", "relu"];
  for (const block of ["1.0", "1.1", "2.0", "2.1", "3.0", "3.1", "4.0", "4.1"])
    for (const part of [".conv1", ".bn1", ".relu", ".conv2", ".bn2", "/add", ".relu:2"])
      names.push(`layer${block}${part}`);
  names.push("avgpool", "logits");
  assert.equal(names.length, 62);
  const blocks = blocksOf(names);
  assert.equal(blocks.length, 8);
  assert.ok(16 * widthsOf(62, blocks, new Set(blocks.map(({ name }) => name))).total < 1400);
});

test("places and positions along stops are each other's reverse", () => {
  const stops = [0.1, 0.15, 0.2, 0.6, 0.9];
  for (const at of [0, 0.5, 1, 2.25, 3.75, 4]) assert.ok(Math.abs(positionAt(stops, placeAt(stops, at)) - at) < 1e-12);
  assert.equal(positionAt(stops, 0), 0);
  assert.equal(positionAt(stops, 1), 4);
  assert.equal(placeAt([0.5], 0), 0.5);
});

test("a path through a state leads on to the path there is", () => {
  const one = graph("x\na x\nb a\n*p x\n*q p\ny q,b\nout y");
  assert.deepEqual(pathThrough(one, {}, 3), { q: "p", y: "q" });
  assert.deepEqual(pathThrough(one, { other: "z" }, 4), { other: "z", y: "q" });
  const skip = graph(BLOCK);
  const way = skip.ways.find(({ before, behind }) => before === 0 && behind === 3);
  assert.deepEqual(pathThrough(skip, {}, 3, way), { y: "x" });
});

test("what lies between two states is said, and only the first few of many", () => {
  const one = graph(BLOCK);
  const way = { ...one.ways[2], how: "addition", role: /** @type {const} */ ("skip") };
  assert.equal(wayText(one, way), "x → y: shortcut, added as it is. Click to go this way");
  assert.equal(
    wayText(one, { ...one.ways[2], how: "concatenation", between: ["r"] }),
    "x → y: joined with others as it is, past r. Click to go this way",
  );
  assert.equal(wayText(one, { ...one.ways[0], between: ["r"] }), "x → a: Linear, past r, on the path");
  assert.equal(listed(["a", "b", "c", "d", "e", "f"]), "a, b, c, d and 2 more");
});

const between = {
  kind: "Add",
  how: "addition",
  sigma: [],
  exact: 4,
  residual: null,
  moved: [],
  between: [],
  factor: 1,
};

/** @param {Float32Array} at @param {Float32Array} y @param {{role: "skip"|"branch", factor: number}} term */
const starts = (at, y, term) => arrowStarts(at, y, { ...between, ...term });

test("an arrow goes from the point before the sum to the point behind it, whichever term the path comes from", () => {
  const [x, f] = [[1, 2], [0.5, -1]]; // prettier-ignore
  const y = Float32Array.from([1.5, 1]);
  const bySkip = Float32Array.from(x);
  starts(bySkip, y, { role: "skip", factor: 1 });
  const byBranch = Float32Array.from(f);
  starts(byBranch, y, { role: "branch", factor: 1 });
  assert.deepEqual([...bySkip], x);
  assert.deepEqual([...byBranch], x);
  const less = Float32Array.from([-0.5, 1]); // y = x - f
  starts(less, y, { role: "branch", factor: -1 });
  assert.deepEqual([...less], x);
});

test("a sum is at hand when it is shown, and on the way to it", () => {
  const note = { transitions: [{ how: "singular" }, { how: "addition" }, { how: "value" }] };
  assert.deepEqual([0, 1, 1.5, 2, 2.5, 3].map((at) => sumAt(/** @type {any} */ (note), at)), [null, null, 2, 2, null, null]); // prettier-ignore
});

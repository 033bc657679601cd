// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { found, ordered, sizeText, timeText } from "../../assets/js/pages/runs_order.mjs";

/** @param {Partial<import("../../assets/js/payloads.mjs").ListedRun>} said */
const run = (said) => /** @type {import("../../assets/js/payloads.mjs").ListedRun} */ ({ key: said.title, kind: "training", name: "", title: "", folder: "runs/x", uid: "u", task: "classification", n: 1, epochs: 1, unit: "epoch", layers: 1, written: 0, live: false, problem: "", fixed: "", opens: [], ...said }); // prettier-ignore
/** @param {string} key @param {number} size */
const details = (key, size) => ({ [key]: { size, beside: [], problem: "", opens: [], stories: [] } });

test("a run is found by every word that is typed, in whatever it says", () => {
  const runs = [
    run({ title: "MNIST", folder: "runs/digits" }),
    run({ title: "Fashion", task: "regression", live: true }),
    run({ title: "broken", kind: "unshown", problem: "zarr.json is damaged" }),
  ];
  const titles = (/** @type {string} */ typed) => found(runs, typed).map(({ title }) => title);
  assert.deepEqual(titles("  "), ["MNIST", "Fashion", "broken"]);
  assert.deepEqual(titles("mni DIGI"), ["MNIST"]);
  assert.deepEqual(titles("live regression"), ["Fashion"]);
  assert.deepEqual(titles("damaged"), ["broken"]);
  assert.deepEqual(titles("mnist live"), []);
});

test("titles are sorted as people do, with numbers in them", () => {
  const runs = ["run 10", "Run 9", "b", "A"].map((title) => run({ title }));
  const sorted = ordered(runs, { by: "title", down: false }, {}).map(({ title }) => title);
  assert.deepEqual(sorted, ["A", "b", "Run 9", "run 10"]);
  assert.deepEqual(
    ordered(runs, { by: "title", down: true }, {}).map(({ title }) => title),
    [...sorted].reverse(),
  );
});

test("what has no value comes last either way, and what is alike stays as it was", () => {
  const runs = [run({ title: "a" }), run({ title: "b" }), run({ title: "c" }), run({ title: "d" })];
  const sizes = { ...details("b", 5), ...details("c", 9), ...details("d", 5) };
  const by = (/** @type {boolean} */ down) => ordered(runs, { by: "size", down }, sizes).map(({ title }) => title);
  assert.deepEqual(by(true), ["c", "b", "d", "a"]);
  assert.deepEqual(by(false), ["b", "d", "c", "a"]);
  const damaged = run({ title: "e", uid: "", n: 0 });
  const points = ordered([damaged, run({ title: "f", n: 3 })], { by: "n", down: false }, {});
  assert.deepEqual(
    points.map(({ title }) => title),
    ["f", "e"],
  );
});

test("sizes are said in three digits at most, in units of a thousand", () => {
  const said = [0, 1, 999, 1000, 9949, 9950, 999499, 999500, 200e6, 1.5e12, 5e16].map(sizeText);
  assert.deepEqual(said, ["0 bytes", "1 byte", "999 bytes", "1.0 kB", "9.9 kB", "10 kB", "999 kB", "1.0 MB", "200 MB", "1.5 TB", "50000 TB"]); // prettier-ignore
});

test("times are said by how long ago they were, and by the day after one", () => {
  const now = Date.UTC(2026, 2, 10, 12) / 1000;
  const said = [-5, 0, 59, 60, 3599, 3600, 86399, 86400].map((ago) => timeText(now - ago, now, "UTC"));
  assert.deepEqual(said, ["just now", "just now", "just now", "1 min ago", "59 min ago", "1 h ago", "23 h ago", "9 Mar 2026"]); // prettier-ignore
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { held, matching, readSearch } from "../../assets/js/filter/matching.mjs";
import { suggest } from "../../assets/js/filter/suggesting.mjs";
import { fieldsOf } from "../../assets/js/filter/fields.mjs";
import { setGroups } from "../../assets/js/state/kept_groups.mjs";
import { keepHere } from "./fakes.mjs";

keepHere();

const DAY = 86400;
const day = (/** @type {string} */ text) => Date.parse(`${text}T00:00:00Z`) / 1000;

/** A run of classes, with a column of each kind. @type {any} */
const RUN = {
  task: "classification", classes: ["cat", "dog", "Sports Car"], unit: "epoch", epochs: [0, 5, 40], outputs: [], splits: {},
  columns: [
    { name: "age", kind: "number", names: [], low: -1, high: 9, missing: 1 },
    { name: "place", kind: "category", names: ["here", "there", "missing"], low: null, high: null, missing: 1 },
    { name: "taken", kind: "date", names: [], low: day("2023-12-31"), high: day("2024-02-02"), missing: 1 },
    { name: "caption", kind: "text", names: ["a fast car", "A dog, asleep"], low: null, high: null, missing: 1 },
    { name: "Label", kind: "number", names: [], low: 1, high: 1, missing: 0 },
  ],
}; // prettier-ignore

/** @type {any} */
const POINTS = {
  n: 4, split: "test", ids: [10, 11, 12, 13], labels: Uint16Array.of(0, 1, 2, 0), targets: null,
  columns: Float64Array.of(
    -1, 3, 9, NaN,
    0, 1, 2, NaN,
    day("2023-12-31") + DAY - 1, day("2024-01-01"), day("2024-02-02"), NaN,
    0, 1, NaN, 0,
    1, 1, 1, 1,
  ),
}; // prettier-ignore

/** What the network says at each epoch: of epoch 0 (index 0) it is undecided about the last point. */
const SAID = [
  { predicted: Uint16Array.of(1, 1, 2, 3), confidence: Float32Array.of(0.5, 0.6, 0.9, 0.4) },
  { predicted: Uint16Array.of(0, 1, 2, 1), confidence: Float32Array.of(0.8, 0.6, 0.95, 0.7) },
];

/** The ids that a text is for, while epoch 5 is shown. @param {string} text @param {any} [run] @param {any} [points] */
function found(text, run = RUN, points = POINTS) {
  const mask = matching(readSearch(text, run), points, (at) => SAID[at ?? 1] ?? null);
  return mask && [...points.ids].filter((_, i) => mask[i]);
}

/** @type {[string, number[]][]} */
const SEARCHES = [
  ["", [10, 11, 12, 13]],
  ["label:cat", [10, 13]],
  ["LABEL:CAT,dog", [10, 11, 13]],
  ['class:"sports car"', [12]],
  ["label:*a*", [10, 12, 13]],
  ["-label:cat", [11, 12]],
  ["id:11..12", [11, 12]],
  ["id:>11 id:<=12", [12]],
  ["split:test", [10, 11, 12, 13]],
  ["split:train", []],
  ["predicted:dog", [11, 13]],
  ["predicted@0:dog", [10, 11]],
  ["predicted@0:undecided", [13]],
  ["correct:no", [13]],
  ["correct@0:no correct:yes", [10]],
  ["confidence:<60%", []],
  ["confidence@0:<60%", [10, 13]],
  ["age:>0", [11, 12]],
  ["age:-1..3", [10, 11]],
  ["age:missing", [13]],
  ["-age:>0", [10, 13]],
  ["place:missing", [12]], // there is a category of that name
  ["taken:2023", [10]],
  ["taken:2024-01", [11]],
  ["taken:>2024-01", [12]],
  ["taken:<=2023-12-31", [10]],
  ["taken:2023-12-31..2024-01-01", [10, 11]],
  ["caption:car", [10, 13]],
  ['caption:"DOG, a"', [11]],
  ["caption:missing", [12]],
  ['"column Label":1', [10, 11, 12, 13]],
  ["dog", [11, 13]], // label, prediction and caption
  ["-dog", [10, 12]],
  ["12", [12]],
  ["asleep", [11]],
  ["any@0:undec", [13]],
];

test("a search finds its points and no others", () => {
  for (const [text, ids] of SEARCHES) assert.deepEqual(found(text), ids, text);
});

/** @type {[string, RegExp][]} */
const WRONG = [
  [
    "colour:red",
    /no “colour” here; there are label, id, split, group, predicted, confidence, correct, age, place, taken, caption, column Label, any/,
  ],
  ["label:horse", /label has no “horse”; there are cat, dog, Sports Car$/],
  ["split:validation", /there are train, test/],
  ["correct:maybe", /yes or no, “maybe” came/],
  ["confidence:high", /confidence is a number.*“high” came/],
  ["taken:2024-02-31", /taken is a date.*“2024-02-31” came/],
  ["label:>cat", /not ordered/],
  ["predicted@7:dog", /epoch 7 is not recorded; there are 0, 5, 40/],
  ["label@5:cat", /label is the same at all times; leave out @5/],
];

test("what is not there is said, with what there is", () => {
  for (const [text, message] of WRONG) assert.throws(() => readSearch(text, RUN), message, text);
});

test("it is said whether a search is of the epoch that is shown, and it can be held there", () => {
  const about = (/** @type {string} */ text) => {
    const { told, now } = readSearch(text, RUN);
    return [told, now];
  };
  assert.deepEqual(about("label:cat"), [false, false]);
  assert.deepEqual(about("predicted@5:cat"), [true, false]);
  assert.deepEqual(about("predicted@5:cat correct:no"), [true, true]);
  assert.equal(held(readSearch("label:cat -dog predicted@5:cat correct:no", RUN), RUN, 40), "label:cat -any@40:dog predicted@5:cat correct@40:no"); // prettier-ignore
  assert.equal(found("predicted@40:dog"), null); // which is not here yet
});

test("points without classes are searched by their values and what these should be", () => {
  /** @type {any} */
  const run = { task: "regression", classes: ["points"], unit: "step", epochs: [0], columns: [], outputs: [{ name: "rent" }], splits: { test: { targets: {} } } }; // prettier-ignore
  const given = { slice: { values: Uint16Array.of(0, 4, 8), scale: 0.5, offset: 0 }, k: 1, logits: false, at: null };
  /** @type {any} */
  const points = { n: 3, split: "test", ids: [1, 2, 3], labels: new Uint16Array(3), targets: Float32Array.of(0, 1, 9), columns: null }; // prettier-ignore
  const ids = (/** @type {string} */ text) => {
    const mask = matching(readSearch(text, run), points, () => /** @type {any} */ ({ given }));
    return points.ids.filter((/** @type {number} */ _, /** @type {number} */ i) => mask?.[i]);
  };
  assert.deepEqual(ids('"output rent":>=2'), [2, 3]);
  assert.deepEqual(ids('"true rent":<=1 error:>0'), [2]);
  assert.throws(() => readSearch("correct:no", run), /no “correct” here/);
});

/** What is suggested behind a text. @param {string} text */
const suggested = (text) => suggest(text, text.length, fieldsOf(RUN)).list.map((one) => one.text);

test("names are suggested, then values; quotes stand where they must", () => {
  assert.deepEqual(suggested("pr"), ["predicted:"]);
  assert.deepEqual(suggested("label:cat -pre"), ["-predicted:"]);
  assert.deepEqual(suggested("label:"), ["label:cat", "label:dog", 'label:"Sports Car"']);
  assert.deepEqual(suggested("label:cat,d"), ["label:cat,dog"]);
  assert.deepEqual(suggested("label:dog"), []);
  assert.deepEqual(suggested('label:"spo'), ['label:"Sports Car"']);
  assert.deepEqual(suggested("predicted@40:un"), ["predicted@40:undecided"]);
  assert.deepEqual(suggested("correct:"), ["correct:yes", "correct:no"]);
  assert.deepEqual(suggested("correct:no"), []);
  assert.deepEqual(suggested("confidence:"), ["confidence:<", "confidence:>"]);
  assert.deepEqual(suggested("dog"), ["label:dog", "predicted:dog"]);
  assert.ok(suggested("").includes("label:") && !suggested("").includes("any:"));
  assert.equal(suggest("label:cat do", 12, fieldsOf(RUN)).from, 10);
});

test("the reader's groups are searched by name, and there may be none", () => {
  const run = { ...RUN, run: "mine", uid: "filtered" };
  assert.throws(() => readSearch("group:x", run), /there are no groups yet; select points and press G/);
  const group = (/** @type {string} */ name, /** @type {number[]} */ ...ids) => ({ name, note: "", color: 0, ids: new Set(ids) });
  setGroups(run, [group("odd ones", 11, 13), group("Late", 12, 13)]);
  for (const [text, ids] of /** @type {[string, number[]][]} */ ([
    ["group:late", [12, 13]], ["groups:LATE,*odd*", [11, 12, 13]], ["group:late group:*odd*", [13]], ["-group:late", [10, 11]],
    ["group:missing", [10]], ["-group:missing", [11, 12, 13]], ["odd", [11, 13]],
  ])) assert.deepEqual(found(text, run), ids, text);
  assert.throws(() => readSearch("group:early", run), /group has no “early”; there are odd ones, Late/);
  assert.throws(() => readSearch("group@5:late", run), /group is the same at all times/);
  assert.deepEqual(suggest("group:", 6, fieldsOf(run)).list.map(({ text }) => text), ['group:"odd ones"', "group:Late"]);
  const values = { ...run, task: "regression", classes: ["low", "high"] };
  assert.deepEqual(found("group:low", values), found("label:low", values), "where points have groups of their own");
  assert.deepEqual(found("groups:late", values), [12, 13]);
}); // prettier-ignore

// @ts-check
/** What is said of a point besides its class: what its outputs should be and are, and its columns; and of several points. */

import { percent } from "../core/dom.mjs";
import { hasClasses } from "../data/groups.mjs";
import { dayOf } from "./dates.mjs";
import { gives, isRight, short } from "./values.mjs";

const AXES = 6; // values of an output that a card has room for
const COLUMNS = 12;

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("./values.mjs").Given} Given
 * @typedef {import("../stage/stage.mjs").Points} Points
 * @typedef {[string, string][]} Rows each a name and what is said
 */

/**
 * @param {Announcement} run @param {Points} points @param {number} i @param {Given|null} given null where it is not known
 * @returns {{rows: Rows, wrong: boolean}} `wrong`: whether a label is
 */
export function valuesOf(run, points, i, given) {
  const columns = columnsOf(run, points, i);
  if (hasClasses(run)) return { rows: columns, wrong: false };
  if (run.task === "multilabel") return labelsOf(run, points, i, given, columns);
  const { outputs } = run;
  const rows = outputs.slice(0, given || points.targets ? AXES : 0).map(({ name }, axis) => {
    const should = points.targets ? short(points.targets[i * outputs.length + axis]) : null;
    const is = given ? short(gives(given, i, axis)) : null;
    const said = [should === null ? null : `true ${should}`, is === null ? null : `output ${is}`]
      .filter(Boolean)
      .join(", ");
    return /** @type {[string, string]} */ ([name, points.targets ? said : (is ?? "")]);
  });
  if (rows.length && outputs.length > AXES) rows.push(["", `and ${outputs.length - AXES} more values`]);
  return { rows: [...rows, ...columns], wrong: false };
}

/** @param {Announcement} run @param {Points} points @param {number} i @param {Given|null} given @param {Rows} columns */
function labelsOf({ outputs }, { targets }, i, given, columns) {
  const k = outputs.length;
  const names = (/** @type {(axis: number) => boolean} */ keep, /** @type {(axis: number) => string} */ say) =>
    outputs.flatMap((_, axis) => (keep(axis) ? [say(axis)] : [])).slice(0, COLUMNS).join(", ") || "none"; // prettier-ignore
  /** @type {Rows} */
  const rows = [];
  if (targets) rows.push(["Labels", names((axis) => targets[i * k + axis] === 1, (axis) => outputs[axis].name)]); // prettier-ignore
  if (given) {
    const share = (/** @type {number} */ axis) => gives(given, i, axis);
    rows.push(["Above a half", names((axis) => share(axis) > 0.5, (axis) => `${outputs[axis].name} ${percent(share(axis))}`)]); // prettier-ignore
  }
  const wrong = Boolean(given && targets) && outputs.some((_, axis) => !isRight(gives(/** @type {Given} */ (given), i, axis), targets?.[i * k + axis] ?? 0)); // prettier-ignore
  return { rows: [...rows, ...columns], wrong };
}

/** @param {Announcement} run @param {Points} points @param {number} i @returns {Rows} */
function columnsOf({ columns }, { n, columns: values }, i) {
  if (!values) return [];
  return columns.slice(0, COLUMNS).map((note, c) => [note.name, sayValue(note, values[c * n + i])]);
}

/** A column's value in words. @param {import("../payloads.mjs").ColumnNote} note @param {number} value */
function sayValue(note, value) {
  if (Number.isNaN(value)) return "missing";
  if (note.kind === "date") return dayOf(value);
  return note.kind === "number" ? short(value) : note.names[value];
}

/**
 * What is said of several points: of numbers the mean and the range, of categories how many of each.
 *
 * @param {Announcement} run @param {{points: Points, given: Given|null, rows: number[]}[]} parts of several splits
 * @returns {Rows}
 */
export function summaryOf(run, parts) {
  /** @type {Rows} */
  const found = [];
  const all = (/** @type {(part: typeof parts[number], i: number) => number} */ value) =>
    parts.flatMap((part) => part.rows.map((i) => value(part, i))).filter((one) => !Number.isNaN(one));
  const add = (/** @type {string} */ name, /** @type {number[]} */ values) => {
    if (values.length) found.push([name, rangeOf(values)]);
  };
  const k = run.outputs.length;
  if (!hasClasses(run) && k <= AXES)
    run.outputs.forEach(({ name }, axis) => {
      add(
        `true ${name}`,
        all(({ points }, i) => points.targets?.[i * k + axis] ?? NaN),
      );
      if (parts.every(({ given }) => given)) add(`output ${name}`, all(({ given }, i) => gives(/** @type {Given} */ (given), i, axis))); // prettier-ignore
    });
  run.columns.slice(0, COLUMNS).forEach((note, c) => {
    const values = all(({ points }, i) => points.columns?.[c * points.n + i] ?? NaN);
    if (note.kind === "number") add(note.name, values);
    else if (values.length) found.push([note.name, SUMS[note.kind](note.names, values)]);
  });
  return found;
}

/** What is said of several values that are no numbers. @type {Record<string, (names: string[], values: number[]) => string>} */
const SUMS = {
  category: mostOf,
  date: (_, values) => daysOf(values),
  text: differentOf,
  url: differentOf,
};

/** @param {number[]} values dates */
function daysOf(values) {
  const [low, high] = values.reduce(([a, b], one) => [Math.min(a, one), Math.max(b, one)], [Infinity, -Infinity]);
  return low === high ? dayOf(low) : `${dayOf(low)} to ${dayOf(high)}`;
}

/** The text where there is one, else how many there are. @param {string[]} names @param {number[]} values positions in these */
function differentOf(names, values) {
  const different = new Set(values);
  return different.size === 1 ? names[values[0]] : `${different.size} different`;
}

/** @param {number[]} values */
function rangeOf(values) {
  let [low, high, sum] = [Infinity, -Infinity, 0];
  for (const value of values) [low, high, sum] = [Math.min(low, value), Math.max(high, value), sum + value];
  return low === high ? short(low) : `mean ${short(sum / values.length)}, ${short(low)} to ${short(high)}`;
}

/** @param {string[]} names @param {number[]} values positions in these */
function mostOf(names, values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const said = sorted.slice(0, 3).map(([at, n]) => `${names[at]} ${n}`);
  return said.join(", ") + (sorted.length > 3 ? ` and ${sorted.length - 3} more` : "");
}

// @ts-check
/**
 * The ways in which points are coloured. To add one: its entry here, and its title in `colorings` of gt/serve/tasks.py,
 * which fills the selects.
 */

import {
  ATTACKED,
  CONFIDENCE,
  DIVERGING,
  NEUTRAL,
  RIGHTNESS,
  SCALE,
  SHADES,
  VERDICTS,
  classColors,
  groupColor,
} from "./palette.mjs";
import { COLORS, groupsOf } from "../state/kept_groups.mjs";
import { dayOf } from "./dates.mjs";
import { gives, short, wrongBy } from "./values.mjs";

const LISTED = 24; // categories whose colours are said one by one

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("./values.mjs").Given} Given
 * @typedef {{predicted: Uint16Array, confidence: Float32Array, given?: Given|null}} Said what the network says of each point: of those that have one
 *   class each what they are taken for, of others the values that it gives
 * @typedef {{swatches: [string, string][], more?: string} | {ramp: string[], ends: [string, string], missing?: string} | {text: string}} Key what the
 *   colours mean: colours with a word each, a ramp from one end to the other, or a sentence
 * @typedef {{n: number, ids: ArrayLike<number>, labels: Uint16Array, groups: Uint16Array, k: number, columns?: Float64Array|null, targets?: ArrayLike<number>|null}} Painted points
 * @typedef {object} Coloring
 * @property {boolean} told whether it shows what the network says, and so changes with the epoch
 * @property {(k: number, attacked: boolean) => string[]} colors "#rrggbb", at most 84 (three strengths of each fit into one palette), of k classes and perhaps attacked points
 * @property {(i: number, points: Painted, said: Said, last: number) => number} entry
 *   which of them point i has; `last` is the last of them. While what the network says is not known, points have the colour of their group
 * @property {Key|null} key null where the legend says it
 */

/** What is said where the network says no class. */
export const NOTHING = { predicted: new Uint16Array(0), confidence: new Float32Array(0) };

/** By the names that links and selects have. @satisfies {Record<string, Coloring>} */
export const COLORINGS = {
  label: {
    told: false,
    colors: (k, attacked) => [...classColors(k).slice(0, SHADES), ...(attacked ? [ATTACKED] : [])],
    entry: (i, { groups, k }, _, last) => (groups[i] < k ? groups[i] % SHADES : last),
    key: null,
  },
  prediction: {
    told: true,
    colors: (k) => [...classColors(k).slice(0, SHADES), NEUTRAL],
    entry: (i, { k }, { predicted }, last) => (predicted[i] < k ? predicted[i] % SHADES : last),
    key: { text: "Colours say what the network predicts; the legend hides by true label." },
  },
  verdict: {
    told: true,
    colors: () => VERDICTS,
    entry: (i, { labels }, { predicted }) => (predicted[i] === labels[i] ? 0 : 1),
    key: { swatches: [[VERDICTS[0], "correct"], [VERDICTS[1], "wrong"]] }, // prettier-ignore
  },
  confidence: {
    told: true,
    colors: () => CONFIDENCE,
    entry: (i, _, { confidence }, last) => Math.min(last, Math.floor(confidence[i] * (last + 1))),
    key: { ramp: CONFIDENCE, ends: ["0 %", "100 %"] },
  },
};

/** By the share of epochs in which each was right, which stands in the place of columns; what asks for it has a key of its own. @type {Coloring} */
const BY_RIGHT = {
  told: false,
  colors: () => RIGHTNESS,
  entry: (i, { columns }, _, last) => Math.round((columns?.[i] ?? 0) * last),
  key: null,
};

/**
 * A way to colour by class in which a few classes stand out from all others, each in a colour of its own.
 *
 * @param {readonly number[]} groups ten at most @param {Coloring} plain one of those that colour by class
 * @returns {Coloring}
 */
export function standingOut(groups, plain) {
  const places = new Map(groups.map((group, at) => [group, at]));
  const of = plain === COLORINGS.prediction ? predictedOf : groupOf;
  return {
    told: plain.told,
    colors: () => [...classColors(10).slice(0, groups.length), NEUTRAL],
    entry: (i, points, said, last) => places.get(of(i, points, said)) ?? last,
    key: plain.key,
  };
}

/** @param {number} i @param {{groups: Uint16Array}} points */
const groupOf = (i, { groups }) => groups[i];
/** @param {number} i @param {{groups: Uint16Array}} points @param {Said} said */
const predictedOf = (i, { groups }, said) => (said ? said.predicted[i] : groups[i]);

/** By the lists that they are of. @type {WeakMap<readonly import("../state/kept_groups.mjs").Group[], Coloring>} */
const byGroups = new WeakMap();

/** By the groups that the reader has made: of several that a point is in the last one counts. @param {readonly import("../state/kept_groups.mjs").Group[]} list @returns {Coloring} */
function ofGroups(list) {
  const known = byGroups.get(list);
  if (known) return known;
  const colors = new Map(list.flatMap(({ ids, color }) => [...ids].map((id) => [id, color])));
  /** @type {Coloring} */
  const coloring = {
    told: false,
    colors: () => [...Array.from({ length: COLORS }, (_, c) => groupColor(c)), NEUTRAL],
    entry: (i, { ids }, _, last) => colors.get(ids[i]) ?? last,
    key: list.length
      ? { swatches: [...list.map(({ name, color }) => /** @type {[string, string]} */ ([groupColor(color), name])), [NEUTRAL, "in no group"]] }
      : { text: "There are no groups yet: select points and press G." },
  }; // prettier-ignore
  byGroups.set(list, coloring);
  return coloring;
}

/** @typedef {string} ColorBy one of COLORINGS, or what `coloringOf` reads */

/** Whether a colouring is by class, predicted or true. @param {ColorBy} name */
export const isByClass = (name) => name === "label" || name === "prediction";

/** The names of the colourings of a run. @param {Announcement} run */
export const coloringNames = (run) => run.colorings.map(({ value }) => value);

/**
 * The colouring of a name: one of the plain ones, or by a column ("column-0"), by what a value of the output should be ("target-0"), by what
 * it is ("output-0"), by how far these are apart ("error"), by the reader's groups ("groups"), or by how often each was right ("right"). That of the groups for an unknown name.
 *
 * @param {ColorBy} name @param {Announcement|null} run @returns {Coloring}
 */
export function coloringOf(name, run) {
  if (Object.hasOwn(COLORINGS, name)) return COLORINGS[/** @type {keyof typeof COLORINGS} */ (name)];
  if (name === "right") return BY_RIGHT;
  const [what, number] = name.split("-");
  const at = Number(number);
  if (!run) return COLORINGS.label;
  if (name === "groups") return ofGroups(groupsOf(run));
  if (what === "column" && run.columns[at]) return byColumn(run.columns[at], at);
  if (what === "target" && run.outputs[at]) return byTarget(run, at);
  if (what === "output" && run.outputs[at]) return byOutput(run, at);
  return name === "error" ? byError(run) : COLORINGS.label;
}

/**
 * Numbers as colours: from low to high, grey where one is missing.
 *
 * @param {number} low @param {number} high @param {[string, string]} ends what these are called @param {boolean} told
 * @param {(i: number, points: Painted, said: Said) => number} value NaN where it is missing
 * @param {number} missing of how many points it is
 * @returns {Coloring}
 */
function byNumber(low, high, ends, told, value, missing = 0) {
  return {
    told,
    colors: () => [...SCALE, NEUTRAL],
    entry(i, points, said, last) {
      const now = value(i, points, said);
      if (Number.isNaN(now)) return last;
      const share = high > low ? (now - low) / (high - low) : 0.5;
      return Math.max(0, Math.min(SCALE.length - 1, Math.floor(share * SCALE.length)));
    },
    key: { ramp: SCALE, ends, ...(missing ? { missing: `${missing} missing` } : {}) },
  };
}

/**
 * Numbers on both sides of zero, which has a colour of its own: equally far from it is equally strong.
 *
 * @param {number} low below zero @param {number} high above it
 * @param {(i: number, points: Painted) => number} value @param {number} missing of how many points it is
 * @returns {Coloring}
 */
function byDifference(low, high, value, missing) {
  const reach = Math.max(-low, high);
  const middle = (DIVERGING.length - 1) / 2;
  const place = (/** @type {number} */ now) => Math.round(middle * (1 + now / reach));
  return {
    told: false,
    colors: () => [...DIVERGING, NEUTRAL],
    entry(i, points, _, last) {
      const now = value(i, points);
      return Number.isNaN(now) ? last : place(now);
    },
    key: {
      ramp: DIVERGING.slice(place(low), place(high) + 1),
      ends: [short(low), short(high)],
      ...(missing ? { missing: `${missing} missing` } : {}),
    },
  };
}

/** By a column: numbers and dates in a ramp, categories in colours; texts are not coloured. @param {import("../payloads.mjs").ColumnNote} note @param {number} at @returns {Coloring} */
function byColumn(note, at) {
  const value = (/** @type {number} */ i, /** @type {Painted} */ { n, columns }) => columns?.[at * n + i] ?? NaN;
  if (note.kind === "number") {
    const [low, high] = [note.low ?? NaN, note.high ?? NaN];
    if (low < 0 && high > 0) return byDifference(low, high, value, note.missing);
    return byNumber(low, high, [short(low), short(high)], false, value, note.missing);
  }
  if (note.kind === "date") {
    const [low, high] = [note.low ?? NaN, note.high ?? NaN];
    const ends = /** @type {[string, string]} */ (note.low === null ? ["", ""] : [dayOf(low), dayOf(high)]);
    return byNumber(low, high, ends, false, value, note.missing);
  }
  const colors = classColors(note.names.length);
  const swatches = note.names.slice(0, LISTED).map((name, c) => /** @type {[string, string]} */ ([colors[c], name]));
  if (note.missing) swatches.push([NEUTRAL, `${note.missing} missing`]);
  const more = note.names.length > LISTED ? `and ${note.names.length - LISTED} more` : undefined;
  return {
    told: false,
    colors: () => [...colors.slice(0, SHADES), NEUTRAL],
    entry(i, points, _, last) {
      const now = value(i, points);
      return Number.isNaN(now) ? last : now % SHADES;
    },
    key: { swatches, more },
  };
}

/** @param {Announcement} run @param {number} at @returns {Coloring} */
function byTarget({ outputs, task }, at) {
  const k = outputs.length;
  if (task === "multilabel") {
    const [no, yes] = classColors(2);
    return {
      told: false,
      colors: () => [no, yes, NEUTRAL],
      entry: (i, { targets }, _, last) => (targets ? targets[i * k + at] : last),
      key: { swatches: [[yes, outputs[at].name], [no, `not ${outputs[at].name}`]] }, // prettier-ignore
    };
  }
  const [low, high] = [outputs[at].low ?? NaN, outputs[at].high ?? NaN];
  return byNumber(low, high, [short(low), short(high)], false, (i, { targets }) => targets?.[i * k + at] ?? NaN);
}

/** @param {Announcement} run @param {number} at @returns {Coloring} */
function byOutput({ outputs, task }, at) {
  const share = task === "multilabel";
  const [low, high] = share ? [0, 1] : [outputs[at].low ?? NaN, outputs[at].high ?? NaN];
  /** @type {[string, string]} */
  const ends = share ? ["0 %", "100 %"] : [`≤ ${short(low)}`, `≥ ${short(high)}`];
  return byNumber(low, high, ends, true, (i, _, { given }) => (given ? gives(given, i, at) : NaN));
}

/** @param {Announcement} run @returns {Coloring} */
function byError({ outputs, task }) {
  const k = outputs.length;
  const labels = task === "multilabel";
  const ranges = outputs.map(({ low, high }) => ((high ?? NaN) - (low ?? NaN)) ** 2);
  const high = labels ? k : Math.sqrt(ranges.reduce((sum, one) => sum + one, 0) / k) / 2;
  /** @type {[string, string]} */
  const ends = labels ? ["none wrong", `all ${k}`] : ["0", `≥ ${short(high)}`];
  return byNumber(0, high, ends, true, (i, { targets }, { given }) =>
    given && targets ? wrongBy(given, targets, i, labels) : NaN,
  );
}

// @ts-check
/**
 * The ways in which points are coloured. To add one: its entry here, and its title in `COLORS` of gt/ui/tour/page.py,
 * which fills the selects.
 */

import { ATTACKED, CONFIDENCE, NEUTRAL, SHADES, VERDICTS, classColors } from "./palette.mjs";

/**
 * @typedef {{predicted: Uint16Array, confidence: Float32Array}} Said what the network says of each point
 * @typedef {{swatches: [string, string][]} | {ramp: string[], ends: [string, string]} | {text: string}} Key what the colours mean:
 *   colours with a word each, a ramp from one end to the other, or a sentence
 * @typedef {object} Coloring
 * @property {boolean} told whether it shows what the network says, and so changes with the epoch
 * @property {(k: number, attacked: boolean) => string[]} colors "#rrggbb", at most 84 (three strengths of each fit into one palette), of k classes and perhaps attacked points
 * @property {(i: number, points: {ids: ArrayLike<number>, labels: Uint16Array, groups: Uint16Array, k: number}, said: Said, last: number) => number} entry
 *   which of them point i has; `last` is the last of them. While what the network says is not known, points have the colour of their group
 * @property {Key|null} key null where the legend says it
 */

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

/** @typedef {keyof typeof COLORINGS} ColorBy */

/** Their names. */
export const COLORING_NAMES = /** @type {ColorBy[]} */ (Object.keys(COLORINGS));

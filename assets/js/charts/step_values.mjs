// @ts-check
/** What curves over the steps of an attack say: values between steps, their texts, and the labels at their ends. */

import { middle } from "../core/names.mjs";

const LETTER = 6.1; // px, of a label
const LONGEST = 11; // letters of a label

/**
 * @typedef {object} Series
 * @property {string} name empty for the only one
 * @property {string} label at its end; empty for none
 * @property {string} color CSS
 * @property {ArrayLike<number>} values one a step; NaN where it is not known
 * @property {ArrayLike<number>|null} others the same of all other points, drawn faint
 * @property {boolean} followed whether a dot goes along it and its value is said
 * @typedef {object} Look
 * @property {Series[]} series the last is drawn above all
 * @property {number} top of the scale, which begins at 0
 * @property {number|null} rule a height that means something
 * @typedef {{name: string, color: string, own: string, others: string|null}} Told values of a series for people
 */

/** A value between two steps. @param {ArrayLike<number>} values @param {number} position */
export function valueAt(values, position) {
  const at = Math.max(0, Math.min(values.length - 1, position));
  const below = Math.floor(at);
  return at === below ? values[below] : values[below] + (at - below) * (values[below + 1] - values[below]);
}

/** The number of a step, or one between two. @param {number[]} steps rising @param {number} position */
export const numberAt = (steps, position) => valueAt(steps, position);

/** The index of the step whose number is nearest. @param {number[]} steps rising @param {number} number */
export function nearestStep(steps, number) {
  return steps.reduce((best, step, i) => (Math.abs(step - number) < Math.abs(steps[best] - number) ? i : best), 0);
}

/** @param {number} number of a step, or between two */
export const stepText = (number) => (Number.isInteger(number) ? String(number) : number.toFixed(1));

/** Text of a label that is not too long; who shows it has the whole in a tooltip. @param {string} name */
export const labelText = (name) => middle(name, LONGEST);

/** Room for labels beside a plot, px. @param {string[]} names */
export const labelRoom = (names) =>
  10 + Math.ceil(LETTER * Math.max(0, ...names.map((name) => labelText(name).length)));

/** What stands at the end of lines: text, value there, whether it is faint. @param {Series[]} series @returns {[string, number, boolean][]} */
export function labelled(series) {
  /** @type {[string, number, boolean][]} */
  const found = [];
  for (const { label, name, values, others } of series) {
    if (!label) continue;
    found.push([label, values[values.length - 1], false]);
    if (others && !name) found.push(["others", others[others.length - 1], true]);
  }
  return found.filter(([, value]) => !Number.isNaN(value));
}

/**
 * The values of series at a position.
 *
 * @param {Series[]} series @param {number} at @param {(value: number) => string} text
 * @returns {Told[]}
 */
export const toldAt = (series, at, text) =>
  series.map(({ name, color, values, others }) => ({
    name, color, own: text(valueAt(values, at)), others: others && text(valueAt(others, at)),
  })); // prettier-ignore

/** The same in one line. @param {Told[]} told */
export const wordsOf = (told) =>
  told
    .map(({ name, own, others }) => `${name ? `${name}: ` : ""}${own}${others ? `, others ${others}` : ""}`)
    .join("; ");

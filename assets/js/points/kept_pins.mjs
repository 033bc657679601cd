// @ts-check
/** The pins of each run, kept while other pages are open. */

import { classColors } from "./palette.mjs";

/** @typedef {import("./held.mjs").Group} Group */

const MOST = 12; // pins; more would cover the picture

/** @type {Map<string, Group[]>} */
const kept = new Map();

/** The pins of a run, in the order in which they were made. @param {string} run @returns {Group[]} */
export const pinsOf = (run) => kept.get(run) ?? [];

/** Why a run can have no more pins, for the reader; empty where it can. @param {string} run */
export const refusal = (run) => (pinsOf(run).length < MOST ? "" : `There can be ${MOST} pins; remove one first`);

/** @param {string} run @param {Group} pin */
export const keepPin = (run, pin) => void kept.set(run, [...pinsOf(run), pin]);

/** @param {string} run @param {Group} pin */
export function dropPin(run, pin) {
  kept.set(
    run,
    pinsOf(run).filter((one) => one !== pin),
  );
}

/**
 * A pin that holds these points: of one class it has that class's name and colour, else the next number.
 *
 * @param {Iterable<number>} ids
 * @param {Iterable<number>} labels of the same points
 * @param {string[]} classes
 * @param {() => number} next the number of a group of several classes
 * @returns {Group}
 */
export function makePin(ids, labels, classes, next) {
  const found = new Set(labels);
  const [only] = found;
  const one = found.size === 1;
  return {
    name: one ? classes[only] : `Group ${next()}`,
    ids: new Set(ids),
    color: one ? classColors(classes.length)[only] : "var(--gt-accent)",
  };
}

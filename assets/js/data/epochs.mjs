// @ts-check
/** Where a number lies among those of recorded epochs. */

import { nearestOf } from "./network.mjs";

/** @param {number[]} epochs ascending numbers @param {number} number @returns {number} an index, with the fraction between two; the first or the last for what lies beyond */
export function nearestEpoch(epochs, number) {
  const last = epochs.length - 1;
  const after = epochs.findIndex((epoch) => epoch >= number);
  if (after === 0) return 0;
  if (after < 0) return last;
  return after - (epochs[after] - number) / (epochs[after] - epochs[after - 1]);
}

/**
 * That a number which was asked for is none of the recorded ones, in a sentence.
 *
 * @param {number[]} epochs ascending numbers @param {number|null} asked null for none @param {string} unit "epoch" or "step"
 * @param {boolean} between whether a number between two will do
 * @returns {string} "" where it can be shown
 */
export function saidOfNone(epochs, asked, unit, between) {
  const [first, last] = [epochs[0], epochs[epochs.length - 1]];
  if (asked === null || epochs.includes(asked) || (between && asked > first && asked < last)) return "";
  return `There is no ${unit} ${asked} here: the nearest, ${nearestOf(epochs, asked)}, is shown.`;
}

/** The number at an index with a fraction: between two epochs, as their points are. @param {number[]} epochs @param {number} at */
export const numberAt = (epochs, at) => {
  const low = epochs[Math.floor(at)];
  return low + (epochs[Math.ceil(at)] - low) * (at - Math.floor(at));
};

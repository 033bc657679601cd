// @ts-check
/** What people call the splits of a run's points. */

/** @type {Record<string, string>} */
const WORDS = { train: "training", test: "test" };

/** Their names in the run format. */
export const SPLITS = Object.keys(WORDS);

/** @param {string} split one of these, or one of two runs, which has no other word */
export const splitWord = (split) => WORDS[split] ?? split;

/** A split behind a point, where points are of several: "" of data that were opened. @param {{ opened: boolean }} run @param {string} split */
export const splitBehind = ({ opened }, split) => (opened ? "" : split);

/** What the points of a split are called: of a network those that it learnt from, or others; of data that were opened simply points. @param {{ opened: boolean }} run @param {string} split */
export const pointsWord = ({ opened }, split) => (opened ? "points" : `${splitWord(split)} points`);

// @ts-check
/** What people call the splits of a run's points. */

/** @type {Record<string, string>} */
const WORDS = { train: "training", test: "test" };

/** Their names in the run format. */
export const SPLITS = Object.keys(WORDS);

/** @param {string} split */
export const splitWord = (split) => WORDS[split];

/** What the points of a split are called: of a network those that it learnt from, or others; of data that were opened simply points. @param {{ opened: boolean }} run @param {string} split */
export const pointsWord = ({ opened }, split) => (opened ? "points" : `${WORDS[split]} points`);

// @ts-check
/** Two runs beside each other: whose answers differ, and which of their own epochs are compared. */

/**
 * @typedef {import("../payloads.mjs").TwoRunsNote} TwoRunsNote
 * @typedef {"only_a"|"only_b"|"other_wrong"|"same_wrong"} Way how the answers for a point are not both right
 */

/** Ways in which answers are not both right, in the order in which they are told. @type {Way[]} */
export const WAYS = ["only_a", "only_b", "other_wrong", "same_wrong"];

/**
 * The points for which not both networks are right.
 *
 * @param {ArrayLike<number>} a answers of the one @param {ArrayLike<number>} b of the other @param {ArrayLike<number>} labels true classes
 * @returns {Record<Way, number[]>} places of the points
 */
export function answersApart(a, b, labels) {
  /** @type {Record<Way, number[]>} */
  const out = { only_a: [], only_b: [], other_wrong: [], same_wrong: [] };
  for (let i = 0; i < labels.length; i++) {
    const [rightA, rightB] = [a[i] === labels[i], b[i] === labels[i]];
    if (rightA && rightB) continue;
    out[rightA ? "only_a" : rightB ? "only_b" : a[i] === b[i] ? "same_wrong" : "other_wrong"].push(i);
  }
  return out;
}

/** Points for which the two answer differently. @param {import("../payloads.mjs").AgreementNote} one */
export const disagreed = ({ only_a, only_b, other_wrong }) => only_a + only_b + other_wrong;

/**
 * Where the largest of a table is; null where nothing in it is known.
 *
 * @param {(number|null)[][]} rows @returns {{row: number, at: number, value: number}|null}
 */
export function largestOf(rows) {
  /** @type {{row: number, at: number, value: number}|null} */
  let best = null;
  rows.forEach((values, row) =>
    values.forEach((value, at) => {
      if (value !== null && (!best || value > best.value)) best = { row, at, value };
    }),
  );
  return best;
}

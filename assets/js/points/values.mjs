// @ts-check
/** The values that a network gives for points that have no one class, what they should be, and the points' columns. */

/**
 * @typedef {object} Given
 * @property {import("../data/tensors.mjs").Loaded} slice (n, k) of all points
 * @property {number} k
 * @property {boolean} logits whether they are logits, of which the shares follow
 * @property {ArrayLike<number>|null} at which of them each point of a picture is; null for the same ones
 */

/** A value of the output. @param {Given} given @param {number} i @param {number} axis */
export function gives({ slice, k, logits, at }, i, axis) {
  const value = slice.values[(at ? at[i] : i) * k + axis] * slice.scale + slice.offset;
  return logits ? 1 / (1 + Math.exp(-value)) : value;
}

/**
 * How far a point's output is from what it should be: of a multilabel how many labels are wrong, of numbers the root of their mean squared
 * difference, which for one number is the difference.
 *
 * @param {Given} given @param {ArrayLike<number>} targets (n, k) @param {number} i @param {boolean} labels
 */
export function wrongBy(given, targets, i, labels) {
  const { k } = given;
  let sum = 0;
  for (let axis = 0; axis < k; axis++) {
    const [is, should] = [gives(given, i, axis), targets[i * k + axis]];
    if (labels) sum += isRight(is, should) ? 0 : 1;
    else sum += (is - should) ** 2;
  }
  return labels ? sum : Math.sqrt(sum / k);
}

/** Whether a label is right: its share above a half where it applies, below where not. @param {number} share @param {number} applies 0 or 1 */
export const isRight = (share, applies) => (applies ? share > 0.5 : share < 0.5);

/** A number in four figures. @param {number} value */
export function short(value) {
  if (Number.isNaN(value)) return "unknown";
  const figures = Number(value.toPrecision(4));
  return Math.abs(figures) >= 1e6 || (figures !== 0 && Math.abs(figures) < 1e-4)
    ? figures.toExponential()
    : String(figures);
}

// @ts-check
/** What the layers of the glossary do to a few numbers. */

/** @param {number} x */
export const relu = (x) => Math.max(0, x);

/** @param {number} x */
export const sigmoid = (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));

/** Positive shares that sum to one. @param {ArrayLike<number>} logits @returns {number[]} */
export function softmax(logits) {
  const largest = Math.max(...Array.from(logits)); // taken off, so that no power is too large
  const powers = Array.from(logits, (x) => Math.exp(x - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** x W + b. @param {ArrayLike<number>} x (p,) @param {number[][]} weights (p, r) @param {number[]} bias (r,) @returns {number[]} */
export const connected = (x, weights, bias) =>
  bias.map((b, j) => weights.reduce((sum, row, i) => sum + x[i] * row[j], b));

/** A kernel laid along a row of numbers. @param {ArrayLike<number>} x @param {number[]} kernel @returns {number[]} one for each place where all of it fits */
export const alongRow = (x, kernel) =>
  Array.from({ length: x.length - kernel.length + 1 }, (_, at) => kernel.reduce((sum, w, k) => sum + w * x[at + k], 0));

/** The largest of each few neighbours. @param {ArrayLike<number>} x @param {number} size @returns {number[]} where each is */
export const largestOf = (x, size) =>
  Array.from({ length: Math.floor(x.length / size) }, (_, j) => {
    let at = j * size;
    for (let i = at + 1; i < (j + 1) * size; i++) if (x[i] > x[at]) at = i;
    return at;
  });

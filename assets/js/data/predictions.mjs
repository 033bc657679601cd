// @ts-check
/** What the network says of each point at one epoch, read off its last layer. */

/** What a point is called whose largest output is shared by several classes. */
export const UNDECIDED = "undecided";

/**
 * Predicted class and confidence of every point.
 *
 * @param {import("./tensors.mjs").Loaded} slice quantised outputs, shape (n, k)
 * @param {number} k classes
 * @param {boolean} probabilities whether the outputs are a softmax; logits are put through one
 * @returns {{predicted: Uint16Array, confidence: Float32Array}} each of length n; confidence is the
 *   largest softmax value, in [0, 1]; a tie for it is no prediction and given as k: behind a last
 *   ReLU all outputs are zero where the network has no opinion, which is not a vote for class 0
 */
export function predict(slice, k, probabilities) {
  const n = slice.values.length / k;
  const predicted = new Uint16Array(n);
  const confidence = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    let best = 0;
    let tied = false;
    for (let c = 1; c < k; c++) {
      const ahead = slice.values[i * k + c] - slice.values[i * k + best];
      if (ahead > 0) [best, tied] = [c, false];
      else if (ahead === 0) tied = true;
    }
    predicted[i] = tied ? k : best;
    confidence[i] = probabilities
      ? slice.values[i * k + best] * slice.scale + slice.offset
      : 1 / sumOfRatios(slice, i * k, k, best);
  }
  return { predicted, confidence };
}

/** @param {import("./tensors.mjs").Loaded} slice @param {number} row @param {number} k @param {number} best */
function sumOfRatios({ values, scale }, row, k, best) {
  let sum = 0;
  for (let c = 0; c < k; c++) sum += Math.exp((values[row + c] - values[row + best]) * scale);
  return sum;
}

// @ts-check
/** What the network says of each point at one epoch, read off its last layer. */

/**
 * Predicted class and confidence of every point.
 *
 * @param {import("./tensors.mjs").Loaded} slice quantised outputs, shape (n, k)
 * @param {number} k classes
 * @param {boolean} probabilities whether the outputs are a softmax; logits are put through one
 * @returns {{predicted: Uint16Array, confidence: Float32Array}} each of length n; confidence is the
 *   softmax value of the predicted class, in [0, 1]
 */
export function predict(slice, k, probabilities) {
  const n = slice.values.length / k;
  const predicted = new Uint16Array(n);
  const confidence = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    let best = 0;
    for (let c = 1; c < k; c++) {
      if (slice.values[i * k + c] > slice.values[i * k + best]) best = c;
    }
    predicted[i] = best;
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

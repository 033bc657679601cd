// @ts-check
/** Which of very many handles are shown: those that were asked for, then those that matter most in the picture as it is. */

/**
 * @param {object} now
 * @param {Float64Array} now.seen (p, 2): where the handles end
 * @param {readonly number[]} now.asked handles that the reader looks for or at; first, in their order
 * @param {Float64Array} now.selected (p,) points of each class that are selected
 * @param {Float64Array} now.inView (p,) points of each class that are drawn within the picture
 * @param {number} most
 * @returns {number[]} asked; then by selected points, then by points in view, then the longest, which lie nearest to the picture
 */
export function handlesThatMatter({ seen, asked, selected, inView }, most) {
  const first = [...new Set(asked)].slice(0, most);
  const length = (/** @type {number} */ i) => seen[2 * i] ** 2 + seen[2 * i + 1] ** 2;
  const rest = Array.from(selected.keys()).filter((i) => !first.includes(i));
  rest.sort((a, b) => selected[b] - selected[a] || inView[b] - inView[a] || length(b) - length(a) || a - b);
  return [...first, ...rest].slice(0, most);
}

/**
 * Count a picture's points by class.
 *
 * @param {import("../stage/stage.mjs").Points} points @param {number} k classes @param {(i: number) => boolean} counts whether point i does
 * @returns {Float64Array} (k,)
 */
export function countByClass({ n, labels }, k, counts) {
  const sums = new Float64Array(k);
  for (let i = 0; i < n; i++) if (labels[i] < k && counts(i)) sums[labels[i]]++;
  return sums;
}

// @ts-check
/** Which class is taken for which: counts of points. */

/**
 * @param {Uint16Array} predicted (e, n) row-major; k where undecided
 * @param {Uint16Array} labels (n,)
 * @param {number} k classes
 * @param {number} epoch an index
 * @returns {Int32Array} (k, k + 1) row-major: rows true, columns predicted, the last undecided
 */
export function confusion(predicted, labels, k, epoch) {
  const table = new Int32Array(k * (k + 1));
  const n = labels.length;
  for (let i = 0; i < n; i++) table[labels[i] * (k + 1) + predicted[epoch * n + i]]++;
  return table;
}

/**
 * Share of each class's points that are right, of several splits together.
 *
 * @param {Int32Array[]} tables (k, k + 1) each @param {number} k
 * @returns {Float64Array} (k,); not a number for a class without points
 */
export function rightByClass(tables, k) {
  return Float64Array.from({ length: k }, (_, c) => {
    let [right, all] = [0, 0];
    for (const table of tables) {
      right += table[c * (k + 1) + c];
      for (let q = 0; q <= k; q++) all += table[c * (k + 1) + q];
    }
    return right / all;
  });
}

/**
 * The points of one cell.
 *
 * @param {Uint16Array} predicted @param {Uint16Array} labels @param {number} epoch an index
 * @param {number} c true class @param {number} q predicted class
 * @returns {number[]} rows
 */
export function cellRows(predicted, labels, epoch, c, q) {
  const n = labels.length;
  const rows = [];
  for (let i = 0; i < n; i++) if (labels[i] === c && predicted[epoch * n + i] === q) rows.push(i);
  return rows;
}

/**
 * Share of some points that are right in each epoch.
 *
 * @param {{predicted: Uint16Array, labels: Uint16Array, rows: number[]}[]} parts one a split
 * @param {number} epochs how many
 * @returns {number[]|null} null for no points
 */
export function accuracyOf(parts, epochs) {
  const total = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  if (!total) return null;
  return Array.from({ length: epochs }, (_, e) => {
    let right = 0;
    for (const { predicted, labels, rows } of parts) {
      for (const i of rows) right += predicted[e * labels.length + i] === labels[i] ? 1 : 0;
    }
    return right / total;
  });
}

// @ts-check
/** Layers whose two sides are not equally wide: zeros make them so. */

/**
 * @param {ArrayLike<number>} matrix (rows, columns), row-major @param {number} rows @param {number} columns
 * @param {number} toRows at least rows @param {number} toColumns at least columns
 * @returns {Float64Array} (toRows, toColumns): zeros below and to the right
 */
export function padded(matrix, rows, columns, toRows, toColumns) {
  const out = new Float64Array(toRows * toColumns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[i * toColumns + j] = matrix[i * columns + j];
  return out;
}

// @ts-check
/** Pooling of a square image by windows side by side: the average, which is linear, and the maximum, which is shown in the average's axes. */

/**
 * @param {number} side of the image
 * @param {number} size of a window; side is a multiple of it
 * @returns {number[][]} for each window the indices of its values, row by row
 */
export function windows(side, size) {
  const across = side / size;
  return Array.from({ length: across * across }, (_, j) => {
    const corner = Math.floor(j / across) * size * side + (j % across) * size;
    return Array.from({ length: size * size }, (_, k) => corner + Math.floor(k / size) * side + (k % size));
  });
}

/** The matrix of average-pooling, for y = x M. @param {number} side @param {number} size @returns {Float64Array} (side², windows), row-major */
export function averageMatrix(side, size) {
  const all = windows(side, size);
  const matrix = new Float64Array(side * side * all.length);
  all.forEach((one, j) => one.forEach((i) => (matrix[i * all.length + j] = 1 / (size * size))));
  return matrix;
}

/**
 * Its singular values and vectors, in closed form: windows do not overlap, so its columns are at right angles already, all equally long.
 *
 * @param {number} side @param {number} size
 * @returns {{left: Float64Array, sigma: number}} left (side², windows), row-major: U; V is the identity, and Σ is sigma times it
 */
export function averageBasis(side, size) {
  return { left: averageMatrix(side, size).map((value) => value * size), sigma: 1 / size };
}

/**
 * What pooling shows at a time between the average (0) and the maximum (1) of each window.
 *
 * @param {ArrayLike<number>} image (side, side) @param {number} side @param {number} size @param {number} t
 */
export function pooled(image, side, size, t) {
  return windows(side, size).map((one) => {
    const values = one.map((i) => image[i]);
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    const largest = Math.max(...values);
    return { average, largest, shown: (1 - t) * average + t * largest };
  });
}

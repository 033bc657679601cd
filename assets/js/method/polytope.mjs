// @ts-check
/** The square, the cube, the tesseract: corners and edges of the cube of any dimension. */

/**
 * @typedef {object} Polytope
 * @property {number} p dimensions
 * @property {number} n corners, 2 to the p
 * @property {Float64Array} corners (n, p), row-major, each at distance 1 from the middle; bit i of a corner's number says on which side of axis i it is
 * @property {[number, number, number][]} edges two corners, and the axis along which the edge runs
 */

/** @param {number} p dimensions @returns {Polytope} */
export function hypercube(p) {
  const n = 2 ** p;
  const half = 1 / Math.sqrt(p);
  const corners = Float64Array.from({ length: n * p }, (_, at) => ((Math.floor(at / p) >> at % p) & 1 ? half : -half));
  /** @type {[number, number, number][]} */
  const edges = [];
  for (let axis = 0; axis < p; axis++) {
    for (let corner = 0; corner < n; corner++)
      if (!((corner >> axis) & 1)) edges.push([corner, corner | (1 << axis), axis]);
  }
  return { p, n, corners, edges };
}

/**
 * Where points are seen: the first two entries of x G.
 *
 * @param {ArrayLike<number>} points (n, p), row-major
 * @param {number} n
 * @param {ArrayLike<number>} matrix (p, p), row-major
 * @param {number} p
 * @param {Float32Array} [out] (n, 2)
 */
export function seen(points, n, matrix, p, out = new Float32Array(2 * n)) {
  for (let row = 0; row < n; row++) {
    let x = 0;
    let y = 0;
    for (let i = 0; i < p; i++) {
      x += points[row * p + i] * matrix[i * p];
      if (p > 1) y += points[row * p + i] * matrix[i * p + 1];
    }
    out[2 * row] = x;
    out[2 * row + 1] = y;
  }
  return out;
}

// @ts-check
/** Matrices of a few dozen rows: products, transposes and the singular value decomposition, for figures that show them. */

import { symmetricEigen } from "../tour/principal.mjs";

const NONE = 1e-7; // of the largest singular value: what is smaller is rounding, as values are roots of eigenvalues

/**
 * @param {ArrayLike<number>} a (n, k), row-major @param {number} n @param {number} k
 * @param {ArrayLike<number>} b (k, m), row-major @param {number} m
 * @returns {Float64Array} a b, (n, m)
 */
export function product(a, n, k, b, m) {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let l = 0; l < k; l++) {
      const value = a[i * k + l];
      if (value) for (let j = 0; j < m; j++) out[i * m + j] += value * b[l * m + j];
    }
  }
  return out;
}

/** @param {ArrayLike<number>} a (n, m), row-major @param {number} n @param {number} m @returns {Float64Array} (m, n) */
export const transpose = (a, n, m) =>
  Float64Array.from({ length: n * m }, (_, at) => a[(at % n) * m + Math.floor(at / n)]);

/**
 * The singular value decomposition, from the eigenvectors of M Mᵀ: M = Σ σ uᵀ v over the triplets.
 *
 * @param {ArrayLike<number>} m (p, r), row-major @param {number} p @param {number} r
 * @returns {{sigma: Float64Array, left: Float64Array, right: Float64Array}} min(p, r) values, falling; row i of left (·, p) and of right
 *   (·, r) is the unit vector on either side of the i-th; a right vector is zero where its value is
 */
export function singular(m, p, r) {
  const count = Math.min(p, r);
  const squares = new Float64Array(p);
  const vectors = new Float64Array(p * p);
  symmetricEigen(product(m, p, r, transpose(m, p, r), p), p, squares, vectors);
  const sigma = Float64Array.from({ length: count }, (_, i) => Math.sqrt(Math.max(0, squares[i])));
  const left = vectors.slice(0, count * p);
  const right = product(left, count, p, m, r);
  for (let i = 0; i < count; i++) {
    if (!(sigma[i] > NONE * sigma[0])) sigma[i] = 0;
    for (let j = 0; j < r; j++) right[i * r + j] = sigma[i] ? right[i * r + j] / sigma[i] : 0;
  }
  return { sigma, left, right };
}

/** The largest difference of two matrices' entries. @param {ArrayLike<number>} a @param {ArrayLike<number>} b as long */
export function farthest(a, b) {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

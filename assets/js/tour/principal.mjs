/**
 * Principal directions: along which two directions do some points spread most?
 *
 * The eigenvectors of a symmetric matrix come from Householder reflections to tridiagonal form and QL steps with implicit shifts
 * (Bowdler, Martin, Reinsch and Wilkinson 1968, doi:10.1007/BF02166681): a few times p³ operations, where each of the several sweeps of
 * Jacobi's method takes as many. Vectors are kept as rows, so that every inner loop runs along memory.
 */

/** QL needs two or three steps for an eigenvalue; it stops at this many, where the matrix is not finite. */
const STEPS = 60;
/** Points whose spread across their line is a smaller share of that along it lie on a line: rounding is all that is left (variances). */
const LINE = 1e-12;
/** Points whose variance is a smaller share of their mean square are all equal. */
export const POINT = 1e-24;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, largest value first. Each vector's largest entry is positive.
 * @param {Float64Array} a (p, p), row-major, symmetric; overwritten
 * @param {number} p dimensions
 * @param {Float64Array} values (p,), written
 * @param {Float64Array} vectors (p, p), written: row i is the unit vector that belongs to values[i]
 */
export function symmetricEigen(a, p, values, vectors) {
  const off = new Float64Array(p);
  tridiagonalise(a, p, values, off, vectors);
  diagonalise(p, values, off, vectors);
  for (let i = 0; i < p; i++) {
    let largest = i;
    for (let j = i + 1; j < p; j++) if (values[j] > values[largest]) largest = j;
    if (largest !== i) {
      [values[i], values[largest]] = [values[largest], values[i]];
      const row = vectors.slice(i * p, i * p + p);
      vectors.copyWithin(i * p, largest * p, largest * p + p);
      vectors.set(row, largest * p);
    }
    settleSign(vectors.subarray(i * p, i * p + p));
  }
}

/** The largest entry becomes positive; of entries that are as good as equal the first counts. @param {Float64Array} v changed in place */
export function settleSign(v) {
  let best = 0;
  for (let k = 1; k < v.length; k++) if (Math.abs(v[k]) > Math.abs(v[best]) + 1e-9) best = k;
  if (v[best] < 0) for (let k = 0; k < v.length; k++) v[k] = -v[k];
}

/**
 * Reflections until a = Zᵀ T Z with T tridiagonal.
 * @param {Float64Array} a (p, p), overwritten @param {number} p @param {Float64Array} diagonal (p,), written
 * @param {Float64Array} off (p,), written: off[i] is T at (i, i + 1), the last is 0 @param {Float64Array} z (p, p), written
 */
function tridiagonalise(a, p, diagonal, off, z) {
  z.fill(0);
  for (let i = 0; i < p; i++) z[i * p + i] = 1;
  const v = new Float64Array(p);
  const w = new Float64Array(p);
  off[p - 1] = 0;
  for (let k = 0; k < p - 1; k++) {
    let below = 0;
    for (let i = k + 1; i < p; i++) {
      v[i] = a[i * p + k];
      if (i > k + 1) below += v[i] * v[i];
    }
    off[k] = v[k + 1];
    if (!(below > 0)) continue;
    off[k] = (v[k + 1] > 0 ? -1 : 1) * Math.sqrt(v[k + 1] * v[k + 1] + below); // the sign that avoids cancellation
    v[k + 1] -= off[k];
    const beta = 2 / (v[k + 1] * v[k + 1] + below);
    let dot = 0;
    for (let i = k + 1; i < p; i++) {
      let sum = 0;
      for (let j = k + 1; j < p; j++) sum += a[i * p + j] * v[j];
      w[i] = beta * sum;
      dot += w[i] * v[i];
    }
    for (let i = k + 1; i < p; i++) w[i] -= (beta / 2) * dot * v[i];
    for (let i = k + 1; i < p; i++) for (let j = k + 1; j < p; j++) a[i * p + j] -= v[i] * w[j] + w[i] * v[j];
    w.fill(0);
    for (let i = k + 1; i < p; i++) for (let j = 0; j < p; j++) w[j] += v[i] * z[i * p + j];
    for (let i = k + 1; i < p; i++) for (let j = 0; j < p; j++) z[i * p + j] -= beta * v[i] * w[j];
  }
  for (let i = 0; i < p; i++) diagonal[i] = a[i * p + i];
}

/**
 * QL with implicit shifts; the rows of z turn along. An off-diagonal entry at the rounding of the whole matrix counts as zero:
 * against its two neighbours, as usual, it would never get there in a matrix of low rank.
 * @param {number} p @param {Float64Array} d diagonal (p,), becomes the eigenvalues @param {Float64Array} e off-diagonal (p,) @param {Float64Array} z (p, p)
 */
function diagonalise(p, d, e, z) {
  let size = 0;
  for (let i = 0; i < p; i++) size = Math.max(size, Math.abs(d[i]), Math.abs(e[i]));
  for (let l = 0; l < p; l++) {
    for (let step = 0; step < STEPS; step++) {
      let m = l;
      while (m < p - 1 && Math.abs(e[m]) > Number.EPSILON * size) m++;
      if (m === l) break;
      const ratio = (d[l + 1] - d[l]) / (2 * e[l]);
      let g = d[m] - d[l] + e[l] / (ratio + (ratio < 0 ? -1 : 1) * Math.hypot(ratio, 1));
      let s = 1;
      let c = 1;
      let shift = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        const r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) break; // the matrix falls in two here
        s = f / r;
        c = g / r;
        g = d[i + 1] - shift;
        const t = (d[i] - g) * s + 2 * c * b;
        shift = s * t;
        d[i + 1] = g + shift;
        g = c * t - b;
        const row = i * p;
        for (let k = row; k < row + p; k++) {
          const low = z[k];
          const high = z[k + p];
          z[k + p] = s * low + c * high;
          z[k] = c * low - s * high;
        }
      }
      if (i >= l) {
        d[i + 1] -= shift;
      } else {
        d[l] -= shift;
        e[l] = g;
      }
      e[m] = 0;
    }
  }
}

/**
 * The two directions in which some points spread most about their own centroid: the leading eigenvectors of their covariance.
 * @param {ArrayLike<number>} points (m, p), row-major
 * @param {number} p dimensions, at least 2
 * @param {ArrayLike<number>} selected rows of points
 * @returns {Float64Array | null} (p, 2), row-major, orthonormal columns, the larger spread first. Points on a line have no second direction: their
 *   second column is zero. null if there is no direction at all: fewer than two points, all equal, or not finite.
 */
export function principalPlane(points, p, selected) {
  const count = selected.length;
  if (count < 2 || p < 2) return null;
  const mean = new Float64Array(p);
  let square = 0;
  for (let s = 0; s < count; s++) {
    for (let j = 0; j < p; j++) {
      const value = points[selected[s] * p + j];
      mean[j] += value / count;
      square += (value * value) / count;
    }
  }
  if (!Number.isFinite(square)) return null;
  const covariance = new Float64Array(p * p);
  const x = new Float64Array(p);
  for (let s = 0; s < count; s++) {
    for (let j = 0; j < p; j++) x[j] = points[selected[s] * p + j] - mean[j];
    for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) covariance[i * p + j] += (x[i] * x[j]) / count;
  }
  const values = new Float64Array(p);
  const vectors = new Float64Array(p * p);
  symmetricEigen(covariance, p, values, vectors);
  if (!(values[0] > POINT * square)) return null;
  const columns = new Float64Array(2 * p);
  for (let i = 0; i < p; i++) {
    columns[2 * i] = vectors[i];
    columns[2 * i + 1] = values[1] > LINE * values[0] ? vectors[p + i] : 0;
  }
  return columns;
}

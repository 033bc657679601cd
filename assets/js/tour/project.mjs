/** From stored data to positions on the screen: interpolation between two slices and projection, in one pass without allocation. */

/** @type {{ x: Float64Array, y: Float64Array }} the two columns of the frame that are seen */
let columns = { x: new Float64Array(0), y: new Float64Array(0) };

/**
 * Positions of n points between slice a (t = 0) and slice b (t = 1): the first two entries of ((1 - t) A + t B) G,
 * with A = scaleA · a + offsetA and B = scaleB · b + offsetB.
 *
 * The offsets of a tensor add the same vector to every point, so they are summed once, outside the loop.
 * @param {Float32Array} out (n, 2), row-major, written; one dimension gives y = 0
 * @param {Float64Array} matrix (p, p), row-major frame G
 * @param {number} p dimensions
 * @param {number} n points
 * @param {Uint16Array | Float32Array} a (n, p), row-major, stored values
 * @param {number} scaleA
 * @param {number} offsetA
 * @param {Uint16Array | Float32Array | null} b (n, p) like a; null or a itself: nothing to interpolate, t is ignored
 * @param {number} scaleB
 * @param {number} offsetB
 * @param {number} t from 0 to 1
 * @returns {Float32Array} out
 */
export function projectSlice(out, matrix, p, n, a, scaleA, offsetA, b, scaleB, offsetB, t) {
  if (columns.x.length !== p) columns = { x: new Float64Array(p), y: new Float64Array(p) };
  const { x: gx, y: gy } = columns;
  let sumX = 0;
  let sumY = 0;
  for (let j = 0; j < p; j++) {
    gx[j] = matrix[j * p];
    gy[j] = p > 1 ? matrix[j * p + 1] : 0;
    sumX += gx[j];
    sumY += gy[j];
  }
  if (b === null || b === a || t === 0) return projectOne(out, p, n, a, scaleA, offsetA * sumX, offsetA * sumY, gx, gy);
  if (t === 1) return projectOne(out, p, n, b, scaleB, offsetB * sumX, offsetB * sumY, gx, gy);
  const weightA = (1 - t) * scaleA;
  const weightB = t * scaleB;
  const offset = (1 - t) * offsetA + t * offsetB;
  const startX = offset * sumX;
  const startY = offset * sumY;
  for (let i = 0, k = 0; i < n; i++) {
    let x = startX;
    let y = startY;
    for (let j = 0; j < p; j++, k++) {
      const value = weightA * a[k] + weightB * b[k];
      x += value * gx[j];
      y += value * gy[j];
    }
    out[2 * i] = x;
    out[2 * i + 1] = y;
  }
  return out;
}

/**
 * @param {Float32Array} out @param {number} p @param {number} n @param {Uint16Array | Float32Array} a
 * @param {number} scale @param {number} startX @param {number} startY @param {Float64Array} gx @param {Float64Array} gy
 */
function projectOne(out, p, n, a, scale, startX, startY, gx, gy) {
  for (let i = 0, k = 0; i < n; i++) {
    let x = 0;
    let y = 0;
    for (let j = 0; j < p; j++, k++) {
      x += a[k] * gx[j];
      y += a[k] * gy[j];
    }
    out[2 * i] = startX + scale * x;
    out[2 * i + 1] = startY + scale * y;
  }
  return out;
}

/**
 * The mean of some points in data space, between two slices as in projectSlice. No points give zero.
 * @param {Float64Array} out (p,), written
 * @param {number} p dimensions
 * @param {ArrayLike<number>} indices rows of the slices
 * @param {Uint16Array | Float32Array} a (n, p), row-major
 * @param {number} scaleA
 * @param {number} offsetA
 * @param {Uint16Array | Float32Array | null} b (n, p) like a; null or a itself: t is ignored
 * @param {number} scaleB
 * @param {number} offsetB
 * @param {number} t from 0 to 1
 * @returns {Float64Array} out
 */
export function centroid(out, p, indices, a, scaleA, offsetA, b, scaleB, offsetB, t) {
  out.fill(0);
  const count = indices.length;
  if (count === 0) return out;
  const still = b === null || b === a;
  const other = b ?? a;
  const weightA = (still ? 1 : 1 - t) * scaleA;
  const weightB = still ? 0 : t * scaleB;
  const offset = still ? offsetA : (1 - t) * offsetA + t * offsetB;
  for (let i = 0; i < count; i++) {
    const row = indices[i] * p;
    for (let j = 0; j < p; j++) out[j] += weightA * a[row + j] + weightB * other[row + j];
  }
  for (let j = 0; j < p; j++) out[j] = out[j] / count + offset;
  return out;
}

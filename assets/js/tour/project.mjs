/** From stored data to positions on the screen: interpolation between two slices and projection, in one pass without allocation. */

/** @typedef {{values: Uint16Array | Float32Array, scale: number, offset: number}} Slice (n, p) stored values, which times scale plus offset are meant */

/** Points that projectRows takes at once. */
const ROWS = 4;

/** @type {{ x: Float64Array, y: Float64Array }} the two columns of the frame that are seen */
let columns = { x: new Float64Array(0), y: new Float64Array(0) };

/**
 * Positions of n points between slice a (t = 0) and slice b (t = 1): the first two entries of ((1 - t) A + t B) G,
 * with A = scaleA · a + offsetA and B = scaleB · b + offsetB.
 *
 * The offsets of a tensor add the same vector to every point, so they are summed once, outside the loop.
 * @param {Float32Array} out (n, 2), row-major, written; one dimension gives y = 0
 * @param {Float64Array} matrix (p, p), row-major frame G, or its first two columns alone, (p, 2)
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
  const stride = matrix.length / p;
  for (let j = 0; j < p; j++) {
    gx[j] = matrix[j * stride];
    gy[j] = stride > 1 ? matrix[j * stride + 1] : 0;
    sumX += gx[j];
    sumY += gy[j];
  }
  const moving = b !== null && b !== a;
  const weightA = (moving ? 1 - t : 1) * scaleA;
  const weightB = moving ? t * scaleB : 0;
  const offset = moving ? (1 - t) * offsetA + t * offsetB : offsetA;
  const whole = n - (n % ROWS);
  projectRows(out, p, whole, a, weightA, b ?? a, weightB, offset * sumX, offset * sumY, gx, gy);
  for (let i = whole; i < n; i++) {
    let x = offset * sumX;
    let y = offset * sumY;
    for (let j = 0; j < p; j++) {
      const value = weightA * a[i * p + j] + weightB * (b ?? a)[i * p + j];
      x += value * gx[j];
      y += value * gy[j];
    }
    out[2 * i] = x;
    out[2 * i + 1] = y;
  }
  return out;
}

/**
 * Positions of the n points of one slice, as of projectSlice, for a pair of directions: half the work of a loop over two slices.
 * @param {Float32Array} out (n, 2), written @param {Float64Array} pair (p, 2), row-major @param {number} p @param {number} n
 * @param {{values: Uint16Array | Float32Array, scale: number, offset: number}} slice
 * @returns {Float32Array} out
 */
export function projectPair(out, pair, p, n, { values, scale, offset }) {
  let [sumX, sumY] = [0, 0];
  for (let j = 0; j < p; j++) [sumX, sumY] = [sumX + pair[2 * j], sumY + pair[2 * j + 1]];
  for (let i = 0; i < n; i += ROWS) {
    const k0 = i * p;
    const k1 = Math.min(i + 1, n - 1) * p; // behind the last point it is done again
    const k2 = Math.min(i + 2, n - 1) * p;
    const k3 = Math.min(i + 3, n - 1) * p;
    let [x0, x1, x2, x3, y0, y1, y2, y3] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let j = 0, c = 0; j < p; j++, c += 2) {
      const toX = pair[c];
      const toY = pair[c + 1];
      const v0 = values[k0 + j];
      const v1 = values[k1 + j];
      const v2 = values[k2 + j];
      const v3 = values[k3 + j];
      x0 += v0 * toX;
      y0 += v0 * toY;
      x1 += v1 * toX;
      y1 += v1 * toY;
      x2 += v2 * toX;
      y2 += v2 * toY;
      x3 += v3 * toX;
      y3 += v3 * toY;
    }
    const sums = [x0, y0, x1, y1, x2, y2, x3, y3];
    for (let o = 0; o < 2 * ROWS && 2 * i + o < out.length; o += 2) {
      out[2 * i + o] = scale * sums[o] + offset * sumX;
      out[2 * i + o + 1] = scale * sums[o + 1] + offset * sumY;
    }
  }
  return out;
}

/**
 * The same for some of the points.
 * @param {Float32Array} out (indices, 2), row-major, written
 * @param {ArrayLike<number>} indices of the points
 * @param {{frame: Float64Array, p: number, a: Slice, b: Slice, t: number, weight: number}} how the (p, 2) frame, the slices, and the weight of all
 * @returns {Float32Array} out
 */
export function projectPoints(out, indices, { frame, p, a, b, t, weight }) {
  const share = a.values === b.values ? 0 : t;
  const [ofA, ofB] = [weight * (1 - share) * a.scale, weight * share * b.scale];
  const offset = weight * ((1 - share) * a.offset + share * b.offset);
  let [sumX, sumY] = [0, 0];
  for (let j = 0; j < p; j++) [sumX, sumY] = [sumX + frame[2 * j], sumY + frame[2 * j + 1]];
  for (let k = 0; k < indices.length; k++) {
    const from = indices[k] * p;
    let [x, y] = [offset * sumX, offset * sumY];
    for (let j = 0; j < p; j++) {
      const value = ofA * a.values[from + j] + ofB * b.values[from + j];
      x += value * frame[2 * j];
      y += value * frame[2 * j + 1];
    }
    out[2 * k] = x;
    out[2 * k + 1] = y;
  }
  return out;
}

/**
 * The loop that all the time goes into: four points at once, so that eight sums run side by side instead of two (1.4 times as fast).
 * @param {Float32Array} out @param {number} p @param {number} n a multiple of ROWS
 * @param {Uint16Array | Float32Array} a @param {number} weightA @param {Uint16Array | Float32Array} b @param {number} weightB
 * @param {number} startX @param {number} startY @param {Float64Array} gx @param {Float64Array} gy
 */
function projectRows(out, p, n, a, weightA, b, weightB, startX, startY, gx, gy) {
  for (let i = 0; i < n; i += ROWS) {
    const k0 = i * p;
    const k1 = k0 + p;
    const k2 = k1 + p;
    const k3 = k2 + p;
    let x0 = startX;
    let x1 = startX;
    let x2 = startX;
    let x3 = startX;
    let y0 = startY;
    let y1 = startY;
    let y2 = startY;
    let y3 = startY;
    for (let j = 0; j < p; j++) {
      const v0 = weightA * a[k0 + j] + weightB * b[k0 + j];
      const v1 = weightA * a[k1 + j] + weightB * b[k1 + j];
      const v2 = weightA * a[k2 + j] + weightB * b[k2 + j];
      const v3 = weightA * a[k3 + j] + weightB * b[k3 + j];
      const toX = gx[j];
      const toY = gy[j];
      x0 += v0 * toX;
      y0 += v0 * toY;
      x1 += v1 * toX;
      y1 += v1 * toY;
      x2 += v2 * toX;
      y2 += v2 * toY;
      x3 += v3 * toX;
      y3 += v3 * toY;
    }
    const o = 2 * i;
    out[o] = x0;
    out[o + 1] = y0;
    out[o + 2] = x1;
    out[o + 3] = y1;
    out[o + 4] = x2;
    out[o + 5] = y2;
    out[o + 6] = x3;
    out[o + 7] = y3;
  }
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

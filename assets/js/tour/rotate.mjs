/**
 * Exact rotations in one plane, in place, in O(p²): the complement of the plane stays as it is, and the frame stays orthogonal.
 * Scratch space is made once for each p and reused, so a rotation per frame leaves nothing to collect.
 */

/** @type {{ size: number, x: Float64Array, y: Float64Array, u: Float64Array, v: Float64Array }} */
let scratch = {
  size: 0,
  x: new Float64Array(0),
  y: new Float64Array(0),
  u: new Float64Array(0),
  v: new Float64Array(0),
};

/** @param {number} p */
function scratchFor(p) {
  if (scratch.size !== p) {
    scratch = {
      size: p,
      x: new Float64Array(p),
      y: new Float64Array(p),
      u: new Float64Array(p),
      v: new Float64Array(p),
    };
  }
  return scratch;
}

/**
 * Orthonormal directions spanning a and b, the first along a, into scratch.x and scratch.y.
 * @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} p
 * @returns {boolean} false if a is zero or b is a multiple of a: no plane
 */
function spanPlane(a, b, p) {
  const { x, y } = scratchFor(p);
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < p; i++) {
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  if (!(aa > 0 && bb > 0)) return false;
  const scaleA = 1 / Math.sqrt(aa);
  const scaleB = 1 / Math.sqrt(bb);
  for (let i = 0; i < p; i++) {
    x[i] = a[i] * scaleA;
    y[i] = b[i] * scaleB;
  }
  for (let pass = 0; pass < 2; pass++) {
    let dot = 0;
    for (let i = 0; i < p; i++) dot += x[i] * y[i];
    let left = 0;
    for (let i = 0; i < p; i++) {
      y[i] -= dot * x[i];
      left += y[i] * y[i];
    }
    if (!(left > 1e-24)) return false;
    const unit = 1 / Math.sqrt(left);
    for (let i = 0; i < p; i++) y[i] *= unit;
  }
  return true;
}

/**
 * Turn data space under the view (m becomes R m): a column of m along a turns towards b by the angle.
 * Nothing happens when a and b span no plane.
 * Source: Asimov 1985, doi:10.1137/0906011.
 * @param {Float64Array} m (p, p), row-major, changed in place
 * @param {number} p dimensions
 * @param {ArrayLike<number>} a (p,) data-space direction
 * @param {ArrayLike<number>} b (p,) direction to turn towards; only its part orthogonal to a counts
 * @param {number} angle radians
 * @returns {Float64Array} m
 */
export function rotatePlane(m, p, a, b, angle) {
  if (!spanPlane(a, b, p)) return m;
  const { x, y, u, v } = scratch;
  const c = Math.cos(angle) - 1;
  const s = Math.sin(angle);
  u.fill(0);
  v.fill(0);
  for (let i = 0; i < p; i++) {
    const row = i * p;
    for (let j = 0; j < p; j++) {
      u[j] += x[i] * m[row + j];
      v[j] += y[i] * m[row + j];
    }
  }
  for (let i = 0; i < p; i++) {
    const row = i * p;
    const alongU = c * x[i] + s * y[i];
    const alongV = c * y[i] - s * x[i];
    for (let j = 0; j < p; j++) m[row + j] += alongU * u[j] + alongV * v[j];
  }
  return m;
}

/**
 * Turn the view space (m becomes m ρ): what was seen along a turns towards b by the angle. Rows of m are such view vectors.
 * Nothing happens when a and b span no plane.
 * @param {Float64Array} m (p, p), row-major, changed in place
 * @param {number} p dimensions
 * @param {ArrayLike<number>} a (p,) view-space direction
 * @param {ArrayLike<number>} b (p,) direction to turn towards; only its part orthogonal to a counts
 * @param {number} angle radians
 * @returns {Float64Array} m
 */
export function rotateView(m, p, a, b, angle) {
  if (!spanPlane(a, b, p)) return m;
  const { x, y } = scratch;
  const c = Math.cos(angle) - 1;
  const s = Math.sin(angle);
  for (let row = 0; row < p * p; row += p) {
    let dotX = 0;
    let dotY = 0;
    for (let j = 0; j < p; j++) {
      dotX += m[row + j] * x[j];
      dotY += m[row + j] * y[j];
    }
    const alongX = c * dotX - s * dotY;
    const alongY = c * dotY + s * dotX;
    for (let j = 0; j < p; j++) m[row + j] += alongX * x[j] + alongY * y[j];
  }
  return m;
}

/**
 * Turn the picture in its own plane, counter-clockwise. One dimension has no such plane and stays as it is.
 * @param {Float64Array} m (p, p), row-major, changed in place
 * @param {number} p dimensions
 * @param {number} angle radians
 * @returns {Float64Array} m
 */
export function rotateColumns(m, p, angle) {
  if (p < 2) return m;
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  for (let row = 0; row < p * p; row += p) {
    const x = m[row];
    const y = m[row + 1];
    m[row] = c * x - s * y;
    m[row + 1] = s * x + c * y;
  }
  return m;
}

/**
 * Rotations of four-dimensional space as pairs of unit quaternions, x ↦ l x r̄, with their real powers.
 * Source: van Elfrinkhof 1897; Mebius 2005, arXiv:math/0501249. A quaternion is (w, x, y, z); so is a vector of the space.
 */

/** @typedef {[number, number, number, number]} Quaternion */

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @returns {Quaternion} the product a b */
export function multiply(a, b) {
  return [
    a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
    a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
    a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
    a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
  ];
}

/** @param {ArrayLike<number>} a @returns {Quaternion} */
export function conjugate(a) {
  return [a[0], -a[1], -a[2], -a[3]];
}

/**
 * The real power of a unit quaternion: the same axis, u times the angle. -1 has no axis; it gets the first.
 * @param {ArrayLike<number>} a @param {number} u
 * @returns {Quaternion}
 */
export function power(a, u) {
  const vector = Math.hypot(a[1], a[2], a[3]);
  const angle = u * Math.atan2(vector, a[0]);
  const s = Math.sin(angle);
  if (vector === 0) return [Math.cos(angle), s, 0, 0];
  return [Math.cos(angle), (s * a[1]) / vector, (s * a[2]) / vector, (s * a[3]) / vector];
}

/** @param {number} k @returns {Quaternion} unit vector k */
function unit(k) {
  return [+(k === 0), +(k === 1), +(k === 2), +(k === 3)];
}

/**
 * The pair (l, r) of a rotation, up to the sign of both: the matrix of all products l_a r_b has rank one and is linear in the rotation.
 * @param {ArrayLike<number>} rotation (4, 4), row-major, determinant 1
 * @returns {[Quaternion, Quaternion]}
 */
export function fromRotation(rotation) {
  /** @type {number[][]} */
  const products = [[], [], [], []];
  let largest = [0, 0];
  for (let a = 0; a < 4; a++) {
    for (let b = 0; b < 4; b++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) {
        const image = multiply(multiply(unit(a), unit(k)), conjugate(unit(b)));
        for (let i = 0; i < 4; i++) sum += rotation[4 * i + k] * image[i];
      }
      products[a][b] = sum / 4;
      if (Math.abs(products[a][b]) > Math.abs(products[largest[0]][largest[1]]) + 1e-9) largest = [a, b];
    }
  }
  return [
    normalised(products.map((row) => row[largest[1]])),
    normalised(products[largest[0]], products[largest[0]][largest[1]]),
  ];
}

/** @param {number[]} a @param {number} [sign] taken off @returns {Quaternion} */
function normalised(a, sign = 1) {
  const length = Math.hypot(...a) * (sign < 0 ? -1 : 1);
  return [a[0] / length, a[1] / length, a[2] / length, a[3] / length];
}

/**
 * The (4, 4) matrix of x ↦ l x r̄, row-major.
 * @param {ArrayLike<number>} l @param {ArrayLike<number>} r @param {Float64Array} out
 */
export function toRotation(l, r, out) {
  const bar = conjugate(r);
  for (let k = 0; k < 4; k++) {
    const image = multiply(multiply(l, unit(k)), bar);
    for (let i = 0; i < 4; i++) out[4 * i + k] = image[i];
  }
  return out;
}

// @ts-check
/**
 * A convolution of one square image by one square kernel, as layers do it (the kernel is not mirrored): written as a sum, and
 * as the sparse matrix that it is. Zeros stand around the image.
 */

/**
 * @typedef {object} Convolution
 * @property {ArrayLike<number>} kernel (size, size), row-major
 * @property {number} size of the kernel, along a side
 * @property {number} side of the image
 * @property {number} padding zeros on each side
 * @property {number} stride steps from one place of the kernel to the next
 */

/** Along a side of what comes out. @param {Convolution} how */
export const sideOut = ({ size, side, padding, stride }) => Math.floor((side + 2 * padding - size) / stride) + 1;

/**
 * Which entries of the image meet which of the kernel at one of its places.
 *
 * @param {Convolution} how
 * @param {number} output which value comes out, counted row by row
 * @returns {[number, number][]} index in the image, index in the kernel; those over the padding are left out
 */
export function met(how, output) {
  const { size, side, padding, stride } = how;
  const across = sideOut(how);
  const [top, left] = [Math.floor(output / across) * stride - padding, (output % across) * stride - padding];
  /** @type {[number, number][]} */
  const found = [];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [y, x] = [top + row, left + column];
      if (y >= 0 && y < side && x >= 0 && x < side) found.push([y * side + x, row * size + column]);
    }
  }
  return found;
}

/** The kernel laid on the image, place by place. @param {ArrayLike<number>} image (side, side) @param {Convolution} how @returns {Float64Array} */
export function convolve(image, how) {
  const out = new Float64Array(sideOut(how) ** 2);
  for (let j = 0; j < out.length; j++) for (const [i, k] of met(how, j)) out[j] += image[i] * how.kernel[k];
  return out;
}

/** The same as a matrix M, for y = x M: column j is the kernel at its j-th place. @param {Convolution} how @returns {Float64Array} (side², out²), row-major */
export function convolutionMatrix(how) {
  const outputs = sideOut(how) ** 2;
  const matrix = new Float64Array(how.side ** 2 * outputs);
  for (let j = 0; j < outputs; j++) for (const [i, k] of met(how, j)) matrix[i * outputs + j] = how.kernel[k];
  return matrix;
}

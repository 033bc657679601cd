// @ts-check
/** What the curves of a training say at an epoch, in words. */

/** @param {number} value */
export const lossText = (value) => value.toFixed(3);

/** @param {number} value 0..1 */
export const shareText = (value) => `${(100 * value).toFixed(1)} %`;

/**
 * Values over all classes; of curves of single classes nothing is said.
 *
 * @param {{gd: any}} chart drawn by plotly @param {number} index of an epoch @param {(value: number) => string} text
 * @returns {string[]}
 */
export function overall({ gd }, index, text) {
  return gd.data
    .filter((/** @type {any} */ { meta, y }) => meta.class < 0 && y[index] !== null && Number.isFinite(y[index]))
    .map((/** @type {any} */ { y, name }) => `${text(y[index])} ${name}`);
}

// @ts-check
/** The epochs of a layer, unfolded: a file has what each value changes by, see `series_of` in `gt/share/held.py`. */

/**
 * @param {Uint8Array} bytes the low ones of all changes, epoch by epoch of each value, then the high ones
 * @param {number} count how many epochs
 * @returns {Uint16Array<ArrayBuffer>[]} the values of each
 */
export function epochsOf(bytes, count) {
  const all = bytes.length / 2;
  const values = all / count;
  const epochs = Array.from({ length: count }, () => new Uint16Array(values));
  for (let value = 0, at = 0; value < values; value++) {
    let now = 0;
    for (let epoch = 0; epoch < count; epoch++, at++) {
      const folded = bytes[at] | (bytes[all + at] << 8);
      now += (folded >> 1) ^ -(folded & 1);
      epochs[epoch][value] = now; // modulo 2 to the 16th
    }
  }
  return epochs;
}

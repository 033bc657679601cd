// @ts-check
/** Where a number lies among those of recorded epochs. */

/** @param {number[]} epochs ascending numbers @param {number} number @returns {number} an index, with the fraction between two; the first or the last for what lies beyond */
export function nearestEpoch(epochs, number) {
  const last = epochs.length - 1;
  const after = epochs.findIndex((epoch) => epoch >= number);
  if (after === 0) return 0;
  if (after < 0) return last;
  return after - (epochs[after] - number) / (epochs[after] - epochs[after - 1]);
}

/** The number at an index with a fraction: between two epochs, as their points are. @param {number[]} epochs @param {number} at */
export const numberAt = (epochs, at) => {
  const low = epochs[Math.floor(at)];
  return low + (epochs[Math.ceil(at)] - low) * (at - Math.floor(at));
};

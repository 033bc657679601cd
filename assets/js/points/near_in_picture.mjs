// @ts-check
/** Who is near a point in a picture, as it stands at that moment; pictures that share a tour lie over each other. */

/**
 * @typedef {{id: number, rank: number}} Near rank: 1 and how many are nearer, so that equals have one
 * @typedef {object} Lies where some points lie in a picture
 * @property {ArrayLike<number>} ids (n,)
 * @property {ArrayLike<number>} positions (n, 2), in plot units
 */

/**
 * @param {Lies[]} pictures @param {number} id the point @param {(id: number) => boolean} counts among whom its neighbours are
 * @returns {{of: number, nearest: (k: number) => Near[], rank: (id: number) => number}|null} `of` how many there are, rank 0 for one
 *   that is none of them; null where the point is in no picture
 */
export function nearInPicture(pictures, id, counts) {
  const from = placeOf(pictures, id);
  if (!from) return null;
  /** @type {Map<number, number>} squared distances, in plot units */
  const away = new Map();
  for (const { ids, positions } of pictures) {
    for (let i = 0; i < ids.length; i++) {
      if (ids[i] === id || !counts(ids[i])) continue;
      away.set(ids[i], (positions[2 * i] - from[0]) ** 2 + (positions[2 * i + 1] - from[1]) ** 2);
    }
  }
  const sorted = Float64Array.from(away.values()).sort();
  const rank = (/** @type {number} */ one) => {
    const far = away.get(one);
    return far === undefined ? 0 : 1 + countBelow(sorted, far);
  };
  return {
    of: away.size,
    rank,
    nearest(k) {
      const last = sorted[Math.min(k, sorted.length) - 1];
      const within = [...away].filter(([, far]) => far <= last).sort((a, b) => a[1] - b[1]); // which keeps the order of equals
      return within.slice(0, k).map(([one]) => ({ id: one, rank: rank(one) }));
    },
  };
}

/** @param {Lies[]} pictures @param {number} id @returns {[number, number]|null} */
function placeOf(pictures, id) {
  for (const { ids, positions } of pictures) {
    const at = Array.prototype.indexOf.call(ids, id);
    if (at >= 0) return [positions[2 * at], positions[2 * at + 1]];
  }
  return null;
}

/** How many are less than a value. @param {Float64Array} sorted rising @param {number} value */
function countBelow(sorted, value) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Which neighbours a picture loses and which it makes up. One that is as near as the last counts as near.
 *
 * @param {Near[]} data the k nearest in the data @param {Near[]} picture the k nearest in the picture @param {number} k
 * @param {(id: number) => number} inPicture the rank of a point in the picture @param {(id: number) => number} inData
 * @returns {{lost: Set<number>, false: Set<number>}} ids
 */
export function lostAndFalse(data, picture, k, inPicture, inData) {
  return {
    lost: new Set(data.map(({ id }) => id).filter((id) => inPicture(id) > k)),
    false: new Set(picture.map(({ id }) => id).filter((id) => inData(id) > k)),
  };
}

/** How many of k neighbours in a picture would be neighbours in the data if they were drawn at random, on average. @param {number} k @param {number} of how many points */
export const byChance = (k, of) => (of ? Math.min(k, of) ** 2 / of : 0);

// @ts-check
/** The images of each split of a run, fetched when they are first wanted. */

/**
 * @typedef {import("./thumbnail.mjs").Images} Images
 * @typedef {import("../data/tensors.mjs").Tensor} Tensor
 */

/**
 * @param {object} given
 * @param {() => void} given.arrived more are here
 * @param {(error: unknown) => void} given.failed
 */
export function createSplitImages({ arrived, failed }) {
  /** @type {Record<string, Images|null>} null where they have not been fetched yet, none where there are none */
  let images = {};
  /** @type {Record<string, {images: Tensor|null}>} */
  let known = {};
  let get = async (/** @type {string} */ _split) => new Uint8Array(0);
  /** those that are on their way @type {Record<string, Images|null>|null} */
  let coming = null;

  return {
    /** By split; null until they have come, left out where a split has none. */
    get all() {
      return images;
    },
    /** @param {string} split @returns {Images|null} */
    of: (split) => images[split] ?? null,

    /**
     * Another run.
     *
     * @param {Record<string, {images: Tensor|null}>} splits @param {(split: string) => Promise<any>} fetch
     */
    begin(splits, fetch) {
      known = splits;
      get = fetch;
      const some = Object.keys(splits).filter((split) => splits[split].images);
      images = Object.fromEntries(some.map((split) => [split, null]));
    },

    /** Fetch what is missing. @param {string[]} [splits] all without */
    async fetch(splits = Object.keys(known)) {
      const mine = images;
      const missing = splits.filter((split) => mine[split] === null);
      if (!missing.length || coming === mine) return;
      coming = mine;
      try {
        for (const split of missing) {
          const values = await get(split);
          if (mine !== images) return;
          const [, h, w, c] = /** @type {Tensor} */ (known[split].images).shape;
          images[split] = { values, h, w, c };
        }
        coming = null;
      } catch (error) {
        if (mine !== images) return;
        coming = null;
        return failed(error);
      }
      arrived();
    },
  };
}

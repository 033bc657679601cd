// @ts-check
/**
 * Which slices the picture of a run needs, and which are here. The first picture comes before all others; the rest
 * arrives behind it, and what that leaves out is fetched where it is looked at: the stream of a large network ends before all is here.
 */

/**
 * @typedef {ReturnType<typeof import("../data/tensors.mjs").openTensors>} Tensors
 * @typedef {[number, import("../data/tensors.mjs").Kind]} Need an epoch, and which of its slices
 */

/**
 * @param {object} given
 * @param {Tensors} given.tensors
 * @param {string[]} given.splits that are drawn
 * @param {import("./states.mjs").States|null} given.states of an aligned network
 * @param {() => void} given.wake something has come
 * @param {(error: unknown) => void} given.failed
 */
export function createSlices({ tensors, splits, states, wake, failed }) {
  const { epochs } = tensors.announcement; // which may grow
  /** @type {Set<string>} */
  const asked = new Set();
  let streams = false;
  let closed = false;

  /** @param {unknown} error */
  const fail = (error) => closed || failed(error);

  /** @param {number} epoch index @returns {Need[]} */
  function needs(epoch) {
    if (states) return states.needs(epoch);
    return [...new Set([Math.floor(epoch), Math.ceil(epoch)])].map((at) => [at, "slices"]);
  }

  /** @param {string} split @param {Need} need */
  function ask(split, [at, kind]) {
    const key = `${split}/${at}/${kind}`;
    if (!streams || asked.has(key)) return;
    asked.add(key);
    tensors.load(split, at, kind).then(wake, (error) => {
      asked.delete(key);
      fail(error);
    });
  }

  return {
    /**
     * Whether all that a picture needs is here, for every split; what is not is asked for, where it might not come by itself.
     *
     * @param {number} epoch index, with a fraction @param {number} [state] without, where the clock of states is
     */
    here(epoch, state) {
      if (!states) {
        const last = epochs.length - 1;
        const [low, high] = [Math.min(last, Math.floor(epoch)), Math.min(last, Math.ceil(epoch))];
        return splits.every((split) => tensors.slice(split, low) && tensors.slice(split, high));
      }
      let all = true;
      for (const need of states.needs(epoch, state)) {
        for (const split of splits) {
          if (tensors.slice(split, ...need)) continue;
          all = false;
          ask(split, need);
        }
      }
      return all;
    },

    /** Fetch what a picture needs. @param {number} epoch index, with a fraction @returns {Promise<boolean>} whether it has come */
    async fetch(epoch) {
      try {
        await Promise.all(needs(epoch).flatMap(([at, kind]) => splits.map((split) => tensors.load(split, at, kind))));
        return !closed;
      } catch (error) {
        fail(error);
        return false;
      }
    },

    /** Fetch the rest, nearest first. @param {() => number} epoch where the reader is @param {(epoch: number) => void} arrived */
    async stream(epoch, arrived) {
      streams = true;
      const heard = (/** @type {number} */ at) => closed || arrived(at);
      try {
        if (states) {
          const place = () => /** @type {[number, number]} */ ([Math.round(states.position), Math.round(epoch())]);
          await tensors.streamStates(place, (_, at) => heard(at));
        } else await tensors.stream(() => Math.floor(epoch()), heard);
      } catch (error) {
        fail(error);
      }
    },

    /** Whether the rest is on its way. */
    get streams() {
      return streams;
    },
    /** Nothing is heard of it any more. */
    close() {
      closed = true;
    },
  };
}

/** @typedef {ReturnType<typeof createSlices>} Slices */

// @ts-check
/**
 * The tensors behind an announcement: fetched once, kept, asked for in the order in which they are
 * needed. The first picture needs one epoch; the rest arrives behind it.
 */

import { ask } from "../core/ask.mjs";

/**
 * @typedef {import("../payloads.mjs").Tensor} Tensor
 * @typedef {import("../payloads.mjs").Slice} Slice
 * @typedef {import("../payloads.mjs").Split} Split
 * @typedef {import("../payloads.mjs").Announcement & Partial<Pick<import("../payloads.mjs").AttackAnnouncement, "alignment"|"attack">> & Partial<Pick<import("../payloads.mjs").TwoRunsAnnouncement, "two">>} Announcement of any page
 * @typedef {"slices"|"outputs"|number} Kind where the points are, or what the network says of them; a number is
 *   a state of an aligned network: where the points are behind that layer
 * @typedef {{values: Uint16Array, scale: number, offset: number}} Loaded
 */

/** What the slider counts, in a word: an attack's epochs are its steps. @param {{unit: string, attack?: unknown}} run */
export const clockOf = (run) => (run.attack ? "step" : run.unit);

const ARRAYS = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};

const MOST_BYTES = 128 * 2 ** 20; // that come unasked for, of a network's states; beyond, what is looked at is fetched
const AT_ONCE = 4; // requests under way behind the first picture; browsers allow 6 a host

/**
 * Fetch a server's arrays, each once.
 *
 * @param {string} base prefix under which the app is served, ending in "/"
 */
function createFetching(base) {
  const stop = new AbortController();
  /** @type {Map<string, Promise<any>>} */
  const pending = new Map();
  let bytes = 0;

  /** @param {string} url @returns {Promise<ArrayBuffer>} */
  async function get(url) {
    const answer = await ask(base + url, { signal: stop.signal });
    if (!answer.ok) throw new Error(`${url}: the server answered ${answer.status}; reload the page`);
    const buffer = await answer.arrayBuffer();
    bytes += buffer.byteLength;
    return buffer;
  }

  return {
    get,
    get bytes() {
      return bytes;
    },
    get stopped() {
      return stop.signal.aborted;
    },
    stop: () => stop.abort(),

    /** What is made under a key; made once. @template T @param {string} key @param {() => Promise<T>} make @returns {Promise<T>} */
    once(key, make) {
      let promise = pending.get(key);
      if (!promise) {
        promise = make();
        pending.set(key, promise);
        promise.catch(() => pending.delete(key)); // a failed request may be made again
      }
      return promise;
    },

    /** @param {Tensor} tensor */
    async array(tensor) {
      const kind = ARRAYS[/** @type {keyof typeof ARRAYS} */ (tensor.dtype)];
      if (!kind) throw new Error(`unknown dtype: ${tensor.dtype}`);
      return new kind(await get(tensor.url));
    },
  };
}

/**
 * Fetch what waits, a few at once, always the nearest.
 *
 * @param {Set<number>} waiting emptied
 * @param {() => number} next of them @param {(at: number) => Promise<void>} fetch @param {() => boolean} enough whether to leave the rest
 * @returns {Promise<void>} settles when all or enough has arrived
 */
async function drain(waiting, next, fetch, enough) {
  const worker = async () => {
    while (waiting.size && !enough()) {
      const at = next();
      waiting.delete(at);
      await fetch(at);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** The slices of a split or of a state, one an epoch. @param {Announcement} announcement @param {string} split @param {Kind} kind @returns {Slice[]} */
function slicesOf(announcement, split, kind) {
  if (typeof kind !== "number") return announcement.splits[split][kind];
  return /** @type {import("./layers.mjs").AlignmentNote} */ (announcement.alignment).states[kind].slices;
}

/**
 * @param {Announcement} announcement
 * @param {string} base prefix under which the app is served, ending in "/"
 */
export function openTensors(announcement, base) {
  const fetching = createFetching(base);
  /** @type {Map<string, Loaded>} */
  const slices = new Map();

  const tensors = {
    announcement,
    /** Bytes received so far. */
    get bytes() {
      return fetching.bytes;
    },

    /** The slice of one epoch if it has arrived. @param {string} split @param {number} epoch @param {Kind} kind */
    slice(split, epoch, kind = "slices") {
      return slices.get(`${kind}/${split}/${epoch}`) ?? null;
    },

    /** @param {string} split @param {number} epoch an index into `epochs` @param {Kind} kind @returns {Promise<Loaded>} */
    load(split, epoch, kind = "slices") {
      const key = `${kind}/${split}/${epoch}`;
      return fetching.once(key, async () => {
        const { url, scale, offset } = slicesOf(announcement, split, kind)[epoch];
        const loaded = { values: new Uint16Array(await fetching.get(url)), scale, offset };
        slices.set(key, loaded);
        return loaded;
      });
    },

    /** What is the same of a split's points in every epoch. @param {string} split @param {"ids"|"labels"|"images"|"columns"|"targets"} part */
    part(split, part) {
      const tensor = announcement.splits[split][part];
      return tensor ? fetching.once(`${split}/${part}`, () => fetching.array(tensor)) : Promise.resolve(null);
    },

    /**
     * Fetch all epochs, nearest to the current one first and forwards before backwards.
     *
     * @param {() => number} current where the reader is now; asked anew before each request
     * @param {(epoch: number) => void} arrived
     * @returns {Promise<void>} settles when everything has arrived or `close` was called
     */
    stream(current, arrived) {
      const names = Object.keys(announcement.splits);
      const waiting = new Set(announcement.epochs.keys());
      const fetch = async (/** @type {number} */ epoch) => {
        await Promise.all(names.map((name) => tensors.load(name, epoch)));
        arrived(epoch);
      };
      return drain(waiting, () => nearest(waiting, current()), fetch, () => fetching.stopped); // prettier-ignore
    },

    /**
     * Fetch the states of a network: those of this epoch first, then this state's epochs, then the rest.
     *
     * @param {() => [number, number]} current state and epoch where the reader is; asked anew before each request
     * @param {(state: number, epoch: number) => void} arrived
     * @returns {Promise<void>} settles when all or enough has arrived, or `close` was called
     */
    streamStates(current, arrived) {
      const [split] = Object.keys(announcement.splits);
      const count = /** @type {import("./layers.mjs").AlignmentNote} */ (announcement.alignment).states.length;
      const epochs = announcement.epochs.length;
      const waiting = new Set(Array.from({ length: count * epochs }, (_, at) => at));
      const fetch = async (/** @type {number} */ at) => {
        const [state, epoch] = [Math.floor(at / epochs), at % epochs];
        await tensors.load(split, epoch, state);
        arrived(state, epoch);
      };
      const enough = () => fetching.stopped || fetching.bytes >= MOST_BYTES;
      return drain(waiting, () => nearestState(waiting, epochs, current()), fetch, enough);
    },

    /** An array that is announced outside the splits. @param {Tensor} tensor @returns {Promise<any>} */
    other: (tensor) => fetching.once(tensor.url, () => fetching.array(tensor)),

    /** End all requests under way. */
    close: fetching.stop,
  };
  return tensors;
}

/** @param {Set<number>} waiting @param {number} at */
function nearest(waiting, at) {
  let best = -1;
  let cost = Infinity;
  for (const epoch of waiting) {
    const away = epoch >= at ? epoch - at : 4 * (at - epoch);
    if (away < cost) [best, cost] = [epoch, away];
  }
  return best;
}

/**
 * @param {Set<number>} waiting `state * epochs + epoch`
 * @param {number} epochs how many there are
 * @param {[number, number]} here state and epoch
 */
function nearestState(waiting, epochs, [state, epoch]) {
  let best = -1;
  let cost = Infinity;
  for (const at of waiting) {
    const beside = Math.abs(Math.floor(at / epochs) - state);
    const later = (at % epochs) - epoch;
    const away = Math.max(0, Math.abs(later) - 1) * (later < 0 ? 2 : 1);
    const first = beside < 1 || away === 0; // the two lines through here
    const weighed = (first ? beside + away : 1e3 + 10 * beside + away) + 0.01 * Math.abs(later);
    if (weighed < cost) [best, cost] = [at, weighed];
  }
  return best;
}

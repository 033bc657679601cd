// @ts-check
/** What the network says of the points of each split at each epoch: fetched where it is asked for, once. */

import { hasClasses, saysItself } from "../data/groups.mjs";
import { predict } from "../data/predictions.mjs";

/** @typedef {ReturnType<typeof predict>} Predictions */

/**
 * @param {object} given
 * @param {ReturnType<typeof import("../data/tensors.mjs").openTensors>} given.tensors
 * @param {() => void} given.arrived more is known
 * @param {(error: unknown) => void} given.failed
 * @param {() => boolean} [given.waits] whether nothing is to be fetched yet: it is asked again later
 * @param {() => boolean} [given.ahead] whether the next epoch will be wanted soon
 */
export function createSaid({ tensors, arrived, failed, waits = () => false, ahead = () => false }) {
  const { announcement } = tensors;
  const own = saysItself(announcement);
  const classes = hasClasses(announcement);
  const kind = own ? "slices" : "outputs";
  /** @type {Map<string, Predictions>} */
  const kept = new Map();
  /** @type {Map<string, Predictions>} */
  const last = new Map();
  /** @type {Map<string, import("../points/values.mjs").Given>} */
  const lastGiven = new Map();
  /** @type {Set<string>} */
  const asked = new Set();
  let closed = false;

  /** @param {string} split @param {number} at */
  async function fetch(split, at) {
    const key = `${split}/${at}`;
    if (waits() || asked.has(key)) return;
    asked.add(key);
    try {
      await tensors.load(split, at, kind);
      if (closed) return;
      arrived();
      if (ahead() && at + 1 < announcement.epochs.length) await tensors.load(split, at + 1, kind);
    } catch (error) {
      if (!closed) failed(error);
    }
  }

  return {
    /** @param {string} split @param {number} at index of an epoch @returns {Predictions|null} null until it is here */
    of(split, at) {
      if (!classes) return null;
      const key = `${split}/${at}`;
      let found = kept.get(key);
      if (found) return found;
      const slice = tensors.slice(split, at, kind);
      if (!slice) {
        fetch(split, at);
        return null;
      }
      found = predict(slice, announcement.classes.length, !own || announcement.layer === "softmax");
      kept.set(key, found);
      last.set(split, found);
      return found;
    },
    /**
     * The values that the network gives, of points that have no one class; null for others, and until they are here.
     *
     * @param {string} split @param {number} at index of an epoch @returns {import("../points/values.mjs").Given|null}
     */
    given(split, at) {
      if (classes) return null;
      const slice = tensors.slice(split, at, kind);
      if (!slice) {
        fetch(split, at);
        return null;
      }
      const { outputs, layer, task } = announcement;
      const found = { slice, k: outputs.length, logits: task === "multilabel" && own && layer === "logits", at: null };
      lastGiven.set(split, found);
      return found;
    },
    /** Have what it says at an epoch come, where it has not. @param {string} split @param {number} at index @returns {Promise<unknown>} */
    load: (split, at) => tensors.load(split, at, kind),
    /** The last values that were known. @param {string} split */
    lastGivenOf: (split) => lastGiven.get(split) ?? null,
    /** The last that was known, for the colours until the next is here. @param {string} split */
    lastOf: (split) => last.get(split) ?? null,
    /** Nothing is heard of it any more. */
    close() {
      closed = true;
    },
  };
}

/** @typedef {ReturnType<typeof createSaid>} Said */

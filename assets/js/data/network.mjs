// @ts-check
/** One image through the network, as the server tells it: see gt/serve/network_routes.py. */

import { ask } from "../core/ask.mjs";

/**
 * @typedef {import("../payloads.mjs").NetworkLayer} NetworkLayer
 * @typedef {import("../payloads.mjs").NetworkAnnouncement} NetworkAnnouncement
 * @typedef {object} Passage what every layer makes of one image
 * @property {number} epoch of which it is
 * @property {boolean} computed or as recorded
 * @property {number|null} off how far a probability is from the recorded one
 * @property {string} note
 * @property {number} id @property {number} label @property {string} split
 * @property {Float32Array[]} values one a layer; empty where it is too wide to be sent
 * @typedef {{epoch: number, shape: number[], weight: Float32Array, bias: Float32Array}} Kernels
 * @typedef {{ids: number[], labels: number[], splits: string[], images: import("../points/thumbnail.mjs").Images|null}} Thumbnails
 */

const KEPT = 160; // answers; 50 KB each for networks like ours

/** @param {ArrayBuffer} buffer a head of JSON and bytes behind it @returns {{head: any, start: number}} */
export function readHead(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  return { head: JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))), start: 4 + length };
}

/** Cut an array into pieces of given sizes. @param {Float32Array} all @param {number[]} sizes */
export function pieces(all, sizes) {
  let at = 0;
  return sizes.map((size) => all.subarray(at, (at += size)));
}

/** The number of `available` nearest to an epoch, the earlier of two. @param {number[]} available rising @param {number} epoch */
export function nearestOf(available, epoch) {
  return available.reduce((best, one) => (Math.abs(one - epoch) < Math.abs(best - epoch) ? one : best));
}

/** Where a step leads among the epochs: to the next that can be shown. @param {number[]} epochs @param {number[]} available @param {number} at an index @param {number} by */
export function stepTo(epochs, available, at, by) {
  const here = epochs[at];
  const next = by > 0 ? available.find((one) => one > here) : available.filter((one) => one < here).at(-1);
  return next === undefined ? at : epochs.indexOf(next);
}

/**
 * @param {NetworkAnnouncement} announcement
 * @param {string} base prefix under which the app is served, ending in "/"
 */
export function openNetwork({ run }, base) {
  const name = encodeURIComponent(run);
  /** @type {Map<string, Promise<any>>} in the order of their last use */
  const kept = new Map();

  /** @template T @param {string} path @param {(head: any, buffer: ArrayBuffer, start: number) => T} read @returns {Promise<T>} */
  function once(path, read) {
    const answer = kept.get(path) ?? fetched(base + path, read);
    kept.delete(path);
    kept.set(path, answer);
    answer.catch(() => kept.delete(path)); // it may be asked again
    if (kept.size > KEPT) kept.delete(/** @type {string} */ (kept.keys().next().value));
    return answer;
  }

  return {
    /** @param {number} id @param {number} epoch @returns {Promise<Passage>} */
    image: (id, epoch) =>
      once(`activations/${name}/${epoch}/${id}`, (head, buffer, start) => {
        const { sizes, ...said } = head;
        return { ...said, values: pieces(new Float32Array(buffer, start), sizes) };
      }),
    /** @param {string} layer @param {number} epoch @returns {Promise<Kernels>} */
    kernels: (layer, epoch) =>
      once(`kernels/${name}/${epoch}/${encodeURIComponent(layer)}`, (head, buffer, start) => {
        const all = new Float32Array(buffer, start);
        const size = all.length - head.bias;
        return { epoch: head.epoch, shape: head.shape, weight: all.subarray(0, size), bias: all.subarray(size) };
      }),
    /** @param {number[]} ids @returns {Promise<Thumbnails>} */
    thumbnails: (ids) =>
      once(`thumbnails/${name}/${ids.join(",")}`, ({ ids: found, labels, splits, shape }, buffer, start) => {
        const [h, w, c] = shape;
        return { ids: found, labels, splits, images: h ? { values: new Uint8Array(buffer, start), h, w, c } : null };
      }),
  };
}

/** @template T @param {string} url @param {(head: any, buffer: ArrayBuffer, start: number) => T} read @returns {Promise<T>} */
async function fetched(url, read) {
  const answer = await ask(url);
  if (!answer.ok) throw new Error((await answer.text()).trim() || `the server answered ${answer.status}`);
  const buffer = await answer.arrayBuffer();
  const { head, start } = readHead(buffer);
  return read(head, buffer, start);
}

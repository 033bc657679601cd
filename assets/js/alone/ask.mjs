// @ts-check
/**
 * In the place of `core/ask.mjs` where a page is in a file: what a server would answer is in the file, packed, or lies beside it.
 *
 * Tensors are in a few blocks, each unpacked when the first of its tensors is wanted. The epochs of a layer are a series, see
 * `gt/share/held.py`.
 */

import { gunzipped, unpacked } from "./packed.mjs";
import { epochsOf } from "./series.mjs";

/** @typedef {{block: number, start: number, bytes: number, series?: [at: number, of: number], each?: number}} Place @typedef {{beside: boolean, at: Record<string, Place>}} Held where tensors are, by their addresses */

/** @type {Held} */
let held = { beside: false, at: {} };
/** @type {Map<number, Promise<ArrayBuffer>>} */
const blocks = new Map();

/** Say what there is. @param {Held} given */
export function hold(given) {
  held = given;
}

/** by how an address begins, what answers to the rest of it @type {Map<string, (rest: string) => Response|Promise<Response>>} */
const answering = new Map();

/** Have what is asked for answered here, unless the file has the answer. @param {string} begins how its address begins @param {(rest: string) => Response|Promise<Response>} answer */
export function answerWith(begins, answer) {
  answering.set(begins, answer);
}

/** As `fetch` does. @param {string} url @param {RequestInit} [how] @returns {Promise<Response>} */
export async function ask(url, how) {
  const place = held.at[url];
  if (!place && held.beside && url.startsWith("tensors/")) return beside(url, how);
  const begins = place ? undefined : [...answering.keys()].find((one) => url.startsWith(one));
  if (begins)
    return /** @type {NonNullable<ReturnType<typeof answering.get>>} */ (answering.get(begins))(
      url.slice(begins.length),
    );
  if (!place) return new Response("This page is in a file: there is no server that could answer", { status: 404 });
  const found = await bytesAt(place);
  how?.signal?.throwIfAborted();
  return new Response(found);
}

/** by their first bytes the series that are unfolded @type {Map<string, Uint16Array<ArrayBuffer>[]>} */
const series = new Map();

/** @param {Place} place @returns {Promise<ArrayBuffer|Uint8Array<ArrayBuffer>|Uint16Array<ArrayBuffer>>} */
async function bytesAt({ block, start, bytes, series: within, each }) {
  const raw = await blockOf(block);
  if (each) return gathered(raw, new Uint32Array(raw.slice(start, start + bytes)), each);
  if (!within) return raw.slice(start, start + bytes);
  const key = `${block}/${start}`;
  const epochs = series.get(key) ?? epochsOf(new Uint8Array(raw, start, bytes), within[1]);
  series.set(key, epochs);
  return epochs[within[0]];
}

/** Images from all over a block. @param {ArrayBuffer} raw @param {Uint32Array} from where each begins @param {number} each bytes */
function gathered(raw, from, each) {
  const images = new Uint8Array(from.length * each);
  from.forEach((start, i) => images.set(new Uint8Array(raw, start, each), i * each));
  return images;
}

/** @param {number} at @returns {Promise<ArrayBuffer>} */
function blockOf(at) {
  const known = blocks.get(at) ?? unpacked(at);
  blocks.set(at, known);
  return known;
}

/** A tensor in a file of its own, in the folder that this page is in. @param {string} url @param {RequestInit} [how] */
async function beside(url, how) {
  const answer = await fetch(`${url}.packed`, how);
  return answer.ok && answer.body ? new Response(await gunzipped(answer.body)) : answer;
}

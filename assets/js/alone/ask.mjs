// @ts-check
/**
 * In the place of `core/ask.mjs` where a page is in a file: what a server would answer is in the file, packed, or lies beside it.
 *
 * Tensors are in a few blocks, each unpacked when the first of its tensors is wanted.
 */

/** @typedef {{beside: boolean, at: Record<string, [block: number, from: number, bytes: number]>}} Held where tensors are, by their addresses */

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
  const [at, from, bytes] = place;
  const block = await blockOf(at);
  how?.signal?.throwIfAborted();
  return new Response(block.slice(from, from + bytes));
}

/** @param {number} at @returns {Promise<ArrayBuffer>} */
function blockOf(at) {
  const known = blocks.get(at);
  if (known) return known;
  const element = document.querySelector(`[data-gt-block="${at}"]`);
  const made = unpacked(new Blob([bytesOf(element?.textContent ?? "")]).stream());
  blocks.set(at, made);
  element?.remove(); // it is there once, unpacked
  return made;
}

/** A tensor in a file of its own, in the folder that this page is in. @param {string} url @param {RequestInit} [how] */
async function beside(url, how) {
  const answer = await fetch(`${url}.packed`, how);
  return answer.ok && answer.body ? new Response(await unpacked(answer.body)) : answer;
}

/** @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream gzip */
const unpacked = (stream) => new Response(stream.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

/** @param {string} text base64 @returns {Uint8Array<ArrayBuffer>} */
function bytesOf(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

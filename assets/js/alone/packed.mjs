// @ts-check
/** What a file holds as letters: five stand for four bytes of gzip, see `gt/share/packed.py`. */

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$()*+-./:;=?@[]^_{|}~";

/** The bytes of a block of this file; its element is taken away, so that they are there once. @param {string|number} name @returns {Promise<ArrayBuffer>} */
export async function unpacked(name) {
  const element = document.querySelector(`[data-gt-block="${name}"]`);
  const bytes = bytesOf(element?.textContent ?? "");
  element?.remove();
  return gunzipped(new Blob([bytes]).stream());
}

/** A block of this file that is text. @param {string} name */
export const text = async (name) => new TextDecoder().decode(await unpacked(name));

/** @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream gzip */
export const gunzipped = (stream) => new Response(stream.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

/** @param {string} letters five for each four bytes; what the last four lack is missing @returns {Uint8Array<ArrayBuffer>} */
export function bytesOf(letters) {
  const digits = new Uint8Array(128);
  for (let i = 0; i < LETTERS.length; i++) digits[LETTERS.charCodeAt(i)] = i;
  const fours = Math.ceil(letters.length / 5);
  const view = new DataView(new ArrayBuffer(4 * fours));
  for (let four = 0; four < fours; four++) {
    let number = 0;
    for (let at = 5 * four; at < 5 * four + 5; at++)
      number = number * LETTERS.length + (at < letters.length ? digits[letters.charCodeAt(at)] : LETTERS.length - 1);
    view.setUint32(4 * four, number);
  }
  return new Uint8Array(view.buffer, 0, 4 * fours - (5 * fours - letters.length));
}

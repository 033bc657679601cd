// @ts-check
/** Frames into a GIF, for slides: 256 colours, taken from its first frames; gifenc, in `assets/vendor`, writes it. */

const COLORS = 256;
const LEARNT = 4; // frames that the colours are taken from
export const GIF_RATES = [10, 20, 25]; // frames a second: a GIF counts in hundredths of a second

/** gifenc, fetched once. @returns {Promise<any>} */
const library = () => import(new URL("../../vendor/gifenc.esm.mjs", import.meta.url).href);

/** @param {number} fps @param {number} of frames @returns {Promise<import("./film.mjs").Sink>} */
export async function gifSink(fps, of) {
  const { GIFEncoder, applyPalette, quantize } = await library();
  const gif = GIFEncoder();
  /** @type {any} */
  let palette = null;
  /** @type {Uint8ClampedArray[]} frames that wait for the colours */
  let waiting = [];
  let [width, height] = [0, 0];

  /** @param {Uint8ClampedArray} data */
  const write = (data) => gif.writeFrame(applyPalette(data, palette), width, height, { palette, delay: 1000 / fps });

  /** The colours of the frames that wait, and these. */
  function learn() {
    const all = new Uint8ClampedArray(waiting.reduce((sum, one) => sum + one.length, 0));
    waiting.reduce((at, one) => (all.set(one, at), at + one.length), 0);
    palette = quantize(all, COLORS);
    waiting.forEach(write);
    waiting = [];
  }

  return {
    async add(canvas, index) {
      [width, height] = [canvas.width, canvas.height];
      const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      const { data } = pen.getImageData(0, 0, width, height);
      if (palette) return write(data);
      waiting.push(data);
      if (waiting.length === LEARNT || index === of - 1) learn();
    },
    async finish() {
      gif.finish();
      return new Blob([gif.bytes()], { type: "image/gif" });
    },
    async cancel() {
      waiting = [];
    },
  };
}

// @ts-check
/**
 * Heat maps on a canvas: the channels of an image as small multiples, the units of a fully connected layer as a strip.
 *
 * One scale of colours for all: zero is neutral, and the larger a value, the farther from it, towards one colour above
 * and another below. It is symmetric about zero, so that what looks stronger is.
 */

/**
 * @typedef {{count: number, h: number, w: number}} Maps
 * @typedef {object} Layout where each value is, in CSS pixels
 * @property {number} count maps @property {number} h rows of one @property {number} w columns of one
 * @property {number} cellW @property {number} cellH
 * @property {number} perRow maps beside each other
 * @property {number} gap between maps
 * @property {number} width @property {number} height
 * @typedef {Uint8Array} Ramp 3 bytes a colour, from the lowest to the highest value
 */

const GAP = 3; // px between maps
const TALLEST = 72; // px, a map that is shown smaller where it has more rows
const LEAST = 40; // px, the width below which maps wrap into another row
const LARGEST_CELL = 10; // px
const STRIP = 20; // px, the height of a strip of one row
const WIDEST_UNIT = 72; // px
const COLORS = 511; // odd: the middle one is zero

/** What a shape looks like: maps of h × w. @param {number[]} shape of one point @returns {Maps} */
export function mapsOf(shape) {
  if (shape.length === 0) return { count: 1, h: 1, w: 1 };
  if (shape.length === 1) return { count: shape[0], h: 1, w: 1 };
  const [h, w] = shape.slice(-2);
  return { count: shape.slice(0, -2).reduce((a, b) => a * b, 1), h, w };
}

/**
 * Lay maps out in rows of a width.
 *
 * @param {Maps} maps @param {number} width px
 * @returns {Layout}
 */
export function layOut({ count, h, w }, width) {
  if (h === 1 && w === 1) {
    const cellW = Math.max(2, Math.min(WIDEST_UNIT, Math.floor(width / count)));
    const perRow = Math.max(1, Math.min(count, Math.floor(width / cellW)));
    const rows = Math.ceil(count / perRow);
    const cellH = rows === 1 ? STRIP : Math.max(6, Math.min(STRIP, cellW));
    return { count, h, w, cellW, cellH, perRow, gap: 0, width: perRow * cellW, height: rows * cellH };
  }
  const beside = (width - GAP * (count - 1)) / (count * w);
  const tall = Math.min(TALLEST / h, LARGEST_CELL, width / w);
  const least = Math.min(tall, Math.max(1, Math.ceil(LEAST / w)));
  const wanted = Math.max(least, Math.min(tall, beside));
  const cell = wanted > 1 ? Math.floor(2 * wanted) / 2 : wanted; // whole and half pixels look even
  const perRow = Math.max(1, Math.min(count, Math.floor((width + GAP) / (w * cell + GAP))));
  const rows = Math.ceil(count / perRow);
  return {
    count, h, w, cellW: cell, cellH: cell, perRow, gap: GAP,
    width: perRow * (w * cell + GAP) - GAP, height: rows * (h * cell + GAP) - GAP,
  }; // prettier-ignore
}

/**
 * Lay the weights of a layer out: a column of maps for each map that comes out, a row for each that goes in; or one map, a
 * row for each unit.
 *
 * @param {number[]} shape (out, in, ...kernel) @param {number} width px
 * @returns {Layout} whose maps follow each other row by row; wider than asked for where they do not fit
 */
export function layOutKernels(shape, width) {
  const [out, into, ...kernel] = shape;
  if (!kernel.length) {
    const cell = Math.max(1, Math.min(LARGEST_CELL, Math.floor(width / into)));
    return {
      count: 1,
      h: out,
      w: into,
      cellW: cell,
      cellH: cell,
      perRow: 1,
      gap: GAP,
      width: into * cell,
      height: out * cell,
    };
  }
  const w = kernel[kernel.length - 1];
  const h = kernel.slice(0, -1).reduce((a, b) => a * b, 1);
  const cell = Math.max(1, Math.min(8, Math.floor(((width + GAP) / out - GAP) / w)));
  return {
    count: out * into, h, w, cellW: cell, cellH: cell, perRow: out, gap: GAP,
    width: out * (w * cell + GAP) - GAP, height: into * (h * cell + GAP) - GAP,
  }; // prettier-ignore
}

/** Weights in the order of their maps: torch has `out` outside, the layout `in`. @param {Float32Array} weight @param {number[]} shape */
export function kernelOrder(weight, [out, into, ...kernel]) {
  if (!kernel.length) return weight;
  const size = kernel.reduce((a, b) => a * b, 1);
  const ordered = new Float32Array(weight.length);
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < into; i++)
      ordered.set(weight.subarray((o * into + i) * size, (o * into + i + 1) * size), (i * out + o) * size);
  }
  return ordered;
}

/** The index of the value at a place, -1 between maps. @param {Layout} at @param {number} x px @param {number} y px */
export function valueAt({ count, h, w, cellW, cellH, perRow, gap }, x, y) {
  const [wide, tall] = [w * cellW + gap, h * cellH + gap];
  const [column, row] = [Math.floor(x / wide), Math.floor(y / tall)];
  const [inX, inY] = [Math.floor((x - column * wide) / cellW), Math.floor((y - row * tall) / cellH)];
  const map = row * perRow + column;
  if (x < 0 || y < 0 || column >= perRow || map >= count || inX >= w || inY >= h) return -1;
  return (map * h + inY) * w + inX;
}

/** Which map a value is in, and where. @param {Layout} at @param {number} index */
export function placeOf({ h, w, cellW, cellH, perRow, gap }, index) {
  const map = Math.floor(index / (h * w));
  const row = Math.floor((index % (h * w)) / w);
  const column = index % w;
  const x = (map % perRow) * (w * cellW + gap) + column * cellW;
  const y = Math.floor(map / perRow) * (h * cellH + gap) + row * cellH;
  return { map, row, column, x, y };
}

/**
 * Three colours as a ramp, even in between.
 *
 * @param {string} low "#rrggbb" @param {string} zero @param {string} high
 * @returns {Ramp}
 */
export function makeRamp(low, zero, high) {
  const [a, b, c] = [low, zero, high].map((hex) => [1, 3, 5].map((at) => parseInt(hex.trim().slice(at, at + 2), 16)));
  const ramp = new Uint8Array(3 * COLORS);
  const middle = (COLORS - 1) / 2;
  for (let i = 0; i < COLORS; i++) {
    const t = (i - middle) / middle;
    for (let channel = 0; channel < 3; channel++) {
      const end = t < 0 ? a[channel] : c[channel];
      ramp[3 * i + channel] = Math.round(b[channel] + Math.abs(t) * (end - b[channel]));
    }
  }
  return ramp;
}

/** The ramp of the page as it looks now. @param {Element} element */
export function rampOf(element) {
  const style = getComputedStyle(element);
  const color = (/** @type {string} */ name) => style.getPropertyValue(`--gt-heat-${name}`);
  return makeRamp(color("low"), color("zero"), color("high"));
}

/** Where a value is in a ramp: an offset of its three bytes. @param {number} value @param {number} limit the size of the largest */
export function rampIndex(value, limit) {
  const t = Math.max(-1, Math.min(1, value / limit));
  return 3 * Math.round(((t + 1) * (COLORS - 1)) / 2);
}

/** Smallest and largest of some values, and the size of the scale. @param {Float32Array} values */
export function spanOf(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high, limit: Math.max(Math.abs(low), Math.abs(high)) || 1 };
}

/**
 * Draw values where a layout has them.
 *
 * @param {HTMLCanvasElement} canvas @param {Layout} at @param {Float32Array} values @param {number} limit @param {Ramp} ramp
 */
export function drawMaps(canvas, at, values, limit, ramp) {
  const { count, h, w, cellW, cellH, perRow, gap, width, height } = at;
  const rows = Math.ceil(count / perRow);
  const small = new OffscreenCanvas(perRow * w, rows * h); // a pixel a value; in memory, as the graphics card gains nothing
  const brush = /** @type {OffscreenCanvasRenderingContext2D} */ (small.getContext("2d", { willReadFrequently: true }));
  const image = brush.createImageData(small.width, small.height);
  for (let map = 0, i = 0; map < count; map++) {
    const [left, top] = [(map % perRow) * w, Math.floor(map / perRow) * h];
    for (let row = 0; row < h; row++) {
      for (let column = 0, to = 4 * ((top + row) * small.width + left); column < w; column++, i++, to += 4) {
        const from = rampIndex(values[i], limit);
        image.data[to] = ramp[from];
        image.data[to + 1] = ramp[from + 1];
        image.data[to + 2] = ramp[from + 2];
        image.data[to + 3] = 255;
      }
    }
  }
  brush.putImageData(image, 0, 0);
  const scale = globalThis.devicePixelRatio || 1;
  const [wide, tall] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== tall) canvas.height = tall;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.imageSmoothingEnabled = cellW < 1;
  if (!gap) return pen.drawImage(small, 0, 0, perRow * cellW, rows * cellH);
  for (let map = 0; map < count; map++) {
    const [column, row] = [map % perRow, Math.floor(map / perRow)];
    const [x, y] = [column * (w * cellW + gap), row * (h * cellH + gap)];
    pen.drawImage(small, column * w, row * h, w, h, x, y, w * cellW, h * cellH);
  }
}

/** A number for people, three digits of it. @param {number} value */
export function numberText(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replace("-", "−");
}

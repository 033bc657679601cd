// @ts-check
/** How large a picture is: on paper in millimetres, in pixels of the file, and in px of 1/96 inch, in which it is laid out. */

const INCH = 25.4; // mm
const PX = 96; // px an inch
const LONGEST = 16_384; // pixels of a side: browsers draw no larger canvas
const MOST = 120e6; // pixels: half a gigabyte while they are drawn
export const SMALLEST = 160; // px, in which nothing could be read

/**
 * @typedef {{width: number, unit: "mm"|"px", dpi: number}} Asked
 * @typedef {object} Paper
 * @property {number} width px of the layout @property {number} height
 * @property {[number, number]} pixels of the file @property {number} scale how many a px is
 * @property {[number, number]} mm on paper
 */

/**
 * @param {Asked} asked @param {number} aspect height by width
 * @returns {Paper}
 * @throws {Error} for what cannot be drawn, in words for the reader
 */
export function paperOf({ width, unit, dpi }, aspect) {
  if (!(dpi >= 36 && dpi <= 2400)) throw new Error(`The resolution must be 36 to 2,400 dpi; it is ${dpi || "missing"}`);
  if (!(width > 0 && width < 1e6)) throw new Error(`The width must be a number above 0; it is ${width || "missing"}`);
  const wide = unit === "mm" ? Math.round((width / INCH) * dpi) : Math.round(width);
  const scale = dpi / PX;
  const high = Math.round(wide * aspect);
  if (wide / scale < SMALLEST)
    throw new Error(`${short(wide)} pixels at ${dpi} dpi are ${mmOf(wide, dpi)} mm: nothing could be read. Take at least ${Math.ceil((SMALLEST / PX) * INCH)} mm`); // prettier-ignore
  if (Math.max(wide, high) > LONGEST || wide * high > MOST)
    throw new Error(`${short(wide)} × ${short(high)} pixels are more than a browser can draw: take a smaller width or fewer dpi`); // prettier-ignore
  const mm = /** @type {[number, number]} */ ([mmOf(wide, dpi), mmOf(high, dpi)]);
  return { width: wide / scale, height: high / scale, pixels: [wide, high], scale, mm };
}

const short = (/** @type {number} */ n) => n.toLocaleString("en");
const mmOf = (/** @type {number} */ pixels, /** @type {number} */ dpi) => +((pixels / dpi) * INCH).toFixed(1);

// @ts-check
/**
 * What a picture is drawn with: the part of a canvas' 2D context that our drawings use. The browser's own context draws a PNG and the
 * frames of a video; `svg_pen.mjs` and `pdf_pen.mjs` write down the same calls as vectors. So a drawing is written once.
 *
 * What pens have in common is here: what is kept by `save`, colours, type. Letters are measured as Helvetica's, in all of
 * them alike, so that a picture is laid out the same whatever it is saved as.
 */

/**
 * @typedef {{x: number, y: number, r: number}} Circle
 * @typedef {["M"|"L", number, number]|["R", number, number, number, number]} Step of a path: to a place, or a rectangle
 */

export const FAMILY = "Helvetica, Arial, 'Liberation Sans', sans-serif";

/** widths of Helvetica's letters from space to "~", in thousandths of the type's size: Adobe's metrics of the standard fonts */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556,
  278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,
  611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833,
  556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
]; // prettier-ignore
const WIDE = 1000; // of a letter that is not Latin: those of Chinese are as wide as high
const BOLD = 1.06; // about how much wider bold letters are

/** px that a text takes. @param {string} text @param {number} size px of its type @param {boolean} bold */
export function widthOf(text, size, bold = false) {
  let sum = 0;
  for (const letter of text.normalize("NFD")) {
    const code = /** @type {number} */ (letter.codePointAt(0));
    if (code >= 0x300 && code < 0x370) continue; // an accent, above its letter
    sum += WIDTHS[code - 32] ?? (code < 0x2e80 ? 600 : WIDE);
  }
  return (sum * size * (bold ? BOLD : 1)) / 1000;
}

/** A text, cut where there is no more room for it. @param {string} text @param {number} room px @param {number} size */
export function fitText(text, room, size) {
  if (widthOf(text, size) <= room) return text;
  const letters = [...text];
  while (letters.length && widthOf(`${letters.join("")}…`, size) > room) letters.pop();
  return letters.length ? `${letters.join("")}…` : "";
}

/** @param {number} size px @param {boolean} [bold] */
export const fontOf = (size, bold = false) => `${bold ? "bold " : ""}${size}px ${FAMILY}`;

/** What a font of `fontOf` is. @param {string} font */
export function readFont(font) {
  const found = /^(bold )?([\d.]+)px /.exec(font);
  if (!found) throw new Error(`pen: a font must be one of fontOf, got "${font}"`);
  return { bold: Boolean(found[1]), size: Number(found[2]) };
}

/** What a colour is. @param {string} text "#rrggbb", "#rrggbbaa", "rgb(…)" or "rgba(…)" @returns {[number, number, number, number]} bytes, and opacity from 0 to 1 */
export function readColor(text) {
  const hex = /^#([0-9a-f]{6})([0-9a-f]{2})?$/i.exec(text.trim());
  if (hex) {
    const at = (/** @type {number} */ i) => parseInt(hex[1].slice(i, i + 2), 16);
    return [at(0), at(2), at(4), hex[2] ? parseInt(hex[2], 16) / 255 : 1];
  }
  const said = /^rgba?\(([^)]*)\)$/.exec(text.trim());
  const numbers = said?.[1].split(/[\s,/]+/).filter(Boolean).map(Number) ?? []; // prettier-ignore
  if (numbers.length < 3 || numbers.some((one) => !Number.isFinite(one)))
    throw new Error(`pen: a colour must be "#rrggbb" or "rgb(…)", got "${text}"`);
  return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1];
}

/** A number as short as it is exact to a thousandth of a px. @param {number} x */
export const short = (x) => String(+x.toFixed(3));

/** What a pen that writes vectors keeps in mind; those that extend it say how each thing is written. */
export class VectorPen {
  fillStyle = "#000000";
  strokeStyle = "#000000";
  globalAlpha = 1;
  lineWidth = 1;
  /** @type {CanvasLineCap} */
  lineCap = "butt";
  /** @type {CanvasLineJoin} */
  lineJoin = "miter";
  font = fontOf(12);
  /** @type {CanvasTextAlign} */
  textAlign = "left";
  /** @type {CanvasTextBaseline} always its middle, in our drawings */
  textBaseline = "middle";

  /** @type {Step[]} */
  steps = [];
  /** @type {Circle[]} of the path, whole ones: our drawings have no others */
  circles = [];
  /** @type {Record<string, any>[]} */
  #kept = [];

  #state() {
    const { fillStyle, strokeStyle, globalAlpha, lineWidth, lineCap, lineJoin, font, textAlign, textBaseline } = this;
    return { fillStyle, strokeStyle, globalAlpha, lineWidth, lineCap, lineJoin, font, textAlign, textBaseline };
  }
  save() {
    this.#kept.push(this.#state());
  }
  restore() {
    Object.assign(this, this.#kept.pop());
  }
  beginPath() {
    [this.steps, this.circles] = [[], []];
  }
  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.steps.push(["M", x, y]);
  }
  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.steps.push(["L", x, y]);
  }
  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  rect(x, y, width, height) {
    this.steps.push(["R", x, y, width, height]);
  }
  /** @param {number} x @param {number} y @param {number} r @param {number} from @param {number} to */
  arc(x, y, r, from, to) {
    if (Math.abs(to - from) < 2 * Math.PI - 1e-9) throw new Error("pen.arc: must be a whole circle");
    this.circles.push({ x, y, r });
  }

  /** Where a text begins whose middle, or end, is to be at x. @param {string} text @param {number} x */
  startOf(text, x) {
    const { size, bold } = readFont(this.font);
    const width = widthOf(text, size, bold);
    return this.textAlign === "right" ? x - width : this.textAlign === "center" ? x - width / 2 : x;
  }
}

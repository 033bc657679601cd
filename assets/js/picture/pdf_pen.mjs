// @ts-check
/**
 * A pen that writes PDF: a page of vectors in Helvetica, which every reader of PDF has. Text with letters that Helvetica's
 * encoding lacks (Greek, Chinese, arrows) is put in as a picture of it, drawn by the browser.
 */

import { VectorPen, readColor, readFont, short } from "./pen.mjs";
import { pdfFile, streamOf, textString } from "./pdf_file.mjs";

const DROP = 0.35; // of the type's size from the middle of a text down to the line that it stands on
const POINT = 0.75; // a px of 1/96 inch, in points of 1/72 inch
const BEND = 0.5523; // of the radius: a quarter of a circle by one Bézier curve
/** letters of WinAnsiEncoding that are elsewhere in Unicode (ISO 32000-1, annex D) @type {Record<string, number>} */
const WIN = {
  "€": 0x80, "‚": 0x82, "ƒ": 0x83, "„": 0x84, "…": 0x85, "†": 0x86, "‡": 0x87, "ˆ": 0x88, "‰": 0x89, "Š": 0x8a, "‹": 0x8b,
  "Œ": 0x8c, "Ž": 0x8e, "‘": 0x91, "’": 0x92, "“": 0x93, "”": 0x94, "•": 0x95, "–": 0x96, "—": 0x97, "˜": 0x98, "™": 0x99,
  "š": 0x9a, "›": 0x9b, "œ": 0x9c, "ž": 0x9e, "Ÿ": 0x9f,
}; // prettier-ignore

/** A text in Helvetica's encoding, as hexadecimal numbers; null where a letter has no place in it. @param {string} text */
function encoded(text) {
  let out = "";
  for (const letter of text.normalize("NFC")) {
    const code = /** @type {number} */ (letter.codePointAt(0));
    const plain = (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code < 0x100);
    const byte = plain ? code : WIN[letter];
    if (byte === undefined) return null;
    out += byte.toString(16).padStart(2, "0");
  }
  return out;
}

/** @typedef {{width: number, height: number, data: Uint8ClampedArray}} Pixels RGBA */
/** @typedef {(text: string, font: string, color: string, size: number) => {pixels: Pixels, width: number, height: number}} WriteText a text as a picture, and its size in px */

export class PdfPen extends VectorPen {
  #size;
  #writeText;
  /** @type {string[]} */
  #out = [];
  /** opacities that are used; their places are their names @type {number[]} */
  #alphas = [];
  /** @type {Pixels[]} */
  #images = [];
  /** what was last said, since nothing is said twice @type {Record<string, string>} */
  #said = {};
  /** @type {Record<string, string>[]} */
  #saids = [];

  /** @param {number} width px of 1/96 inch @param {number} height @param {WriteText} writeText for what Helvetica has no letters for */
  constructor(width, height, writeText) {
    super();
    this.#size = { width, height };
    this.#writeText = writeText;
    this.#out.push(`${POINT} 0 0 -${POINT} 0 ${short(height * POINT)} cm`); // px, from the upper left corner
  }

  /** @param {string} what @param {string} now */
  #say(what, now) {
    if (this.#said[what] === now) return;
    this.#said[what] = now;
    this.#out.push(now);
  }
  /** @param {number} alpha */
  #sayAlpha(alpha) {
    const near = +alpha.toFixed(3);
    if (!this.#alphas.includes(near)) this.#alphas.push(near);
    this.#say("alpha", `/A${this.#alphas.indexOf(near)} gs`);
  }
  /** @param {string} style @param {boolean} line */
  #sayColor(style, line) {
    const [r, g, b, a] = readColor(style);
    this.#say(line ? "line" : "face", `${[r, g, b].map((one) => short(one / 255)).join(" ")} ${line ? "RG" : "rg"}`);
    this.#sayAlpha(a * this.globalAlpha);
  }
  /** @param {number} width @param {CanvasLineCap} cap @param {CanvasLineJoin} join */
  #sayLine(width, cap, join) {
    this.#say("width", `${short(width)} w`);
    this.#say("cap", `${cap === "round" ? 1 : 0} J`);
    this.#say("join", `${join === "round" ? 1 : 0} j`);
  }

  save() {
    super.save();
    this.#out.push("q");
    this.#saids.push({ ...this.#said });
  }
  restore() {
    super.restore();
    this.#out.push("Q");
    this.#said = this.#saids.pop() ?? {};
  }

  #path() {
    for (const [how, ...at] of this.steps)
      this.#out.push(`${at.map(short).join(" ")} ${how === "R" ? "re" : how === "M" ? "m" : "l"}`);
  }
  clip() {
    this.#path();
    this.#out.push("W n");
  }

  fill() {
    for (const { x, y, r } of this.circles) {
      // a line of no length with round ends is a circle, and shorter than its four curves
      this.#sayColor(this.fillStyle, true);
      this.#sayLine(2 * r, "round", "miter");
      this.#out.push(`${short(x)} ${short(y)} m ${short(x)} ${short(y)} l S`);
    }
    if (!this.steps.length) return;
    this.#sayColor(this.fillStyle, false);
    this.#path();
    this.#out.push("f");
  }

  stroke() {
    this.#sayColor(this.strokeStyle, true);
    this.#sayLine(this.lineWidth, this.lineCap, this.lineJoin);
    for (const circle of this.circles) this.#out.push(`${curves(circle)} S`);
    if (!this.steps.length) return;
    this.#path();
    this.#out.push("S");
  }

  /** @param {string} text @param {number} x @param {number} y its middle */
  fillText(text, x, y) {
    const { size, bold } = readFont(this.font);
    const letters = encoded(text);
    const left = this.startOf(text, x);
    if (letters === null) {
      const { pixels, width, height } = this.#writeText(text, this.font, this.fillStyle, size);
      const start = this.textAlign === "right" ? x - width : this.textAlign === "center" ? x - width / 2 : x;
      return this.#putImage(pixels, start, y - height / 2, width, height);
    }
    this.#sayColor(this.fillStyle, false);
    const stands = `1 0 0 -1 ${short(left)} ${short(y + DROP * size)} Tm`;
    this.#out.push(`BT /${bold ? "B" : "F"} ${short(size)} Tf ${stands} <${letters}> Tj ET`);
  }

  /** @param {any} canvas @param {number} x @param {number} y @param {number} width @param {number} height */
  drawImage(canvas, x, y, width, height) {
    const pen = canvas.getContext("2d");
    this.#putImage(pen.getImageData(0, 0, canvas.width, canvas.height), x, y, width, height);
  }

  /** @param {Pixels} pixels @param {number} x @param {number} y @param {number} width @param {number} height */
  #putImage(pixels, x, y, width, height) {
    this.#sayAlpha(this.globalAlpha);
    const place = `${short(width)} 0 0 -${short(height)} ${short(x)} ${short(y + height)} cm`;
    this.#out.push(`q ${place} /I${this.#images.length} Do Q`);
    this.#images.push(pixels);
  }

  /** The file. @param {string} title @returns {Promise<Uint8Array>} */
  async file(title) {
    const { width, height } = this.#size;
    const images = await Promise.all(this.#images.map(imageObjects));
    const first = 7; // objects before those of images
    const named = (/** @type {string[]} */ rows) => `<< ${rows.join(" ")} >>`;
    const alphas = this.#alphas.map((alpha, i) => `/A${i} << /ca ${alpha} /CA ${alpha} >>`);
    const pictures = images.map((_, i) => `/I${i} ${first + 2 * i} 0 R`);
    const fonts = "/Font << /F 5 0 R /B 6 0 R >>";
    const resources = `<< ${fonts} /ExtGState ${named(alphas)} /XObject ${named(pictures)} >>`;
    const box = `[0 0 ${short(width * POINT)} ${short(height * POINT)}]`;
    const font = (/** @type {string} */ name) =>
      `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
    return pdfFile(
      [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        `<< /Type /Page /Parent 2 0 R /MediaBox ${box} /Resources ${resources} /Contents 4 0 R >>`,
        await streamOf("", this.#out.join("\n")),
        font("Helvetica"),
        font("Helvetica-Bold"),
        ...images.flatMap((make, i) => make(first + 2 * i + 1)),
        `<< /Title ${textString(title)} /Producer ${textString("Grand Tour")} >>`,
      ],
      first + 2 * images.length,
    );
  }
}

/** The two objects of a picture: its colours, and its opacity. @param {Pixels} pixels */
async function imageObjects({ width, height, data }) {
  const n = width * height;
  const [colors, alpha] = [new Uint8Array(3 * n), new Uint8Array(n)];
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < 3; c++) colors[3 * i + c] = data[4 * i + c];
    alpha[i] = data[4 * i + 3];
  }
  const about = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent 8`;
  const mask = await streamOf(`${about} /ColorSpace /DeviceGray`, alpha);
  const face = await streamOf(`${about} /ColorSpace /DeviceRGB /SMask`, colors);
  return (/** @type {number} */ place) => {
    const { dictionary, stream } = /** @type {{dictionary: string, stream: Uint8Array}} */ (face);
    return [{ dictionary: dictionary.replace("/SMask", `/SMask ${place} 0 R`), stream }, mask];
  };
}

/** A circle as four curves. @param {import("./pen.mjs").Circle} circle */
function curves({ x, y, r }) {
  const b = BEND * r;
  const curve = (/** @type {number[]} */ ...at) => `${at.map(short).join(" ")} c`;
  return [
    `${short(x + r)} ${short(y)} m`,
    curve(x + r, y + b, x + b, y + r, x, y + r),
    curve(x - b, y + r, x - r, y + b, x - r, y),
    curve(x - r, y - b, x - b, y - r, x, y - r),
    curve(x + b, y - r, x + r, y - b, x + r, y),
  ].join(" ");
}

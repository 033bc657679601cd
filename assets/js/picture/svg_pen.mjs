// @ts-check
/** A pen that writes SVG: a circle for each point, paths for lines, text as text. */

import { FAMILY, VectorPen, readColor, readFont, short } from "./pen.mjs";

const DROP = 0.35; // of the type's size from the middle of a text down to the line that it stands on
const ANCHORS = /** @type {Record<string, string>} */ ({ left: "start", center: "middle", right: "end" });

/** @param {string} text @returns {string} with nothing that is mark-up, nor what XML has no place for */
const escaped = (text) =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd") // eslint-disable-line no-control-regex
    .replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

/** @param {import("./pen.mjs").Step[]} steps */
const pathOf = (steps) =>
  steps
    .map(([how, ...at]) => {
      const [x, y, width, height] = at.map(short);
      return how === "R" ? `M${x} ${y}h${width}v${height}h-${width}z` : `${how}${x} ${y}`;
    })
    .join("");

export class SvgPen extends VectorPen {
  #size;
  /** @type {string[]} */
  #out = [];
  #clips = 0;
  /** groups that were opened since each `save` @type {number[]} */
  #open = [];
  /** opacity of the circles that are written now, which are one group; -1 for none */
  #alpha = -1;

  /** @param {number} width px of 1/96 inch @param {number} height */
  constructor(width, height) {
    super();
    this.#size = { width, height };
  }

  /** @param {string} text */
  #write(text) {
    if (this.#alpha >= 0) this.#out.push("</g>");
    this.#alpha = -1;
    this.#out.push(text);
  }

  save() {
    super.save();
    this.#open.push(0);
  }
  restore() {
    super.restore();
    for (let i = this.#open.pop() ?? 0; i > 0; i--) this.#write("</g>");
  }
  clip() {
    const id = `c${++this.#clips}`;
    this.#write(`<clipPath id="${id}"><path d="${pathOf(this.steps)}"/></clipPath><g clip-path="url(#${id})">`);
    if (this.#open.length) this.#open[this.#open.length - 1]++;
  }

  /** @param {string} style @param {"fill"|"stroke"} what */
  #paint(style, what) {
    const [r, g, b, a] = readColor(style);
    const color = `#${[r, g, b].map((one) => Math.round(one).toString(16).padStart(2, "0")).join("")}`;
    const alpha = a * this.globalAlpha;
    return `${what}="${color}"${alpha < 1 ? ` ${what}-opacity="${short(alpha)}"` : ""}`;
  }

  fill() {
    for (const { x, y, r } of this.circles) {
      const [, , , a] = readColor(this.fillStyle);
      const alpha = +(a * this.globalAlpha).toFixed(3);
      if (alpha !== this.#alpha) {
        this.#write(alpha < 1 ? `<g fill-opacity="${alpha}">` : "<g>");
        this.#alpha = alpha;
      }
      const color = this.fillStyle.slice(0, 7);
      const fill = color[0] === "#" ? `fill="${color}"` : this.#paint(this.fillStyle, "fill");
      this.#out.push(`<circle cx="${short(x)}" cy="${short(y)}" r="${short(r)}" ${fill}/>`);
    }
    if (this.steps.length) this.#write(`<path d="${pathOf(this.steps)}" ${this.#paint(this.fillStyle, "fill")}/>`);
  }

  stroke() {
    const round = this.lineCap === "round" ? ' stroke-linecap="round"' : "";
    const join = this.lineJoin === "round" ? ' stroke-linejoin="round"' : "";
    const how = `fill="none" ${this.#paint(this.strokeStyle, "stroke")} stroke-width="${short(this.lineWidth)}"${round}${join}`;
    for (const { x, y, r } of this.circles)
      this.#write(`<circle cx="${short(x)}" cy="${short(y)}" r="${short(r)}" ${how}/>`);
    if (this.steps.length) this.#write(`<path d="${pathOf(this.steps)}" ${how}/>`);
  }

  /** @param {string} text @param {number} x @param {number} y its middle */
  fillText(text, x, y) {
    const { size, bold } = readFont(this.font);
    const weight = bold ? ' font-weight="bold"' : "";
    this.#write(
      `<text x="${short(x)}" y="${short(y + DROP * size)}" font-size="${short(size)}"${weight} ` +
        `text-anchor="${ANCHORS[this.textAlign]}" ${this.#paint(this.fillStyle, "fill")}>${escaped(text)}</text>`,
    );
  }

  /** A canvas as an embedded picture. @param {any} image @param {number} x @param {number} y @param {number} width @param {number} height */
  drawImage(image, x, y, width, height) {
    const [left, top, wide, high] = [x, y, width, height].map(short);
    const alpha = this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha)}"` : "";
    this.#write(
      `<image x="${left}" y="${top}" width="${wide}" height="${high}"${alpha} href="${image.toDataURL("image/png")}"/>`,
    );
  }

  /** The file. @param {string} title @returns {string} */
  file(title) {
    this.#write("");
    const { width, height } = this.#size;
    const mm = (/** @type {number} */ px) => short((px * 25.4) / 96);
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${mm(width)}mm" height="${mm(height)}mm" ` +
      `viewBox="0 0 ${short(width)} ${short(height)}" font-family="${FAMILY}">` +
      `<title>${escaped(title)}</title>${this.#out.join("\n")}</svg>\n`
    );
  }
}

// @ts-check
/**
 * A sheet: a table of pictures, with a caption above and a legend below or beside them, laid out at a width of its own and drawn
 * with any pen. Whatever is taken away is a sheet: a PNG, an SVG, a PDF, each frame of a video.
 */

import { fitText, fontOf, widthOf } from "./pen.mjs";

const EDGE = 10; // px
const GAP = 10; // px between two pictures
const TIGHT = 3; // px, where they are many
const LINE = 1.45; // of the type's size, from one line to the next
const BESIDE = 0.17; // of the width, for a legend beside the pictures
const RAMP = 90; // px
const OUTLINE = 0.2; // opacity

/**
 * @typedef {import("../points/pens.mjs").Pen} Pen
 * @typedef {import("../points/viewport.mjs").Viewport} Viewport
 * @typedef {import("./look.mjs").Look} Look
 * @typedef {{left: number, top: number, width: number, height: number}} Box px
 * @typedef {object} Part one picture
 * @property {() => number|null} aspect height by width, as it would be; null where it shows nothing
 * @property {(box: Box) => Viewport} view what it shows in a box
 * @property {(pen: Pen, at: Viewport, look: Look) => void} paint
 * @property {string} [missing] said in its place, where it shows nothing
 * @property {() => string} [name] written into its corner, where neither row nor column has its name
 * @typedef {{color: string, text: string}|{ramp: string[], ends: [string, string]}|{text: string}} Entry of a legend
 * @typedef {object} Subject what a sheet is of
 * @property {() => string} caption @property {() => Entry[]} legend
 * @property {Part[][]} parts rows of pictures
 * @property {(box: Box) => void} fit the pictures will be of this size
 * @property {string[]} rows what each row is called; none for one that needs no name @property {string[]} columns
 *
 * @typedef {object} Sheet
 * @property {number} width px @property {number} height
 * @property {string[]} caption lines @property {Box[][]} boxes of the pictures
 * @property {{entry: Entry, left: number, top: number}[]} legend
 * @property {number} heads px to the left, for the names of rows
 */

/** A text in lines no longer than there is room for. @param {string} text @param {number} room @param {number} size */
export function inLines(text, room, size) {
  /** @type {string[]} */
  const lines = [];
  if (!text) return lines;
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && widthOf(longer, size) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => fitText(line, room, size));
}

/** A text in one line; where there is no room for it, its last part, the time, is kept. @param {string} text @param {number} room @param {number} size */
function keepingTime(text, room, size) {
  const at = text.lastIndexOf(", ");
  const time = at < 0 ? "" : text.slice(at);
  if (widthOf(text, size) <= room || widthOf(time, size) > room / 2) return fitText(text, room, size);
  return fitText(text.slice(0, at), room - widthOf(time, size), size) + time;
}

/** px that an entry of a legend takes. @param {Entry} entry @param {number} size */
function widthOfEntry(entry, size) {
  if ("ramp" in entry) return RAMP + 8 + entry.ends.reduce((sum, end) => sum + widthOf(end, size), 0);
  return ("color" in entry ? 1.2 * size : 0) + widthOf(entry.text, size);
}

/**
 * @param {Subject} subject @param {Pick<Look, "caption"|"legend"|"type">} look
 * @param {number} width px @param {number|null} height px; null for as high as the pictures want to be
 * @returns {Sheet}
 */
export function layOut(subject, look, width, height = null) {
  const { parts, rows, columns } = subject;
  const { type } = look;
  const small = type - 1;
  const inside = width - 2 * EDGE;
  const said = look.caption ? subject.caption() : "";
  const caption = height === null ? inLines(said, inside, type) : said ? [keepingTime(said, inside, type)] : []; // a film's pictures must not move as it changes
  const many = parts.length * parts[0].length > 2;
  const gap = many ? TIGHT : GAP;
  const heads = rows.length ? Math.min(0.16 * width, Math.max(...rows.map((row) => widthOf(row, small))) + 6) : 0;
  const entries = look.legend ? subject.legend() : [];
  const beside = height !== null && entries.length ? Math.min(BESIDE * width, Math.max(...entries.map((one) => widthOfEntry(one, small)))) + 2 * EDGE : 0; // prettier-ignore
  const top = EDGE + caption.length * LINE * type + (caption.length ? 4 : 0) + (columns.length ? LINE * small : 0);
  const below = beside ? { entries: [], height: 0 } : inRows(entries, inside, small);
  const wide = (inside - heads - beside - gap * (parts[0].length - 1)) / parts[0].length;
  const room = height === null ? null : (height - top - EDGE - gap * (parts.length - 1)) / parts.length;
  const high = room ?? wide * aspectOf(subject);
  const boxes = parts.map((row, r) =>
    row.map((_, c) => ({ left: EDGE + heads + c * (wide + gap), top: top + r * (high + gap), width: wide, height: high })),
  ); // prettier-ignore
  const bottom = top + parts.length * (high + gap) - gap;
  const legend = beside
    ? entries.map((entry, i) => ({ entry, left: width - beside + EDGE, top: top + (i + 0.5) * LINE * small }))
    : below.entries.map(({ entry, left, top: y }) => ({ entry, left: EDGE + left, top: bottom + 8 + y }));
  const ends = bottom + (below.height ? 8 + below.height : 0) + EDGE;
  return { width, height: height ?? ends, caption, boxes, legend, heads };
}

/** Height by width of the pictures. @param {Subject} subject */
const aspectOf = ({ parts }) =>
  parts.flat().reduce((/** @type {number|null} */ found, part) => found ?? part.aspect(), null) ?? 1;

/** Entries one after the other, in as many rows as they need. @param {Entry[]} entries @param {number} room px @param {number} size */
function inRows(entries, room, size) {
  let [left, row] = [0, 0];
  const placed = entries.map((entry) => {
    const width = widthOfEntry(entry, size);
    if (left && left + width > room) [left, row] = [0, row + 1];
    const here = { entry, left, top: (row + 0.5) * LINE * size };
    left += width + 1.4 * size;
    return here;
  });
  return { entries: placed, height: entries.length ? (row + 1) * LINE * size : 0 };
}

/**
 * The same that a picture shows, in a box of another size: all of it, and more of the surroundings at two of its sides.
 *
 * @param {Viewport} view @param {Box} box @returns {Viewport}
 */
export function viewInBox(view, box) {
  const k = Math.min(box.width / view.width, box.height / view.height);
  const [kx, ky] = [view.kx * k, view.ky * k];
  const [x, y] = [(view.x0 + view.x1) / 2, (view.y0 + view.y1) / 2];
  const [wide, high] = [box.width / 2 / kx, box.height / 2 / ky];
  return { ...box, x0: x - wide, x1: x + wide, y0: y - high, y1: y + high, kx, ky };
}

/** A sheet by itself, its pictures fitted to their boxes. @param {Pen} pen @param {Subject} subject @param {Look} look @param {number} width px @param {number|null} height px; null as for `layOut` */
export function paintStill(pen, subject, look, width, height = null) {
  const sheet = layOut(subject, look, width, height);
  subject.fit(sheet.boxes[0][0]);
  paintSheet(pen, subject, sheet, look);
}

/** @param {Pen} pen @param {Subject} subject @param {Sheet} sheet @param {Look} look */
export function paintSheet(pen, subject, sheet, look) {
  const { type } = look;
  if (look.ground) {
    pen.fillStyle = look.ground;
    pen.beginPath();
    pen.rect(0, 0, sheet.width, sheet.height);
    pen.fill();
  }
  write(pen, look, type, "left", look.ink);
  sheet.caption.forEach((line, i) => pen.fillText(line, EDGE, EDGE + (i + 0.5) * LINE * type));
  nameRowsAndColumns(pen, subject, sheet, look);
  subject.parts.forEach((row, r) => row.forEach((part, c) => paintPart(pen, part, sheet.boxes[r][c], look)));
  for (const { entry, left, top } of sheet.legend) paintEntry(pen, entry, left, top, look);
}

/** @param {Pen} pen @param {Look} look @param {number} size @param {CanvasTextAlign} align @param {string} color @param {boolean} [bold] */
function write(pen, look, size, align, color, bold = false) {
  pen.font = fontOf(size, bold);
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.fillStyle = color;
  pen.globalAlpha = 1;
}

/** @param {Pen} pen @param {Subject} subject @param {Sheet} sheet @param {Look} look */
function nameRowsAndColumns(pen, { rows, columns }, { boxes, heads }, look) {
  const small = look.type - 1;
  write(pen, look, small, rows.length ? "center" : "left", look.ink, true);
  columns.forEach((name, c) => {
    const { left, top, width } = boxes[0][c];
    pen.fillText(fitText(name, width, small), rows.length ? left + width / 2 : left, top - 0.55 * LINE * small);
  });
  write(pen, look, small, "left", look.ink, true);
  rows.forEach((name, r) => {
    const { top, height } = boxes[r][0];
    pen.fillText(fitText(name, heads - 2, small), EDGE, top + height / 2);
  });
}

/** @param {Pen} pen @param {Part} part @param {Box} box @param {Look} look */
function paintPart(pen, part, box, look) {
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top, box.width, box.height);
  pen.clip();
  if (part.aspect() !== null) part.paint(pen, part.view(box), look);
  else {
    write(pen, look, look.type - 2, "center", look.quiet);
    const lines = inLines(part.missing ?? "", box.width, look.type - 2);
    lines.forEach((line, i) => pen.fillText(line, box.left + box.width / 2, box.top + box.height / 2 + (i - (lines.length - 1) / 2) * LINE * (look.type - 2))); // prettier-ignore
  }
  if (part.name) {
    write(pen, look, look.type - 1, "left", look.ink, true);
    pen.fillText(fitText(part.name(), box.width - 8, look.type - 1), box.left + 4, box.top + 0.7 * LINE * look.type);
  }
  pen.restore();
  pen.strokeStyle = look.ink;
  pen.lineWidth = 1;
  pen.globalAlpha = OUTLINE;
  pen.beginPath();
  pen.rect(box.left, box.top, box.width, box.height);
  pen.stroke();
  pen.globalAlpha = 1;
}

/** @param {Pen} pen @param {Entry} entry @param {number} left @param {number} y its middle @param {Look} look */
function paintEntry(pen, entry, left, y, look) {
  const size = look.type - 1;
  write(pen, look, size, "left", look.ink);
  if ("ramp" in entry) {
    const [low, high] = entry.ends;
    const start = left + widthOf(low, size) + 4;
    pen.fillText(low, left, y);
    pen.fillText(high, start + RAMP + 4, y);
    entry.ramp.forEach((color, i) => {
      pen.fillStyle = color;
      pen.beginPath();
      pen.rect(start + (i * RAMP) / entry.ramp.length, y - size / 2, RAMP / entry.ramp.length + 0.3, size);
      pen.fill();
    });
    return;
  }
  const colored = "color" in entry;
  pen.fillText(entry.text, left + (colored ? 1.2 * size : 0), y);
  if (!colored) return;
  pen.fillStyle = look.resolve(entry.color);
  pen.beginPath();
  pen.arc(left + 0.42 * size, y, 0.38 * size, 0, 2 * Math.PI);
  pen.fill();
}

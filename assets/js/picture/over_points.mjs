// @ts-check
/** What lies over the points of a sheet: handles, groups, a scale; names do not lie over one another. */

import { SHORT, standsLeft } from "../points/handles.mjs";
import { HEIGHT, NOTHING, placeLabels, ringAt } from "../points/labels.mjs";
import { toLeft, toTop } from "../points/viewport.mjs";
import { fontOf, widthOf } from "./pen.mjs";

const ROOM = 6; // px beside the letters of a name
const ON_SCREEN = 13; // px of the type of names there
const LINES = 0.38; // opacity of lines, as on the stage
const MUTED = 0.35; // of a hidden class

/**
 * @typedef {import("../points/pens.mjs").Pen} Pen
 * @typedef {import("../points/viewport.mjs").Viewport} Viewport
 * @typedef {import("./look.mjs").Look} Look
 * @typedef {import("../points/labels.mjs").Around} Around
 */

/**
 * @param {Pen} pen @param {Viewport} at
 * @param {Float64Array} seen (p, 2) @param {import("../points/handles.mjs").HandleMark[]} marks
 * @param {number} share how much of the handles shows, 0 to 1 @param {Look} look @param {number} [letters] of a name at most
 * @returns {Around} what is drawn there now
 */
export function paintHandles(pen, at, seen, marks, share, look, letters = Infinity) {
  if (!(share > 0)) return NOTHING;
  const [x0, y0] = [toLeft(at, 0), toTop(at, 0)];
  const ring = Math.max(3.5, Math.min(6, at.width / 60));
  const size = look.type - 1;
  const ends = marks.map(({ i, name, color, muted }) => {
    const [x, y] = [seen[2 * i], seen[2 * i + 1]];
    const short = name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
    const left = toLeft(at, x);
    return { x: left, y: toTop(at, y), name: short, left: standsLeft(x, left, short, at), color: look.resolve(color), muted, length: Math.hypot(x, y) };
  }); // prettier-ignore
  pen.lineWidth = 1;
  pen.globalAlpha = LINES * share;
  pen.strokeStyle = look.ink;
  pen.beginPath();
  for (const { x, y } of ends) {
    pen.moveTo(x0, y0);
    pen.lineTo(x, y);
  }
  if (ends.length) pen.stroke();
  pen.lineWidth = ring / 3;
  for (const { x, y, color, muted, length } of ends) {
    pen.globalAlpha = share * (length < SHORT ? 0.25 : muted ? MUTED : 1);
    pen.strokeStyle = color;
    pen.beginPath();
    pen.arc(x, y, ring, 0, 2 * Math.PI);
    pen.stroke();
  }
  const drawn = nameEnds(pen, at, ends.filter(({ length }) => length >= SHORT), share, size, look); // prettier-ignore
  pen.globalAlpha = 1;
  return drawn;
}

/**
 * Names are placed as on the screen, in type of this size: what is smaller here is so all over.
 *
 * @param {Pen} pen @param {Viewport} at @param {(import("../points/labels.mjs").End & {muted: boolean})[]} ends @param {number} share
 * @param {number} size px of the type @param {Look} look @param {Around} [around] what others have drawn there
 * @returns {Around} what is drawn there now, by these
 */
function nameEnds(pen, at, ends, share, size, look, around = NOTHING) {
  const k = ON_SCREEN / size;
  const plot = { left: k * at.left, top: k * at.top, width: k * at.width, height: k * at.height };
  const there = ends.map((end) => ({ ...end, x: k * end.x, y: k * end.y }));
  const labels = placeLabels(there, plot, (text) => widthOf(text, ON_SCREEN, true) + ROOM, new Map(), HEIGHT, around); // prettier-ignore
  pen.font = fontOf(size, true);
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  for (const { of, text, dx, dy, width, led } of labels) {
    const { x, y, muted } = ends[of[0]];
    pen.globalAlpha = share * (muted ? MUTED : 1);
    pen.strokeStyle = pen.fillStyle = look.ink;
    pen.lineWidth = 0.75;
    if (led) {
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + (dx + width / 2) / k, y + (dy + (dy < 0 ? HEIGHT : 0)) / k);
      pen.stroke();
    }
    pen.fillText(text, x + (dx + ROOM / 2) / k, y + (dy + HEIGHT / 2) / k);
  }
  const names = labels.map(({ of, dx, dy, width }) => {
    const [left, top] = [there[of[0]].x + dx, there[of[0]].y + dy];
    return [left, top, left + width, top + HEIGHT];
  });
  return { names, rings: there.map(ringAt) };
}

/**
 * Groups by their middle: a diamond, and what it is called, over no other name.
 *
 * @param {Pen} pen @param {Viewport} at @param {{text: string, color: string, x: number, y: number}[]} groups plot units @param {Look} look
 * @param {Around} around what has been drawn there: names and rings of handles
 */
export function paintGroups(pen, at, groups, look, around) {
  const size = look.type - 1;
  const ends = groups.map(({ text, x, y }) => ({ name: text, x: toLeft(at, x), y: toTop(at, y), left: false, muted: false })); // prettier-ignore
  ends.forEach(({ x, y }, i) => paintDiamond(pen, x, y, 0.55 * size, look.resolve(groups[i].color), look.ink));
  nameEnds(pen, at, ends, 1, size, look, around);
}

/**
 * Names at their places in a flat picture, none over another: a ring for a class, a diamond for a group.
 *
 * @param {Pen} pen @param {Viewport} at @param {{name: string, color: string, own: boolean, x: number, y: number}[]} named plot units @param {Look} look
 */
export function paintNames(pen, at, named, look) {
  const size = look.type - 1;
  const ends = named.map(({ name, color, own, x, y }) => {
    return { name, color: look.resolve(color), own, x: toLeft(at, x), y: toTop(at, y), left: false, muted: false };
  });
  for (const { x, y, color, own } of ends) {
    pen.globalAlpha = 1;
    if (own) {
      paintDiamond(pen, x, y, 0.45 * size, color, look.ink);
      continue;
    }
    pen.strokeStyle = color;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, 0.4 * size, 0, 2 * Math.PI);
    pen.stroke();
  }
  nameEnds(pen, at, ends, 1, size, look);
  pen.globalAlpha = 1;
}

/** @param {Pen} pen @param {number} left px @param {number} top @param {number} half of its width @param {string} color @param {string} ink of its edge */
function paintDiamond(pen, left, top, half, color, ink) {
  pen.beginPath();
  pen.moveTo(left, top - half);
  for (const [dx, dy] of [[half, 0], [0, half], [-half, 0], [0, -half], [half, 0]]) pen.lineTo(left + dx, top + dy); // prettier-ignore
  pen.fillStyle = color;
  pen.strokeStyle = ink;
  pen.lineWidth = 1.2;
  pen.fill();
  pen.stroke();
}

/** How long a number of units is, in the lower left corner. @param {Pen} pen @param {Viewport} at @param {{px: number, text: string}|null} length @param {Look} look */
export function paintScale(pen, at, length, look) {
  if (!length) return;
  const size = look.type - 2;
  const [left, bottom] = [at.left + 8, at.top + at.height - 8];
  pen.globalAlpha = 1;
  pen.strokeStyle = pen.fillStyle = look.quiet;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(left, bottom - 5);
  pen.lineTo(left, bottom);
  pen.lineTo(left + length.px, bottom);
  pen.lineTo(left + length.px, bottom - 5);
  pen.stroke();
  pen.font = fontOf(size);
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillText(length.text, left, bottom - 6 - size / 2);
}

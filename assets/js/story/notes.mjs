// @ts-check
/** The note of a view: its text beside what it points at, and an arrow from there, which follows what moves. */

import { el } from "../core/dom.mjs";
import { fontOf, widthOf } from "../picture/pen.mjs";
import { inLines } from "../picture/sheet.mjs";
import { onShown, shownNow } from "./shown.mjs";

const OFF = 56; // px from what is pointed at to the text, across and up
const EDGE = 8; // px from the edge of the stage
const HEAD = 9; // px of the arrow's head
const CLEAR = 9; // px from its tip to the middle of what it points at
const WIDE = 220; // px of the text, in a picture

/**
 * @typedef {import("../payloads.mjs").StoryNote} Note
 * @typedef {{left: number, top: number, width: number, height: number}} Box px
 */

/** The note that is shown, for pictures. @type {Note|null} */
let drawn = null;
/** whether pictures are without it */
let quiet = false;
/** The note that is shown now, and that pictures have; null for none. */
export const noteNow = () => (quiet ? null : drawn);

/** Do something while pictures have no note: it is of another view. @template T @param {() => Promise<T>} act @returns {Promise<T>} */
export async function withoutNote(act) {
  quiet = true;
  try {
    return await act();
  } finally {
    quiet = false;
  }
}

/**
 * Where a text goes: towards the middle of the stage, so that it does not cover what lies outwards.
 *
 * @param {[number, number]} at px @param {{width: number, height: number}} text px @param {Box} room
 * @returns {Box}
 */
export function textBox([x, y], { width, height }, room) {
  const right = x < room.left + room.width / 2;
  const below = y < room.top + room.height / 2;
  const within = (/** @type {number} */ v, /** @type {number} */ low, /** @type {number} */ high) => Math.max(low, Math.min(v, high)); // prettier-ignore
  const left = within(right ? x + OFF : x - OFF - width, room.left + EDGE, room.left + room.width - EDGE - width);
  const top = within(below ? y + OFF : y - OFF - height, room.top + EDGE, room.top + room.height - EDGE - height);
  return { left, top, width, height };
}

/** The arrow from the edge of a text to what it points at: its line, and the corners of its head. @param {Box} box @param {[number, number]} at px */
export function arrowOf({ left, top, width, height }, [x, y]) {
  const start = [Math.max(left, Math.min(x, left + width)), Math.max(top, Math.min(y, top + height))];
  const [dx, dy] = [x - start[0], y - start[1]];
  const length = Math.hypot(dx, dy);
  if (length < CLEAR + HEAD) return null;
  const [ux, uy] = [dx / length, dy / length];
  const tip = [x - CLEAR * ux, y - CLEAR * uy];
  const neck = [tip[0] - HEAD * ux, tip[1] - HEAD * uy];
  const half = HEAD / 2;
  return { start, neck, head: [tip, [neck[0] - half * uy, neck[1] + half * ux], [neck[0] + half * uy, neck[1] - half * ux]] }; // prettier-ignore
}

/** @param {number[][]} corners */
const pathOf = (corners) => corners.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

export function createNotes() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const head = document.createElementNS("http://www.w3.org/2000/svg", "path");
  head.setAttribute("class", "gt-note-head");
  svg.append(line, head);
  svg.setAttribute("aria-hidden", "true");
  const text = el("p", { class: "gt-note-text" });
  const layer = el("div", { class: "gt-note", role: "note" }, svg, text);
  /** @type {Note|null} */
  let note = null;
  let size = { width: 0, height: 0 };
  addEventListener("resize", () => notes.draw());
  onShown((what) => what === "page" && layer.remove());

  const notes = {
    /** @param {Note|null} next */
    show(next) {
      [note, drawn] = [next, next];
      layer.remove();
      text.textContent = next?.text ?? "";
      notes.draw();
    },
    /** Where what it points at is now. @returns {boolean} whether that is drawn, or there is no note */
    draw() {
      if (!note) return true;
      for (const canvas of shownNow()?.canvases() ?? []) {
        const at = canvas.place(note.at);
        if (!at) continue;
        put(canvas, at);
        return true;
      }
      layer.hidden = true; // it points at what is not drawn
      return false;
    },
  };

  /** @param {import("./shown.mjs").Canvas} canvas @param {[number, number]} at */
  function put({ root, room }, at) {
    layer.hidden = false;
    if (layer.parentElement !== root) {
      root.append(layer);
      size = { width: 0, height: 0 };
    }
    if (!size.width) size = { width: text.offsetWidth, height: text.offsetHeight };
    const box = textBox(at, size, room());
    text.style.transform = `translate(${box.left.toFixed(1)}px,${box.top.toFixed(1)}px)`;
    const arrow = arrowOf(box, at);
    line.setAttribute("d", arrow ? pathOf([arrow.start, arrow.neck]) : "");
    head.setAttribute("d", arrow ? `${pathOf(arrow.head)}Z` : "");
  }
  return notes;
}

/**
 * The same in a picture that is taken away.
 *
 * @param {import("../points/pens.mjs").Pen} pen @param {string} words @param {[number, number]} at px @param {Box} room @param {import("../picture/look.mjs").Look} look
 */
export function paintNote(pen, words, at, room, look) {
  const { type } = look;
  const lines = words.split("\n").flatMap((one) => inLines(one, Math.min(WIDE, 0.6 * room.width), type));
  const width = Math.max(...lines.map((one) => widthOf(one, type))) + 10;
  const box = textBox(at, { width, height: 1.4 * type * lines.length + 6 }, room);
  const arrow = arrowOf(box, at);
  pen.save();
  pen.globalAlpha = 1;
  pen.lineWidth = 1.5;
  pen.strokeStyle = look.ink;
  if (arrow) {
    pen.beginPath();
    pen.moveTo(arrow.start[0], arrow.start[1]);
    pen.lineTo(arrow.neck[0], arrow.neck[1]);
    pen.stroke();
    pen.fillStyle = look.ink;
    pen.beginPath();
    arrow.head.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.fill();
  }
  pen.fillStyle = look.ground ?? "#ffffff";
  pen.beginPath();
  pen.rect(box.left, box.top, box.width, box.height);
  pen.fill();
  pen.lineWidth = 1;
  pen.beginPath();
  pen.rect(box.left, box.top, box.width, box.height);
  pen.stroke();
  Object.assign(pen, { font: fontOf(type), textAlign: "left", textBaseline: "middle", fillStyle: look.ink });
  lines.forEach((one, i) => pen.fillText(one, box.left + 5, box.top + 3 + 1.4 * type * (i + 0.5)));
  pen.restore();
}

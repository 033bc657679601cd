// @ts-check
/** The points that moved most, each a row that selects it and marks it in every picture. */

import { named } from "../core/names.mjs";
import { count, el } from "../core/dom.mjs";
import { onPointed } from "../core/pointed.mjs";

const LETTERS = 28; // of a name in a cell

/** @typedef {import("./motion.mjs").Moved} Moved @typedef {import("./motion.mjs").Side} Side */

/**
 * @param {Moved} moved
 * @param {number[]} first places of the points that are listed, in their order
 * @param {object} look
 * @param {Side} look.sort
 * @param {ReadonlySet<number>} look.chosen ids
 * @param {string[]} look.classes @param {string[]} look.colors one a class
 * @param {object} does
 * @param {(side: Side) => void} does.sortBy
 * @param {(id: number, too: boolean) => void} does.pick
 * @param {(id: number|null) => void} does.mark
 */
export function moversTable(moved, first, look, does) {
  const head = (/** @type {Side} */ side, /** @type {string} */ text) =>
    el(
      "th",
      { scope: "col" },
      sortButton(text, look.sort === side, () => does.sortBy(side)),
    );
  const titles = [
    el("th", { scope: "col" }, "Point"),
    el("th", { scope: "col" }, "Label"),
    head("data", "in the data"),
    head("screen", "on the screen"),
  ];
  return el(
    "table",
    { class: "gt-movers-table" },
    el("caption", {}, `The ${count(first.length)} of ${count(moved.points.n)} points that moved most`),
    el("thead", {}, el("tr", {}, ...titles)),
    el("tbody", {}, ...first.map((i) => listen(moverRow(moved, i, look), moved.points.ids[i], does))),
  );
}

/** @param {string} text @param {boolean} pressed @param {() => void} onclick */
const sortButton = (text, pressed, onclick) =>
  el(
    "button",
    { type: "button", class: "gt-sort", "aria-pressed": String(pressed), title: "Largest first", onclick },
    text,
  );

/**
 * @param {Moved} moved @param {number} i
 * @param {{chosen: ReadonlySet<number>, classes: string[], colors: string[]}} look
 */
function moverRow({ points, data, screen }, i, { chosen, classes, colors }) {
  const [id, label] = [points.ids[i], points.labels[i]];
  return el(
    "tr",
    {
      class: chosen.has(id) ? "gt-chosen" : "",
      tabIndex: 0,
      title: "Select this point (Shift: too)",
      "data-gt-point": String(id),
      "aria-selected": String(chosen.has(id)),
    },
    el("td", {}, `${id}`),
    el(
      "td",
      {},
      el("span", { class: "gt-swatch", style: `--gt-color:${colors[label]}` }),
      el("span", named(classes[label], LETTERS)),
    ),
    el("td", {}, data[i].toPrecision(3)),
    el("td", {}, screen[i].toPrecision(3)),
  );
}

/**
 * @param {HTMLElement} row @param {number} id
 * @param {{pick: (id: number, too: boolean) => void, mark: (id: number|null) => void}} does
 */
function listen(row, id, { pick, mark }) {
  row.addEventListener("click", (event) => pick(id, event.shiftKey));
  row.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    pick(id, event.shiftKey);
  });
  onPointed(
    row,
    () => mark(id),
    () => mark(null),
  );
  return row;
}

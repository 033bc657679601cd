// @ts-check
/**
 * When which class is apart in two runs: a row a class, a column an epoch, the stronger the farther apart its points are. Its
 * cells are one stop of the Tab key: arrows lead from one to the next.
 */

import { el } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";
import { largestOf } from "../data/two_runs.mjs";

const MOST_ROWS = 24; // classes: those that are farthest apart at any time
const MOST_COLUMNS = 48; // epochs, evenly chosen of more
const LETTERS = 12; // of a name
/** A distance, briefly. @param {number} x */
const short = (x) => String(Number(x.toPrecision(2)));
const FAINTEST = 0.04; // of a cell's colour, for what is there

/** @typedef {import("../points/gestures.mjs").How} How */

/**
 * So many even steps from the first to the last of a list, both among them.
 *
 * @param {number} n entries @param {number} most
 */
export function evenly(n, most) {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (n - 1)) / (most - 1)));
}

/**
 * Which rows are shown: all, or those that are largest anywhere, in their own order.
 *
 * @param {(number|null)[][]} rows @param {number} most
 */
export function mostApart(rows, most) {
  const known = rows.flatMap((row, c) => (row.some((x) => x !== null) ? [c] : []));
  const peak = (/** @type {number} */ c) => Math.max(...rows[c].map((x) => x ?? 0));
  const kept = known.sort((a, b) => peak(b) - peak(a)).slice(0, most);
  return kept.sort((a, b) => a - b);
}

/**
 * @param {HTMLElement} box
 * @param {object} given
 * @param {(number|null)[][]} given.apart by class and epoch; all points last
 * @param {string[]} given.classes @param {string[]} given.colors @param {number[]} given.epochs @param {string} given.unit
 * @param {string} given.layer
 * @param {(c: number|null, at: number, event: MouseEvent) => void} given.choose a cell was clicked; null: of all points
 */
export function createWhenApart(box, { apart, classes, colors, epochs, unit, layer, choose }) {
  const all = apart.length - 1;
  const shown = classes.length > 1 ? mostApart(apart.slice(0, all), MOST_ROWS) : [];
  const columns = evenly(epochs.length, MOST_COLUMNS);
  const most = largestOf([...shown, all].map((c) => apart[c]))?.value || 1;
  const nameOf = (/** @type {number} */ c) => (c === all ? "All points" : classes[c]);
  /** @type {HTMLButtonElement[][]} */
  const cells = [];

  /** @param {number} c @param {number} at */
  function cell(c, at) {
    const value = apart[c][at];
    const said = `${nameOf(c)}, ${unit} ${epochs[at]}: ${value === null ? "no points" : `${short(value)} apart`}`;
    const share = value === null ? 0 : Math.max(FAINTEST, value / most);
    return el("button", {
      type: "button", role: "gridcell", class: "gt-apart-cell", tabIndex: -1, title: said, "aria-label": said,
      style: `--gt-share:${share.toFixed(3)}`,
      onclick: (/** @type {MouseEvent} */ event) => choose(c === all ? null : c, at, event),
    }); // prettier-ignore
  }

  /** @param {number} c */
  function row(c) {
    const made = columns.map((at) => cell(c, at));
    cells.push(made);
    const dot = c === all ? null : el("span", { class: "gt-swatch", style: `--gt-color:${colors[c]}` });
    const head = el("span", { class: "gt-apart-name", role: "rowheader", title: nameOf(c) }, dot, middle(nameOf(c), LETTERS)); // prettier-ignore
    return el("div", { role: "row", class: "gt-apart-row" }, head, ...made);
  }

  const grid = el(
    "div",
    { class: "gt-apart", role: "grid", "aria-label": `How far apart, by class and ${unit}`, style: `--gt-columns:${columns.length}` },
    ...[...shown, all].map(row),
  ); // prettier-ignore
  const left = all - shown.length;
  const some = [
    columns.length < epochs.length && `${columns.length} of ${epochs.length} ${unit}s, evenly chosen`,
    classes.length > 1 && left > 0 && `the ${shown.length} classes that are farthest apart of ${classes.length}`,
  ].filter(Boolean);
  const ends = el("p", { class: "gt-apart-ends gt-hint" }, "0 ", el("span", { class: "gt-apart-ramp" }), ` ${short(most)}: mean distance of a point's two places at ${layer}${some.length ? `. Shown are ${some.join(" and ")}` : ""}.`); // prettier-ignore
  const said = el("p", { class: "gt-hint" }, sentence());
  box.replaceChildren(said, grid, ends);
  if (cells.length) cells[0][0].tabIndex = 0;
  grid.addEventListener("keydown", (event) => walk(event));
  grid.addEventListener("focusin", (event) => {
    for (const line of cells) for (const one of line) one.tabIndex = one === event.target ? 0 : -1;
  });

  /** What is largest, in a sentence. */
  function sentence() {
    const whole = largestOf([apart[all]]);
    const own = largestOf(shown.map((c) => apart[c]));
    if (!whole) return "";
    const first = own ? `${nameOf(shown[own.row])} is farthest apart at ${unit} ${epochs[own.at]} (${short(own.value)}); all` : "All"; // prettier-ignore
    return `${first} points together at ${unit} ${epochs[whole.at]} (${short(whole.value)}). A click goes there.`;
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const r = cells.findIndex((line) => line.includes(/** @type {HTMLButtonElement} */ (event.target)));
    const c = r < 0 ? -1 : cells[r].indexOf(/** @type {HTMLButtonElement} */ (event.target));
    /** @type {Record<string, [number, number]>} */
    const ways = { ArrowLeft: [r, c - 1], ArrowRight: [r, c + 1], ArrowUp: [r - 1, c], ArrowDown: [r + 1, c], Home: [r, 0], End: [r, columns.length - 1] }; // prettier-ignore
    const to = ways[event.key];
    if (!to || r < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // ← and → mean the epoch everywhere else
    cells[to[0]]?.[to[1]]?.focus();
  }

  let marked = -1;
  return {
    /** Mark the column of an epoch. @param {number} at its index */
    show(at) {
      const near = columns.reduce((best, one, i) => (Math.abs(one - at) < Math.abs(columns[best] - at) ? i : best), 0);
      if (near === marked) return;
      for (const line of cells) {
        line[marked]?.classList.remove("gt-apart-now");
        line[near]?.classList.add("gt-apart-now");
      }
      marked = near;
    },
  };
}

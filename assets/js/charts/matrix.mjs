// @ts-check
/**
 * A confusion matrix of buttons: its cells are made once for a run and written when the epoch is another. Beyond
 * `WIDEST` classes, where a matrix cannot be read, the pairs that are confused are listed instead, most frequent first, with a search.
 */

import { UNDECIDED } from "../data/predictions.mjs";
import { count, el } from "../core/dom.mjs";
import { howOf } from "../core/keys.mjs";
import { createLongList, search } from "../core/long_list.mjs";
import { middle } from "../core/names.mjs";

export const WIDEST = 24; // classes
const ROW = 30; // px of one that is listed beyond
const SHORT = 14; // letters of a name beside a row
const LETTERS = 26; // of a name there

/** @typedef {import("../points/gestures.mjs").How} How */

/**
 * @param {HTMLElement} box
 * @param {string[]} classes
 * @param {string} split read aloud: "training" or "test"
 * @param {(c: number, q: number, how: How) => void} choose a cell was clicked, with a key or without
 */
export function createMatrix(box, classes, split, choose) {
  const k = classes.length;
  const name = (/** @type {number} */ c) => classes[c] ?? UNDECIDED;
  /** @type {{td: HTMLElement, button: HTMLButtonElement}[]} */
  const cells = [];

  function build() {
    const table = el("table", { class: "gt-confusion" });
    const header = el("tr", {}, el("td", {}));
    for (let q = 0; q <= k; q++) {
      header.append(el("th", { scope: "col" }, el("abbr", { title: name(q) }, classes[q]?.slice(0, 3) ?? "?")));
    }
    const body = el("tbody", {});
    for (let c = 0; c < k; c++) {
      const row = el("tr", {}, el("th", { scope: "row", title: classes[c] }, middle(classes[c], SHORT)));
      for (let q = 0; q <= k; q++) {
        const button = el("button", {
          type: "button",
          hidden: true,
          onclick: (/** @type {MouseEvent} */ event) => choose(c, q, howOf(event)),
        });
        const td = el("td", { class: c === q ? "gt-right" : "gt-mistaken" }, button);
        cells.push({ td, button });
        row.append(td);
      }
      body.append(row);
    }
    table.append(el("thead", {}, header), body);
    box.replaceChildren(table);
  }

  /** @param {number} n @param {number} c @param {number} q */
  const said = (n, c, q) =>
    `${count(n)} ${split} ${n === 1 ? "point" : "points"} of ${name(c)} ${n === 1 ? "is" : "are"} ${c === q ? "right" : `taken for ${name(q)}`}: select them (Shift adds, Alt subtracts)`;

  /** The pairs, most frequent first; of which only what is in view is in the page. @type {ReturnType<typeof createPairs>|null} */
  const pairs = k > WIDEST ? createPairs(box, classes, said, choose) : null;

  if (k <= WIDEST) build();

  return {
    /**
     * @param {Int32Array} table (k, k + 1)
     * @param {Int32Array} selected the same of the selected points
     */
    show(table, selected) {
      if (pairs) return pairs.show(table);
      for (let c = 0; c < k; c++) {
        let all = 0;
        for (let q = 0; q <= k; q++) all += table[c * (k + 1) + q];
        for (let q = 0; q <= k; q++) {
          const at = c * (k + 1) + q;
          const { td, button } = cells[at];
          const text = table[at] ? count(table[at]) : "";
          if (button.textContent !== text) {
            button.textContent = text;
            button.hidden = !text;
            button.title = text && said(table[at], c, q);
            button.setAttribute("aria-label", button.title);
          }
          td.style.setProperty("--gt-share", all ? (table[at] / all).toFixed(3) : "0");
          td.classList.toggle("gt-empty-cell", !text);
          td.classList.toggle("gt-chosen-cell", selected[at] > 0);
        }
      }
    },
  };
}

/**
 * Pairs of a true class and another that it is taken for, most points first.
 *
 * @param {Int32Array} table (k, k + 1) @param {number} k
 * @returns {{n: number, c: number, q: number}[]}
 */
export function confusedPairs(table, k) {
  const found = [];
  for (let at = 0; at < table.length; at++) {
    const [c, q] = [Math.floor(at / (k + 1)), at % (k + 1)];
    if (table[at] && c !== q) found.push({ n: table[at], c, q });
  }
  return found.sort((a, b) => b.n - a.n || a.c - b.c || a.q - b.q);
}

/**
 * @param {HTMLElement} box @param {string[]} classes
 * @param {(n: number, c: number, q: number) => string} said @param {(c: number, q: number, how: How) => void} choose
 */
function createPairs(box, classes, said, choose) {
  const k = classes.length;
  const name = (/** @type {number} */ c) => classes[c] ?? UNDECIDED;
  const field = el("input", {
    type: "search", class: "form-control form-control-sm", placeholder: "Search the classes", "aria-label": "Search the confused classes",
    autocomplete: "off", spellcheck: false, oninput: () => find(),
  }); // prettier-ignore
  const told = el("p", { class: "gt-hint", role: "status" });
  const scroll = el("div", { class: "gt-pairs-list" });
  box.replaceChildren(field, told, scroll);
  /** @type {{n: number, c: number, q: number}[]} */
  let all = [];
  let shown = all;
  const list = createLongList(scroll, {
    height: ROW,
    label: "Confused classes",
    make(at) {
      const { n, c, q } = shown[at];
      const button = el(
        "button",
        {
          type: "button",
          class: "btn btn-sm gt-button",
          title: said(n, c, q),
          onclick: (/** @type {MouseEvent} */ event) => choose(c, q, howOf(event)),
        },
        `${middle(name(c), LETTERS)} → ${middle(name(q), LETTERS)}`,
      );
      return el("div", { class: "gt-pair-row" }, button, el("span", {}, count(n)));
    },
  });

  function find() {
    const query = field.value.trim();
    const found = query ? search(all.map(({ c, q }) => `${name(c)} ${name(q)}`), query).map((at) => all[at]) : all; // prettier-ignore
    shown = found;
    list.show(shown.length);
    const points = found.reduce((sum, { n }) => sum + n, 0);
    const pairs = found.length === 1 ? "1 pair of classes" : `${count(found.length)} pairs of classes`;
    told.textContent = all.length ? `${pairs}, ${count(points)} points` : "None is mistaken.";
  }

  return {
    /** @param {Int32Array} table (k, k + 1) */
    show(table) {
      all = confusedPairs(table, k);
      find();
    },
  };
}

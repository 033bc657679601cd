// @ts-check
/**
 * A confusion matrix of buttons: its cells are made once for a run and written when the epoch is another. Beyond
 * `WIDEST` classes, where a matrix cannot be read, the pairs that are confused most are listed instead.
 */

import { UNDECIDED } from "../data/predictions.mjs";
import { count, el } from "../core/dom.mjs";

export const WIDEST = 24; // classes
const PAIRS = 30; // that are listed beyond

/**
 * @param {HTMLElement} box
 * @param {string[]} classes
 * @param {string} split read aloud: "training" or "test"
 * @param {(c: number, q: number) => void} choose a cell was clicked
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
      const row = el("tr", {}, el("th", { scope: "row", title: classes[c] }, classes[c]));
      for (let q = 0; q <= k; q++) {
        const button = el("button", { type: "button", hidden: true, onclick: () => choose(c, q) });
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
    `${count(n)} ${split} points of ${name(c)} ${c === q ? "are right" : `are taken for ${name(q)}`}: select them`;

  /** @param {Int32Array} table */
  function list(table) {
    const pairs = Array.from(table, (n, at) => ({ n, c: Math.floor(at / (k + 1)), q: at % (k + 1) }));
    const worst = pairs.filter(({ n, c, q }) => n && c !== q).sort((a, b) => b.n - a.n).slice(0, PAIRS); // prettier-ignore
    const rows = worst.map(({ n, c, q }) => {
      const button = el(
        "button",
        { type: "button", class: "btn btn-sm gt-button", title: said(n, c, q), onclick: () => choose(c, q) },
        `${name(c)} → ${name(q)}`,
      );
      return el("li", {}, button, el("span", {}, count(n)));
    });
    box.replaceChildren(
      rows.length ? el("ul", { class: "gt-counts" }, ...rows) : el("p", { class: "gt-hint" }, "None is mistaken."),
    );
  }

  if (k <= WIDEST) build();

  return {
    /**
     * @param {Int32Array} table (k, k + 1)
     * @param {Int32Array} selected the same of the selected points
     */
    show(table, selected) {
      if (k > WIDEST) return list(table);
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

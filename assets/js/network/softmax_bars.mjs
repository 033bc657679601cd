// @ts-check
/** The softmax as bars: a column for each class, in line with the units of the layers before it. */

import { el, percent } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";

const MOST_ROWS = 12;
const LETTERS = 11; // of a name beside its bar; the tooltip of the row has the whole

/**
 * @param {string[]} classes
 * @returns {{root: HTMLElement, show: (values: Float32Array, label: number) => void, lay: (width: number) => void}}
 */
export function createBars(classes) {
  const columns = classes.map((name) => {
    const value = el("span", { class: "gt-bars-value" });
    const fill = el("span", {});
    const column = el("div", { class: "gt-bars-column", role: "listitem" },
      value, el("span", { class: "gt-bars-bar", "aria-hidden": "true" }, fill), el("span", { class: "gt-bars-name" }, middle(name, LETTERS))); // prettier-ignore
    return { column, value, fill };
  });
  const root = el(
    "div",
    { class: "gt-bars", role: "list", "aria-label": "Probabilities" },
    ...columns.map((one) => one.column),
  );
  return {
    root,
    /** @param {number} width px of a column */
    lay(width) {
      root.style.setProperty("--gt-column", `${width}px`);
      root.classList.toggle("gt-bars-narrow", width < 26);
    },
    show(values, label) {
      const most = Math.max(...values);
      columns.forEach(({ column, value, fill }, c) => {
        fill.style.height = `${(100 * values[c]).toFixed(2)}%`;
        value.textContent = shareText(values[c]);
        column.classList.toggle("gt-bars-said", values[c] === most);
        column.classList.toggle("gt-bars-true", c === label);
        column.title = `${classes[c]}: ${percent(values[c])}${c === label ? ", its true class" : ""}`;
      });
    },
  };
}

/**
 * The same as rows, for where there is little room: the likeliest few of many classes.
 *
 * @param {string[]} classes @param {Float32Array} values @param {number} label
 */
export function barRows(classes, values, label) {
  const order = [...values.keys()];
  const rows = order.length <= MOST_ROWS ? order : order.sort((a, b) => values[b] - values[a]).slice(0, MOST_ROWS);
  const most = Math.max(...values);
  const list = rows.map((c) => {
    const kind = `gt-bar-row${values[c] === most ? " gt-bars-said" : ""}${c === label ? " gt-bars-true" : ""}`;
    return el("li", { class: kind, title: `${classes[c]}: ${percent(values[c])}${c === label ? ", its true class" : ""}` },
      el("span", { class: "gt-bars-name" }, middle(classes[c], LETTERS)),
      el("span", { class: "gt-bar-rail" }, el("span", { style: `width:${(100 * values[c]).toFixed(2)}%` })),
      el("span", { class: "gt-bars-value" }, shareText(values[c]))); // prettier-ignore
  });
  return el("ul", { class: "gt-bar-rows", "data-gt-part": "said" }, ...list);
}

/** @param {number} share 0..1 @returns {string} percent without its sign */
const shareText = (share) => (share < 0.0005 ? "0" : percent(share).replace(" %", ""));

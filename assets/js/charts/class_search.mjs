// @ts-check
/** A list of all classes with a search, for pages whose charts show some of them: how many of each are right, and a press selects its points. */

import { el, percent } from "../core/dom.mjs";
import { howOf } from "../core/keys.mjs";
import { createLongList, search } from "../core/long_list.mjs";
import { middle } from "../core/names.mjs";

const ROW = 29; // px
const LETTERS = 48; // of a name

/**
 * @param {HTMLElement} box
 * @param {readonly string[]} classes
 * @param {(c: number, how: ReturnType<typeof howOf>) => void} choose a class, and what a held key makes of it
 * @param {string} unit what the run is recorded by
 */
export function createClassSearch(box, classes, choose, unit) {
  const field = el("input", {
    type: "search", class: "form-control form-control-sm", placeholder: `Find one of ${classes.length.toLocaleString("en")} classes`,
    "aria-label": "Search the classes", autocomplete: "off", spellcheck: false, oninput: () => find(),
  }); // prettier-ignore
  const told = el("p", { class: "gt-hint", role: "status" });
  const scroll = el("div", { class: "gt-class-list" });
  box.replaceChildren(field, told, scroll);
  /** @type {number[]} */
  let listed = [];
  /** @type {Float64Array} share of each class that is right; not a number for no points */
  let right = new Float64Array(classes.length).fill(NaN);
  const list = createLongList(scroll, {
    height: ROW,
    label: "Classes",
    make(at) {
      const c = listed[at];
      const said = Number.isNaN(right[c]) ? "no points" : `${percent(right[c])} right`;
      const button = el(
        "button",
        { type: "button", class: "gt-legend-entry", title: `Select the points of ${classes[c]} (Shift adds, Alt subtracts)`, onclick: (/** @type {MouseEvent} */ event) => choose(c, howOf(event)) },
        el("span", { class: "gt-legend-name" }, middle(classes[c], LETTERS)),
        el("span", { class: "gt-legend-right" }, said),
      ); // prettier-ignore
      return el("div", { class: "gt-legend-row" }, button);
    },
  });

  function find() {
    const found = search(classes, field.value.trim());
    const key = (/** @type {number} */ c) => (Number.isNaN(right[c]) ? 2 : right[c]);
    listed = found.sort((a, b) => key(a) - key(b) || a - b);
    list.show(listed.length);
    told.textContent = listed.length ? `${listed.length.toLocaleString("en")} classes, least often right at this ${unit} first` : "No class is called so."; // prettier-ignore
  }

  return {
    /** @param {Float64Array} shares (k,), of each class's points that are right; not a number for no points */
    show(shares) {
      right = shares;
      find();
    },
  };
}

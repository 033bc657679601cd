// @ts-check
/** What a legend does when a class is clicked, and the row of one class: its colour and name, and the number of its points. */

import { count, el } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";
import { onPointed } from "../core/pointed.mjs";

const DOUBLE = 320; // ms between two clicks that make a double click
const LETTERS = 60; // of a name; the row cuts off what does not fit

/**
 * @typedef {object} Given
 * @property {string[]} classes names of the groups @property {(c: number) => string} color of each, as it is now
 * @property {(c: number) => string} word what each is: "class" or "group"
 * @property {(c: number|null) => void} preview
 * @property {() => ReadonlySet<number>} hidden
 * @property {(hidden: Set<number>) => void} hide
 * @property {(c: number, how: import("./gestures.mjs").How|null) => void} select a class's points; null where no key says how
 * @property {number} [letters] of a name at most
 *
 * @typedef {object} LegendRow
 * @property {HTMLElement} row
 * @property {(total: number, chosen: number|null, right?: string) => void} say how many points there are, and of them selected; null without a selection
 */

/** @param {Given} given @returns {(c: number) => LegendRow} */
export function createRows({ classes, color, word, preview, hidden, hide, select, letters = LETTERS }) {
  let clicked = -1;
  let when = 0;
  /** @type {Set<number>} what was hidden before the first of two clicks */
  let before = new Set();

  /** @param {number} c @param {number} now */
  function click(c, now) {
    if (clicked === c && now - when < DOUBLE) {
      const alone = classes.every((_, other) => before.has(other) === (other !== c));
      clicked = -1;
      return hide(alone ? new Set() : new Set(classes.map((_, other) => other).filter((other) => other !== c)));
    }
    [clicked, when, before] = [c, now, new Set(hidden())];
    const after = new Set(before);
    if (!after.delete(c)) after.add(c);
    hide(after);
  }

  return (c) => {
    const number = el("button", { type: "button", class: "gt-legend-count" });
    number.addEventListener("click", (event) => select(c, event.shiftKey ? "add" : event.altKey ? "subtract" : null));
    const how = "Click: hide or show. Double click: only this.";
    const short = middle(classes[c], letters);
    const swatch = el("span", { class: "gt-swatch", style: `--gt-color:${color(c)}` });
    const entry = el(
      "button",
      { type: "button", class: "gt-legend-entry", title: short === classes[c] ? how : `${classes[c]}. ${how}` },
      swatch,
      el("span", { class: "gt-legend-name" }, short),
    );
    entry.addEventListener("click", (event) => click(c, event.timeStamp));
    entry.addEventListener("focus", () => entry.matches(":focus-visible") && preview(c));
    entry.addEventListener("blur", () => preview(null));
    const share = el("span", { class: "gt-legend-right", hidden: true });
    const row = el("div", { class: "gt-legend-row" }, entry, share, number);
    onPointed(
      row,
      () => preview(c),
      () => preview(null),
    );
    let said = "";
    return {
      row,
      say(total, chosen, right = "") {
        const off = hidden().has(c);
        const now = [color(c), off, right, word(c), chosen, total].join();
        if (now === said) return; // most rows, most of the time: nothing is written, and nothing laid out anew
        said = now;
        swatch.style.setProperty("--gt-color", color(c));
        entry.setAttribute("aria-pressed", String(!off));
        entry.classList.toggle("gt-off", off);
        share.hidden = !right;
        share.textContent = right;
        const points = total === 1 ? "the 1 point" : `the ${count(total)} points`;
        const what = `Select ${points} of ${word(c)} ${classes[c]}`;
        number.title = `${what} (Shift adds, Alt subtracts)`;
        number.setAttribute("aria-label", what);
        number.textContent = chosen === null ? count(total) : `${count(chosen)} / ${count(total)}`;
        const told = chosen === null ? `${total} points` : `${chosen} of ${total} points selected`;
        entry.setAttribute("aria-label", `${classes[c]}: ${told}${right ? `, ${right}` : ""}`);
      },
    };
  };
}

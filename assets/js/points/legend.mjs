// @ts-check
/**
 * The legend: one entry a class, or another group. Hovering brings a class out, a click on its name hides or shows it, a
 * double click shows it alone (again: all). The number says how many of its points there are, or are
 * selected; a click on it selects them (Shift adds, Alt subtracts).
 */

import { count, el } from "../core/dom.mjs";
import { COLORINGS } from "./colorings.mjs";

const DOUBLE = 320; // ms between two clicks that make a double click

/**
 * @param {HTMLElement} box
 * @param {object} given
 * @param {string[]} given.classes names of the groups @param {string[]} given.colors of each
 * @param {(c: number|null) => void} given.preview
 * @param {() => ReadonlySet<number>} given.hidden
 * @param {(hidden: Set<number>) => void} given.hide
 * @param {(c: number, how: import("./gestures.mjs").How|null) => void} given.select a class's points; null where no key says how
 */
export function createLegend(box, { classes, colors, preview, hidden, hide, select }) {
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

  const counts = classes.map((_, c) => {
    const button = el("button", { type: "button", class: "gt-legend-count" });
    button.addEventListener("click", (event) => select(c, event.shiftKey ? "add" : event.altKey ? "subtract" : null));
    return button;
  });
  const entries = classes.map((name, c) => {
    const entry = el(
      "button",
      { type: "button", class: "gt-legend-entry", title: "Click: hide or show. Double click: only this." },
      el("span", { class: "gt-swatch", style: `--gt-color:${colors[c]}` }),
      el("span", { class: "gt-legend-name" }, name),
    );
    entry.addEventListener("click", (event) => click(c, event.timeStamp));
    entry.addEventListener("focus", () => entry.matches(":focus-visible") && preview(c));
    entry.addEventListener("blur", () => preview(null));
    return entry;
  });
  const rows = entries.map((entry, c) => {
    const row = el("div", { class: "gt-legend-row" }, entry, counts[c]);
    row.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") preview(c);
    });
    row.addEventListener("pointerleave", () => preview(null));
    return row;
  });
  const heading = el("div", { class: "gt-legend-heading" }, "selected / all");
  box.replaceChildren(heading, ...rows);

  return {
    /** @param {number[]} totals points a class @param {number[]|null} chosen selected of them; null without a selection */
    show(totals, chosen) {
      heading.style.visibility = chosen ? "visible" : "hidden";
      entries.forEach((entry, c) => {
        const off = hidden().has(c);
        entry.setAttribute("aria-pressed", String(!off));
        entry.classList.toggle("gt-off", off);
        const points = totals[c] === 1 ? "the 1 point" : `the ${count(totals[c])} points`;
        const what = `Select ${points} of class ${classes[c]}`;
        counts[c].title = `${what} (Shift adds, Alt subtracts)`;
        counts[c].setAttribute("aria-label", what);
        counts[c].textContent = chosen ? `${count(chosen[c])} / ${count(totals[c])}` : count(totals[c]);
        entry.setAttribute(
          "aria-label",
          `${classes[c]}: ${chosen ? `${chosen[c]} of ${totals[c]} points selected` : `${totals[c]} points`}`,
        );
      });
    },
  };
}

/**
 * What the colours mean when they are not those of the legend.
 *
 * @param {HTMLElement} box
 * @param {import("./colorings.mjs").ColorBy} by
 */
export function showKey(box, by) {
  const { key } = COLORINGS[by];
  box.hidden = key === null;
  box.replaceChildren(...(key ? partsOf(key) : []));
}

/** @param {import("./colorings.mjs").Key} key @returns {(Node|string)[]} */
function partsOf(key) {
  if ("text" in key) return [key.text];
  if ("swatches" in key)
    return key.swatches.map(([color, text]) =>
      el("span", { class: "gt-key-entry" }, el("span", { class: "gt-swatch", style: `--gt-color:${color}` }), text),
    );
  const [low, high] = key.ends;
  const ramp = el("span", { class: "gt-ramp", style: `background:linear-gradient(90deg,${key.ramp.join(",")})` });
  return [low, ramp, high];
}

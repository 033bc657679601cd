// @ts-check
/** Comparisons that have a name: a button each, the sentence that says what to see, and buttons for the classes that it is about. */

import { el } from "../core/dom.mjs";

/** @typedef {import("../payloads.mjs").PresetOf} Preset */

/**
 * @param {HTMLElement} box @param {HTMLElement} text
 * @param {Preset[]} presets @param {Preset|null} now the one whose columns are shown
 * @param {(preset: Preset) => void} choose
 */
export function showPresets(box, text, presets, now, choose) {
  const chips = presets.map((one) => {
    const pressed = String(one === now);
    const chip = el("button", { type: "button", class: "gt-chip gt-chip-part", "aria-pressed": pressed }, one.name);
    chip.addEventListener("click", () => choose(one));
    return chip;
  });
  box.replaceChildren(...chips);
  text.textContent = now?.text ?? "";
  text.hidden = now === null;
}

/**
 * @param {HTMLElement} box @param {string[]} names of classes @param {string[]} classes of the run
 * @param {(c: number, add: boolean, off: boolean) => void} select
 */
export function showHighlights(box, names, classes, select) {
  const chips = names.map((name) => {
    const c = classes.indexOf(name);
    const title = `Select the points of ${name} (Shift: too)`;
    const chip = el(
      "button",
      { type: "button", class: "gt-chip gt-chip-part", title, "aria-pressed": "false", "data-gt-class": String(c) },
      name,
    );
    chip.addEventListener("click", (event) => select(c, event.shiftKey, chip.getAttribute("aria-pressed") === "true"));
    return chip;
  });
  box.replaceChildren(...(chips.length ? [el("span", { class: "gt-tools-label" }, "Select"), ...chips] : []));
}

/** Say which of them are selected as a whole. @param {HTMLElement} box @param {number[]} totals @param {number[]} counts */
export function markHighlights(box, totals, counts) {
  for (const button of box.querySelectorAll("button")) {
    const c = Number(button.dataset.gtClass);
    button.setAttribute("aria-pressed", String(counts[c] > 0 && counts[c] === totals[c]));
  }
}

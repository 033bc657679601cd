// @ts-check
/** The controls below small figures: a choice of a few, and fields for numbers. */

import { el } from "../core/dom.mjs";

const MOST = 3; // the largest entry: beyond it pictures would shrink to a dot

/**
 * Buttons of which one is pressed.
 *
 * @template T
 * @param {string} label @param {[string, T][]} options the first is pressed @param {(value: T) => void} changed
 */
export function createChoice(label, options, changed) {
  const buttons = options.map(([name, value], i) =>
    el(
      "button",
      {
        type: "button",
        class: "btn btn-sm gt-button",
        "aria-pressed": String(i === 0),
        onclick: () => choose(i, value),
      },
      name,
    ),
  );
  /** @param {number} chosen @param {T} value */
  function choose(chosen, value) {
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === chosen)));
    changed(value);
  }
  return el(
    "div",
    { class: "gt-choice" },
    el("span", { "aria-hidden": "true" }, label),
    el("div", { class: "gt-segments", role: "group", "aria-label": label }, ...buttons),
  );
}

/**
 * Read what was typed.
 *
 * @param {string} text
 * @returns {number|null} null for anything but a number that can be drawn; either minus sign will do
 */
export function readEntry(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain)) return null;
  const value = Number(plain);
  return Math.abs(value) <= MOST ? value : null;
}

/** @param {number} x @param {number} digits */
export const written = (x, digits = 2) => String(Number(x.toFixed(digits)) || 0).replace("-", "−");

/**
 * Fields for the numbers of a figure; what cannot be drawn is refused, and the figure stays as it was.
 *
 * @param {string[]} names one a field, read aloud
 * @param {(entries: number[]) => void} changed every field holds a number
 * @param {string} before what is still shown while a field holds none
 */
export function createEntries(names, changed, before = "the matrix before") {
  const fields = names.map((name) =>
    el("input", {
      type: "text",
      inputMode: "decimal",
      class: "form-control form-control-sm",
      autocomplete: "off",
      "aria-label": name,
    }),
  );
  const problem = el("p", { class: "gt-matrix-problem", role: "alert" });
  for (const field of fields) {
    field.addEventListener("input", take);
    field.addEventListener("keydown", (event) => event.stopPropagation()); // digits and arrows are for the field
  }

  function take() {
    const entries = fields.map((field) => readEntry(field.value));
    fields.forEach((field, i) => field.setAttribute("aria-invalid", String(entries[i] === null)));
    const wrong = entries.indexOf(null);
    problem.textContent =
      wrong < 0
        ? ""
        : `${fields[wrong].value.trim() ? `“${fields[wrong].value.trim()}”` : "An empty field"} is not a number from −${MOST} to ${MOST}; the picture still shows ${before}.`;
    if (wrong < 0) changed(/** @type {number[]} */ (entries));
  }

  return {
    fields,
    problem,
    /** @param {number[]} entries */
    fill(entries) {
      fields.forEach((field, i) => (field.value = written(entries[i])));
      take();
    },
  };
}

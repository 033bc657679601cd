// @ts-check
/** The controls below small figures: a slider that says its value in words, a choice of a few, and fields for numbers. */

import { el } from "../core/dom.mjs";

const MOST = 3; // the largest entry: beyond it pictures would shrink to a dot

/**
 * A slider with its name before it and its value behind it.
 *
 * @param {object} how
 * @param {string} how.label
 * @param {number} how.least @param {number} how.most @param {number} how.step @param {number} how.value
 * @param {(value: number) => string} how.said
 * @param {(value: number) => void} how.changed
 */
export function createRange({ label, least, most, step, value, said, changed }) {
  const slider = el("input", { type: "range", class: "form-range gt-range", "aria-label": label });
  Object.assign(slider, { min: String(least), max: String(most), step: String(step), value: String(value) });
  const output = el("output", {});
  const say = () => {
    output.textContent = said(Number(slider.value));
    slider.setAttribute("aria-valuetext", output.textContent);
  };
  slider.addEventListener("input", () => {
    say();
    changed(Number(slider.value));
  });
  slider.addEventListener("keydown", (event) => event.stopPropagation()); // arrows are for the slider
  say();
  return {
    element: el("div", { class: "gt-slider" }, el("span", { "aria-hidden": "true" }, label), slider, output),
    /** Go to a value, within limits that may be new. @param {number} to @param {number} [limit] */
    set(to, limit = Number(slider.max)) {
      slider.max = String(limit);
      slider.value = String(to);
      say();
    },
    say,
    get value() {
      return Number(slider.value);
    },
  };
}

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

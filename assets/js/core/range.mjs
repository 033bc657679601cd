// @ts-check
/** A slider that says its value in words. */

import { el } from "./dom.mjs";

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

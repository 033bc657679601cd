// @ts-check
/** Fields of the dialog in which a picture or a video is chosen: each says what it is, and hears of changes. */

import { el } from "../core/dom.mjs";

let made = 0; // fields, which their labels know by number

/** A field and what it is called. @param {string} text @param {HTMLElement} field */
export function labelled(text, field) {
  field.id = `gt-take-${++made}`;
  return el("div", { class: "gt-take-field" }, el("label", { htmlFor: field.id }, text), field);
}

/** Fields of one question. @param {string} legend @param {...(HTMLElement|null)} fields */
export const fieldset = (legend, ...fields) =>
  el("fieldset", { class: "gt-take-set" }, el("legend", {}, legend), ...fields);

/** @param {number} value @param {{min: number, max: number, step: number|"any", label?: string}} range */
export function numberField(value, { min, max, step, label }) {
  const field = el("input", { type: "number", class: "form-control form-control-sm", value: String(value), min: String(min), max: String(max), step: String(step) }); // prettier-ignore
  if (label) field.setAttribute("aria-label", label);
  return field;
}

/** @param {readonly (readonly [string, string])[]} choices value and text @param {string} value @param {string} [label] */
export function selectField(choices, value, label) {
  const field = el(
    "select",
    { class: "form-select form-select-sm" },
    ...choices.map(([one, text]) => el("option", { value: one, selected: one === value }, text)),
  );
  if (label) field.setAttribute("aria-label", label);
  return field;
}

/** @param {string} text @param {boolean} checked */
export function checkField(text, checked) {
  const box = el("input", { type: "checkbox", class: "form-check-input", checked });
  return { box, row: el("label", { class: "gt-take-check" }, box, el("span", {}, text)) };
}

/** One of a few: buttons beside each other. @param {string} label @param {readonly (readonly [string, string])[]} choices @param {string} value @param {(value: string) => void} changed */
export function segments(label, choices, value, changed) {
  let now = value;
  const buttons = choices.map(([one, text]) => {
    const button = el("button", { type: "button", class: "btn btn-sm gt-button", "aria-pressed": String(one === now) }, el("span", {}, text)); // prettier-ignore
    button.addEventListener("click", () => show(one));
    return button;
  });
  const show = (/** @type {string} */ one) => {
    now = one;
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(choices[i][0] === one)));
    changed(one);
  };
  const box = el("div", { class: "gt-segments", role: "group", "aria-label": label }, ...buttons);
  return {
    box,
    show,
    get value() {
      return now;
    },
  };
}

/** What is on a sheet, and its ground. @param {import("./look.mjs").Chosen} chosen @param {{selected: number, transparent: boolean}} given */
export function lookFields(chosen, { selected, transparent }) {
  const grounds = /** @type {[string, string][]} */ ([
    ["white", "White"],
    ["screen", "As on the screen"],
    ...(transparent ? [["none", "Transparent"]] : []),
  ]);
  const ground = selectField(grounds, chosen.ground);
  const caption = checkField("Caption", chosen.caption);
  const legend = checkField("Legend", chosen.legend);
  const names = checkField("Handles, groups, names", chosen.names);
  const rings = checkField("Rings around selected points", chosen.rings && selected > 0);
  rings.box.disabled = !selected;
  const dots = numberField(chosen.dots, { min: 0.25, max: 5, step: 0.25 });
  return {
    rows: [
      el("div", { class: "gt-take-line" }, labelled("Ground", ground), labelled("Points ×", dots)),
      el("div", { class: "gt-take-checks" }, caption.row, legend.row, names.row, rings.row),
    ],
    /** @returns {import("./look.mjs").Chosen} */
    read: () => ({
      ground: /** @type {import("./look.mjs").Ground} */ (ground.value),
      caption: caption.box.checked,
      legend: legend.box.checked,
      names: names.box.checked,
      rings: rings.box.checked,
      dots: Math.min(5, Math.max(0.25, Number(dots.value) || 1)),
    }),
  };
}

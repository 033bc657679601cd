// @ts-check
/** A 2 × 2 matrix that the reader types, the layer that it is, drawn both ways, and its singular values. */

import { el } from "../core/dom.mjs";
import { math } from "./formula.mjs";
import { createNegation, svd2 } from "./negation.mjs";

const MOST = 3; // the largest entry: beyond it the picture would shrink to a dot
const PLACES = ["first row, first", "first row, second", "second row, first", "second row, second"];

/** Layers to begin with. @type {[string, number[]][]} */
const LAYERS = [
  ["Negate", [-1, 0, 0, -1]],
  ["Turn", [0.5, 0.87, -0.87, 0.5]],
  ["Turn and scale", [0.6, 1.2, -0.9, 0.5]],
  ["Mirror", [0, 1, 1, 0]],
  ["Flatten", [1, 0.5, 0.5, 0.25]],
]; // prettier-ignore

/** @typedef {import("./negation.mjs").Matrix} Matrix */

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

/** M = U Σ Vᵀ in numbers, in the notation of formula.mjs. @param {Matrix} m */
export function decomposition(m) {
  const { u, sigma, v } = svd2(m);
  const digits = (/** @type {Matrix} */ [[a, b], [c, d]]) =>
    `[${[a, b].map((x) => written(x)).join(", ")}; ${[c, d].map((x) => written(x)).join(", ")}]`;
  const transposed = [[v[0][0], v[1][0]], [v[0][1], v[1][1]]]; // prettier-ignore
  return `M = ${digits(u)} ${digits([[sigma[0], 0], [0, sigma[1]]])} ${digits(transposed)}`; // prettier-ignore
}

/**
 * @param {HTMLElement} box for the fields
 * @param {HTMLElement} picture for the layer
 */
export function createMatrixEditor(box, picture) {
  /** @type {Matrix} */
  let matrix = [[-1, 0], [0, -1]]; // prettier-ignore
  let layer = createNegation(picture, matrix);
  const fields = PLACES.map((place) =>
    el("input", {
      type: "text",
      inputMode: "decimal",
      class: "form-control form-control-sm",
      autocomplete: "off",
      "aria-label": `Entry of M, ${place}`,
    }),
  );
  const problem = el("p", { class: "gt-matrix-problem", role: "alert" });
  const product = el("div", { class: "gt-formula gt-product" });
  const buttons = LAYERS.map(([name, entries]) =>
    el("button", { type: "button", class: "btn btn-sm gt-button", onclick: () => fill(entries) }, name),
  );
  box.replaceChildren(
    el("div", { class: "gt-group gt-matrix-layers", role: "group", "aria-label": "Layers to begin with" }, ...buttons),
    el(
      "div",
      { class: "gt-matrix-fields" },
      el("span", { class: "gt-matrix-name" }, "M ="),
      el("div", { class: "gt-matrix-entries" }, ...fields),
    ),
    problem,
    product,
  );
  for (const field of fields) {
    field.addEventListener("input", take);
    field.addEventListener("keydown", (event) => event.stopPropagation()); // digits and arrows are for the field
  }

  /** @param {number[]} entries */
  function fill(entries) {
    fields.forEach((field, i) => (field.value = written(entries[i])));
    take();
  }

  /** Draw what the fields say, if it can be drawn; else say what cannot, and leave the picture. */
  function take() {
    const entries = fields.map((field) => readEntry(field.value));
    fields.forEach((field, i) => field.setAttribute("aria-invalid", String(entries[i] === null)));
    const wrong = entries.indexOf(null);
    problem.textContent =
      wrong < 0
        ? ""
        : `${fields[wrong].value.trim() ? `“${fields[wrong].value.trim()}”` : "An empty field"} is not a number from −${MOST} to ${MOST}; the picture still shows the matrix before.`;
    if (wrong >= 0) return;
    const [a, b, c, d] = /** @type {number[]} */ (entries);
    matrix = [[a, b], [c, d]]; // prettier-ignore
    show();
  }

  function show() {
    layer = createNegation(picture, matrix);
    product.replaceChildren(math(decomposition(matrix)));
  }

  fill(LAYERS[2][1]);
  return {
    /** For tests. */
    inspect: () => ({ matrix: matrix.flat(), ...layer.inspect() }),
  };
}

// @ts-check
/** A 2 × 2 matrix that the reader types, the layer that it is, drawn both ways, and its singular values. */

import { el } from "../core/dom.mjs";
import { createEntries, written } from "./controls.mjs";
import { math } from "./formula.mjs";
import { createNegation, svd2 } from "./negation.mjs";

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

/** Rows of numbers, in the notation of formula.mjs. @param {Matrix} m */
export const digits = (m) => `[${m.map((row) => row.map((x) => written(x)).join(", ")).join("; ")}]`;

/** M = U Σ Vᵀ in numbers, in the notation of formula.mjs. @param {Matrix} m */
export function decomposition(m) {
  const { u, sigma, v } = svd2(m);
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
  const { fields, problem, fill } = createEntries(
    PLACES.map((place) => `Entry of M, ${place}`),
    ([a, b, c, d]) => {
      matrix = [[a, b], [c, d]]; // prettier-ignore
      show();
    },
  );
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

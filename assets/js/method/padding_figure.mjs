// @ts-check
/** A layer from p to r values as cells: zeros make its matrix square, and its points as wide before it as behind it. */

import { normals } from "../tour/random.mjs";
import { part } from "../core/dom.mjs";
import { svg } from "../core/svg.mjs";
import { drawCells, sizeOf } from "./cells.mjs";
import { createRange } from "../core/range.mjs";
import { written } from "./controls.mjs";
import { farthest, product, singular } from "./linear.mjs";
import { padded } from "./padded.mjs";

const MOST = 6; // values on either side
const POINTS = 4;
const CELL = 20; // units of the picture
const BETWEEN = 44; // units between two matrices
const [WIDTH, HEIGHT] = [3 * MOST * CELL + 2 * BETWEEN + 8, MOST * CELL + 44];

/** @param {HTMLElement} box with the picture, the controls and a line of text */
export function createPadding(box) {
  const points = normals(6, 0, POINTS * MOST);
  const weights = normals(7, 0, MOST * MOST);
  const [figure, said] = [part(box, "figure"), part(box, "said")];
  const range = (/** @type {string} */ label, /** @type {number} */ value) =>
    createRange({ label, least: 1, most: MOST, step: 1, value, said: String, changed: draw });
  const [before, behind] = [range("Before: p", 3), range("Behind: r", 5)];
  part(box, "controls").replaceChildren(before.element, behind.element);

  /** The first rows and columns of a larger matrix. @param {Float64Array} m @param {number} rows @param {number} columns */
  const corner = (m, rows, columns) =>
    Float64Array.from({ length: rows * columns }, (_, at) => m[Math.floor(at / columns) * MOST + (at % columns)]);

  function draw() {
    const [p, r] = [before.value, behind.value];
    const k = Math.max(p, r);
    const [x, m] = [corner(points, POINTS, p), corner(weights, p, r)];
    const y = product(x, POINTS, p, m, r);
    const wide = padded(x, POINTS, p, POINTS, k);
    const square = padded(m, p, r, k, k);
    const behindAll = product(wide, POINTS, k, square, k);
    const error = farthest(behindAll, padded(y, POINTS, r, POINTS, k));
    const { sigma } = singular(square, k, k);
    const block = (/** @type {string} */ name, /** @type {ArrayLike<number>} */ values, /** @type {number} */ rows, /** @type {[number, number]} */ real) => ({ name, values, rows, real }); // prettier-ignore
    const blocks = [
      block("X", wide, POINTS, [POINTS, p]),
      block("M", square, k, [p, r]),
      block("Y", behindAll, POINTS, [POINTS, r]),
    ];
    const drawn = blocks.map(({ name, values, rows, real }, i) => {
      const left = (WIDTH - 3 * k * CELL - 2 * BETWEEN) / 2 + i * (k * CELL + BETWEEN);
      const top = 10 + ((MOST - rows) * CELL) / 2;
      const filling = (/** @type {number} */ row, /** @type {number} */ column) => row >= real[0] || column >= real[1];
      const cells = { values, rows, columns: k, cell: CELL, x: left, y: top, limit: sizeOf(values), filling };
      const size = `${name}: ${real[0]} × ${real[1]}${real[1] < k || real[0] < rows ? ", filled up" : ""}`;
      return [
        drawCells(cells),
        svg("text", { class: "gt-cells-name", x: left + (k * CELL) / 2, y: HEIGHT - 8, "text-anchor": "middle" }, size),
        svg("text", { class: "gt-cells-sign", x: left - BETWEEN / 2, y: 10 + (MOST * CELL) / 2 + 7, "text-anchor": "middle" }, ["", "·", "="][i]),
      ]; // prettier-ignore
    });
    figure.replaceChildren(
      svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `X, M and Y, filled up to ${k} values` }, ...drawn.flat()),
    ); // prettier-ignore
    const values = Array.from(sigma, (value) => written(value)).join(", ");
    said.textContent = `k = ${k}. The points behind the layer are what they were (largest difference ${written(error, 6)}). Singular values of the square matrix: ${values}.`;
  }

  draw();
}

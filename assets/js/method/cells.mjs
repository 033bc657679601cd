// @ts-check
/** A small matrix as coloured cells: zero is neutral, and the larger an entry the stronger its colour, one above and another below. */

import { svg } from "../core/svg.mjs";
import { written } from "./controls.mjs";

/** The colour of a value; it follows the page's theme by itself. @param {number} value @param {number} limit the size of the largest */
export function cellColor(value, limit) {
  const share = Math.round(100 * Math.min(1, Math.abs(value) / (limit || 1)));
  return `color-mix(in srgb, var(--gt-heat-${value < 0 ? "low" : "high"}) ${share}%, var(--gt-heat-zero))`;
}

/**
 * @param {object} what
 * @param {ArrayLike<number>} what.values (rows, columns), row-major
 * @param {number} what.rows @param {number} what.columns
 * @param {number} what.cell units of a cell
 * @param {number} [what.x] of its left @param {number} [what.y] of its top
 * @param {number} what.limit the size of the largest value
 * @param {boolean} [what.sparse] one neutral ground, and no cell where an entry is zero
 * @param {boolean} [what.numbers] written in the cells
 * @param {(row: number, column: number) => boolean} [what.filling] whether a cell is only there to fill
 */
export function drawCells({ values, rows, columns, cell, x = 0, y = 0, limit, sparse, numbers, filling }) {
  const group = svg("g", { class: "gt-cells" });
  if (sparse) {
    const ground = svg("rect", { x, y, width: columns * cell, height: rows * cell });
    ground.style.fill = cellColor(0, 1);
    group.append(ground);
  }
  const gap = sparse ? 0 : cell * 0.06;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column];
      if (sparse && !value) continue;
      const [left, top] = [x + column * cell, y + row * cell];
      const rect = svg("rect", { x: left + gap, y: top + gap, width: cell - 2 * gap, height: cell - 2 * gap });
      if (filling?.(row, column)) rect.setAttribute("class", "gt-filling");
      else rect.style.fill = cellColor(value, limit);
      group.append(rect);
      if (numbers) {
        const strong = Math.abs(value) > 0.62 * limit;
        group.append(
          svg(
            "text",
            {
              x: left + cell / 2,
              y: top + 0.64 * cell,
              "text-anchor": "middle",
              class: strong ? "gt-cell-strong" : "gt-cell-text",
            },
            written(value, 1),
          ),
        );
      }
    }
  }
  return group;
}

/** A frame around a block of cells. @param {number} x @param {number} y @param {number} width @param {number} height */
export const drawFrame = (x, y, width, height) => svg("rect", { class: "gt-cell-frame", x, y, width, height });

/** The size of the largest value. @param {ArrayLike<number>} values */
export const sizeOf = (values) => Math.max(...Array.from(values, Math.abs), 1e-9);

// @ts-check
/** Max-pooling of a small image in the axes of average-pooling: its numbers to edit, and each window on its way from average to maximum. */

import { el, part } from "../core/dom.mjs";
import { set, svg } from "../core/svg.mjs";
import { drawCells } from "./cells.mjs";
import { createRange } from "../core/range.mjs";
import { createEntries, written } from "./controls.mjs";
import { averageBasis, pooled, windows } from "./pooling.mjs";

const SIDE = 4;
const SIZE = 2;
const LIMIT = 3; // the largest number that can be typed
const IMAGE = [0.2, 1.4, 0, -0.8, 2.6, 0.6, 0.4, 0, 1, 1, -1.5, 0.5, 1, 1, 2.2, -0.4];
const [LEFT, RIGHT, LINE] = [26, 334, 46]; // units of the picture: ends of the number lines, and from one to the next

/** @param {HTMLElement} box with its pictures, controls and a line of text */
export function createPooling(box) {
  const all = windows(SIDE, SIZE);
  let image = IMAGE;
  const names = IMAGE.map((_, i) => `Row ${Math.floor(i / SIDE) + 1}, column ${(i % SIDE) + 1}`);
  const { fields, problem, fill } = createEntries(
    names,
    (entries) => {
      image = entries;
      draw();
    },
    "the numbers before",
  );
  fields.forEach((field, i) => field.classList.add(`gt-window-${all.findIndex((one) => one.includes(i)) + 1}`));
  const time = createRange({
    label: "From average to maximum", least: 0, most: 1, step: 0.02, value: 0.5, changed: draw,
    said: (t) => (t === 0 ? "the average" : t === 1 ? "the maximum" : `${Math.round(100 * t)} %`),
  }); // prettier-ignore
  part(box, "grid").replaceChildren(
    el("div", { class: "gt-matrix-entries gt-pool-entries" }, ...fields),
    problem,
    time.element,
  );
  const said = part(box, "said");
  const x = (/** @type {number} */ value) => LEFT + ((value + LIMIT) / (2 * LIMIT)) * (RIGHT - LEFT);
  const lines = all.map((_, j) => makeLine(j));
  part(box, "lines").replaceChildren(
    svg(
      "svg",
      { viewBox: `0 0 360 ${all.length * LINE + 8}`, role: "img", "aria-label": "For each window its numbers, their average and their maximum on a line" },
      ...lines.map(({ group }) => group),
    ),
  ); // prettier-ignore
  const { left, sigma } = averageBasis(SIDE, SIZE);
  const cell = 10;
  part(box, "basis").replaceChildren(
    svg(
      "svg",
      { viewBox: `${-cell} ${-cell} ${(all.length * (SIDE + 1) + 1) * cell} ${(SIDE + 2) * cell}`, role: "img", "aria-label": "The four columns of U, each as an image: one window" },
      ...all.map((_, j) =>
        drawCells({
          values: Float64Array.from({ length: SIDE * SIDE }, (_, i) => left[i * all.length + j]),
          rows: SIDE, columns: SIDE, cell, x: j * (SIDE + 1) * cell, limit: 1 / SIZE,
        }),
      ),
    ),
  ); // prettier-ignore

  /** @param {number} j */
  function makeLine(j) {
    const y = (j + 0.55) * LINE;
    const dots = all[j].map(() => svg("circle", { r: 4, cy: y, class: "gt-pool-value" }));
    const [average, largest] = [0, 1].map(() => svg("path", { class: "gt-pool-tick" }));
    const mark = svg("circle", { r: 6.5, cy: y, class: `gt-pool-mark gt-window-${j + 1}` });
    const text = svg("text", { y: y - 13, "text-anchor": "middle", class: "gt-pole-text" });
    const ground = svg("path", { class: "gt-pole-ground", d: `M${LEFT} ${y}H${RIGHT}` });
    const name = svg("text", { x: 4, y: y + 4, class: "gt-cells-name" }, String(j + 1));
    return {
      y,
      dots,
      average,
      largest,
      mark,
      text,
      group: svg("g", {}, ground, name, average, largest, ...dots, mark, text),
    };
  }

  function draw() {
    const found = pooled(image, SIDE, SIZE, time.value);
    lines.forEach(({ y, dots, average, largest, mark, text }, j) => {
      const one = found[j];
      dots.forEach((dot, i) => set(dot, { cx: x(image[all[j][i]]) }));
      set(average, { d: `M${x(one.average)} ${y - 8}V${y + 8}` });
      set(largest, { d: `M${x(one.largest)} ${y - 8}V${y + 8}` });
      set(mark, { cx: x(one.shown) });
      set(text, { x: x(one.shown) });
      text.textContent = written(one.shown);
    });
    const sums = all.map((_, j) => image.reduce((sum, value, i) => sum + value * left[i * all.length + j], 0));
    const list = (/** @type {number[]} */ values) => values.map((value) => written(value)).join(", ");
    said.textContent = `x U = (${list(sums)}); times σ = ${written(sigma)} that is the averages (${list(found.map(({ average }) => average))}). The maxima are (${list(found.map(({ largest }) => largest))}).`;
  }

  fill(IMAGE);
}

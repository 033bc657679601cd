// @ts-check
/** A convolution of a small image: its kernel to edit, the matrix that it is, and the singular values of that. */

import { el, part } from "../core/dom.mjs";
import { svg } from "../core/svg.mjs";
import { createBars } from "./bars.mjs";
import { drawCells, drawFrame, sizeOf } from "./cells.mjs";
import { createRange } from "../core/range.mjs";
import { createChoice, createEntries, written } from "./controls.mjs";
import { convolutionMatrix, convolve, met, sideOut } from "./convolution.mjs";
import { farthest, product, singular } from "./linear.mjs";

const SIDE = 6; // of the image
const SIZE = 3; // of the kernel
const ORDINALS = ["first", "second", "third"];
const UNIT = 10; // units of a cell of the matrix

/** A seven. @type {number[]} */
const IMAGE = [
  0, 0, 0, 0, 0, 0,
  0, 1, 1, 1, 1, 0,
  0, 0, 0, 0.6, 1, 0,
  0, 0, 0.3, 1, 0.3, 0,
  0, 0, 0.9, 0.6, 0, 0,
  0, 0, 1, 0.2, 0, 0,
]; // prettier-ignore

/** Kernels to begin with. @type {[string, number[]][]} */
const KERNELS = [
  ["Edge", [-1, 0, 1, -1, 0, 1, -1, 0, 1]],
  ["Blur", [0.1, 0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1]],
  ["Sharpen", [0, -0.5, 0, -0.5, 3, -0.5, 0, -0.5, 0]],
  ["Shift", [0, 0, 0, 1, 0, 0, 0, 0, 0]],
];

/** @typedef {import("./convolution.mjs").Convolution} Convolution */

/** The layer as a matrix, decomposed. @param {Convolution} how */
function decompose(how) {
  const outputs = sideOut(how) ** 2;
  const matrix = convolutionMatrix(how);
  return { outputs, matrix, ...singular(matrix, SIDE * SIDE, outputs) };
}

/** @param {HTMLElement} box with its pictures, controls and a line of text */
export function createConvolution(box) {
  /** @type {Convolution} */
  const how = { kernel: KERNELS[0][1], size: SIZE, side: SIDE, padding: 0, stride: 1 };
  let layer = decompose(how);
  const names = Array.from(
    { length: SIZE ** 2 },
    (_, i) => `Kernel, ${ORDINALS[Math.floor(i / SIZE)]} row, ${ORDINALS[i % SIZE]}`,
  );
  const { fields, problem, fill } = createEntries(names, (kernel) => change({ kernel }), "the kernel before");
  const buttons = KERNELS.map(([name, entries]) =>
    el("button", { type: "button", class: "btn btn-sm gt-button", onclick: () => fill(entries) }, name),
  );
  const place = createRange({
    label: "Output", least: 1, most: layer.outputs, step: 1, value: 6, said: (value) => `number ${value}`, changed: draw,
  }); // prettier-ignore
  const direction = createRange({
    label: "Singular value", least: 1, most: layer.outputs, step: 1, value: 1, said: (which) => `σ = ${written(layer.sigma[which - 1])}`, changed: draw,
  }); // prettier-ignore
  part(box, "kernel").replaceChildren(
    el("div", { class: "gt-group gt-matrix-layers", role: "group", "aria-label": "Kernels to begin with" }, ...buttons),
    el(
      "div",
      { class: "gt-matrix-fields" },
      el("span", { class: "gt-matrix-name", "aria-hidden": "true" }, "K ="),
      el("div", { class: "gt-matrix-entries gt-kernel-entries" }, ...fields),
    ),
    problem,
    el(
      "div",
      { class: "gt-choices" },
      createChoice("Padding", [["0", 0], ["1", 1]], (padding) => change({ padding })),
      createChoice("Stride", [["1", 1], ["2", 2]], (stride) => change({ stride })),
    ),
    place.element,
    direction.element,
  ); // prettier-ignore

  /** @param {Partial<Convolution>} settings */
  function change(settings) {
    Object.assign(how, settings);
    layer = decompose(how);
    for (const range of [place, direction]) range.set(Math.min(range.value, layer.outputs), layer.outputs);
    draw();
  }

  function draw() {
    const { matrix, outputs, sigma, left, right } = layer;
    const out = sideOut(how);
    const [j, i] = [place.value - 1, direction.value - 1];
    const [row, column] = [Math.floor(j / out), j % out];
    const y = product(IMAGE, 1, SIDE * SIDE, matrix, outputs);
    const corner = [column, row].map((at) => (at * how.stride - how.padding + 1) * UNIT);
    const window = drawFrame(corner[0], corner[1], SIZE * UNIT, SIZE * UNIT);
    drawMap(part(box, "image"), IMAGE, SIDE, 1, "The image, and the kernel’s place on it", window);
    const from = inset(out);
    const cell = drawFrame(from + column * UNIT, from + row * UNIT, UNIT, UNIT);
    drawMap(part(box, "output"), y, out, sizeOf(y), "What comes out", cell);
    const u = left.slice(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
    const v = right.slice(i * outputs, (i + 1) * outputs).map((value) => value * sigma[i]);
    const limit = Math.max(sizeOf(u), sizeOf(v));
    drawMap(part(box, "left"), u, SIDE, limit, "A left singular vector, as an image");
    drawMap(part(box, "right"), v, out, limit, "What the layer makes of it");
    drawMatrix(part(box, "conv-matrix"), layer, sizeOf(how.kernel), j);
    drawSigma(part(box, "sigma"), sigma, i);
    const entries = matrix.filter(Boolean).length;
    const sum = met(how, j).reduce((total, [a, k]) => total + IMAGE[a] * how.kernel[k], 0);
    part(box, "said").textContent =
      `M is ${SIDE * SIDE} × ${outputs}; ${entries} of its ${matrix.length} entries are not zero. Output ${j + 1} is ${written(sum)}: the image times column ${j + 1}. Largest difference between x M and the sums: ${written(farthest(y, convolve(IMAGE, how)), 6)}.`;
  }

  fill(KERNELS[0][1]);
}

/** Where a map begins that is smaller than the image with its padding. @param {number} side */
const inset = (side) => ((SIDE + 2 - side) * UNIT) / 2;

/** @param {HTMLElement} box @param {ArrayLike<number>} values @param {number} side @param {number} limit @param {string} label @param {...Node} above */
function drawMap(box, values, side, limit, label, ...above) {
  const room = (SIDE + 2) * UNIT;
  const cells = drawCells({ values, rows: side, columns: side, cell: UNIT, x: inset(side), y: inset(side), limit });
  box.replaceChildren(
    svg("svg", { viewBox: `0 0 ${room} ${room}`, role: "img", "aria-label": label }, cells, ...above),
  );
}

/** @param {HTMLElement} box @param {ReturnType<typeof decompose>} layer @param {number} limit @param {number} j the column that is marked */
function drawMatrix(box, { matrix, outputs }, limit, j) {
  const all = SIDE * SIDE * UNIT;
  const x = (all - outputs * UNIT) / 2;
  const cells = drawCells({ values: matrix, rows: SIDE * SIDE, columns: outputs, cell: UNIT, x, limit, sparse: true });
  const label = `The matrix, ${SIDE * SIDE} rows and ${outputs} columns`;
  const frame = drawFrame(x + j * UNIT, 0, UNIT, all);
  box.replaceChildren(
    svg("svg", { viewBox: `-4 -4 ${all + 8} ${all + 8}`, role: "img", "aria-label": label }, cells, frame),
  );
}

/** @param {HTMLElement} box @param {Float64Array} sigma @param {number} chosen from 0 */
function drawSigma(box, sigma, chosen) {
  const most = sizeOf(sigma);
  const each = 360 / sigma.length;
  const bars = createBars(
    { left: 0.1 * each, width: 0.8 * each, gap: 0.2 * each, top: 16, height: 100, least: 0, most, said: () => "" },
    sigma.length,
  );
  bars.draw(sigma, (i) => i === chosen);
  const label = `Its ${sigma.length} singular values, the largest ${written(most)}`;
  box.replaceChildren(svg("svg", { viewBox: "0 0 360 120", role: "img", "aria-label": label }, bars.element));
}

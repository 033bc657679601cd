// @ts-check
/** Six kinds of layers, each with a few numbers to pull and what the layer makes of them. */

import { part } from "../core/dom.mjs";
import { set, svg } from "../core/svg.mjs";
import { alongRow, connected, largestOf, relu, sigmoid, softmax } from "./activations.mjs";
import { createBars, createPulledBars } from "./bars.mjs";
import { createRange } from "../core/range.mjs";
import { written } from "./controls.mjs";

const [WIDTH, HEIGHT] = [320, 200]; // units of a picture
const KERNEL = [0.25, 0.5, 0.25];
const WEIGHTS = [[1, -0.5], [0.5, 1], [-1, 0.5]]; // prettier-ignore
const BIAS = [0.2, -0.3];
const FARTHEST = 4; // of the inputs of the curves

/** @param {Element} box @param {string} label @param {...Node} drawn */
function show(box, label, ...drawn) {
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": label }, ...drawn);
  part(box, "figure").replaceChildren(picture);
}

/**
 * Numbers above to pull, what comes out of them below.
 *
 * @param {HTMLElement} box
 * @param {object} how
 * @param {string} how.name of what goes in
 * @param {number[]} how.values to begin with
 * @param {number} how.least @param {number} how.most of these
 * @param {(values: number[]) => number[]} how.answer
 * @param {[number, number]} how.span of what comes out
 * @param {[number, number]} how.from where the first bar of what comes out is, and the distance of two
 * @param {(value: number) => string} [how.said]
 * @param {(values: number[]) => (i: number) => boolean} [how.marked] which of the inputs counted
 */
function pullAndAnswer(box, { name, values, least, most, answer, span, from, said, marked }) {
  const each = (WIDTH - 16) / values.length;
  const count = answer(values).length;
  const pulled = createPulledBars(
    { left: 8 + 0.12 * each, width: 0.76 * each, gap: 0.24 * each, top: 18, height: 66, least, most },
    values,
    (i) => `${name} ${i + 1}`,
    draw,
  );
  const width = Math.min(0.76 * each, from[1] * 0.8);
  const answered = createBars(
    {
      left: from[0] - width / 2,
      width,
      gap: from[1] - width,
      top: 128,
      height: 54,
      least: span[0],
      most: span[1],
      said,
    },
    count,
  );
  const caption = svg("text", { class: "gt-cells-name", x: WIDTH - 4, y: 110, "text-anchor": "end" }, "↓");
  function draw() {
    answered.draw(answer(values));
    const which = marked?.(values);
    if (which) pulled.groups.forEach((group, i) => group.classList.toggle("gt-marked", which(i)));
  }
  show(box, `${name}s to pull, and what comes out`, pulled.element, caption, answered.element);
  draw();
}

/** A curve with a point that a slider moves. @param {HTMLElement} box @param {string} name @param {(x: number) => number} of @param {number} most of its values @param {number} begin */
function curve(box, name, of, most, begin) {
  const x = (/** @type {number} */ value) => WIDTH / 2 + (value * (WIDTH / 2 - 20)) / FARTHEST;
  const y = (/** @type {number} */ value) => HEIGHT - 40 - (value * (HEIGHT - 70)) / most;
  const line = Array.from({ length: 161 }, (_, i) => (i / 80 - 1) * FARTHEST);
  const path = `M${line.map((at) => `${x(at).toFixed(1)} ${y(of(at)).toFixed(1)}`).join("L")}`;
  const feet = svg("path", { class: "gt-foot" });
  const dot = svg("circle", { r: 6, class: "gt-function-dot" });
  const text = svg("text", { class: "gt-pole-text", "text-anchor": "middle" });
  show(
    box,
    `The curve of ${name}`,
    svg("path", { class: "gt-pole-ground", d: `M10 ${y(0)}H${WIDTH - 10}M${x(0)} 14V${HEIGHT - 24}` }),
    svg("path", { class: "gt-function", d: path }),
    feet,
    dot,
    text,
  );
  const range = createRange({
    label: "x", least: -FARTHEST, most: FARTHEST, step: 0.1, value: begin, changed: draw,
    said: (value) => `${written(value, 1)} → ${written(of(value))}`,
  }); // prettier-ignore
  part(box, "controls").replaceChildren(range.element);
  function draw() {
    const [px, py] = [x(range.value), y(of(range.value))];
    set(feet, { d: `M${px} ${y(0)}V${py}H${x(0)}` });
    set(dot, { cx: px, cy: py });
    set(text, { x: Math.max(24, Math.min(WIDTH - 24, px)), y: py - 12 });
    text.textContent = written(of(range.value));
  }
  draw();
}

/** @param {HTMLElement} box with a part for each entry */
export function createGlossary(box) {
  const entry = (/** @type {string} */ name) => part(box, `entry-${name}`);
  const two = (WIDTH - 16) / 8;
  pullAndAnswer(entry("convolution"), {
    name: "Input", values: [0, 0, 2, 2, 2, -1, 0, 1], least: -3, most: 3, answer: (x) => alongRow(x, KERNEL), span: [-3, 3], from: [8 + 1.5 * two, two],
  }); // prettier-ignore
  pullAndAnswer(entry("connected"), {
    name: "Input", values: [1, 2, -1], least: -3, most: 3, answer: (x) => connected(x, WEIGHTS, BIAS), span: [-8, 8], from: [WIDTH / 3, WIDTH / 3],
  }); // prettier-ignore
  curve(entry("relu"), "ReLU", relu, FARTHEST, -1.5);
  curve(entry("sigmoid"), "the sigmoid", sigmoid, 1, 1);
  const four = (WIDTH - 16) / 4;
  pullAndAnswer(entry("softmax"), {
    name: "Logit", values: [1, 2, 0.4, -1], least: -4, most: 4, answer: softmax, span: [0, 1], from: [8 + four / 2, four],
    said: (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`,
  }); // prettier-ignore
  pullAndAnswer(entry("max-pooling"), {
    name: "Input", values: [0.5, 2, -1, -2, 1, 1.5], least: -3, most: 3, answer: (x) => largestOf(x, 2).map((at) => x[at]), span: [-3, 3],
    from: [8 + (WIDTH - 16) / 6, (WIDTH - 16) / 3], marked: (x) => (i) => largestOf(x, 2).includes(i),
  }); // prettier-ignore
}

// @ts-check
/**
 * Points on their way through two layers, drawn twice: the second layer in the frame of the first, so that the picture leaps where they meet, and
 * in the frame that is passed on, so that it does not.
 */

import { el, part } from "../core/dom.mjs";
import { set, svg } from "../core/svg.mjs";
import { classColors } from "../points/palette.mjs";
import { uniform } from "../tour/random.mjs";
import { createRange } from "../core/range.mjs";
import { SIDE, createFigure, square } from "./figure.mjs";
import { math } from "./formula.mjs";
import { digits } from "./matrix_editor.mjs";
import { makePoints, times, transposed } from "./negation.mjs";
import { between, leap, passOn, pictures, turnBy } from "./passing_on.mjs";

const REACH = 1.5;
const STRETCH = 1.2; // the largest singular value of each layer
const LEAST = 0.4; // of the largest, the other one
const SEED = 11;
const FIRST = 0; // number of the pair of layers, at first
const BEGIN = 1; // of the slider: where the layers meet
const ANGLE = 20; // degrees of G₁, at first

/** @typedef {import("./negation.mjs").Matrix} Matrix */

/** A layer, the same for the same number: it turns, scales, perhaps mirrors, and turns again. @param {number} number @returns {Matrix} */
export function makeLayer(number) {
  const [first, small, second, mirror] = [0, 1, 2, 3].map((i) => uniform(SEED, number, i));
  const sigma = STRETCH * (LEAST + (1 - LEAST) * small);
  const scaling = [[STRETCH, 0], [0, mirror < 0.5 ? -sigma : sigma]]; // prettier-ignore
  return times(times(turnBy(2 * Math.PI * first), scaling), turnBy(2 * Math.PI * second));
}

/** @param {number} t 0 before, 1 between, 2 behind both */
const sayPlace = (t) =>
  t === 0 ? "before" : t === 1 ? "between" : t === 2 ? "behind" : t < 1 ? "first layer" : "second layer";

/** @param {HTMLElement} box with two stages, the controls and a formula */
export function createPassing(box) {
  const { points, groups } = makePoints();
  const colors = classColors(3);
  const { left, top } = square(REACH);
  let pair = FIRST;
  const way = createRange({
    label: "Through the layers", least: 0, most: 2, step: 0.01, value: BEGIN, said: sayPlace, changed: draw,
  }); // prettier-ignore
  const angle = createRange({
    label: "Turn of G₁", least: -180, most: 180, step: 5, value: ANGLE, said: (value) => `${value}°`.replace("-", "−"), changed: draw,
  }); // prettier-ignore
  const button = el("button", { type: "button", class: "btn btn-sm gt-button gt-go", onclick: next }, "Other layers");
  part(box, "controls").replaceChildren(way.element, angle.element, button);
  const numbers = part(box, "passed-on");
  const panels = ["method-kept", "method-passed"].map((name) => createPanel(name));

  function next() {
    pair++;
    draw();
  }

  function draw() {
    const [first, second] = [makeLayer(2 * pair), makeLayer(2 * pair + 1)];
    const g1 = turnBy((angle.value * Math.PI) / 180);
    const { v1, u2, g2 } = passOn(first, second, g1);
    panels[0].draw(pictures(first, second, g1, g1), g1);
    panels[1].draw(pictures(first, second, g1, g2), g2);
    const said = [["U_2^T", transposed(u2)], ["V_1", v1], ["G_1", g1], ["G_2", g2]]; // prettier-ignore
    numbers.replaceChildren(...said.map(([name, m]) => math(`${name} = ${digits(/** @type {Matrix} */ (m))}`)));
  }

  /** @param {string} name */
  function createPanel(name) {
    const root = /** @type {HTMLElement} */ (box.querySelector(`[data-gt-stage="${name}"]`));
    const circles = (/** @type {string} */ kind, /** @type {number} */ r) => points.map((_, i) => svg("circle", { r, class: kind, style: `--gt-color: ${colors[groups[i]]}` })); // prettier-ignore
    const [behind, before, dots] = [circles("gt-behind", 6.5), circles("gt-before", 3), circles("gt-through", 5)];
    part(root, "figure").replaceChildren(
      svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" }, ...behind, ...before, ...dots),
    );
    const said = part(root, "said");
    /** @type {Matrix} */
    let g = turnBy(0);
    let leapt = 0;
    const positions = new Float32Array(2 * points.length);

    /** @param {SVGElement[]} marks @param {Matrix} m upon the points */
    function place(marks, [[a, b], [c, d]]) {
      points.forEach(([x, y], i) => {
        const [px, py] = [x * a + y * c, x * b + y * d];
        set(marks[i], { cx: left(px), cy: top(py) });
        if (marks === dots) positions.set([px, py], 2 * i);
      });
    }

    createFigure(root, {
      frame: () => false,
      resized() {},
      inspect: () => ({
        run: "two layers", layer: sayPlace(way.value), epoch: 0, playing: false, n: points.length, p: 2, matrix: Float64Array.from(g.flat()),
        positions: positions.slice(), ids: Array.from(points.keys()), selected: [], leap: leapt,
      }), // prettier-ignore
    });
    return {
      /** @param {ReturnType<typeof pictures>} seen @param {Matrix} g2 */
      draw({ begin, behindFirst, beforeSecond, end }, g2) {
        const t = way.value;
        g = g2;
        leapt = leap(points, behindFirst, beforeSecond);
        place(behind, behindFirst);
        place(before, beforeSecond);
        place(dots, t <= 1 ? between(begin, behindFirst, t) : between(beforeSecond, end, t - 1));
        said.textContent = `Leap between the layers: ${leapt.toFixed(2)} in the mean.`;
      },
    };
  }

  draw();
}

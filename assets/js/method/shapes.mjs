// @ts-check
/** A grand tour of a cube of two, three or four dimensions, edges drawn, with a handle for each dimension. */

import { dragHandle } from "../tour/drag.mjs";
import { createGrandTour } from "../tour/grand_tour.mjs";
import { icon, part } from "../core/dom.mjs";
import { SIDE, createFigure, pixels, square } from "./figure.mjs";
import { createHandles } from "../points/handles.mjs";
import { classColors } from "../points/palette.mjs";
import { hypercube, seen } from "./polytope.mjs";
import { set, svg } from "../core/svg.mjs";

const REACH = 1.26; // half the picture's side; corners and handles reach the unit circle, names stand outside
const BEGIN = 2.2; // seconds of tour: at its very first view corners of the cube and the tesseract coincide
const NAMES = ["e₁", "e₂", "e₃", "e₄"];

/** One colour a dimension, told apart also where colours are not. */
export const axisColors = () => classColors(4);

/**
 * @param {HTMLElement} root the stage
 * @param {object} how
 * @param {number} how.p dimensions
 * @param {number} how.seed of the tour
 * @param {boolean} how.still whether it waits until it is asked to turn
 */
export function createShape(root, { p, seed, still }) {
  const shape = hypercube(p);
  const colors = axisColors();
  const { left, top } = square(REACH);
  const tour = createGrandTour({ p, seed });
  const first = tour.advance(p > 2 ? BEGIN : 0).slice();
  const positions = new Float32Array(2 * shape.n);
  const lines = shape.edges.map(([, , axis]) => svg("line", { class: "gt-edge", stroke: colors[axis] }));
  const dots = Array.from({ length: shape.n }, () => svg("circle", { r: 5, class: "gt-shape-corner" }));
  const box = part(root, "figure");
  box.replaceChildren(svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" }, ...lines, ...dots));
  const layer = part(root, "handles");
  let playing = false;
  let held = false;

  const handles = createHandles(layer, NAMES.slice(0, p), colors, {
    start() {},
    move(i, x, y) {
      tour.setMatrix(dragHandle(tour.matrix.slice(), p, i, x, y));
      draw();
    },
    end() {},
    hold(now) {
      held = now; // nothing slips away from under the pointer
      figure.wake();
    },
  });

  const figure = createFigure(root, {
    frame(dt) {
      if (playing && !held && !handles.dragging) {
        tour.advance(dt);
        draw();
      }
      return playing && !held;
    },
    resized: draw,
    inspect: () => ({
      run: box.dataset.gtShape, layer: "corners", epoch: 0, playing, n: shape.n, p,
      matrix: tour.matrix.slice(), positions: positions.slice(), ids: Array.from(dots.keys()), selected: [],
    }), // prettier-ignore
  });

  function draw() {
    seen(shape.corners, shape.n, tour.matrix, p, positions);
    shape.edges.forEach(([a, b], i) => {
      set(lines[i], {
        x1: left(positions[2 * a]),
        y1: top(positions[2 * a + 1]),
        x2: left(positions[2 * b]),
        y2: top(positions[2 * b + 1]),
      });
    });
    dots.forEach((dot, i) => set(dot, { cx: left(positions[2 * i]), cy: top(positions[2 * i + 1]) }));
    handles.draw(tour.matrix, pixels(layer, REACH), p);
  }

  const turn = /** @type {HTMLElement} */ (root.querySelector('[data-gt-action="turn"]'));

  /** @param {boolean} on */
  function play(on) {
    playing = on;
    turn.replaceChildren(icon(on ? "pause-fill" : "play-fill"));
    turn.title = on ? "Stop" : "Turn it";
    turn.setAttribute("aria-label", `${turn.title}: ${box.dataset.gtShape}`);
    figure.wake();
  }

  turn.addEventListener("click", () => play(!playing));
  root.querySelector('[data-gt-action="straight"]')?.addEventListener("click", () => {
    tour.setMatrix(first);
    draw();
  });
  play(!still);
  draw();
  return { play };
}

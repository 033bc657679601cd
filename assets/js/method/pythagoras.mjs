// @ts-check
/**
 * One displacement in four dimensions, drawn in two planes at right angles: as the reader pulls it about in either, the squares of its two drawn
 * lengths add up to the square of its length, which is that of a right-angled triangle with these sides.
 */

import { dragHandle } from "../tour/drag.mjs";
import { completeFrame } from "../tour/frame.mjs";
import { createGrandTour } from "../tour/grand_tour.mjs";
import { el, part } from "../core/dom.mjs";
import { SIDE, createFigure, pixels, square } from "./figure.mjs";
import { createHandles } from "../points/handles.mjs";
import { set, svg } from "../core/svg.mjs";

const P = 4;
const REACH = 1.15;
const TRIANGLE = 1.3; // half a side of the square in which the triangle is drawn, in lengths of the displacement
/** Where the displacement is seen at first: a little in one plane, more in the other. */
const FIRST = [0.5, 0.25, 0.3, Math.sqrt(0.5975)];
const SPEED = 1.2; // of the tour
const PLANES = [0, 2]; // the first column of each

/**
 * A frame whose first row, where the displacement goes, is given.
 *
 * @param {ArrayLike<number>} row (P,) @returns {Float64Array} (P, P)
 */
export function frameWithFirstRow(row) {
  const length = Math.hypot(...Array.from(row));
  const columns = new Float64Array(2 * P);
  for (let j = 0; j < P; j++) columns[2 * j] = row[j] / length;
  columns[3 - 2 * Number(Math.abs(row[1]) > 0.9 * length)] = 1; // any other direction, which is made orthogonal
  const turned = completeFrame(columns, P);
  return Float64Array.from({ length: P * P }, (_, at) => turned[(at % P) * P + Math.floor(at / P)]);
}

/** The two planes change places. @param {Float64Array} g (P, P), changed */
export function swapPlanes(g) {
  for (let i = 0; i < P * P; i += P) [g[i], g[i + 1], g[i + 2], g[i + 3]] = [g[i + 2], g[i + 3], g[i], g[i + 1]];
  return g;
}

/** Squared lengths that the two planes draw. @param {Float64Array} g (P, P) @returns {[number, number]} */
export const drawnSquares = (g) => [g[0] * g[0] + g[1] * g[1], g[2] * g[2] + g[3] * g[3]];

/** @param {HTMLElement} box @param {{seed: number, still: boolean}} how */
export function createPythagoras(box, { seed, still }) {
  const roots = ["method-plane-1", "method-plane-2"].map(
    (name) => /** @type {HTMLElement} */ (box.querySelector(`[data-gt-stage="${name}"]`)),
  );
  const start = frameWithFirstRow(FIRST);
  let tour = createGrandTour({ p: P, seed, speed: SPEED, matrix: start.slice() });
  const g = start.slice();
  let turning = false;
  const { left, top } = square(REACH);
  const arrows = roots.map((root) => {
    const line = svg("path", { class: "gt-drawn" });
    part(root, "figure").replaceChildren(
      svg(
        "svg",
        { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" },
        svg("circle", { cx: SIDE / 2, cy: SIDE / 2, r: SIDE / 2 / REACH, class: "gt-rim" }),
        line,
      ),
    );
    return line;
  });
  const layers = roots.map((root) => part(root, "handles"));
  const handles = layers.map((layer, plane) =>
    createHandles(layer, ["d"], ["var(--gt-accent)"], {
      start: () => turn(false),
      move: (_, x, y) => pull(plane, x, y),
      end() {},
      hold() {},
    }),
  );
  const triangle = createTriangle(part(box, "triangle"));
  const said = part(box, "sum");
  const button = /** @type {HTMLElement} */ (box.querySelector('[data-gt-action="turn"]'));

  /** @param {number} plane @param {number} x @param {number} y where its end is to be drawn there */
  function pull(plane, x, y) {
    if (plane) swapPlanes(g);
    dragHandle(g, P, 0, x, y);
    if (plane) swapPlanes(g);
    draw();
  }

  /** @param {boolean} on */
  function turn(on) {
    if (on) tour = createGrandTour({ p: P, seed, speed: SPEED, matrix: g.slice() });
    turning = on;
    button.setAttribute("aria-pressed", String(on));
    /** @type {HTMLElement} */ (button.querySelector(".gt-icon")).className =
      `gt-icon gt-icon-${on ? "pause-fill" : "play-fill"}`;
    figures[0].wake();
  }

  /** @param {number} dt */
  function frame(dt) {
    if (!turning) return false;
    tour.advance(dt);
    g.set(tour.matrix);
    draw();
    return true;
  }

  function draw() {
    const squares = drawnSquares(g);
    PLANES.forEach((column, plane) => {
      const [x, y] = [g[column], g[column + 1]];
      set(arrows[plane], { d: `M${left(0)} ${top(0)}L${left(x)} ${top(y)}` });
      const seen = plane ? swapPlanes(g.slice()) : g;
      handles[plane].draw(seen, pixels(layers[plane], REACH), P);
    });
    triangle(Math.sqrt(squares[0]), Math.sqrt(squares[1]));
    const share = Math.round(100 * squares[0]);
    said.replaceChildren(
      el("p", {}, `${(share / 100).toFixed(2)} + ${(1 - share / 100).toFixed(2)} = 1`),
      el("p", {}, `Plane 1 draws ${share} % of the square, plane 2 ${100 - share} %.`),
    );
  }

  const figures = roots.map((root, plane) =>
    createFigure(root, {
      frame: plane ? () => false : frame,
      resized: draw,
      inspect: () => ({
        run: "pythagoras", layer: "displacement", epoch: 0, playing: turning, n: 1, p: P, matrix: plane ? swapPlanes(g.slice()) : g.slice(),
        positions: Float32Array.of(g[PLANES[plane]], g[PLANES[plane] + 1]), ids: [0], selected: [], squares: drawnSquares(g),
      }), // prettier-ignore
    }),
  );
  button.addEventListener("click", () => turn(!turning));
  box.querySelector('[data-gt-action="straight"]')?.addEventListener("click", () => {
    turn(false);
    g.set(start);
    draw();
  });
  draw();
  if (!still) turn(true);
}

/**
 * The triangle with a square on each side: the two small ones are as large as the large one.
 *
 * @param {HTMLElement} box
 * @returns {(a: number, b: number) => void} draws it with these sides at the right angle, the long side being 1
 */
function createTriangle(box) {
  const { left, top } = square(TRIANGLE);
  const squares = ["gt-square-1", "gt-square-2", "gt-square-sum"].map((kind) =>
    svg("path", { class: `gt-square ${kind}` }),
  );
  const names = ["plane 1", "plane 2", "|d|² = 1"].map((name) =>
    svg("text", { class: "gt-axis-name", "text-anchor": "middle" }, name),
  );
  box.replaceChildren(
    svg(
      "svg",
      {
        viewBox: `0 0 ${SIDE} ${SIDE}`,
        role: "img",
        "aria-label":
          "A right-angled triangle with the two drawn lengths and the length as its sides, and a square on each",
      },
      ...squares,
      ...names,
    ),
  );

  return (a, b) => {
    const [x0, x1, y] = [-0.5, 0.5, -0.1]; // the long side, level; the right angle lies on the half circle above it
    const [x, height] = [x0 + a * a, y + a * b];
    /** @type {[number, number, number, number][]} the side of each square, with its outside to the left */
    const sides = [[x0, y, x, height], [x, height, x1, y], [x1, y, x0, y]]; // prettier-ignore
    sides.forEach(([ax, ay, bx, by], i) => {
      const [dx, dy] = [bx - ax, by - ay];
      const corners = [[ax, ay], [bx, by], [bx - dy, by + dx], [ax - dy, ay + dx]]; // prettier-ignore
      set(squares[i], { d: `M${corners.map(([px, py]) => `${left(px)} ${top(py)}`).join("L")}Z` });
      set(names[i], {
        x: left((ax + bx - dy) / 2),
        y: top((ay + by + dx) / 2) + 6,
        opacity: Math.hypot(dx, dy) > 0.34 ? 1 : 0,
      });
    });
  };
}

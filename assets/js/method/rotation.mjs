// @ts-check
/**
 * How a drag becomes a rotation, in three dimensions: on the left what is drawn, with handles and points to drag; on the
 * right the same seen from the side, with the hidden coordinate, before (faint) and after.
 */

import { dragCentroid, dragHandle } from "../tour/drag.mjs";
import { completeFrame, orthonormalError } from "../tour/frame.mjs";
import { el, part } from "../core/dom.mjs";
import { SIDE, createFigure, pixels, square } from "./figure.mjs";
import { createHandles } from "../points/handles.mjs";
import { seen } from "./polytope.mjs";
import { axisColors } from "./shapes.mjs";
import { createKnob } from "./knob.mjs";
import { arc, createCamera } from "./side_view.mjs";
import { set, svg } from "../core/svg.mjs";
import { written } from "./controls.mjs";

const P = 3;
const REACH = 1.2;
const NAMES = ["e₁", "e₂", "e₃"];
/** Where the handles are seen at first, before they are made orthonormal: apart, with the points between two of them. */
const FIRST = [0.85, -0.25, -0.2, 0.85, -0.45, -0.4]; // (P, 2)
const MIDDLE = [0.55, 0.62, 0.1]; // of the points, in data units
const AROUND = 0.1; // standard spread of the points about it
const POINTS = 14;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));
const LOOK = 58; // degrees to the side, at first
const NUDGE = 0.03;

/** A small ball of points, the same always. @returns {Float64Array} (POINTS, 3), whose mean is MIDDLE */
export function makeBall() {
  const out = new Float64Array(POINTS * P);
  for (let i = 0; i < POINTS; i++) {
    const z = 1 - (2 * i + 1) / POINTS;
    const r = Math.sqrt(1 - z * z);
    [r * Math.cos(i * GOLDEN), r * Math.sin(i * GOLDEN), z].forEach(
      (v, k) => (out[i * P + k] = MIDDLE[k] + 1.7 * AROUND * v),
    );
  }
  for (let k = 0; k < P; k++) {
    let mean = 0;
    for (let i = 0; i < POINTS; i++) mean += out[i * P + k] / POINTS;
    for (let i = 0; i < POINTS; i++) out[i * P + k] += MIDDLE[k] - mean;
  }
  return out;
}

/** @param {ArrayLike<number>} x (3,) @param {Float64Array} g (3, 3) @returns {[number, number, number]} x G */
export const turned = (x, g) =>
  /** @type {[number, number, number]} */ ([0, 1, 2].map((k) => x[0] * g[k] + x[1] * g[P + k] + x[2] * g[2 * P + k]));

/** @param {HTMLElement} box */
export function createRotation(box) {
  const root = /** @type {HTMLElement} */ (box.querySelector("[data-gt-stage]"));
  const { left, top } = square(REACH);
  const colors = axisColors();
  const ball = makeBall();
  const start = completeFrame(FIRST, P);
  /** @type {Float64Array} */
  let g = start.slice();
  let before = start.slice();
  /** What was dragged last: a row of G, or the points. @type {number|"points"|null} */
  let last = null;
  let look = LOOK;

  const positions = new Float32Array(2 * POINTS);
  const dots = makeDots(part(root, "figure"));
  const layer = part(root, "handles");
  const handles = createHandles(layer, NAMES, colors, {
    start: (i) => begin(i),
    move(i, x, y) {
      dragHandle(g, P, i, x, y);
      draw();
    },
    end() {},
    hold() {},
  });
  const diamond = layer.appendChild(makeDiamond());
  const side = createSide(part(box, "side"), colors);
  const numbers = part(box, "numbers");
  showLook(part(box, "look"), (degrees) => {
    look = degrees;
    draw();
  });

  /** @param {number|"points"} what */
  function begin(what) {
    last = what;
    before = g.slice();
  }

  let pulled = [0, 0];
  /** @param {number} dx @param {number} dy from where the gesture began */
  function pull(dx, dy) {
    pulled = [dx, dy];
    g = dragCentroid(before.slice(), P, MIDDLE, dx, dy);
    draw();
  }

  const held = createKnob(diamond, { reach: REACH, step: NUDGE, start: () => begin("points"), move: pull });
  root.querySelector('[data-gt-action="straight"]')?.addEventListener("click", () => {
    g = start.slice();
    before = start.slice();
    last = null;
    draw();
  });

  createFigure(root, {
    frame: () => false,
    resized: draw,
    inspect: () => ({
      run: "rotation", layer: "points", epoch: 0, playing: false, n: POINTS, p: P, matrix: g.slice(), before: before.slice(), last,
      positions: positions.slice(), ids: Array.from(dots.keys()), selected: [], middle: turned(MIDDLE, g),
    }), // prettier-ignore
  });

  function draw() {
    seen(ball, POINTS, g, P, positions);
    dots.forEach((dot, i) => set(dot, { cx: left(positions[2 * i]), cy: top(positions[2 * i + 1]) }));
    const view = pixels(layer, REACH);
    handles.draw(g, view, P);
    const [x, y] = turned(MIDDLE, g);
    held.put(x, y);
    side.draw({ g, before, last, ball, look: (look * Math.PI) / 180 });
    numbers.replaceChildren(matrixTable(g, last, colors), el("p", {}, sentence({ g, before, last, pulled })));
  }

  draw();
}

/** A dot for each of the points, in the circle that rows reach when nothing of them is hidden. @param {HTMLElement} figure */
function makeDots(figure) {
  const dots = Array.from({ length: POINTS }, () => svg("circle", { r: 4.5, class: "gt-point gt-ball" }));
  figure.replaceChildren(
    svg(
      "svg",
      { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" },
      svg("circle", { cx: SIDE / 2, cy: SIDE / 2, r: SIDE / 2 / REACH, class: "gt-rim" }),
      ...dots,
    ),
  );
  return dots;
}

/** What the points are taken hold of by. */
const makeDiamond = () =>
  el("button", {
    type: "button",
    class: "gt-pin gt-live",
    title: "The middle of the points",
    "aria-label": "The middle of the points. Drag it, or move it with the arrow keys.",
  });

/** A slider from the front (0°) to the side (90°), between its names. @param {HTMLElement} box @param {(degrees: number) => void} changed */
function showLook(box, changed) {
  const slider = el("input", {
    type: "range",
    class: "form-range gt-range",
    min: "0",
    max: "90",
    step: "1",
    value: String(LOOK),
    "aria-label": "Look from the front or from the side",
  });
  slider.addEventListener("input", () => changed(Number(slider.value)));
  slider.addEventListener("keydown", (event) => event.stopPropagation());
  box.replaceChildren(el("span", {}, "front"), slider, el("span", {}, "side"));
}

/** How far from exact an orthonormal matrix is, in words. @param {number} error */
const exactly = (error) =>
  error < 1e-16
    ? "the last bit"
    : error
        .toExponential(0)
        .replace("-", "−")
        .replace(/e(.*)/, " · 10^$1")
        .replace(/\^−(\d+)/, (_, d) => `⁻${[...d].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)]).join("")}`);

/**
 * What the last drag did, and that the frame is still one.
 *
 * @param {object} drag
 * @param {Float64Array} drag.g (P, P) @param {Float64Array} drag.before the same when it began
 * @param {number|"points"|null} drag.last what was dragged: a row of G, or the points
 * @param {number[]} drag.pulled data units by which the points were pulled
 */
export function sentence({ g, before, last, pulled }) {
  const exact = `The rows are orthonormal to ${exactly(orthonormalError(g, P))}.`;
  if (last === null) return `Nothing was dragged yet. ${exact}`;
  if (last === "points") {
    const [a, b] = [turned(MIDDLE, before), turned(MIDDLE, g)];
    const cosine = (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / (Math.hypot(...a) * Math.hypot(...b));
    const short = Math.hypot(a[0] + pulled[0] - b[0], a[1] + pulled[1] - b[1]);
    return `ρ turned the plane of c̃ and c̃′ by ${Math.round((180 / Math.PI) * Math.acos(Math.min(1, cosine)))}°; the middle is ${written(short)} short of the pointer. ${exact}`;
  }
  const h = Math.abs(g[last * P + 2]);
  return `Row ${last + 1} is (${[0, 1, 2].map((k) => written(g[last * P + k])).join(", ")}): its drawn part has length ${written(Math.sqrt(Math.max(0, 1 - h * h)))}, its hidden part ${written(h)}. ${exact}`;
}

/** @param {Float64Array} g @param {number|"points"|null} last @param {string[]} colors */
function matrixTable(g, last, colors) {
  const row = (/** @type {number} */ i) =>
    el("tr", { class: last === i ? "gt-row-dragged" : "" },
      el("th", { scope: "row", style: `--gt-color: ${colors[i]}` }, NAMES[i]),
      ...[0, 1, 2].map((k) => el("td", { class: k === 2 ? "gt-hidden-entry" : "" }, g[i * P + k].toFixed(2).replace("-", "−")))); // prettier-ignore
  const head = el(
    "tr",
    {},
    el("th", { scope: "col" }, "G"),
    ...["x", "y", "hidden"].map((name) => el("th", { scope: "col" }, name)),
  );
  return el(
    "table",
    { class: "gt-frame-table" },
    el("thead", {}, head),
    el("tbody", {}, ...NAMES.map((_, i) => row(i))),
  );
}

/**
 * The picture from the side: the plane of the screen, rows as arrows, the dragged one with its way to the plane.
 *
 * @param {HTMLElement} box @param {string[]} colors
 */
function createSide(box, colors) {
  const { left, top } = square(REACH * 1.12);
  const element = svg("svg", {
    viewBox: `0 0 ${SIDE} ${SIDE}`,
    role: "img",
    "aria-label": "The three rows of G and the points, from the side",
  });
  box.replaceChildren(element);

  /** @param {{g: Float64Array, before: Float64Array, last: number|"points"|null, ball: Float64Array, look: number}} what */
  function draw({ g, before, last, ball, look }) {
    const camera = createCamera(look);
    const at = (/** @type {ArrayLike<number>} */ x) => {
      const [right, up] = camera(x[0], x[1], x[2]);
      return [left(right), top(up)];
    };
    const path = (/** @type {ArrayLike<number>[]} */ points, closed = false) =>
      `M${points.map((x) => at(x).join(" ")).join("L")}${closed ? "Z" : ""}`;
    const line = (/** @type {string} */ kind, /** @type {ArrayLike<number>[]} */ points, style = "") =>
      svg("path", { class: kind, d: path(points), style });
    const row = (/** @type {Float64Array} */ m, /** @type {number} */ i) => m.subarray(i * P, i * P + P);
    const origin = [0, 0, 0];
    const circle = Array.from({ length: 73 }, (_, i) => [
      Math.cos((i * Math.PI) / 36),
      Math.sin((i * Math.PI) / 36),
      0,
    ]);
    /** @type {Node[]} */
    const drawn = [
      svg("path", { class: "gt-screen", d: path([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], true) }),
      line("gt-rim", circle),
      svg("circle", { class: "gt-sphere", cx: SIDE / 2, cy: SIDE / 2, r: SIDE / 2 / (REACH * 1.12) }),
    ]; // prettier-ignore
    const moved = last !== null && g.some((x, i) => Math.abs(x - before[i]) > 1e-9);
    if (moved)
      for (let i = 0; i < P; i++)
        drawn.push(line("gt-row gt-row-before", [origin, row(before, i)], `stroke: ${colors[i]}`));
    for (let i = 0; i < P; i++) {
      const [x, y] = at(row(g, i));
      const foot = [row(g, i)[0], row(g, i)[1], 0];
      drawn.push(
        line("gt-foot", [row(g, i), foot]),
        line(last === i ? "gt-row gt-row-now" : "gt-row", [origin, row(g, i)], `stroke: ${colors[i]}`),
        svg("circle", { class: "gt-row-end", cx: x, cy: y, r: last === i ? 7 : 5, style: `stroke: ${colors[i]}` }),
        svg(
          "text",
          {
            class: "gt-axis-name gt-side-name",
            x: x + (x < SIDE / 2 ? -12 : 12),
            y: y + 4,
            "text-anchor": x < SIDE / 2 ? "end" : "start",
          },
          NAMES[i],
        ),
      );
    }
    for (let i = 0; i < POINTS; i++) {
      const [x, y] = at(turned(ball.subarray(i * P, i * P + P), g));
      drawn.push(svg("circle", { class: "gt-point gt-ball", r: 4, cx: x, cy: y }));
    }
    const middle = turned(MIDDLE, g);
    drawn.push(line("gt-foot", [middle, [middle[0], middle[1], 0]]));
    if (last === "points" && moved) {
      const old = turned(MIDDLE, before);
      const way = arc(old, middle, Math.hypot(...middle));
      drawn.push(svg("path", { class: "gt-sector", d: path([origin, ...way], true) }), line("gt-way", way));
      for (const [name, x] of /** @type {[string, number[]][]} */ ([
        ["c̃", old],
        ["c̃′", middle],
      ])) {
        const [px, py] = at(x);
        drawn.push(
          svg("text", { class: "gt-axis-name gt-side-name", x: px, y: py - 9, "text-anchor": "middle" }, name),
        );
      }
    }
    element.replaceChildren(...drawn);
  }

  return { draw };
}

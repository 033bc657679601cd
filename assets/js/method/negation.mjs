// @ts-check
/**
 * The article's smallest example of what alignment buys: a layer that negates its input, drawn twice. Naively every point
 * travels from x to -x, and all meet in the origin; with the layer's rotations taken out nothing moves, and it
 * is the axes that turn round.
 *
 * With M = U Σ Vᵀ and rows as points, aligned is X U → Y V = X U Σ, drawn in the frame Uᵀ so that it begins as X.
 * Source: Li, Zhao, Scheidegger 2020, doi:10.23915/distill.00025.
 */

import { el, icon } from "../core/dom.mjs";
import { createLoop } from "../core/loop.mjs";
import { reduced } from "../core/motion.mjs";
import { classColors } from "../points/palette.mjs";
import { set, svg } from "../core/svg.mjs";

const SECONDS = 2.4; // from one end to the other
const REST = 0.7; // seconds at each end
const SIDE = 200; // px of a picture's own grid
const ROOM = 1.1; // of the axes beyond the farthest thing drawn
const GOLDEN = Math.PI * (3 - Math.sqrt(5)); // the angle between neighbours of a sunflower's seeds

/** Three round groups (centre, radius, points) that no half-turn takes into each other. */
const GROUPS = [[0.62, 0.3, 0.26, 17], [-0.3, 0.62, 0.19, 12], [-0.2, -0.58, 0.16, 11]]; // prettier-ignore

/** @typedef {number[][]} Matrix 2 × 2, rows */

/** @type {Matrix} */
const IDENTITY = [[1, 0], [0, 1]]; // prettier-ignore
/** @type {Matrix} */
const NEGATION = [[-1, 0], [0, -1]]; // prettier-ignore

/** @returns {{points: [number, number][], groups: number[]}} the same forty points, always */
export function makePoints() {
  /** @type {[number, number][]} */
  const points = [];
  /** @type {number[]} */
  const groups = [];
  GROUPS.forEach(([x, y, radius, n], group) => {
    for (let i = 0; i < n; i++) {
      const r = radius * Math.sqrt((i + 0.5) / n);
      points.push([x + r * Math.cos(i * GOLDEN), y + r * Math.sin(i * GOLDEN)]);
      groups.push(group);
    }
  });
  return { points, groups };
}

/**
 * Singular values of a 2 × 2 matrix and their vectors, M = U Σ Vᵀ.
 *
 * U turns M Mᵀ into its axes (one Jacobi rotation); the rows of Uᵀ M are then σ times the right vectors. The
 * second right vector is the first one turned by a quarter, forth or back, so that V is orthogonal for every M.
 *
 * @param {Matrix} m
 * @returns {{u: Matrix, sigma: [number, number], v: Matrix}} columns of u and v are the vectors; sigma falls
 */
export function svd2([[a, b], [c, d]]) {
  const turn = 0.5 * Math.atan2(2 * (a * c + b * d), a * a + b * b - c * c - d * d);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const first = [cos * a + sin * c, cos * b + sin * d];
  const second = [cos * c - sin * a, cos * d - sin * b];
  const large = Math.hypot(first[0], first[1]);
  const [x, y] = large ? [first[0] / large, first[1] / large] : [cos, sin];
  const along = -second[0] * y + second[1] * x;
  const side = along < 0 ? -1 : 1;
  return { u: [[cos, -sin], [sin, cos]], sigma: [large, Math.abs(along)], v: [[x, -side * y], [y, side * x]] }; // prettier-ignore
}

/** @param {Matrix} a @param {Matrix} b @returns {Matrix} */
export const times = (a, b) => a.map((row) => [0, 1].map((j) => row[0] * b[0][j] + row[1] * b[1][j]));

/** @param {Matrix} m @returns {Matrix} */
export const transposed = ([[a, b], [c, d]]) => [[a, c], [b, d]]; // prettier-ignore

/**
 * An orthogonal matrix on its way from the identity: a turn, or the flip of one axis seen as half a turn in space.
 *
 * @param {Matrix} q @param {number} t 0 … 1
 * @returns {Matrix}
 */
export function onTheWay([[a, b], [c, d]], t) {
  if (a * d - b * c > 0) {
    const angle = t * Math.atan2(b, a);
    return [[Math.cos(angle), Math.sin(angle)], [-Math.sin(angle), Math.cos(angle)]]; // prettier-ignore
  }
  const mirror = Math.atan2(b, a) / 2; // the axis that stays
  const [x, y] = [-Math.sin(mirror), Math.cos(mirror)]; // the one that flips
  const less = 1 - Math.cos(Math.PI * t);
  return [[1 - less * x * x, -less * x * y], [-less * x * y, 1 - less * y * y]]; // prettier-ignore
}

/**
 * A layer y = x M drawn both ways.
 *
 * @param {Matrix} m
 * @returns {{sigma: [number, number], naive: Matrix, aligned: Matrix, axes: Matrix}} where the points are at the end, as
 *   matrices upon what they are at the beginning, and where the axes of the state behind the layer are then, as rows
 */
export function bothWays(m) {
  const { u, sigma, v } = svd2(m);
  const back = transposed(u);
  return { sigma, naive: m, aligned: times(times(m, v), back), axes: times(v, back) };
}

/** How far points move on average. @param {[number, number][]} points @param {Matrix} m upon them */
export function meanMotion(points, [[a, b], [c, d]]) {
  const far = points.map(([x, y]) => Math.hypot(x * a + y * c - x, x * b + y * d - y));
  return far.reduce((sum, one) => sum + one, 0) / points.length;
}

/**
 * @param {HTMLElement} box
 * @param {Matrix} matrix of the layer y = x M
 */
export function createNegation(box, matrix = NEGATION) {
  const { points, groups } = makePoints();
  const { sigma, naive, aligned, axes } = bothWays(matrix);
  const farthest = Math.max(1, ...points.map(([x, y]) => Math.hypot(x, y) * Math.max(1, sigma[0])));
  const reach = ROOM * farthest;
  const sides = [
    { title: "Naive", to: naive, axesAt: () => IDENTITY, picture: makePicture(points, groups, reach) },
    {
      title: "Aligned",
      to: aligned,
      axesAt: (/** @type {number} */ t) => onTheWay(axes, t),
      picture: makePicture(points, groups, reach),
    },
  ];
  const figures = sides.map(({ title, to, picture }) =>
    el(
      "figure",
      {},
      el("figcaption", {}, el("strong", {}, title), el("span", {}, `mean motion ${meanMotion(points, to).toFixed(2)}`)),
      picture.element,
    ),
  );
  const slider = el("input", {
    type: "range",
    class: "form-range gt-range",
    min: "0",
    max: "1",
    step: "0.005",
    value: "0",
    "aria-label": "Through the layer",
  });
  const play = el("button", { type: "button", class: "btn gt-button" });
  const label = el("output", { class: "gt-negation-label" });
  const caption = el("p", { class: "gt-negation-caption" }, captionOf(matrix, sigma));
  box.classList.add("gt-negation");
  const pictures = el("div", { class: "gt-negation-pictures" }, ...figures);
  box.replaceChildren(pictures, el("div", { class: "gt-negation-controls" }, play, slider, label), caption);

  let t = 0; // time, 0 … 1
  let direction = 1;
  let rest = 0;
  let playing = false;
  const loop = createLoop(pictures, (dt) => {
    if (!playing) return false;
    if (rest > 0) rest -= dt;
    else {
      t = Math.max(0, Math.min(1, t + (direction * dt) / SECONDS));
      if (t === 0 || t === 1) [direction, rest] = [t ? -1 : 1, REST];
      draw();
    }
    return true;
  });

  /** @param {boolean} on */
  function setPlaying(on) {
    playing = on;
    play.replaceChildren(icon(on ? "pause-fill" : "play-fill"));
    play.setAttribute("aria-label", on ? "Pause" : "Play");
    play.title = on ? "Pause" : "Play";
    if (on) loop.wake();
    else loop.stop();
  }

  function draw() {
    const shown = t * t * (3 - 2 * t); // it starts and ends gently
    sides.forEach(({ to, axesAt, picture }) => picture.draw(shown, to, axesAt(shown)));
    if (document.activeElement !== slider || playing) slider.value = String(shown);
    const text = shown === 0 ? "before" : shown === 1 ? "after the layer" : `${Math.round(100 * shown)} %`;
    label.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  }

  slider.addEventListener("input", () => {
    setPlaying(false);
    t = 0.5 - Math.sin(Math.asin(1 - 2 * Number(slider.value)) / 3); // when it is shown there
    draw();
  });
  slider.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation()); // else the epoch
  play.addEventListener("click", () => {
    if (reduced()) {
      t = t < 0.5 ? 1 : 0; // straight to the other end
      draw();
    } else {
      if (t === 0 || t === 1) direction = t ? -1 : 1;
      setPlaying(!playing);
    }
  });
  setPlaying(false);
  draw();

  return {
    /** Where it is, for tests. @returns {{t: number, playing: boolean, running: boolean}} */
    inspect: () => ({ t, playing, running: loop.running }),
  };
}

/** @param {Matrix} matrix @param {[number, number]} sigma */
function captionOf([[a, b], [c, d]], sigma) {
  if (a === -1 && d === -1 && b === 0 && c === 0) {
    return "This layer does nothing but change signs, y = −x. Drawn naively, all points cross in the origin on their way; aligned, they stay where they are and the layer’s axes turn round.";
  }
  const number = (/** @type {number} */ x) => String(Number(x.toFixed(2))).replace("-", "−");
  return `This layer is y = x M with rows (${number(a)}, ${number(b)}) and (${number(c)}, ${number(d)}). Naively its turn and its scaling are one motion; aligned, only the scaling by its singular values ${number(sigma[0])} and ${number(sigma[1])} is left, and the axes turn.`;
}

/** @param {[number, number][]} points @param {number[]} groups @param {number} reach of the axes around the origin */
function makePicture(points, groups, reach) {
  const scale = SIDE / 2 / reach;
  const at = (/** @type {number} */ x) => (SIDE / 2 + scale * x).toFixed(2);
  const up = (/** @type {number} */ y) => (SIDE / 2 - scale * y).toFixed(2);
  const colors = classColors(3);
  const dots = points.map((_, i) => svg("circle", { r: 3.2, fill: colors[groups[i]] }));
  const lines = [0, 1].map(() => svg("line", { x1: SIDE / 2, y1: SIDE / 2, class: "gt-axis-line" }));
  const ends = [0, 1].map(() => svg("circle", { r: 5, class: "gt-axis-end" }));
  const names = ["e₁", "e₂"].map((name) => svg("text", { class: "gt-axis-name", "text-anchor": "middle" }, name));
  const element = svg(
    "svg",
    { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" },
    ...lines,
    ...dots,
    ...ends,
    ...names,
  );

  return {
    element,
    /** @param {number} t @param {Matrix} m upon the points, at the end @param {Matrix} axes where they are now, as rows */
    draw(t, [[a, b], [c, d]], axes) {
      points.forEach(([x, y], i) => {
        dots[i].setAttribute("cx", at(x + t * (x * a + y * c - x)));
        dots[i].setAttribute("cy", up(y + t * (x * b + y * d - y)));
      });
      axes.forEach(([x, y], i) => {
        set(lines[i], { x2: at(x), y2: up(y) });
        set(ends[i], { cx: at(x), cy: up(y) });
        // beside the end of its line, on the side away from the other axis' half-turn
        set(names[i], { x: at(x * 0.86 + y * 0.13), y: Number(up(y * 0.86 - x * 0.13)) + 4 });
      });
    },
  };
}

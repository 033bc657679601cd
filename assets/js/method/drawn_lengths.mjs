// @ts-check
/** The unit vectors of a few dimensions as they are drawn, and beside them how long each is and how long it looks. */

import { dragHandle } from "../tour/drag.mjs";
import { randomFrame } from "../tour/frame.mjs";
import { el, part } from "../core/dom.mjs";
import { svg } from "../core/svg.mjs";
import { createHandles } from "../points/handles.mjs";
import { classColors } from "../points/palette.mjs";
import { createRange } from "../core/range.mjs";
import { SIDE, createFigure, pixels, square } from "./figure.mjs";
import { drawnDistance, drawnLengths } from "./lengths.mjs";

const REACH = 1.26;
const LEAST = 2;
const MOST = 10; // dimensions: as many as there are digits
const BEGIN = 4; // dimensions, at first
const LONG = Math.SQRT2; // the longest thing drawn; its bar takes all the room
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** @param {number} i from 0 */
const nameOf = (i) => `e${[...String(i + 1)].map((digit) => SUBSCRIPTS[Number(digit)]).join("")}`;

/** @param {HTMLElement} box with the stage, the bars and the controls */
export function createDrawnLengths(box) {
  const root = /** @type {HTMLElement} */ (box.querySelector("[data-gt-stage]"));
  const layer = part(root, "handles");
  const colors = classColors(MOST);
  let p = BEGIN;
  let seed = 1;
  let g = randomFrame(p, seed);
  let handles = makeHandles();
  part(root, "figure").replaceChildren(
    svg(
      "svg",
      { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" },
      svg("circle", { cx: SIDE / 2, cy: SIDE / 2, r: square(REACH).left(1) - SIDE / 2, class: "gt-rim" }),
    ),
  );
  const bars = part(box, "lengths");
  const sum = part(box, "squares");
  const dimensions = createRange({
    label: "Dimensions p",
    least: LEAST,
    most: MOST,
    step: 1,
    value: p,
    said: String,
    changed(value) {
      p = value;
      another();
    },
  });
  const button = el(
    "button",
    { type: "button", class: "btn btn-sm gt-button gt-go", onclick: another },
    "Another view",
  );
  part(box, "controls").replaceChildren(dimensions.element, button);

  function another() {
    g = randomFrame(p, ++seed);
    handles = makeHandles();
    draw();
  }

  function makeHandles() {
    const names = Array.from({ length: p }, (_, i) => nameOf(i));
    return createHandles(layer, names, colors, {
      start() {},
      move(i, x, y) {
        dragHandle(g, p, i, x, y);
        draw();
      },
      end() {},
      hold() {},
    });
  }

  /** @param {string} name @param {string} color @param {number} length @param {number} drawn */
  function row(name, color, length, drawn) {
    const real = el("span", { class: "gt-length-real", style: `width: ${(100 * length) / LONG}%` });
    const seen = el("span", {
      class: "gt-length-drawn",
      style: `width: ${(100 * drawn) / LONG}%; background: ${color}`,
    });
    return el(
      "div",
      { class: "gt-length" },
      el("span", {}, name),
      el("span", { class: "gt-length-bars", "aria-hidden": "true" }, real, seen),
      el("span", {}, `${drawn.toFixed(2)} of ${length === 1 ? "1" : length.toFixed(2)}`),
    );
  }

  function draw() {
    handles.draw(g, pixels(layer, REACH), p);
    const lengths = drawnLengths(g, p);
    bars.replaceChildren(
      ...lengths.map((drawn, i) => row(nameOf(i), colors[i], 1, drawn)),
      row(`${nameOf(0)} to ${nameOf(1)}`, "var(--gt-quiet)", Math.SQRT2, drawnDistance(g, p, 0, 1)),
    );
    const squares = lengths.reduce((total, length) => total + length * length, 0);
    sum.textContent = `The squares of the ${p} drawn lengths add up to ${squares.toFixed(2)}: in the mean ${squares.toFixed(0)}⁄${p} = ${(squares / p).toFixed(2)} each.`;
  }

  createFigure(root, {
    frame: () => false,
    resized: draw,
    inspect: () => ({
      run: "lengths", layer: "unit vectors", epoch: 0, playing: false, n: p, p, matrix: g.slice(),
      positions: Float32Array.from({ length: 2 * p }, (_, at) => g[(at >> 1) * p + (at & 1)]), ids: Array.from({ length: p }, (_, i) => i), selected: [],
      lengths: drawnLengths(g, p),
    }), // prettier-ignore
  });
  draw();
}

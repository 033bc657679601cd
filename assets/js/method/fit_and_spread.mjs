// @ts-check
/** Some points are pulled, and the picture answers in three ways side by side: rotate, fit, spread. */

import { createDrag } from "../tour/drag_points.mjs";
import { identity } from "../tour/frame.mjs";
import { el, part, percent } from "../core/dom.mjs";
import { set, svg } from "../core/svg.mjs";
import { P, drawnSpread, leftOver, makeHandful, turnedRow } from "./drags.mjs";
import { SIDE, createFigure, square } from "./figure.mjs";
import { createKnob } from "./knob.mjs";

const REACH = 1.3;
const FAR = 1.2; // data units from the middle of the picture: the knob stays in it
const STEP = 0.05; // data units of an arrow key
const WISH = [-0.35, 0.4]; // data units, at first: how far the selection is pulled
/** @typedef {"rotate"|"fit"|"spread"} Mode @type {Mode[]} */
const MODES = ["rotate", "fit", "spread"];

/** @param {HTMLElement} box with a stage for each way */
export function createFitAndSpread(box) {
  const handful = makeHandful();
  const before = identity(P);
  let wish = [...WISH];
  const rows = handful.selected.map((row) => turnedRow(handful.points, row, before));
  const middle = [0, 1].map((k) => rows.reduce((sum, row) => sum + row[k], 0) / rows.length);
  const panels = MODES.map((mode) => createPanel(mode));

  /** @param {number} dx @param {number} dy data units from where the points were */
  function pull(dx, dy) {
    wish = [dx, dy].map((d, k) => Math.max(-FAR, Math.min(FAR, middle[k] + d)) - middle[k]);
    draw();
  }

  function draw() {
    for (const panel of panels) panel.draw();
  }

  /** @param {Mode} mode */
  function createPanel(mode) {
    const root = /** @type {HTMLElement} */ (box.querySelector(`[data-gt-stage="method-${mode}"]`));
    const { left, top } = square(REACH);
    const { points, n, selected } = handful;
    const drag = createDrag(mode, before, P, points, n, selected);
    if (!drag) throw new Error(`createFitAndSpread: the points must be fit for ${mode}; make others in drags.mjs`);
    const g = new Float64Array(P * P);
    const dots = Array.from({ length: n }, (_, i) =>
      svg("circle", { r: 5, class: selected.includes(i) ? "gt-point gt-ball" : "gt-point gt-other" }),
    );
    const asked = selected.map(() => svg("circle", { r: 5, class: "gt-asked" }));
    const short = svg("path", { class: "gt-foot" });
    part(root, "figure").replaceChildren(
      svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" }, short, ...asked, ...dots),
    );
    const knob = el("button", {
      type: "button",
      class: "gt-knob",
      title: "Where the selected points should go",
      "aria-label": `Where the selected points should go, ${mode}. Drag it, or move it with the arrow keys.`,
    });
    part(root, "handles").replaceChildren(knob);
    let from = wish;
    const held = createKnob(knob, {
      reach: REACH,
      step: STEP,
      start: () => (from = wish),
      move: (dx, dy) => pull(from[0] + dx, from[1] + dy),
    });
    const said = part(root, "said");
    const positions = new Float32Array(2 * n);

    function draw() {
      drag?.at(wish[0], wish[1], g);
      for (let i = 0; i < n; i++) positions.set(turnedRow(points, i, g).slice(0, 2), 2 * i);
      dots.forEach((dot, i) => set(dot, { cx: left(positions[2 * i]), cy: top(positions[2 * i + 1]) }));
      let lines = "";
      selected.forEach((row, i) => {
        const [x, y] = [left(rows[i][0] + wish[0]), top(rows[i][1] + wish[1])];
        set(asked[i], { cx: x, cy: y });
        lines += `M${x} ${y}L${left(positions[2 * row])} ${top(positions[2 * row + 1])}`;
      });
      set(short, { d: lines });
      held.put(middle[0] + wish[0], middle[1] + wish[1]);
      said.replaceChildren(
        el("span", {}, `Left of the wish: ${leftOver(before, g, handful, wish[0], wish[1]).toFixed(2)}.`),
        " ",
        el("span", {}, `Draws ${percent(drawnSpread(g, handful))} of the selection’s variance.`),
      );
    }

    createFigure(root, {
      frame: () => false,
      resized: draw,
      inspect: () => ({
        run: "handful", layer: mode, epoch: 0, playing: false, n, p: P, matrix: g.slice(), positions: positions.slice(),
        ids: Array.from(dots.keys()), selected, wish: [...wish], left: leftOver(before, g, handful, wish[0], wish[1]), spread: drawnSpread(g, handful),
      }), // prettier-ignore
    });
    return { draw };
  }

  box.querySelector('[data-gt-action="put-back"]')?.addEventListener("click", () => pull(0, 0));
  draw();
}

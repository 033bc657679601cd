// @ts-check
/**
 * One point that the reader moves, and three pictures that answer side by side: the linear one, which follows by
 * itself, and t-SNE and UMAP, which were computed beforehand for every place of a grid and show the nearest.
 */

import { createOdometer, nearestStep } from "./answers.mjs";
import { el, part } from "../core/dom.mjs";
import { SIDE, createFigure, square } from "./figure.mjs";
import { createKnob } from "./knob.mjs";
import { classColors } from "../points/palette.mjs";
import { set, svg } from "../core/svg.mjs";

const REACH = 1.3; // half a picture's side: of the data's plane, and of pictures whose farthest point is at 1
const FOLLOW = 12; // 1/s: by what share of the way that is left a picture goes on; nearly there after a fifth of a second
const ARRIVED = 1e-4; // of a picture's half width
const WALK_SPEED = 0.55; // units of the data a second
const TRAIL = 400; // places that are remembered

/** From group to group and back to the middle, a little inside the corners. @type {[number, number][]} */
const WALK = [[-0.62, -0.36], [0.62, -0.36], [0, 0.72], [0, 0]]; // prettier-ignore

/** @typedef {import("./answers.mjs").MovedNote} MovedNote @typedef {import("./answers.mjs").Answer} Answer */

/**
 * Where one is after some way towards a goal, and not beyond it.
 *
 * @param {number[]} from @param {[number, number]} goal @param {number} far
 * @returns {{at: [number, number], arrived: boolean}}
 */
export function towards([x, y], [toX, toY], far) {
  const left = Math.hypot(toX - x, toY - y);
  const share = left > 0 ? Math.min(1, far / left) : 1;
  return { at: [x + share * (toX - x), y + share * (toY - y)], arrived: share === 1 };
}

/**
 * @param {HTMLElement} box with a stage for each answer, in their order
 * @param {MovedNote} note
 * @param {Answer[]} answers the first is the one in which the point is taken hold of
 * @param {() => boolean} reduced whether nothing should glide
 */
export function createMovedPoint(box, note, answers, reduced) {
  const roots = /** @type {HTMLElement[]} */ ([...box.querySelectorAll("[data-gt-stage]")]);
  const limit = note.steps[note.steps.length - 1];
  const step = note.steps[1] - note.steps[0];
  let place = [0, 0];
  let grid = [NaN, NaN];
  /** @type {[number, number][]} where a walk still goes */
  let route = [];
  const shared = {
    frame,
    resized: () => knob.isConnected && showKnob(),
    place: () => place,
    walking: () => route.length > 0,
  };
  /** @type {Panel[]} */
  const panels = answers.map((answer, i) => createPanel(roots[i], note, answer, shared));
  const knob = makeKnob();
  part(roots[0], "handles").append(knob);
  let from = place;
  const held = createKnob(knob, {
    reach: REACH,
    step,
    start(byKey) {
      if (!byKey || route.length) begin();
      from = place;
    },
    move: (dx, dy) => go(from[0] + dx, from[1] + dy),
  });

  /** Every panel's loop calls; the first moves the point. @param {number} dt @param {Panel} panel */
  function frame(dt, panel) {
    if (panel === panels[0] && route.length) walkOn(dt);
    return panel.approach(dt, reduced()) || (panel === panels[0] && route.length > 0);
  }

  /** However long a frame took, no place of the grid on the way is left out. @param {number} dt */
  function walkOn(dt) {
    for (let far = WALK_SPEED * dt; far > 0 && route.length; far -= step / 4) {
      const { at, arrived } = towards(place, route[0], Math.min(far, step / 4));
      if (arrived) route.shift();
      go(at[0], at[1]);
    }
    if (!route.length) walking(false);
  }

  /** The point goes to a place of the plane, and every picture answers. @param {number} x @param {number} y */
  function go(x, y) {
    place = [x, y].map((v) => Math.max(-limit, Math.min(limit, v)));
    const now = place.map((v) => nearestStep(note.steps, v));
    const passed = now[0] !== grid[0] || now[1] !== grid[1];
    grid = now;
    for (const panel of panels) panel.answer(place[0], place[1], passed);
    showKnob();
  }

  const showKnob = () => held.put(place[0], place[1]);

  function begin() {
    route = [];
    walking(false);
    for (const panel of panels) panel.begin();
  }

  const walkButton = /** @type {HTMLElement} */ (box.querySelector('[data-gt-action="walk"]'));

  /** @param {boolean} on */
  function walking(on) {
    walkButton.setAttribute("aria-pressed", String(on));
  }

  function walk() {
    begin();
    route = [...WALK];
    walking(true);
    if (reduced()) walkOn(Infinity);
    else panels[0].wake();
  }

  function home() {
    begin();
    go(0, 0);
    begin();
    panels.forEach((panel) => panel.say());
  }

  walkButton.addEventListener("click", () => (route.length ? begin() : walk()));
  box.querySelector('[data-gt-action="home"]')?.addEventListener("click", home);
  go(0, 0);
  home();
  return { walk };
}

function makeKnob() {
  return el("button", {
    type: "button",
    class: "gt-knob",
    "aria-label": "The point that moves. Drag it, or move it with the arrow keys.",
    title: "Drag me",
  });
}

/**
 * @typedef {object} Panel
 * @property {() => void} wake
 * @property {() => void} begin the point and the others are where they were from now on
 * @property {(x: number, y: number, passed: boolean) => void} answer whether a place of the grid was passed
 * @property {() => void} say how far they have gone
 * @property {(dt: number, atOnce: boolean) => boolean} approach where the points should be; whether any way is left
 */

/**
 * A picture with the answer of one method.
 *
 * @param {HTMLElement} root @param {MovedNote} data @param {Answer} answer
 * @param {object} shared by all of them
 * @param {(dt: number, panel: Panel) => boolean} shared.frame
 * @param {() => void} shared.resized
 * @param {() => number[]} shared.place of the point
 * @param {() => boolean} shared.walking
 * @returns {Panel}
 */
function createPanel(root, data, answer, shared) {
  const { n } = data;
  const { left, top } = square(REACH);
  const colors = classColors(3);
  const dots = data.groups.map((group) => svg("circle", { r: 5, class: "gt-point", fill: colors[group] }));
  const trail = svg("polyline", { class: "gt-moved-trail" });
  const mark = svg("circle", { r: 8, class: "gt-moved-mark" });
  part(root, "figure").replaceChildren(
    svg("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" }, ...dots, trail, mark),
  );
  const said = part(root, "said");
  const odometer = createOdometer(n);
  const target = answer.at(0, 0).slice();
  const shown = target.slice();
  /** @type {[number, number][]} */
  let places = [];
  const figure = createFigure(root, {
    frame: (dt) => shared.frame(dt, panel),
    resized: shared.resized,
    inspect: () => ({
      run: "moved-point", layer: answer.name, epoch: 0, playing: shared.walking(), n: n + 1, p: answer.matrix ? data.p : 2,
      matrix: answer.matrix?.slice() ?? Float64Array.of(1, 0, 0, 1), positions: target.slice(), ids: Array.from({ length: n + 1 }, (_, i) => i),
      selected: [], place: [...shared.place()], travelled: { point: odometer.point, others: odometer.others },
    }), // prettier-ignore
  });

  const panel = {
    wake: figure.wake,
    begin() {
      odometer.reset();
      places = [[target[2 * n], target[2 * n + 1]]];
      trail.setAttribute("points", "");
    },
    /** @param {number} x @param {number} y @param {boolean} passed whether a place of the grid was passed */
    answer(x, y, passed) {
      const next = answer.at(x, y);
      if (passed || answer.matrix) {
        odometer.add(target, next);
        target.set(next);
        if (places.length < TRAIL) places.push([target[2 * n], target[2 * n + 1]]);
        trail.setAttribute("points", places.map(([a, b]) => `${left(a)},${top(b)}`).join(" "));
        panel.say();
      }
      figure.wake();
    },
    say() {
      const share = odometer.point > 1e-6 ? odometer.others / odometer.point : 0;
      said.textContent = odometer.point > 1e-6
        ? `The others moved ${share === 0 ? "0" : share.toFixed(2)} for each 1 of the point.`
        : "The point has not moved yet."; // prettier-ignore
    },
    /** Go a part of the way to where the points should be. @param {number} dt @param {boolean} atOnce @returns {boolean} whether any is left */
    approach(dt, atOnce) {
      const share = atOnce || answer.matrix ? 1 : 1 - Math.exp(-FOLLOW * dt);
      let most = 0;
      for (let i = 0; i < shown.length; i++) {
        const far = target[i] - shown[i];
        shown[i] += share * far;
        most = Math.max(most, Math.abs(far));
      }
      dots.forEach((dot, i) => set(dot, { cx: left(shown[2 * i]), cy: top(shown[2 * i + 1]) }));
      set(mark, { cx: left(shown[2 * n]), cy: top(shown[2 * n + 1]) });
      return most > ARRIVED;
    },
  };
  panel.approach(0, true);
  return panel;
}

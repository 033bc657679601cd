// @ts-check
/** The middle of each class among the points of the other split: a ring, and a line to the middle of those that are shown. */

import { el, part, toast } from "../core/dom.mjs";
import { splitWord } from "../data/splits.mjs";
import { classColors } from "./palette.mjs";
import { toLeft, toTop } from "./viewport.mjs";

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 6; // px

/** @param {import("../stage/stage.mjs").Stage} stage @param {import("../stage/tour_view.mjs").TourView} view */
export function createMeans(stage, view) {
  const layer = document.createElementNS(SVG, "svg");
  layer.setAttribute("class", "gt-means");
  layer.setAttribute("aria-hidden", "true");
  part(stage.root, "touch").before(layer);
  const note = el("span", { class: "gt-means-note", hidden: true });
  part(stage.root, "figures").before(note);
  /** @type {{ring: SVGCircleElement, line: SVGLineElement}[]} */
  let marks = [];
  /** @type {Float32Array|null} (states, epochs, classes, k) */
  let vectors = null;
  let of = "";
  let on = false;

  /** Fetch them, once a run. */
  async function fetchVectors() {
    const { run, tensors } = view;
    const opposite = run.alignment?.opposite;
    if (!opposite || of === opposite.tensor.url) return;
    try {
      const values = /** @type {Float32Array} */ (await tensors.other(opposite.tensor));
      if (view.run !== run) return;
      [vectors, of] = [values, opposite.tensor.url];
      const colors = classColors(run.classes.length);
      marks = run.classes.map((_, c) => {
        const ring = document.createElementNS(SVG, "circle");
        const line = document.createElementNS(SVG, "line");
        ring.setAttribute("r", String(RADIUS));
        for (const one of [ring, line]) one.style.stroke = colors[c];
        return { ring, line };
      });
      layer.replaceChildren(...marks.flatMap(({ ring, line }) => [line, ring]));
      view.refresh();
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), "error");
    }
  }

  /** Where each class's ring is, and its line ends; null for a class that has none. */
  function placed() {
    const { states, run } = view;
    if (!on || !states || !vectors) return [];
    const classes = run.classes.length;
    const there = states.placeVectors(vectors, run.epochs.length, classes, view.epoch, view.seen);
    const here = new Float32Array(3 * classes);
    const { n, labels } = stage.points;
    for (let i = 0; i < n; i++) {
      here[3 * labels[i]] += stage.positions[2 * i];
      here[3 * labels[i] + 1] += stage.positions[2 * i + 1];
      here[3 * labels[i] + 2]++;
    }
    return run.classes.map((_, c) => {
      const [x, y, count] = [there[2 * c], there[2 * c + 1], here[3 * c + 2]];
      if (!Number.isFinite(x) || !(count > 0) || view.hidden.has(c)) return null;
      return { x, y, toX: here[3 * c] / count, toY: here[3 * c + 1] / count };
    });
  }

  return {
    get on() {
      return on;
    },
    /** @param {boolean} value */
    set(value) {
      on = value && Boolean(view.run.alignment?.opposite);
      layer.style.display = on ? "" : "none";
      note.hidden = !on;
      if (!on) return;
      const opposite = /** @type {import("../data/layers.mjs").Opposite} */ (view.run.alignment?.opposite);
      note.textContent = `Rings: class means of ${opposite.n} ${splitWord(opposite.split)} points`;
      if (of !== opposite.tensor.url) vectors = null;
      fetchVectors();
      view.refresh();
    },
    draw() {
      const at = stage.viewport;
      if (!at) return;
      placed().forEach((place, c) => {
        const { ring, line } = marks[c];
        ring.style.display = line.style.display = place ? "" : "none";
        if (!place) return;
        const [left, top] = [toLeft(at, place.x).toFixed(1), toTop(at, place.y).toFixed(1)];
        ring.setAttribute("cx", left);
        ring.setAttribute("cy", top);
        line.setAttribute("x1", left);
        line.setAttribute("y1", top);
        line.setAttribute("x2", toLeft(at, place.toX).toFixed(1));
        line.setAttribute("y2", toTop(at, place.toY).toFixed(1));
      });
    },
    /** Draw them with any pen. @param {import("./pens.mjs").Pen} pen @param {import("./viewport.mjs").Viewport} at @param {string|null} ground what is behind them */
    paint: (pen, at, ground) => paintMeans(pen, at, placed(), classColors(view.run.classes.length), ground),
  };
}

/**
 * @param {import("./pens.mjs").Pen} pen @param {import("./viewport.mjs").Viewport} at
 * @param {({x: number, y: number, toX: number, toY: number}|null)[]} places one a class @param {string[]} colors @param {string|null} ground
 */
function paintMeans(pen, at, places, colors, ground) {
  for (const [c, place] of places.entries()) {
    if (!place) continue;
    const [left, top] = [toLeft(at, place.x), toTop(at, place.y)];
    pen.strokeStyle = colors[c];
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(left, top);
    pen.lineTo(toLeft(at, place.toX), toTop(at, place.toY));
    pen.stroke();
    pen.lineWidth = 3;
    pen.beginPath();
    pen.arc(left, top, RADIUS, 0, 2 * Math.PI);
    if (ground) pen.fillStyle = ground;
    if (ground) pen.fill();
    pen.stroke();
  }
}

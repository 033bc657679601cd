// @ts-check
/**
 * What a residual branch adds to each point, as an arrow: from where the point was before the sum to where it is behind
 * it, in one and the same coordinates. Of the selected points, or of all where none is selected.
 */

import { selectedIds } from "../state/selection.mjs";
import { el, part } from "../core/dom.mjs";
import { arrow } from "./arrow.mjs";
import { groupColors } from "./palette.mjs";
import { createSizedCanvas } from "./sized_canvas.mjs";
import { toLeft, toTop } from "./viewport.mjs";

const MOST = 500; // arrows
const LINE = 1.4; // CSS px
const STRONG = 0.75;

/**
 * The sum that a position is at, or on the way to.
 *
 * @param {import("../data/layers.mjs").AlignmentNote} note @param {number} position
 * @returns {number|null} a state
 */
export function sumAt({ transitions }, position) {
  const state = Math.ceil(position - 1e-6);
  return state > 0 && transitions[state - 1].how === "addition" ? state : null;
}

/**
 * Where arrows begin and end: `ends` has the sum's places, `starts` those of the term that the path comes from. By a
 * shortcut the point was there; by a branch the term itself is what is added, so the point was at the sum less it.
 *
 * @param {Float32Array} starts (n, 2), written @param {Float32Array} ends (n, 2)
 * @param {import("../data/layers.mjs").LayerTransition} transition
 */
export function arrowStarts(starts, ends, { role, factor }) {
  for (let i = 0; i < starts.length; i++) {
    const term = factor * starts[i];
    starts[i] = role === "skip" ? term : ends[i] - term;
  }
}

/** @param {import("../stage/stage.mjs").Stage} stage @param {import("../stage/tour_view.mjs").TourView} view */
export function createAdded(stage, view) {
  const canvas = el("canvas", { class: "gt-trails gt-added", "aria-hidden": "true" });
  part(stage.root, "touch").before(canvas);
  const sized = createSizedCanvas(canvas);
  let on = false;
  let empty = true;
  let starts = new Float32Array(0);
  let ends = new Float32Array(0);

  /** Points whose arrows are drawn. */
  function chosen() {
    const { ids, labels, groups = labels } = stage.points;
    const some = selectedIds(view.run.run);
    const seen = Array.from(ids.keys()).filter((i) => !view.hidden.has(groups[i]));
    const found = some.size ? seen.filter((i) => some.has(ids[i])) : seen;
    const every = Math.ceil(found.length / MOST);
    return every > 1 ? found.filter((_, i) => i % every === 0) : found;
  }

  function clear() {
    sized.clear();
    empty = true;
    canvas.dataset.gtArrows = "0";
  }

  /** Where the arrows are now, in `starts` and `ends`. @returns {number[]|null} the points that they are of */
  function arrows() {
    const { states, tensors, matrix } = view;
    const sum = on && states ? sumAt(states.note, states.position) : null;
    if (!states || sum === null) return null;
    const points = chosen();
    if (starts.length !== 2 * points.length) [starts, ends] = [new Float32Array(2 * points.length), new Float32Array(2 * points.length)]; // prettier-ignore
    const epoch = Math.round(view.epoch);
    const place = (/** @type {number} */ state, /** @type {Float32Array} */ out) =>
      states.place(tensors, stage.split, epoch, state, matrix, points, out, 0, 2);
    if (!place(sum - 1, starts) || !place(sum, ends)) return null;
    arrowStarts(starts, ends, states.note.transitions[sum - 1]);
    return points;
  }

  /** @param {import("./pens.mjs").Pen} pen @param {import("./viewport.mjs").Viewport} at @param {number[]} points */
  function paintArrows(pen, at, points) {
    const { labels, groups = labels } = stage.points;
    const palette = groupColors(view.run);
    pen.save();
    pen.beginPath();
    pen.rect(at.left, at.top, at.width, at.height);
    pen.clip();
    pen.lineWidth = LINE;
    pen.globalAlpha = STRONG;
    points.forEach((index, i) => {
      pen.strokeStyle = pen.fillStyle = palette[groups[index]];
      const [x, y] = [toLeft(at, starts[2 * i]), toTop(at, starts[2 * i + 1])];
      arrow(pen, x, y, toLeft(at, ends[2 * i]), toTop(at, ends[2 * i + 1]));
    });
    pen.restore();
  }

  return {
    get on() {
      return on;
    },
    /** @param {boolean} value */
    set(value) {
      on = value;
      view.refresh();
    },
    draw() {
      const at = stage.viewport;
      const points = at && arrows();
      if (!points) {
        if (!empty) clear();
        return;
      }
      clear();
      empty = false;
      canvas.dataset.gtArrows = String(points.length);
      paintArrows(sized.pen, at, points);
    },
    /** Draw them with any pen. @param {import("./pens.mjs").Pen} pen @param {import("./viewport.mjs").Viewport} at */
    paint(pen, at) {
      const points = arrows();
      if (points) paintArrows(pen, at, points);
    },
  };
}

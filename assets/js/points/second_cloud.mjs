// @ts-check
/**
 * A second cloud over a stage's own: rings where another run has the same points, in the same frame, and arrows from where
 * the first has them. The rings have the colours that the points have.
 */

import { selectedIds } from "../state/selection.mjs";
import { el, part } from "../core/dom.mjs";
import { arrow } from "./arrow.mjs";
import { bytesOf, groundNow, onGround, stylesOf } from "./ground.mjs";
import { createSizedCanvas } from "./sized_canvas.mjs";
import { toLeft, toTop } from "./viewport.mjs";

const MOST_ARROWS = 1000;
const MOST_RINGS = 20_000; // of more the selected alone
const RING = 1.3; // px
const LINE = 1; // px
const SMALLEST = 2.4; // px, radius of a ring

/** @typedef {import("./pens.mjs").Pen} Pen @typedef {import("./viewport.mjs").Viewport} Viewport */

/**
 * Which arrows are drawn, and what is to be said of them.
 *
 * @param {ArrayLike<number>} drawn places of the points that are drawn @param {(i: number) => boolean} chosen whether one is selected
 * @returns {{points: number[], some: boolean, many: number}} `some`: only of the selected; `many`: so many that none is drawn
 */
export function arrowsOf(drawn, chosen) {
  const all = Array.from(drawn);
  const selected = all.filter(chosen);
  const points = selected.length ? selected : all;
  const many = points.length > MOST_ARROWS ? points.length : 0;
  return { points: many ? [] : points, some: selected.length > 0 && selected.length < all.length, many };
}

/**
 * @param {import("../stage/stage.mjs").Stage} stage it is drawn on @param {import("../stage/stage.mjs").Stage} other whose points the rings are
 * @param {import("../stage/tour_view.mjs").TourView} view
 */
export function createSecondCloud(stage, other, view) {
  const canvas = el("canvas", { class: "gt-trails gt-second", "aria-hidden": "true" });
  part(stage.root, "touch").before(canvas);
  const sized = createSizedCanvas(canvas);
  let on = false;
  let empty = true;

  function clear() {
    sized.clear();
    empty = true;
  }

  const isChosen = () => {
    const chosen = selectedIds(view.run.run);
    return (/** @type {number} */ i) => chosen.has(other.points.ids[i]);
  };
  const arrows = () => arrowsOf(other.look.order, isChosen());

  /** @param {Pen} pen @param {Viewport} at @param {readonly number[]} ground bytes @param {number} ratio of sizes to those on the screen */
  function paint(pen, at, ground, ratio) {
    const { palette, ids, order, size } = other.look;
    const styles = stylesOf(onGround(palette, ground));
    const chosen = isChosen();
    const rings = order.length > MOST_RINGS ? order.filter(chosen) : order;
    pen.save();
    pen.beginPath();
    pen.rect(at.left, at.top, at.width, at.height);
    pen.clip();
    paintRings(pen, at, other.positions, { rings, ids, styles, radius: ratio * Math.max(SMALLEST, size / 2 + 0.6), line: ratio * RING }); // prettier-ignore
    pen.lineWidth = ratio * LINE;
    for (const i of arrows().points) {
      const [color, alpha] = styles[ids[i]];
      pen.strokeStyle = pen.fillStyle = color;
      pen.globalAlpha = 0.8 * alpha;
      const { positions: from } = stage;
      const { positions: to } = other;
      arrow(pen, toLeft(at, from[2 * i]), toTop(at, from[2 * i + 1]), toLeft(at, to[2 * i]), toTop(at, to[2 * i + 1])); // prettier-ignore
    }
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
    /** Its rings, as the pointer finds them; null where there are none. @returns {import("./hits.mjs").Cloud|null} */
    get rings() {
      if (!on) return null;
      const chosen = isChosen();
      const few = other.look.order.length > MOST_RINGS;
      return { positions: other.positions, visible: (i) => other.visible(i) && (!few || chosen(i)) };
    },
    /** What arrows there are, see `arrowsOf`. */
    get arrows() {
      return arrows();
    },
    draw() {
      const at = on ? stage.viewport : null;
      if (!at) {
        if (!empty) clear();
        return;
      }
      clear();
      empty = false;
      paint(sized.pen, at, groundNow(), 1);
    },
    /** Draw it with any pen. @param {Pen} pen @param {Viewport} at @param {string|null} ground @param {number} ratio */
    paint(pen, at, ground, ratio) {
      if (on) paint(pen, at, bytesOf(ground), ratio);
    },
    leave: sized.leave,
  };
}

/**
 * Rings, a colour at a time; those that stand back first.
 *
 * @param {Pen} pen @param {Viewport} at @param {Float32Array} positions
 * @param {{rings: ArrayLike<number>, ids: Uint8Array, styles: [string, number][], radius: number, line: number}} how
 */
function paintRings(pen, at, positions, { rings, ids, styles, radius, line }) {
  /** @type {number[][]} */
  const byColor = styles.map(() => []);
  for (let r = 0; r < rings.length; r++) byColor[ids[rings[r]]].push(rings[r]);
  pen.lineWidth = line;
  for (let color = styles.length - 1; color >= 0; color--) {
    if (!byColor[color].length) continue;
    [pen.strokeStyle, pen.globalAlpha] = styles[color];
    pen.beginPath();
    for (const i of byColor[color]) {
      const [x, y] = [toLeft(at, positions[2 * i]), toTop(at, positions[2 * i + 1])];
      pen.moveTo(x + radius, y);
      pen.arc(x, y, radius, 0, 2 * Math.PI);
    }
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

// @ts-check
/**
 * One more line in a plotly chart, drawn above its picture: to have plotly draw it would have all its lines drawn anew,
 * which takes longer than a reader should wait for an answer to a click.
 */

import { set, svg } from "../core/svg.mjs";

/**
 * @param {HTMLElement} box positioned, around the graph
 * @param {any} gd plotly's graph div; the line is in its first axes
 */
export function createCurve(box, gd) {
  const path = svg("path", { class: "gt-training-curve" });
  const picture = svg("svg", { class: "gt-training-picture", "aria-hidden": "true" }, path);
  box.append(picture);
  /** @type {number[]} */
  let xs = [];
  /** @type {number[]|null} */
  let ys = null;

  function draw() {
    const { xaxis, yaxis } = gd._fullLayout ?? {};
    const at = (/** @type {number} */ y, /** @type {number} */ i) =>
      `${(xaxis._offset + xaxis.d2p(xs[i])).toFixed(1)},${(yaxis._offset + yaxis.d2p(y)).toFixed(1)}`;
    set(path, { d: ys && xaxis ? `M${ys.map(at).join("L")}` : "" });
  }
  gd.on("plotly_afterplot", draw);

  return {
    /** @param {number[]} x @param {number[]|null} y null for no line */
    show(x, y) {
      [xs, ys] = [x, y];
      draw();
    },
    get values() {
      return ys;
    },
    end() {
      gd.removeListener?.("plotly_afterplot", draw);
      picture.remove();
    },
  };
}

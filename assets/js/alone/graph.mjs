// @ts-check
/**
 * A plain graph in the place of plotly's: two equal axes that fill a box, and a word to whoever listens when the box has another
 * size. It has the names that plotly gives these things, so that stages need not know which one they stand on.
 */

import { el } from "../core/dom.mjs";

const HOME = 0.94; // half the range of the axes in plot units, until there are points, as in `gt/figures/stage.py`

/** @param {HTMLElement} box that it fills @returns {any} the graph */
export function createGraph(box) {
  const gd = /** @type {any} */ (el("div", { class: "js-plotly-plot" }));
  const ranges = () => ({ xaxis: { range: [-HOME, HOME] }, yaxis: { range: [-HOME, HOME] } });
  /** @type {Set<() => void>} */
  const heard = new Set();
  gd.data = [{ visible: false }];
  gd.layout = ranges();
  gd._fullLayout = { _plots: { xy: {} }, ...ranges() };
  gd.on = (/** @type {string} */ _, /** @type {() => void} */ listener) => heard.add(listener);
  box.append(gd);

  function plot() {
    const { width, height } = gd.layout; // where it is told its size; else it fills its box
    if (width) Object.assign(gd.style, { width: `${width}px`, height: `${height}px` });
    for (const [name, length] of [["xaxis", width ?? gd.clientWidth], ["yaxis", height ?? gd.clientHeight]]) {
      Object.assign(gd._fullLayout[name], { range: [...gd.layout[name].range], _offset: 0, _length: length });
    } // prettier-ignore
    for (const listener of [...heard]) listener();
  }
  plot();
  new ResizeObserver(plot).observe(gd);

  gd.own = {
    /** Show other ranges, at another size. @param {{"xaxis.range": number[], "yaxis.range": number[], width?: number, height?: number}} asked */
    async relayout(asked) {
      if (asked.width) Object.assign(gd.layout, { width: asked.width, height: asked.height });
      gd.layout.xaxis.range = asked["xaxis.range"];
      gd.layout.yaxis.range = asked["yaxis.range"];
      plot();
    },
    plot,
  };
  return gd;
}

// @ts-check
/** The ranges of plotly's axes, without a layout of the figure: what plotly itself does while an axis is dragged. */

/**
 * @param {any} gd plotly's graph div @param {ArrayLike<number>} x @param {ArrayLike<number>} y data units, ascending
 * @returns {boolean} whether it could; else `Plotly.relayout` is to be called
 */
export function setRanges(gd, x, y) {
  const { layout, _fullLayout } = gd;
  const [across, up] = [_fullLayout?.xaxis, _fullLayout?.yaxis];
  if (!across?.setScale || !up?.setScale) return false;
  for (const [axis, asked, range] of /** @type {[any, any, ArrayLike<number>][]} */ ([
    [across, layout.xaxis, x],
    [up, layout.yaxis, y],
  ])) {
    axis.range = Array.from(range);
    if (axis._input) axis._input.range = Array.from(range);
    asked.range = Array.from(range);
    axis.setScale();
  }
  return true;
}

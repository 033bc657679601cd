// @ts-check
/** The colours of all points of a grid: each row is painted once, or once an epoch where its colours depend on that. */

import { hasClassHandles } from "../data/groups.mjs";
import { dotOpacity } from "../points/dot_look.mjs";

/**
 * @typedef {import("./grid_panel.mjs").Panel} Panel
 * @typedef {import("./grid_rows.mjs").Row} Row
 * @typedef {import("../points/colorings.mjs").Said} Said
 */

/**
 * What is known of all points, for a picture of some of them.
 *
 * @param {Said} whole @param {Row} source of all of them @param {{n: number, ids: ArrayLike<number>}} points some
 * @returns {Said}
 */
export function saidOfSome(whole, source, { n, ids }) {
  if (source.points.n === n) return whole;
  const at = Array.from(ids, (id) => source.places.get(id) ?? 0);
  if (whole.given) return { ...whole, given: { ...whole.given, at } };
  return {
    predicted: Uint16Array.from(at, (i) => whole.predicted[i]),
    confidence: Float32Array.from(at, (i) => whole.confidence[i]),
  };
}

/** Points of the panel that has most. @param {Panel[]} panels */
export const mostIn = (panels) => Math.max(1, ...panels.map(({ row }) => row.points.n));

/**
 * Paint all panels; their handles recede with their classes.
 *
 * @param {Panel[]} panels @param {number} n points of all of them
 * @param {ReturnType<typeof import("./coloring.mjs").createColoring>} coloring @param {number} k classes
 * @param {(panel: Panel) => Said|null} saidOf what the network says of a panel's points
 * @param {ReadonlySet<number>} chosen selected ids
 * @param {(row: Row) => Uint8Array|null} throughOf what filters let through
 * @returns {{palette: Uint8Array|null, ids: Uint8Array, order: Uint32Array}} `order` has what is drawn, the last on top
 */
export function paintPanels(panels, n, coloring, k, saidOf, chosen, throughOf) {
  const ids = new Uint8Array(n);
  const order = new Uint32Array(n);
  let drawn = 0;
  /** @type {Uint8Array|null} */
  let palette = null;
  /** @type {Map<string, ReturnType<typeof coloring.paint>>} */
  const made = new Map();
  const opacity = dotOpacity(mostIn(panels)); // one palette for all
  for (const panel of panels) {
    const { points, name, said } = panel.row;
    const key = coloring.told ? `${name}/${panel.epoch}` : name;
    const through = throughOf(panel.row);
    const painted =
      made.get(key) ?? coloring.paint(points, coloring.told ? saidOf(panel) : null, k, chosen, through, opacity);
    made.set(key, painted);
    palette = painted.palette;
    ids.set(painted.ids, panel.offset);
    for (const i of painted.order) order[drawn++] = i + panel.offset;
    const classes = said.p === k && hasClassHandles(said);
    panel.handles?.dim((c) => classes && coloring.recedes(c));
    if (classes) panel.handles?.recolor((c) => coloring.colorOf(c));
  }
  return { palette, ids, order: order.subarray(0, drawn) };
}

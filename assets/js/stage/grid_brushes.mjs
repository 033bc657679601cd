// @ts-check
/** The rectangles that stay in the panels of a grid, and the selection that follows from them. */

import { combine } from "../points/brushes.mjs";
import { select } from "../state/selection.mjs";

/**
 * @typedef {import("../points/brushes.mjs").Rectangle} Rectangle
 * @typedef {import("../points/brushes.mjs").Combine} Combine
 * @typedef {import("./grid_panel.mjs").Panel} Panel
 */

/**
 * @param {object} given
 * @param {() => string} given.run whose points are selected
 * @param {() => Panel[]} given.panels
 * @param {(row: import("./grid_rows.mjs").Row) => (i: number) => boolean} given.visible
 * @param {() => void} given.changed
 */
export function createGridBrushes({ run, panels, visible, changed }) {
  /** @type {Map<string, Rectangle>} by the panel's name */
  let rectangles = new Map();
  /** @type {Combine} */
  let combining = "and";
  let applying = false;

  /** Select what the rectangles say. */
  function apply() {
    /** @type {[import("../points/brushes.mjs").Place, Rectangle][]} */
    const all = [];
    for (const panel of panels()) {
      const r = rectangles.get(panel.name);
      const { ids } = panel.row.points;
      if (r && panel.here) all.push([{ positions: panel.positions, ids, visible: visible(panel.row) }, r]);
    }
    applying = true;
    try {
      select(run(), combine(all, combining));
    } finally {
      applying = false;
    }
    for (const panel of panels()) panel.dirty = true;
    changed();
  }

  const brushes = {
    get count() {
      return rectangles.size;
    },
    get combining() {
      return combining;
    },
    /** @param {Panel} panel */
    of: (panel) => rectangles.get(panel.name),

    /** @param {Panel} panel @param {Rectangle|null} rectangle none for no rectangle */
    set(panel, rectangle) {
      if (rectangle) rectangles.set(panel.name, rectangle);
      else rectangles.delete(panel.name);
      apply();
    },
    /** How rectangles of several panels go together. @param {Combine} how */
    setCombining(how) {
      combining = how;
      if (rectangles.size) apply();
    },
    /** The points of a row have other places. @param {import("./grid_rows.mjs").Row} row */
    moved(row) {
      if (panels().some((panel) => panel.row === row && rectangles.has(panel.name))) apply();
    },
    clear() {
      rectangles.clear();
      for (const panel of panels()) panel.brush.hidden = true;
      changed();
    },
    /** Somebody selects: if it was not the rectangles, they have nothing to say any more. */
    selected() {
      if (!applying && rectangles.size) brushes.clear();
    },
    /** Other panels: rectangles of those that have gone are forgotten. */
    keep() {
      rectangles = new Map([...rectangles].filter(([name]) => panels().some((panel) => panel.name === name)));
    },
  };
  return brushes;
}

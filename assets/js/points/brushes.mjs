// @ts-check
/**
 * Rectangles that stay: at most one a panel, and the points that lie in all of them, or in any.
 * Pure: who draws them and what is selected is decided elsewhere.
 */

/**
 * @typedef {{x0: number, x1: number, y0: number, y1: number}} Rectangle plot units, x0 <= x1, y0 <= y1
 * @typedef {"and"|"or"} Combine
 * @typedef {{positions: Float32Array, ids: ArrayLike<number>, visible: (i: number) => boolean}} Place
 *   where points are in a panel: interleaved x, y in plot units, NaN where they are not
 */

/**
 * @param {Float32Array} positions @param {number} i @param {Rectangle} r
 */
export const within = (positions, i, r) => {
  const x = positions[2 * i];
  const y = positions[2 * i + 1];
  return x >= r.x0 && x <= r.x1 && y >= r.y0 && y <= r.y1;
};

/**
 * The ids inside one rectangle.
 *
 * @param {Place} place @param {Rectangle} rectangle
 * @returns {Set<number>}
 */
export function idsIn({ positions, ids, visible }, rectangle) {
  const found = new Set();
  for (let i = 0; i < ids.length; i++) if (visible(i) && within(positions, i, rectangle)) found.add(ids[i]);
  return found;
}

/**
 * The ids inside all rectangles ("and"), or inside at least one ("or"). A point that a panel does not
 * show at all is not inside that panel's rectangle.
 *
 * @param {Iterable<[Place, Rectangle]>} brushes
 * @param {Combine} how
 * @returns {number[]} ascending; none without a rectangle
 */
export function combine(brushes, how) {
  /** @type {Set<number>|null} */
  let kept = null;
  for (const [place, rectangle] of brushes) {
    const inside = idsIn(place, rectangle);
    if (kept === null) kept = inside;
    else if (how === "or") for (const id of inside) kept.add(id);
    else for (const id of kept) if (!inside.has(id)) kept.delete(id);
  }
  return [...(kept ?? [])].sort((a, b) => a - b);
}

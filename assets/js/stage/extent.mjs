// @ts-check
/** Where the points are that are drawn, and the handles around them. */

/** @typedef {{points: {n: number}, positions: Float32Array, visible: (i: number) => boolean}} Picture points in plot units, x and y in turns */
/** @typedef {{left: number, right: number, bottom: number, top: number}} Box plot units; inside out where there is nothing */

/** @returns {Box} */
const nothing = () => ({ left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity });

/** Whether there is anything in it. @param {Box} box */
export const isBox = (box) => box.right >= box.left && box.top >= box.bottom;

/** @param {Box} box @param {number} x @param {number} y */
function include(box, x, y) {
  if (x < box.left) box.left = x;
  if (x > box.right) box.right = x;
  if (y < box.bottom) box.bottom = y;
  if (y > box.top) box.top = y;
}

/** The smallest box around the points. @param {Picture[]} pictures */
export function boundsOf(pictures) {
  const box = nothing();
  for (const { points, positions, visible } of pictures) {
    for (let i = 0; i < points.n; i++) if (visible(i)) include(box, positions[2 * i], positions[2 * i + 1]);
  }
  return box;
}

/**
 * The box that is to be in sight: around the points, and around the handles as far as these show.
 *
 * @param {Picture[]} pictures
 * @param {{seen: Float64Array, count: number, share: number}} handles (p, 2) where unit vectors go, how many of them have a handle, how much of these shows
 * @returns {Box}
 */
export function boxInSight(pictures, { seen, count, share }) {
  const points = boundsOf(pictures);
  if (!(share > 0) || !count) return points;
  const all = isBox(points) ? { ...points } : nothing();
  include(all, 0, 0); // where their lines begin
  for (let i = 0; i < count; i++) include(all, seen[2 * i], seen[2 * i + 1]);
  if (share >= 1 || !isBox(points)) return all;
  const between = (/** @type {keyof Box} */ side) => points[side] + share * (all[side] - points[side]);
  return { left: between("left"), right: between("right"), bottom: between("bottom"), top: between("top") };
}

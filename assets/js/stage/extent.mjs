// @ts-check
/** Where the points are that are drawn. */

/** @typedef {{points: {n: number}, positions: Float32Array, visible: (i: number) => boolean}} Picture points in plot units, x and y in turns */

/**
 * Their middle, and the mean square of their distances from the origin.
 *
 * @param {Picture[]} pictures @returns {{n: number, x: number, y: number, square: number}}
 */
export function momentsOf(pictures) {
  let [n, x, y, squares] = [0, 0, 0, 0];
  for (const { points, positions, visible } of pictures) {
    for (let i = 0; i < points.n; i++) {
      if (!visible(i)) continue;
      const [px, py] = [positions[2 * i], positions[2 * i + 1]];
      n++;
      x += px;
      y += py;
      squares += px * px + py * py;
    }
  }
  const many = Math.max(1, n);
  return { n, x: x / many, y: y / many, square: squares / many };
}

/** The smallest box around them; inside out where there are none. @param {Picture[]} pictures */
export function boundsOf(pictures) {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { points, positions, visible } of pictures) {
    for (let i = 0; i < points.n; i++) {
      if (!visible(i)) continue;
      left = Math.min(left, positions[2 * i]);
      right = Math.max(right, positions[2 * i]);
      bottom = Math.min(bottom, positions[2 * i + 1]);
      top = Math.max(top, positions[2 * i + 1]);
    }
  }
  return { left, right, bottom, top };
}

// @ts-check
/** What a picture shows right now, as numbers: the part of `inspect` that all pictures of points have. */

import { selectedIds } from "../state/selection.mjs";

/**
 * @param {object} picture
 * @param {string} picture.run @param {string} picture.layer @param {number} picture.epoch its number @param {boolean} picture.playing
 * @param {import("./stage.mjs").Points} picture.points
 * @param {number} picture.p @param {Float64Array} picture.matrix (p, p)
 * @param {Float32Array} picture.positions plot units @param {number} picture.radius data units of one of these
 * @param {ReturnType<typeof import("../core/loop.mjs").createLoop>} picture.loop
 * @param {string} picture.way what draws the points @param {string} picture.reason why nothing better does
 */
export function inspection({ run, layer, epoch, playing, points, p, matrix, positions, radius, loop, way, reason }) {
  const chosen = selectedIds(run);
  const ids = Array.from(points.ids);
  return {
    run,
    layer,
    epoch,
    playing,
    n: points.n,
    p,
    matrix: matrix.slice(),
    positions: positions.map((x) => x * radius),
    ids,
    selected: ids.filter((id) => chosen.has(id)),
    frame: loop.stats(),
    way,
    reason,
    running: loop.running,
  };
}

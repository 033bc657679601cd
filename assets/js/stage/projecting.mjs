// @ts-check
/** Where the points of each stage are, between two epochs and two states. */

/**
 * @param {import("./stage.mjs").Stage[]} stages
 * @param {ReturnType<typeof import("../data/tensors.mjs").openTensors>} tensors what the picture needs is here
 * @param {import("./states.mjs").States|null} states of an aligned network
 * @param {number} epoch index, with a fraction
 * @param {{seen: Float64Array, span: import("../tour/grand_tour.mjs").Span}} frame (p, 2), and what it is made of
 * @param {boolean} [playing] whether the epoch after these is next
 */
export function projectStages(stages, tensors, states, epoch, { seen, span }, playing = false) {
  const { p, radius, epochs } = tensors.announcement;
  const [low, high] = [Math.floor(epoch), Math.ceil(epoch)];
  for (const stage of stages) {
    if (states) {
      stage.projectStates(states.corners(tensors, stage.split, epoch, seen) ?? [], span, p);
      stage.fadeHandles(states.handles);
      continue;
    }
    const a = /** @type {import("./stage.mjs").Loaded} */ (tensors.slice(stage.split, low));
    const b = /** @type {import("./stage.mjs").Loaded} */ (tensors.slice(stage.split, high));
    const next = playing && high + 1 < epochs.length ? tensors.slice(stage.split, high + 1) : null;
    stage.project(seen, span, p, radius, a, b, epoch - low, next);
  }
}

/**
 * The points of a layer in the coordinates that the tour matrix is of, between two epochs.
 *
 * @param {ReturnType<typeof import("../data/tensors.mjs").openTensors>} tensors what that needs is here
 * @param {string} split @param {number} epoch index, with a fraction @param {number} n points
 * @returns {Float64Array} (n, p), plot units
 */
export function rowsOf(tensors, split, epoch, n) {
  const { p, radius } = tensors.announcement;
  const t = epoch - Math.floor(epoch);
  const [a, b] = [Math.floor(epoch), Math.ceil(epoch)].map((at) => /** @type {import("./stage.mjs").Loaded} */ (tensors.slice(split, at))); // prettier-ignore
  const rows = new Float64Array(n * p);
  for (let i = 0; i < rows.length; i++) {
    const before = a.values[i] * a.scale + a.offset;
    const after = b.values[i] * b.scale + b.offset;
    rows[i] = ((1 - t) * before + t * after) / radius;
  }
  return rows;
}

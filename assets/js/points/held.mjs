// @ts-check
/** Which points of a picture the selection and the groups hold, and where their middles are. */

import { isSame } from "../state/kept_groups.mjs";

/**
 * @template {{ids: ReadonlySet<number>}} G
 * @typedef {{group: G, indices: number[]}} Held a group with the places of its points in the picture
 */

/**
 * What gets a handle: the selection first, unless a group holds the very same points, for one handle is enough; and of the groups those with points here.
 *
 * @template {{ids: ReadonlySet<number>}} G
 * @param {ArrayLike<number>} ids of the points of the picture
 * @param {G} selection
 * @param {readonly G[]} groups
 * @returns {{held: Held<G>[], live: boolean}} whether the selection is the first of them
 */
export function holdGroups(ids, selection, groups) {
  const at = new Map(Array.from(ids, (id, i) => [id, i]));
  /** @param {G} group @returns {Held<G>} */
  const find = (group) => ({ group, indices: [...group.ids].map((id) => at.get(id) ?? -1).filter((i) => i >= 0) });
  const chosen = find(selection);
  const live = chosen.indices.length > 0 && !groups.some((group) => isSame(group.ids, selection.ids));
  const held = [...(live ? [chosen] : []), ...groups.map(find)].filter((one) => one.indices.length);
  return { held, live };
}

/** The middle of each group. @param {{indices: number[]}[]} held @param {ArrayLike<number>} positions (n, 2) @param {Float32Array} out (groups, 2) */
export function middlesOf(held, positions, out) {
  held.forEach(({ indices }, g) => {
    let [x, y] = [0, 0];
    for (const i of indices) {
      x += positions[2 * i];
      y += positions[2 * i + 1];
    }
    out[2 * g] = x / indices.length;
    out[2 * g + 1] = y / indices.length;
  });
  return out;
}

const ENOUGH = 500; // points, of which a median is as good as of all: it is asked for in every picture

/**
 * The median of some points, in x and in y; of very many of `ENOUGH` of them, evenly through the list.
 *
 * @param {ArrayLike<number>} indices @param {ArrayLike<number>} positions (n, 2)
 * @param {(i: number) => boolean} counts whether a point is drawn
 * @returns {[number, number]|null} null where none is
 */
export function medianOf(indices, positions, counts) {
  const every = Math.max(1, Math.ceil(indices.length / ENOUGH));
  const [xs, ys] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
  for (let at = 0; at < indices.length; at += every) {
    const i = indices[at];
    if (!counts(i) || !Number.isFinite(positions[2 * i])) continue;
    xs.push(positions[2 * i]);
    ys.push(positions[2 * i + 1]);
  }
  return xs.length ? [middleOf(xs), middleOf(ys)] : null;
}

/** @param {number[]} values one at least */
function middleOf(values) {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [Math.floor((sorted.length - 1) / 2), Math.ceil((sorted.length - 1) / 2)];
  return (sorted[low] + sorted[high]) / 2;
}

// @ts-check
/** Which points of a picture the selection and the pins hold, and where their middles are. */

/**
 * @typedef {{name: string, ids: Set<number>, color: string}} Group
 * @typedef {{group: Group, indices: number[]}} Held a group with the places of its points in the picture
 */

/** Whether two sets hold the same. @param {ReadonlySet<number>} a @param {ReadonlySet<number>} b */
const same = (a, b) => a.size === b.size && [...a].every((id) => b.has(id));

/**
 * What gets a handle: the selection first, unless a pin holds the very same points, for one handle is enough; and of the pins those with points here.
 *
 * @param {ArrayLike<number>} ids of the points of the picture
 * @param {Group} selection
 * @param {Group[]} pins
 * @returns {{held: Held[], live: boolean}} whether the selection is the first of them
 */
export function holdGroups(ids, selection, pins) {
  const at = new Map(Array.from(ids, (id, i) => [id, i]));
  /** @param {Group} group @returns {Held} */
  const find = (group) => ({ group, indices: [...group.ids].map((id) => at.get(id) ?? -1).filter((i) => i >= 0) });
  const chosen = find(selection);
  const live = chosen.indices.length > 0 && !pins.some((pin) => same(pin.ids, selection.ids));
  const held = [...(live ? [chosen] : []), ...pins.map(find)].filter((one) => one.indices.length);
  return { held, live };
}

/** The middle of each group. @param {Held[]} held @param {ArrayLike<number>} positions (n, 2) @param {Float32Array} out (groups, 2) */
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

// @ts-check
/** How many points of each group there are, and which are selected. */

/**
 * @typedef {object} Source
 * @property {string} split
 * @property {import("../stage/stage.mjs").Points} points
 * @property {{predicted: Uint16Array}|null} said null where it is not known
 * @property {import("./values.mjs").Given|null} [given] the values that the network gives, of points that have no one class
 */

/**
 * @param {Source[]} sources @param {number} groups how many there are @param {ReadonlySet<number>} chosen ids
 * @returns {{totals: number[], counts: number[], selected: import("./selection_panel.mjs").Chosen[], right: number[]|null}} `right`: points whose class the
 *   network says; null where it is not known of all
 */
export function tally(sources, groups, chosen) {
  const totals = Array.from({ length: groups }, () => 0);
  const counts = totals.slice();
  const selected = [];
  const right = sources.every(({ said }) => said) ? totals.slice() : null;
  for (const { split, points, said } of sources) {
    const { n, ids, labels, groups: of = labels } = points;
    for (let i = 0; i < n; i++) {
      totals[of[i]]++;
      if (right && said?.predicted[i] === labels[i]) right[of[i]]++;
      if (!chosen.has(ids[i])) continue;
      counts[of[i]]++;
      selected.push({ id: ids[i], split, index: i, label: labels[i], predicted: said ? said.predicted[i] : -1 });
    }
  }
  return { totals, counts, selected, right };
}

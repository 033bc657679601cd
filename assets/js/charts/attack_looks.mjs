// @ts-check
/** What the three charts of an attack show: their lines, chosen from its curves, and where it takes hold in words. */

import { takesHold } from "../data/attack.mjs";

const LEAST_TOP = 1.08; // of the scale of distances: 1 is in it

/**
 * @typedef {import("../data/attack.mjs").Curves} Curves
 * @typedef {import("./step_values.mjs").Look} Look
 */

/**
 * Where an attack takes hold: a place in the network, and how far points end there from their places.
 *
 * @param {Float64Array[]} moved (states)(e,)
 * @param {{name: string}[]} states
 * @returns {[string, string]}
 */
export function holdText(moved, states) {
  const at = takesHold(moved);
  const final = moved.map((curve) => curve[curve.length - 1]);
  if (at >= 0) return [`at ${states[at].name}`, final[at].toFixed(2)];
  const farthest = final.reduce((best, x, i) => (x > (final[best] ?? -1) ? i : best), -1);
  return [
    "nowhere",
    farthest < 0 ? "no distance is known" : `farthest: ${final[farthest].toFixed(3)} in ${states[farthest].name}`,
  ];
}

/**
 * The sentence behind "Takes hold": the place, and what follows it.
 *
 * @param {Pick<Curves, "moved">} strong @param {Pick<Curves, "moved">|null} faint the others, where some are selected
 * @param {{name: string}[]} states
 * @returns {[string, string]}
 */
export function holdSentence(strong, faint, states) {
  const [where, far] = holdText(strong.moved, states);
  if (faint) {
    const [elsewhere, there] = holdText(faint.moved, states);
    return [where, ` for the selected (${far}), ${elsewhere} for the others (${there})`];
  }
  const why =
    where === "nowhere"
      ? "in no layer do points end half as far from their places as classes are apart"
      : "the first layer in which points end half as far from their places as classes are apart";
  return [where, `: ${why} (${far})`];
}

/** @param {Pick<Curves, "success">} strong @param {Pick<Curves, "success">|null} faint @returns {Look} */
export const successLook = (strong, faint) => ({
  top: 1, rule: null,
  series: [{ name: "", label: faint ? "selected" : "", color: "var(--bs-body-color)", values: strong.success, others: faint && faint.success, followed: true }],
}); // prettier-ignore

/**
 * @param {Pick<Curves, "source"|"target">} strong @param {Pick<Curves, "source"|"target">|null} faint
 * @param {{name: string, color: string}} source
 * @param {{name: string, color: string}|null} target
 * @returns {Look}
 */
export function confidenceLook(strong, faint, source, target) {
  const line = (
    /** @type {{name: string, color: string}} */ { name, color },
    /** @type {ArrayLike<number>} */ values,
    /** @type {ArrayLike<number>|null} */ others,
  ) => ({ name, label: name, color, values, others, followed: true });
  const series = [line(source, strong.source, faint && faint.source)];
  if (strong.target && target) series.push(line(target, strong.target, faint && faint.target));
  return { top: 1, rule: null, series };
}

/**
 * A line a state, the current one above the others, followed, and set against that of the others.
 *
 * @param {Pick<Curves, "moved">} strong @param {Pick<Curves, "moved">|null} faint
 * @param {{name: string}[]} states @param {number} current
 * @returns {Look}
 */
export function movedLook(strong, faint, states, current) {
  let top = LEAST_TOP;
  for (const curve of [...strong.moved, ...(faint?.moved[current] ? [faint.moved[current]] : [])]) {
    for (const x of curve) if (x > top) top = x; // NaN is not
  }
  const series = states.map(({ name }, i) => ({
    name, label: i === current ? name : "", color: rampColor(states.length > 1 ? i / (states.length - 1) : 1),
    values: strong.moved[i], others: i === current && faint ? faint.moved[i] : null, followed: i === current,
  })); // prettier-ignore
  series.push(...series.splice(current, 1));
  return { top, rule: 1, series };
}

/** Along the network, from its input (0) to its output (1). @param {number} at */
const rampColor = (at) =>
  `color-mix(in oklab, var(--gt-network-last) ${(100 * at).toFixed(1)}%, var(--gt-network-first))`;

// @ts-check
/** What the numbers of the meter mean for this frame, in sentences, for who points at them. */

import { stopsOf } from "../tour/complete.mjs";
import { MOST_STOPS } from "./whole.mjs";
import { clockOf } from "../data/tensors.mjs";
import { count } from "../core/dom.mjs";
import { shareText } from "./numbers.mjs";
import { isMotion } from "./subject.mjs";

/** @param {import("../stage/tour_view.mjs").TourView} view @param {import("./reading.mjs").Told} told @param {boolean} stops @returns {string[]} sentences, a paragraph each */
export function explanation(view, told, stops) {
  const { p, embedding, alignment } = view.run;
  const pairs = told.of.kind === "positions";
  const means = told.of.kind === "means";
  const some = told.count < told.points && !means ? ` of ${count(told.points)}` : "";
  const who = means
    ? `${count(told.count)} classes`
    : pairs
      ? `${count(told.count)} pairs of the ${count(told.points)} points that are drawn`
      : `${count(told.count)}${some} points that are drawn`;
  const long = pairs ? "how far the two are apart" : means ? "how far the two means are apart" : "how far each moves";
  const where = embedding
    ? `all ${p} coordinates of the embedding, which are not those of the data`
    : alignment
      ? keptText(view, told)
      : `all ${p} coordinates`;
  const paragraphs = [
    `ρ compares, for ${who}, ${long} in ${where} with how far on the screen: 1 where the screen has the same order, 0 where it tells nothing of it (Spearman's rank correlation).`,
    stops
      ? "Stops so far: the root of the summed squared lengths at the stops that were visited. They are at right angles to each other, so after the last one the sum is the squared length itself, and ρ is 1."
      : `Seen so far: the root mean square over all planes since ${isMotion(told.of) ? "this motion came up" : "this picture came up"}, each by how far the frame turned there (${told.turned.toFixed(1)} rad so far). A frame that stands still adds nothing.`,
    `This frame draws ${[told.motion !== null && `${shareText(told.motion)} of the squared ${means ? "differences" : "motion"}`, told.variance !== null && `${shareText(told.variance)} of the variance${endOf(view, told.of)}`].filter(Boolean).join(" and ")}; ` +
      `“Show all of it” stops at ${planesText(p)}. The page Method says why.`,
  ];
  return paragraphs;
}

/** At which planes a complete tour stops. @param {number} p */
function planesText(p) {
  if (stopsOf(p) === 1) return "the one plane that there is";
  if (stopsOf(p) <= MOST_STOPS) return `${stopsOf(p)} planes that together draw all of it`;
  return `the leading planes, ${MOST_STOPS} at most, of ${count(stopsOf(p))} that together would draw all of it`;
}

/** At which end of a motion the variance is. @param {import("../stage/tour_view.mjs").TourView} view @param {import("./subject.mjs").Subject} of */
function endOf({ run, states }, { kind, toEpoch, toState }) {
  if (kind === "states") return ` at ${states?.note.states[toState].name}`;
  return isMotion({ kind, fromEpoch: 0, toEpoch, fromState: 0, toState })
    ? ` at ${clockOf(run)} ${run.epochs[toEpoch]}`
    : "";
}

/** Which coordinates there are of a layer. @param {import("../stage/tour_view.mjs").TourView} view @param {import("./reading.mjs").Told} told */
function keptText({ run, states }, { of }) {
  const all = (/** @type {number} */ state) => {
    const { name, width, rank, variance } = /** @type {import("../stage/states.mjs").States} */ (states).note.states[
      state
    ];
    const kept =
      rank < width
        ? `${Math.min(run.p, rank)} of ${count(width)} of ${name}, ${shareText(variance[of.toEpoch])} of its variance`
        : `all ${width} of ${name}`;
    return kept;
  };
  const which = [...new Set([of.fromState, of.toState])].map(all).join("; ");
  return `the ${run.p} coordinates that are kept (${which})`;
}

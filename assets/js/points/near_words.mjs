// @ts-check
/** What is said of neighbours: of whom, in what data, how measured, among how many; and what a picture keeps of them. */

import { count } from "../core/dom.mjs";
import { listed } from "../core/names.mjs";
import { byChance } from "./near_in_picture.mjs";
import { shortDistance, some } from "./near_panel.mjs";

/**
 * @typedef {import("../payloads.mjs").NearAnswer} NearAnswer
 * @typedef {object} Asked
 * @property {string} of whom: "point 12 (cat)", or "the middle of 3 selected points"
 * @property {string} layer @property {string} clock "epoch" or "step" @property {number} epoch its number
 * @property {import("../data/neighbours.mjs").NearSettings} settings
 */

const MEASURED = { euclidean: "Euclidean distance", cosine: "cosine distance" };
const POINTS = { all: "points", train: "training points", test: "test points" };

/** Where filters or the legend hide some. */
export const HIDDEN = "Points that are hidden are compared too, in the data and in the picture.";

/**
 * Why nobody's neighbours can be said at a layer; "" where they can.
 *
 * @param {string} layer @param {string[]} recorded names of the layers whose values the run keeps
 */
export function notRecorded(layer, recorded) {
  if (recorded.includes(layer)) return "";
  const choose = recorded.length > 1 ? " Choose one of them above." : "";
  return `This run does not keep the values at ${layer}, so that nobody's neighbours there can be said. It keeps those at ${listed(recorded)}.${choose}`;
}

/** @param {Asked} asked @param {NearAnswer} answer */
export function headSaid({ of, layer, clock, epoch, settings }, { near, of: all, points }) {
  const who = near.length === 1 ? "The nearest" : `The ${near.length} nearest`;
  const left = points > 1 ? ", which are left out" : "";
  if (!all) return `There are no other ${POINTS[settings.split]} to compare with ${of}.`;
  return (
    `${who} of ${count(all)} ${POINTS[settings.split]} to ${of}${left}, at ${layer}, ${clock} ${epoch}: ` +
    `${MEASURED[settings.metric]}, all compared.`
  );
}

/** @param {NearAnswer} answer @param {"euclidean"|"cosine"} metric @returns {string[]} */
export function hintsSaid({ tied, left_out: out, note }, metric) {
  const hints = [];
  if (tied) hints.push(`${some(tied, "more is", "more are")} exactly as near as the last.`);
  const [has, is] = out === 1 ? ["has", "is"] : ["have", "are"];
  const why = metric === "cosine" ? `at the origin ${has} no direction` : `${is} too far out to be measured`;
  if (out) hints.push(`${some(out, "point")} ${why} and ${is} left out.`);
  if (note) hints.push(`The layer is ${note}; these distances are measured on that.`);
  return hints;
}

/**
 * What a picture keeps of the neighbours of a point, against chance.
 *
 * @param {NearAnswer} answer @param {import("../data/neighbours.mjs").NearSettings} settings @param {number} lost
 * @param {string} where the picture is, where that is between two epochs
 */
export function keptSaid({ near, of }, { k, split }, lost, where) {
  const kept = near.length - lost;
  const dashed = lost ? `; the other ${lost} (dashed) ${lost === 1 ? "is" : "are"} lost` : "";
  const chance = byChance(k, of);
  return (
    `Of these ${near.length}, ${kept} ${kept === 1 ? "is" : "are"} among the ${Math.min(k, of)} nearest ${POINTS[split]} in the picture too${dashed}. ` +
    `Drawn at random, ${chance >= 0.095 ? chance.toFixed(1) : chance.toPrecision(1)} would be, on average.${where}`
  );
}

/** @param {number} wrong @param {number} near how many were looked at @param {import("../data/neighbours.mjs").NearSettings} settings */
export function falseSaid(wrong, near, { split }) {
  if (!wrong)
    return `None of the ${near} nearest ${POINTS[split]} in the picture is a false neighbour: all are near in the data.`;
  return `False neighbours: of the ${near} nearest ${POINTS[split]} in the picture, ${wrong} ${wrong === 1 ? "is" : "are"} not among those in the data (# is the rank there).`;
}

/**
 * A neighbour in a sentence, for its tooltip.
 *
 * @param {string} name of its class @param {import("../payloads.mjs").NearPoint} one @param {string} split
 * @param {number} drawn its rank in the picture; 0 where it was not asked
 */
export function tileSaid(name, { id, distance, rank }, split, drawn) {
  const who = `${name ? `${name}, ` : ""}point ${id}${split && `, ${split}`}`;
  const far =
    distance === null ? "no distance in the data" : `number ${count(rank)} in the data, at ${shortDistance(distance)}`;
  return `${who}: ${far}${drawn ? `; number ${count(drawn)} in the picture` : ""}`;
}

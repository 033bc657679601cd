// @ts-check
/** Who is near in the data, as the server says: see gt/serve/neighbours.py; and how it is asked, as a link has it. */

import { ask } from "../core/ask.mjs";

/**
 * @typedef {import("../payloads.mjs").NearQuestion} NearQuestion @typedef {import("../payloads.mjs").NearAnswer} NearAnswer
 * @typedef {object} NearSettings
 * @property {"euclidean"|"cosine"} metric @property {number} k how many
 * @property {"all"|"train"|"test"} split among whom
 * @property {string} layer its name; "" for that of the picture
 */

export const COUNTS = [5, 10, 20, 50];
/** @type {[NearSettings["metric"], string][]} */
export const METRICS = [
  ["euclidean", "Euclidean"],
  ["cosine", "Cosine"],
];
/** @type {[NearSettings["split"], string][]} */
export const AMONG = [
  ["all", "All points"],
  ["train", "Training points"],
  ["test", "Test points"],
];
/** @type {Readonly<NearSettings>} */
export const USUAL = { metric: "euclidean", k: 10, split: "all", layer: "" };

/** @param {string} base prefix under which the app is served, ending in "/" @param {NearQuestion} question @param {AbortSignal} signal @returns {Promise<NearAnswer>} */
export async function askNeighbours(base, question, signal) {
  const headers = { "Content-Type": "application/json" };
  const answer = await ask(`${base}neighbours`, { method: "POST", headers, body: JSON.stringify(question), signal });
  if (!answer.ok) throw new Error((await answer.text()).trim() || `the server answered ${answer.status}`);
  return answer.json();
}

/** How it is asked, as a link has it; "" for the usual. @param {NearSettings} settings */
export function settingsText({ metric, k, split, layer }) {
  const text = [metric, k, split, ...(layer ? [layer] : [])].join(".");
  return text === [USUAL.metric, USUAL.k, USUAL.split].join(".") ? "" : text;
}

/** What a link says of it; null where it cannot be read. @param {string} text @returns {NearSettings|null} */
export function readSettings(text) {
  const [metric, k, split, ...layer] = text.split(".");
  const found = {
    metric: METRICS.find(([one]) => one === metric)?.[0],
    k: COUNTS.find((one) => String(one) === k),
    split: AMONG.find(([one]) => one === split)?.[0],
  };
  if (!found.metric || !found.k || !found.split) return null;
  return { metric: found.metric, k: found.k, split: found.split, layer: layer.join(".") };
}

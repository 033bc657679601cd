// @ts-check
/**
 * How recorded steps are spaced along sliders and axes: evenly, as their numbers are, or by their logarithms, by the reader's choice, which the browser
 * keeps. Epochs are spaced as they follow each other, whatever their numbers.
 *
 * Places are numbers from 0 to the last index, so that a slider has one range however it is spaced.
 */

const KEPT = "gt-spacing";

/** @typedef {"even"|"log"} Spacing */

/** @type {Set<() => void>} */
const listeners = new Set();

/** what was chosen where the browser keeps nothing @type {Spacing|null} */
let chosen = null;

/** What the reader chose; null where nothing was chosen. @returns {Spacing|null} */
export function chosenSpacing() {
  try {
    const kept = localStorage.getItem(KEPT);
    return kept === "even" || kept === "log" ? kept : chosen;
  } catch {
    return chosen;
  }
}

/** @param {Spacing} spacing */
export function chooseSpacing(spacing) {
  chosen = spacing;
  try {
    localStorage.setItem(KEPT, spacing);
  } catch {
    // storage is blocked: for now only
  }
  for (const heard of listeners) heard();
}

/** Hear of another choice. @param {() => void} heard @returns {() => void} ends it */
export function onSpacing(heard) {
  listeners.add(heard);
  return () => listeners.delete(heard);
}

/** Whether there is a choice: of three steps or more. @param {number[]} numbers rising @param {string} unit */
export const canSpace = (numbers, unit) => unit === "step" && numbers.length > 2;

/** How a run's steps are spaced: as was chosen, else by their logarithms where half of them lie in the first quarter. @param {number[]} numbers rising @returns {Spacing} */
export function spacingOf(numbers) {
  const [first, middle, last] = [numbers[0], numbers[numbers.length >> 1], numbers[numbers.length - 1]];
  return chosenSpacing() ?? (middle - first < (last - first) / 4 ? "log" : "even");
}

/**
 * The places of numbers, rising from 0 to the last index.
 *
 * @param {number[]} numbers rising, none below 0 @param {string} unit what they count: "epoch" or "step" @param {Spacing} [spacing]
 * @returns {number[]}
 */
export function placesOf(numbers, unit, spacing = spacingOf(numbers)) {
  if (!canSpace(numbers, unit)) return [...numbers.keys()];
  const values = spacing === "log" ? logarithms(numbers) : numbers;
  const [first, last] = [values[0], values[values.length - 1]];
  return values.map((value) => ((value - first) / (last - first)) * (values.length - 1));
}

/** Logarithms; 0, which has none, stands before the first by the mean distance of the others. @param {number[]} numbers */
function logarithms(numbers) {
  const logs = numbers.map(Math.log);
  if (numbers[0] > 0) return logs;
  const gap = numbers.length > 2 ? (logs[logs.length - 1] - logs[1]) / (logs.length - 2) : 1;
  return [logs[1] - gap, ...logs.slice(1)];
}

/** Where an index with a fraction is. @param {number[]} places @param {number} index */
export function placeOf(places, index) {
  const low = Math.max(0, Math.min(places.length - 1, Math.floor(index)));
  const high = Math.min(places.length - 1, low + 1);
  return places[low] + (places[high] - places[low]) * (index - low);
}

/** Which index, with a fraction, is at a place. @param {number[]} places @param {number} place */
export function indexAt(places, place) {
  const last = places.length - 1;
  if (!(place > places[0])) return 0;
  if (place >= places[last]) return last;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (places[middle] <= place) low = middle;
    else high = middle;
  }
  return low + (place - places[low]) / (places[high] - places[low]);
}

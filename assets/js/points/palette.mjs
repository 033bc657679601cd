// @ts-check
/**
 * Colours. Classes: Petroff's ten, made to be told apart under the common colour-vision deficiencies
 * (M. Petroff, "Accessible Color Sequences for Data Visualization", 2021, arXiv:2107.02270), legible on
 * white and on black. More classes are even steps of hue; beyond `SHADES` colours repeat, which pages say.
 */

const PETROFF = [
  "#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6",
  "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd",
]; // prettier-ignore

/** Colours of classes at most: of more nobody tells two apart. Beyond, neighbours in the list are far apart in hue. */
export const SHADES = 80;
const STRIDE = 31; // shades from one class to the next, where colours repeat; no divisor of theirs

/** Attacked points; as far from all of Petroff's as these are from each other, under those deficiencies too. */
export const ATTACKED = "#ff3bff";

/** Correct and wrong: a calm grey-blue, and the red that stands out from it. */
export const VERDICTS = ["#7d93a8", "#e0312f"];

/** What belongs to no class. */
export const NEUTRAL = "#8a8f96";

/** Confidence from 0 to 1 in even steps of viridis, without its darkest end (unseen on black). */
export const CONFIDENCE = [
  "#46327e", "#3f4889", "#365c8d", "#2e6e8e", "#277f8e", "#1fa187",
  "#2db27d", "#4ac16d", "#73d056", "#a0da39", "#d0e11c", "#fde725",
]; // prettier-ignore

/** So many even steps through some colours. @param {string[]} colors @param {number} steps */
const ramp = (colors, steps) =>
  Array.from({ length: steps }, (_, at) => {
    const place = (at / (steps - 1)) * (colors.length - 1);
    const low = Math.min(colors.length - 2, Math.floor(place));
    const channel = (/** @type {number} */ from) => {
      const [a, b] = [low, low + 1].map((i) => parseInt(colors[i].slice(from, from + 2), 16));
      return Math.round(a + (b - a) * (place - low)).toString(16).padStart(2, "0"); // prettier-ignore
    };
    return `#${channel(1)}${channel(3)}${channel(5)}`;
  });

/** Numbers from low to high: the same colours in 48 steps. */
export const SCALE = ramp(CONFIDENCE, 48);

/** Numbers on both sides of zero: from blue over sand, which is zero, to red. */
export const DIVERGING = ramp(["#1f6fc4", "#b9ac70", "#bd1f01"], 49);

/** How often right, from never to always: from the colour of what is wrong to that of what is correct. */
export const RIGHTNESS = ramp([VERDICTS[1], VERDICTS[0]], 21);

/** @param {number} k @returns {string[]} one colour a class, "#rrggbb" */
export function classColors(k) {
  if (k > SHADES) return Array.from({ length: k }, (_, c) => hue(((c * STRIDE) % SHADES) / SHADES, c % 2));
  return Array.from({ length: k }, (_, c) => (k <= 10 ? PETROFF[c] : hue(c / k, c % 2)));
}

/**
 * One colour a group: classes, and behind them attacked points where there are any.
 *
 * @param {{classes: string[], attack?: unknown}} run @returns {string[]}
 */
export const groupColors = ({ classes, attack }) => [...classColors(classes.length), ...(attack ? [ATTACKED] : [])];

/** @param {number} turn @param {number} odd */
function hue(turn, odd) {
  const light = odd ? 0.66 : 0.5;
  const channel = (/** @type {number} */ shift) => {
    const ramp = Math.abs(((turn + shift) % 1) * 6 - 3) - 1;
    const value = light + 0.75 * (Math.min(1, Math.max(0, ramp)) - 0.5) * (1 - Math.abs(2 * light - 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(0)}${channel(2 / 3)}${channel(1 / 3)}`;
}

/** @param {string} color "#rrggbb" @param {number} alpha 0..1 @returns {[number, number, number, number]} bytes */
export function rgba(color, alpha) {
  const at = (/** @type {number} */ i) => parseInt(color.slice(i, i + 2), 16);
  return [at(1), at(3), at(5), Math.round(255 * alpha)];
}

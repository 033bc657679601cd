// @ts-check
/**
 * Colours. Those of classes are the same on light and dark grounds, at least 3 : 1 against both, and were sought for being
 * told apart: the least distance of two of the ten and `ATTACKED` is 0.13 in OKLab, 0.066 under the common colour-vision
 * deficiencies (tests/js/palette.test.mjs measures it). Of fewer classes the first are further apart still. More classes
 * are even steps of hue; beyond `SHADES` colours repeat, which pages say.
 */

const TEN = [
  "#4264fa", "#c28003", "#bf287b", "#179af2", "#878ea8",
  "#686c29", "#4b6a9a", "#f85d78", "#15a15d", "#a12ecb",
]; // prettier-ignore
const LUMINANCES = [0.16, 0.27]; // of every other step of hue, where white is 1: 3 : 1 on light and dark grounds

/** Colours of classes at most: of more nobody tells two apart. Beyond, neighbours in the list are far apart in hue. */
export const SHADES = 80;
const STRIDE = 31; // shades from one class to the next, where colours repeat; no divisor of theirs

/** Attacked points; as far from all classes as these are from each other, under those deficiencies too. */
export const ATTACKED = "#df5fde";

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
  return Array.from({ length: k }, (_, c) => (k <= 10 ? TEN[c] : hue(c / k, c % 2)));
}

/**
 * One colour a group: classes, and behind them attacked points where there are any.
 *
 * @param {{classes: string[], attack?: unknown}} run @returns {string[]}
 */
export const groupColors = ({ classes, attack }) => [...classColors(classes.length), ...(attack ? [ATTACKED] : [])];

/**
 * The colour of a reader's group. These are the colours of classes, which are as far apart as colours go: where points have the one, none has the
 * other, and what stands for a group over the points has another form than they.
 *
 * @param {number} color 0 to 10
 */
export const groupColor = (color) => [...TEN, ATTACKED][color];

/** A step of hue, of one luminance whatever the hue. @param {number} turn @param {number} odd */
function hue(turn, odd) {
  const pure = [0, 2 / 3, 1 / 3].map((shift) => {
    const ramp = Math.abs(((turn + shift) % 1) * 6 - 3) - 1;
    return (0.15 + 0.8 * Math.min(1, Math.max(0, ramp))) ** 2.4;
  });
  const light = 0.2126 * pure[0] + 0.7152 * pure[1] + 0.0722 * pure[2];
  const wanted = LUMINANCES[odd];
  const linear = pure.map((c) =>
    light > wanted ? (c * wanted) / light : c + ((1 - c) * (wanted - light)) / (1 - light),
  );
  const byte = (/** @type {number} */ c) =>
    Math.round(255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055));
  return `#${linear.map((c) => byte(c).toString(16).padStart(2, "0")).join("")}`;
}

/** @param {string} color "#rrggbb" @param {number} alpha 0..1 @returns {[number, number, number, number]} bytes */
export function rgba(color, alpha) {
  const at = (/** @type {number} */ i) => parseInt(color.slice(i, i + 2), 16);
  return [at(1), at(3), at(5), Math.round(255 * alpha)];
}

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
 * Colours that a reader's group can have: those of classes, for runs that have fewer of these, and as many more as there can be groups, each sought at
 * least 3 : 1 on both grounds and farthest from all before it: 0.09 or more in OKLab.
 */
const GROUPS = [
  ...TEN, ATTACKED,
  "#be3c00", "#967dff", "#915f69", "#fa00a0", "#aa64af", "#d200ff", "#fa0000", "#008278", "#7d32ff", "#008200",
  "#8c9b00", "#6e55c3", "#00a0aa", "#c37873", "#fa6400", "#d200be", "#ff00eb", "#a0640f", "#697dcd", "#aa50ff",
]; // prettier-ignore
const APART = 0.085; // in OKLab, from classes and other groups

/** The colour of a reader's group. @param {number} color 0 to 30 */
export const groupColor = (color) => GROUPS[color];

/**
 * A colour for another group: the first that is far from all classes and from all groups that there are; else the farthest.
 *
 * @param {readonly string[]} classes colours of classes, "#rrggbb" @param {readonly number[]} taken colours of groups
 * @returns {number} 0 to 30
 */
export function freeGroupColor(classes, taken) {
  const others = [...classes, ...taken.map(groupColor)].map(oklab);
  const distances = GROUPS.map((color) => {
    const [l, a, b] = oklab(color);
    return Math.min(Infinity, ...others.map((other) => Math.hypot(l - other[0], a - other[1], b - other[2])));
  });
  const first = distances.findIndex((distance) => distance >= APART);
  return first >= 0 ? first : distances.indexOf(Math.max(...distances));
}

/** A colour in a space of even steps (B. Ottosson 2020). @param {string} color "#rrggbb" @returns {number[]} lightness, green to red, blue to yellow */
function oklab(color) {
  const [r, g, b] = rgba(color, 1).map((byte) =>
    byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4,
  );
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

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

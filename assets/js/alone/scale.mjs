// @ts-check
/** Axes of figures in a file: where values are along them, and which are named. */

const ROUND = [1, 2, 5, 10]; // of a step, times a power of ten
const TICKS = 6; // about so many, where a figure does not say

/**
 * @typedef {object} Axis as plotly calls these things
 * @property {number[]} range @property {number} _offset px from the figure's edge @property {number} _length px
 * @property {(value: number) => number} d2p px from the axis' beginning @property {(px: number) => number} p2d
 *
 * @typedef {object} Told of an axis, in a figure
 * @property {number[]} [range] @property {string} [tickmode] @property {number[]} [tickvals] @property {string[]} [ticktext]
 * @property {number} [dtick] @property {number} [nticks] @property {string} [tickformat] @property {string} [rangemode]
 */

/** @param {number[]} range @param {number} offset px @param {number} length px @param {boolean} up whether it goes up, against the screen's way @returns {Axis} */
export function axis(range, offset, length, up) {
  const [from, to] = up ? [range[1], range[0]] : range;
  const k = length / (to - from || 1);
  return {
    range: [...range],
    _offset: offset,
    _length: length,
    d2p: (value) => (value - from) * k,
    p2d: (px) => from + px / k,
  };
}

/** From where to where an axis goes: as it says, else over all values. @param {Told} told @param {Iterable<number|null>} values @returns {number[]} */
export function rangeOf({ range, rangemode }, values) {
  if (range) return range;
  let [low, high] = rangemode === "tozero" ? [0, 0] : [Infinity, -Infinity];
  for (const one of values) if (one !== null && Number.isFinite(one)) [low, high] = [Math.min(low, one), Math.max(high, one)]; // prettier-ignore
  if (!(high >= low)) return [0, 1];
  const edge = 0.05 * (high - low) || 0.5;
  return [rangemode === "tozero" && low === 0 ? 0 : low - edge, high + edge];
}

/** The values that are named along an axis, with their texts. @param {Told} told @param {number[]} range @returns {[number, string][]} */
export function ticksOf({ tickmode, tickvals = [], ticktext = [], dtick, nticks, tickformat }, range) {
  const [low, high] = [Math.min(...range), Math.max(...range)];
  if (tickmode === "array") return tickvals.map((value, i) => [value, ticktext[i]]);
  const step = dtick ?? roundStep((high - low) / (nticks ?? TICKS));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  /** @type {[number, string][]} */
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9; i++) {
    const value = i * step;
    found.push([value, tickformat?.endsWith("%") ? `${Math.round(100 * value)}%` : value.toFixed(digits)]);
  }
  return found;
}

/** A step that people count in, no smaller than one. @param {number} least */
function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (ROUND.find((one) => one * power >= least * (1 - 1e-9)) ?? 10);
}

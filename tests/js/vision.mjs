/**
 * Colours as eyes see them: linear RGB, the three common deficiencies, and distances in a space of even steps.
 *
 * Deficiencies: G. Machado, M. Oliveira, L. Fernandes, "A Physiologically-based Model for Simulation of Color
 * Vision Deficiency", 2009, doi:10.1109/TVCG.2009.113, at severity 1: applied to linear RGB, rows out of columns.
 * Distances: OKLab (B. Ottosson 2020), where black and white are 1 apart and 0.02 is about the least that is seen.
 */
export const EYES = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};
const TO_CONES = [
  0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619, 0.2817188376,
  0.6299787005,
];
const TO_LAB = [
  0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099, 0.0259040371, 0.7827717662,
  -0.808675766,
];

/** @param {number[]} m (3, 3) @param {number[]} v */
const apply = (m, v) => [0, 1, 2].map((i) => m[3 * i] * v[0] + m[3 * i + 1] * v[1] + m[3 * i + 2] * v[2]);

/** @param {string} hex "#rrggbb" @returns {number[]} */
export const linear = (hex) =>
  [1, 3, 5]
    .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));

/** @param {string} hex */
const luminance = (hex) => linear(hex).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);

/** Contrast of two colours, 1 to 21, as WCAG 2 has it. @param {string} a @param {string} b */
export function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** OKLab of a colour as an eye sees it; what a deficiency takes out of the gamut is put back to its edge. @param {string} hex @param {number[]} eye */
export function seen(hex, eye) {
  const rgb = apply(eye, linear(hex)).map((c) => Math.min(1, Math.max(0, c)));
  return apply(TO_LAB, apply(TO_CONES, rgb).map(Math.cbrt));
}

/**
 * The two colours that are hardest to tell apart.
 *
 * @param {Record<string, string>} colors by name, "#rrggbb" @param {number[]} eye of `EYES`
 * @returns {{distance: number, pair: string}}
 */
export function nearest(colors, eye) {
  const all = Object.entries(colors).map(([name, hex]) => /** @type {[string, number[]]} */ ([name, seen(hex, eye)]));
  const pairs = all.flatMap(([a, x], i) =>
    all.slice(i + 1).map(([b, y]) => ({ distance: Math.hypot(...x.map((c, j) => c - y[j])), pair: `${a} and ${b}` })),
  );
  return pairs.reduce((least, one) => (one.distance < least.distance ? one : least));
}

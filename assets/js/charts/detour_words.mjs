// @ts-check
/** What is said of detours: whether they are the noisier ones, what the numbers mean, and of one point how it strays. */

const UNLIKELY = 0.05; // a p-value below it counts as an answer
const FEWEST = 3; // points whose order can be compared, as in gt/measure/attacks/detours.py

export const HINT = "Draw a lasso around points, or click one. Shift adds, Alt subtracts.";
export const KEYS = "Arrow keys go from point to point, Enter selects (Shift adds, Alt subtracts).";
export const QUESTION = "Do those that take a detour have the noisier perturbation?";
/** @type {Record<string, string>} */
export const TITLES = {
  stray: "Straying",
  excess: "Longer than straight",
  noise: "Noise",
  rho: "Spearman’s ρ",
  p_value: "p",
};

/** @param {number} x @returns {string} two digits behind the point, a true minus, and none before zero */
const two = (x) =>
  x
    .toFixed(2)
    .replace(/^-0\.00$/, "0.00")
    .replace("-", "−");

/** @param {number} p */
export const pText = (p) => (p < 0.001 ? "p < 0.001" : `p = ${p >= 0.1 ? p.toFixed(2) : Number(p.toPrecision(2))}`);

/**
 * The answer with its number.
 *
 * @param {import("../data/attack.mjs").DetoursNote} detours
 * @returns {{figures: string, answer: string}}
 */
export function answerOf({ rho, p_value: p, n }) {
  const over = `${n} ${n === 1 ? "point" : "points"}`;
  if (rho === null || p === null) {
    const why = n < FEWEST ? "too few to compare" : "all of them stray alike, or are noisy alike";
    return { figures: `It cannot be said: of ${over} that moved and were changed`, answer: why };
  }
  const figures = `Spearman’s ρ = ${two(rho)} over ${over}, ${pText(p)}`;
  if (p >= UNLIKELY) return { figures, answer: "not in this attack" };
  return { figures, answer: rho > 0 ? "yes, in this attack" : "no, in this attack it is the other way round" };
}

/**
 * Of one point.
 *
 * @param {number} id @param {number} stray @param {number} noise
 * @param {number|null|undefined} excess by what share its path is longer than a straight one
 */
export function pointText(id, stray, noise, excess) {
  const longer = excess ? `, its path ${Math.round(100 * excess)} % longer than straight` : "";
  return `Point ${id}: strays ${two(stray)}${longer}; noise ${two(noise)}`;
}

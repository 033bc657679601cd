// @ts-check
/** How the meter writes its numbers. */

/** A number for people, or a dash where there is none. @param {number} x */
export const rhoText = (x) => (Number.isFinite(x) ? x.toFixed(2).replace("-0.00", "0.00").replace("-", "−") : "–");

/** A share for people, never rounded to all or nothing. @param {number|null} x */
export function shareText(x) {
  if (x === null || !Number.isFinite(x)) return "–";
  const text = (100 * x).toFixed(x < 0.0995 ? 1 : 0);
  if (text === "100" && x < 1 - 1e-9) return "> 99 %";
  if (text === "0.0" && x > 0) return "< 0.1 %";
  return `${text === "0.0" ? "0" : text} %`;
}

// @ts-check
/** Whether things may move by themselves. */

/** Whether the reader's system asks for less motion. */
export function reduced() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

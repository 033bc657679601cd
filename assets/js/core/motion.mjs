// @ts-check
/** Whether things may move by themselves. */

/** Whether the reader's system asks for less motion. */
export function reduced() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Until what is already said stands on the screen: before work that would keep it waiting. A hidden page paints nothing. @returns {Promise<void>} */
export function painted() {
  if (document.hidden) return Promise.resolve();
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}

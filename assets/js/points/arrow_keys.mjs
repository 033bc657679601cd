// @ts-check
/** How arrow keys move what is taken hold of in a picture. */

const NUDGE = 0.03; // data units per press of an arrow key; with shift a third of it

/** How far an arrow key moves a handle; null for other keys. @param {string} key @param {boolean} fine @returns {[number, number]|null} */
export function nudge(key, fine) {
  const step = fine ? NUDGE / 3 : NUDGE;
  const dx = { ArrowLeft: -step, ArrowRight: step }[key] ?? 0;
  const dy = { ArrowUp: step, ArrowDown: -step }[key] ?? 0;
  return dx || dy ? [dx, dy] : null;
}

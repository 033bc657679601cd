// @ts-check
/** Where arrow keys lead: what is taken hold of in a picture, and a slider whose stops are whole numbers. */

const NUDGE = 0.03; // data units per press of an arrow key; with shift a third of it

/** How far an arrow key moves a handle; null for other keys. @param {string} key @param {boolean} fine @returns {[number, number]|null} */
export function nudge(key, fine) {
  const step = fine ? NUDGE / 3 : NUDGE;
  const dx = { ArrowLeft: -step, ArrowRight: step }[key] ?? 0;
  const dy = { ArrowUp: step, ArrowDown: -step }[key] ?? 0;
  return dx || dy ? [dx, dy] : null;
}

/** The whole state that a key leads to; null for keys of no meaning here. @param {string} key @param {number} from @param {number} last */
export function stateByKey(key, from, last) {
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (key === "ArrowRight" || key === "ArrowUp") return Math.min(last, Math.floor(from + 1e-6) + 1);
  if (key === "ArrowLeft" || key === "ArrowDown") return Math.max(0, Math.ceil(from - 1e-6) - 1);
  return null;
}

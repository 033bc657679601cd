// @ts-check
/** Something in a square picture to take hold of and move about, by mouse, finger or arrow keys. */

import { pixels } from "./figure.mjs";

/**
 * @param {HTMLElement} element a button without size, in a layer that fills the picture
 * @param {object} how
 * @param {number} how.reach half a side of the picture, in data units
 * @param {number} how.step data units of an arrow key; with shift a third of it
 * @param {(byKey: boolean) => void} how.start a gesture begins
 * @param {(dx: number, dy: number) => void} how.move data units from where it began
 */
export function createKnob(element, { reach, step, start, move }) {
  let from = [0, 0];
  let dragged = false;
  const view = () => pixels(/** @type {HTMLElement} */ (element.parentElement), reach);
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    from = [event.clientX, event.clientY];
    dragged = true;
    start(false);
  });
  element.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const { kx, ky } = view();
    move((event.clientX - from[0]) / kx, (from[1] - event.clientY) / ky);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
    element.addEventListener(end, () => (dragged = false));
  element.addEventListener("keydown", (event) => {
    const far = event.shiftKey ? step / 3 : step;
    const dx = { ArrowLeft: -far, ArrowRight: far }[event.key] ?? 0;
    const dy = { ArrowUp: far, ArrowDown: -far }[event.key] ?? 0;
    if ((!dx && !dy) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    start(true);
    move(dx, dy);
  });

  return {
    /** Stand at a place. @param {number} x data units @param {number} y */
    put(x, y) {
      const { kx, ky, width, height } = view();
      element.style.transform = `translate(${(width / 2 + kx * x).toFixed(1)}px,${(height / 2 - ky * y).toFixed(1)}px)`;
    },
  };
}

// @ts-check
/** Pointing at something shows it for as long as it is pointed at. */

/**
 * Hear that a pointer comes to an element, and goes. One that rests does not come: neither where the page moved the
 * element under it, nor where it pressed the element, which shows what was chosen until the pointer has left.
 * A finger points at nothing, it presses.
 *
 * @param {HTMLElement} element @param {() => void} comes @param {() => void} goes
 */
export function onPointed(element, comes, goes) {
  let there = false;
  element.addEventListener("pointermove", (event) => {
    if (there || event.pointerType === "touch") return;
    there = true;
    comes();
  });
  element.addEventListener("click", goes);
  element.addEventListener("pointerleave", () => {
    there = false;
    goes();
  });
}

// @ts-check
/** Scrolling a strip that is wider than its box to the state that is shown, but not from under the reader's hands. */

const HANDS_OFF = 1500; // ms after a touch in which the strip does not scroll by itself

/**
 * @param {HTMLElement} box that scrolls
 * @param {HTMLElement} track in it
 * @param {object} given
 * @param {(state: number) => number} given.middle of a state, as a share of the track
 * @param {AbortSignal} given.signal ends it
 * @param {() => void} given.resized
 */
export function createStripScroll(box, track, { middle, signal, resized }) {
  let touched = -HANDS_OFF;
  let [inside, whole] = [0, 0]; // px seen, and px there are; observed, not asked for

  for (const name of ["pointerdown", "pointermove", "wheel", "touchmove"]) {
    box.addEventListener(name, (event) => {
      if (!(event instanceof PointerEvent) || event.buttons) touched = performance.now();
    }, { passive: true, signal }); // prettier-ignore
  }
  const sizes = new ResizeObserver(() => {
    [inside, whole] = [box.clientWidth, track.offsetWidth];
    resized();
  });
  sizes.observe(box);
  sizes.observe(track);
  signal.addEventListener("abort", () => sizes.disconnect());

  return {
    /** Scroll the strip, and only the strip, to a state. @param {number} state @param {ScrollBehavior} behavior */
    reveal(state, behavior) {
      if (whole <= inside || performance.now() - touched < HANDS_OFF) return;
      box.scrollTo({ left: middle(state) * whole - inside / 2, behavior });
    },
    /** What the reader did was to go to a state: the strip may follow. */
    follow() {
      touched = -HANDS_OFF;
    },
  };
}

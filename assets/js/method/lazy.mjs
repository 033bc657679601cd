// @ts-check
/** Figures that are brought to life when they come near: a page of them is there as fast as its first. */

import { whenLeft } from "../core/loop.mjs";

const NEAR = "600px"; // above and below what is seen: a figure is there before its reader

/**
 * @param {HTMLElement} element
 * @param {() => Promise<void>} start fetches what it needs, and draws
 */
export function whenNear(element, start) {
  const sight = new IntersectionObserver(
    (entries) => {
      if (!entries[entries.length - 1].isIntersecting) return;
      sight.disconnect();
      void start();
    },
    { rootMargin: `${NEAR} 0px` },
  );
  sight.observe(element);
  whenLeft(element, () => sight.disconnect());
}

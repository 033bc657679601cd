// @ts-check
/** The hover card of a page: which point the pointer is on, and what is said of it. */

import { createCard } from "./card.mjs";

/**
 * @template S what the point is on
 * @param {HTMLElement} page the card is placed inside it
 * @param {(on: S, index: number) => {about: import("./card.mjs").About, box: DOMRect}|null} describe what to say of a point, and where
 *   places are counted from; null for nothing
 */
export function createHover(page, describe) {
  const card = createCard(page);
  /** @type {[S, number, number, number]|null} */
  let over = null;

  const hover = {
    /** @param {S} on @param {number} index -1 for none @param {number} x pixels @param {number} y pixels */
    show(on, index, x, y) {
      over = index < 0 ? null : [on, index, x, y];
      const found = over && describe(on, index);
      if (!found) return card.hide();
      card.show(found.about, found.box.left + x, found.box.top + y);
    },
    /** More is known of the point that is pointed at. */
    again() {
      if (over) hover.show(...over);
    },
  };
  return hover;
}

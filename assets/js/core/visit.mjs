// @ts-check
/** Opening a page of the app at an address. A file, which has its pages in itself, opens them its own way: `alone/visit.mjs`. */

import { goTo } from "./go_to.mjs";

/**
 * Open a page. It lies beside the one that is open.
 *
 * @param {string} page its path, without a slash: "grand-tour" @param {string} query what stands behind the "?" of its address
 * @param {boolean} [instead] whether it takes the place of the address before, to which Back leads else
 */
export function visit(page, query, instead = false) {
  const { pathname } = new URL(page, location.href);
  goTo(`${pathname}?${query}`, instead);
}

// @ts-check
/** In the place of `core/visit.mjs` where pages are in a file: another page is made of its layout, and the one before is left. */

import { goTo } from "./here.mjs";

/** @type {{pages: readonly string[], open: () => Promise<unknown>}} */
let file = { pages: [], open: async () => {} };

/** Say which pages there are, and how the one that the address says is opened. @param {typeof file} given */
export function visitIn(given) {
  file = given;
}

/** Whether a page can be visited. @param {string} page */
export const canVisit = (page) => file.pages.includes(page);

/** Open a page of the app. @param {string} page its path, without the slash @param {string} query without its question mark @param {boolean} [instead] whether it takes the place of the address before */
export async function visit(page, query, instead = false) {
  if (!canVisit(page)) throw new Error(`visit: this file has the pages ${file.pages.join(", ")}, and no ${page}`);
  goTo(page, query, instead);
  window.dispatchEvent(new Event("_dashprivate_pushstate")); // as the app does: who follows the address looks at it
  await file.open();
}

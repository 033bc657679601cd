// @ts-check
/** Links that readers take with them. */

import { toast } from "../core/dom.mjs";
import { copy } from "../stage/take_away.mjs";

/**
 * Copy the address of this page with another query, and say so.
 *
 * @param {string} query @param {string} said where it could be copied
 * @param {boolean} [whole] whether the selection is in it
 */
export async function copyLink(query, said, whole = true) {
  const address = `${location.origin}${location.pathname}?${query}`;
  if (!(await copy(address))) return toast(`The browser does not let this page copy. The link: ${address}`, "error");
  toast(whole ? said : "Link copied; the selection is too large for a link and was left out");
}

// @ts-check
/** Following a link to another page. */

import { goTo } from "./go_to.mjs";

/**
 * Go there without loading it anew, unless the reader wants it in a tab of its own.
 *
 * @param {MouseEvent} event @param {string} href
 */
export function follow(event, href) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) {
    if (!(event.currentTarget instanceof HTMLAnchorElement)) window.open(href, "_blank");
    return;
  }
  event.preventDefault();
  goTo(href);
}

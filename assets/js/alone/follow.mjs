// @ts-check
/** In the place of `core/follow.mjs` where pages are in a file: going to another page of it. */

import { tellProblem } from "../core/page.mjs";
import { canVisit, visit } from "./visit.mjs";

/** Go there, unless the reader wants it in a tab of its own. @param {MouseEvent} event @param {string} href */
export function follow(event, href) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) {
    if (!(event.currentTarget instanceof HTMLAnchorElement)) window.open(href, "_blank");
    return;
  }
  event.preventDefault();
  goTo(href);
}

/** Go there; nowhere where the file has no such page. @param {string} href */
export function goTo(href) {
  const [page, ...query] = href.replace(/^#/, "").split("?");
  if (!canVisit(page)) return;
  visit(page, query.join("?")).catch(tellProblem);
  window.scrollTo(0, 0);
}

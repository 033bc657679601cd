// @ts-check
/** In the place of `core/go_to.mjs` where pages are in a file: going to another page of it. */

import { tellProblem } from "../core/page.mjs";
import { canVisit, visit } from "./visit.mjs";

/** Go there; nowhere where the file has no such page. @param {string} href */
export function goTo(href) {
  const [page, ...query] = href.replace(/^#/, "").split("?");
  if (!canVisit(page)) return;
  visit(page, query.join("?")).catch(tellProblem);
  window.scrollTo(0, 0);
}

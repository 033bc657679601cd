// @ts-check
/**
 * Sections that a list of contents, and a link from elsewhere, can go to. They get their ids here: the page is drawn after the browser
 * has looked for the one in its address, so that it has to be shown what it was asked for.
 */

/** @param {HTMLElement} page its sections carry `data-gt-anchor` */
export function openContents(page) {
  for (const section of page.querySelectorAll("[data-gt-anchor]"))
    section.id = /** @type {HTMLElement} */ (section).dataset.gtAnchor ?? "";
  const asked = location.hash.slice(1);
  if (asked) page.querySelector(`[data-gt-anchor="${CSS.escape(asked)}"]`)?.scrollIntoView({ behavior: "instant" });
}

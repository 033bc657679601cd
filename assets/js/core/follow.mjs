// @ts-check
/** Going to another page of the app. */

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

/** Go there without loading it anew. @param {string} href */
export function goTo(href) {
  history.pushState({}, "", href);
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  window.scrollTo(0, 0);
}

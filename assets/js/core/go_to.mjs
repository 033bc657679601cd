// @ts-check
/** Going to another page of the app. A file, which has its pages in itself, goes its own way: `alone/go_to.mjs`. */

/** Go there without loading it anew. @param {string} href */
export function goTo(href) {
  history.pushState({}, "", href);
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  window.scrollTo(0, 0);
}

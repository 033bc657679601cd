// @ts-check
/** Going to another page of the app. A file, which has its pages in itself, goes its own way: `alone/go_to.mjs`. */

/** Go there without loading it anew. @param {string} href @param {boolean} [instead] whether it takes the place of the address before */
export function goTo(href, instead = false) {
  history[instead ? "replaceState" : "pushState"]({}, "", href);
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  window.scrollTo(0, 0);
}

// @ts-check
/**
 * In the place of `core/here.mjs` where a page is in a file: an address of a file has no query, so that what it says stands
 * behind its `#`. Where the address cannot be written (in a frame whose text was handed over) it is remembered.
 */

/** what the file says where its address says nothing */
let begun = "";
/** what was to be written, and could not be @type {string|null} */
let kept = null;

/** How the page begins where its address does not say. @param {string} query */
export function beginWith(query) {
  begun = query;
}

const here_ = {
  location: {
    get pathname() {
      return location.pathname;
    },
    get search() {
      const said = kept ?? (location.hash.slice(1) || begun);
      return said ? `?${said}` : "";
    },
    hash: "",
  },
  history: {
    get state() {
      return history.state;
    },
    /** @param {any} state @param {string} _ @param {string|URL|null} [url] */
    replaceState(state, _, url) {
      const query = String(url).split("?")[1] ?? "";
      try {
        history.replaceState(state, "", `#${query}`);
      } catch {
        kept = query;
      }
    },
  },
};

/** @returns {import("../core/here.mjs").Here} */
export const here = () => here_;

/** The address of this page with another query. @param {string} query without its question mark */
export const addressWith = (query) => `${location.href.split("#")[0]}#${query}`;

/** Whether this page has an address that can be passed on: the text of a frame has none. */
export const hasAddress = () => !location.protocol.startsWith("about");

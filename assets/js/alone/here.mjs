// @ts-check
/**
 * In the place of `core/here.mjs` where pages are in a file: an address of a file has no query, so that what it says stands
 * behind its `#`, with the page before it where the file has several. Where the address cannot be written (in a frame whose text
 * was handed over) it is remembered.
 */

/** the file's pages @type {string[]} */
let pages = [];
/** what the file says where its address says nothing */
let begun = "";
/** what was to be written, and could not be @type {string|null} */
let kept = null;

/** @param {string[]} names of the file's pages @param {string} query how the first begins where the address does not say */
export function beginWith(names, query) {
  [pages, begun] = [names, query];
}

/** What is asked for: a page, and how it is to begin. @returns {{page: string, query: string}} */
export function asked() {
  const said = kept ?? location.hash.slice(1);
  const [page, ...query] = said.split("?");
  if (pages.includes(page)) return { page, query: query.join("?") };
  return { page: pages[0], query: said || begun };
}

/** How it stands in the address. @param {string} page @param {string} query */
const hash = (page, query) => (pages.length > 1 ? `${page}?${query}` : query);

/** @param {"pushState"|"replaceState"} how @param {any} state @param {string} said */
function write(how, state, said) {
  try {
    history[how](state, "", `#${said}`);
    kept = null;
  } catch {
    kept = said;
  }
}

/** Have the address say another page. @param {string} page @param {string} query @param {boolean} [instead] whether it takes the place of the address before */
export function goTo(page, query, instead = false) {
  begun = ""; // a page that is come back to is as it was left
  write(instead ? "replaceState" : "pushState", null, hash(page, query));
}

/** @param {"pushState"|"replaceState"} how @returns {(state: any, _: string, url?: string|URL|null) => void} */
const writer = (how) => (state, _, url) => write(how, state, hash(asked().page, String(url).split("?")[1] ?? ""));

const here_ = {
  location: {
    get pathname() {
      return `${location.pathname}/${asked().page}`;
    },
    get search() {
      const { query } = asked();
      return query ? `?${query}` : "";
    },
    hash: "",
  },
  history: {
    get state() {
      return history.state;
    },
    pushState: writer("pushState"),
    replaceState: writer("replaceState"),
  },
};

/** @returns {import("../core/here.mjs").Here} */
export const here = () => here_;

/** The address of this page with another query. @param {string} query without its question mark */
export const addressWith = (query) => `${location.href.split("#")[0]}#${hash(asked().page, query)}`;

/** The address of another page of this file. @param {string} _ @param {string} page @param {string} query without its question mark */
export const pageAddress = (_, page, query) => `#${page}?${query}`;

/** The address is another one now: what could not be written before is forgotten. */
export function forget() {
  kept = null;
}

/** Whether this page has an address that can be passed on: the text of a frame has none. */
export const hasAddress = () => !location.protocol.startsWith("about");

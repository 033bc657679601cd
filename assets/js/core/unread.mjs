// @ts-check
/**
 * What of an address the page could not be given: one band above what it shows, beside what the server says there, which lists it, however
 * many find something. It goes once the page shows what the address did not ask for.
 */

import { setProps } from "./dash.mjs";
import { el } from "./dom.mjs";
import { listed } from "./names.mjs";

const BAND = "gt-left-out";
const PAGE = "[data-gt-page]";

/** parts that could not be read @type {string[]} */
let parts = [];
/** what else of it will not do, in sentences @type {string[]} */
let more = [];
/** @type {HTMLElement|null} what says it */
let band = null;

/** @param {string[]} names @returns {string} a sentence */
export function unreadSentence(names) {
  const said = listed(names.map((name) => `“${name}”`));
  return `The link's ${said} could not be read and ${names.length > 1 ? "were" : "was"} left out.`;
}

/** Say what there is to say, in the page that is open. @param {Element} page */
function show(page) {
  if (!band?.isConnected) {
    band = el("p", { class: `gt-alert ${BAND}`, role: "alert" });
    const above = page.querySelector(".gt-alert") ?? page.querySelector(".gt-page-head");
    if (above) above.after(band);
    else page.prepend(band);
  }
  const sentences = more.map((said) => (/[.!?…]$/.test(said) ? said : `${said}.`));
  band.textContent = [...sentences, ...(parts.length ? [unreadSentence(parts)] : [])].join(" ");
}

/** Once there is a page: an address may be read before. @param {(page: Element) => void} act */
function whenOpen(act) {
  const page = document.querySelector(PAGE);
  if (page) return act(page);
  const watching = new MutationObserver(() => {
    const come = document.querySelector(PAGE);
    if (!come) return;
    watching.disconnect();
    act(come);
  });
  watching.observe(document.body, { childList: true, subtree: true });
}

/** @param {string[]} names of parts of the address; none for none @param {string[]} sentences what else of it will not do */
export function tellUnread(names, sentences = []) {
  if (!names.length && !sentences.length) return;
  if (band && !band.isConnected) [band, parts, more] = [null, [], []];
  parts = [...new Set([...parts, ...names])];
  more = [...new Set([...more, ...sentences])];
  whenOpen(show);
}

/** What is shown now is not what that address asked for. */
export function forgetUnread() {
  band?.remove();
  [band, parts, more] = [null, [], []];
}

/** The page that stands goes over to another address: what was said of the one before is forgotten, by the server too. */
export function forgetAddress() {
  forgetUnread();
  const said = /** @type {HTMLElement|null} */ (document.querySelector(`${PAGE} .gt-alert[id]`));
  if (said && !said.hidden) setProps(said.id, { children: "", hidden: true });
}

// @ts-check
/** `/docs`: search, copying of code, headings that an address leads to, and which of them one is at. */

import { part, toast } from "../core/dom.mjs";
import { createSearchBox } from "../docs/search_box.mjs";
import { noUpdate } from "../core/dash.mjs";
import { goTo } from "../core/go_to.mjs";

const TOP = 0.3; // of the window: a heading above this line is the one that is read
let listening = false; // once a document: pages come and go

/** @param {import("../payloads.mjs").DocsMount} mount */
export function showDocs(mount) {
  const page = /** @type {HTMLElement|null} */ (document.querySelector('[data-gt-page="docs"]'));
  if (!page || page.dataset.gtMounted) return noUpdate();
  page.dataset.gtMounted = "yes";
  createSearchBox(part(page, "docs-search"), { base: mount.base, go });
  page.addEventListener("click", onClick);
  if (!listening) document.addEventListener("keydown", onKey);
  listening = true;
  followHeadings(page);
  showHere(part(page, "docs-contents"));
  showHash();
  return noUpdate();
}

/** `/` leads into the search, where there is one. @param {KeyboardEvent} event */
function onKey(event) {
  const input = /** @type {HTMLInputElement|null} */ (document.querySelector('[data-gt-part="docs-search"] input'));
  const target = /** @type {HTMLElement} */ (event.target);
  if (!input || event.key !== "/" || event.ctrlKey || event.metaKey) return;
  if (target.matches("input, textarea, select")) return;
  event.preventDefault();
  input.focus();
  input.select();
}

/** @param {Event} event */
function onClick(event) {
  const button = /** @type {Element} */ (event.target).closest("[data-gt-action]");
  const action = button?.getAttribute("data-gt-action");
  if (action === "docs-copy") copy(/** @type {HTMLElement} */ (button));
  if (action === "docs-contents") {
    const side = /** @type {HTMLElement} */ (button).closest(".gt-docs-side");
    const open = side?.classList.toggle("gt-docs-opened") ?? false;
    button?.setAttribute("aria-expanded", String(open));
  }
}

/** @param {HTMLElement} button beside the code */
async function copy(button) {
  const text = button.parentElement?.querySelector("code")?.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast("The browser does not let this page copy; select the text instead.", "error");
  }
}

/** Go to a page of the documentation, or to a heading of this one. @param {string} href */
function go(href) {
  if (new URL(href).pathname !== location.pathname) return goTo(href);
  history.pushState({}, "", href);
  window.scrollTo(0, 0);
  showHash();
}

/** Bring the page's own line of the contents into sight, without moving the page. @param {HTMLElement} contents */
function showHere(contents) {
  const here = /** @type {HTMLElement|null} */ (contents.querySelector(".gt-docs-here"));
  if (here) contents.scrollTop = here.offsetTop - contents.clientHeight / 2;
}

/** Dash fills the page after the browser has looked for the heading. */
function showHash() {
  headingOf(location.hash)?.scrollIntoView();
}

/** @param {string} hash @returns {HTMLElement|null} */
function headingOf(hash) {
  try {
    return document.getElementById(decodeURIComponent(hash.slice(1)));
  } catch {
    return null; // no such heading can be: its address does not spell anything
  }
}

/** Mark the heading in the list to the right that one is at. @param {HTMLElement} page */
function followHeadings(page) {
  const list = page.querySelector('[data-gt-part="docs-marks"]');
  if (!list) return;
  const links = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (list.querySelectorAll("a"))];
  const headings = links.map((link) => headingOf(link.hash));
  const mark = () => {
    const passed = headings.filter((one) => one && one.getBoundingClientRect().top < TOP * innerHeight).length;
    links.forEach((link, i) => link.classList.toggle("gt-docs-here", i === Math.max(0, passed - 1)));
  };
  const watcher = new IntersectionObserver(mark, { rootMargin: `0px 0px -${100 * (1 - TOP)}% 0px` });
  headings.forEach((one) => one && watcher.observe(one));
  mark();
}

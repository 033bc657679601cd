// @ts-check
/**
 * Pages that are in a file: they are told what they show, have that in the file, and start as they do in the app. One is open at
 * a time, made of its layout when it is visited; the one before is left, and comes back as it was left, as in the app.
 */

import { el, part } from "../core/dom.mjs";
import { elements, pageNamed, tellProblem } from "../core/page.mjs";
import { inspect } from "../core/registry.mjs";
import { followOtherTabs } from "../state/kept_groups.mjs";
import { tellLive } from "../state/live.mjs";
import { follow } from "../core/follow.mjs";
import { startBar } from "../pages/bar.mjs";
import { startTerms } from "../pages/terms.mjs";
import { hold } from "./ask.mjs";
import { asked, beginWith, forget, hasAddress } from "./here.mjs";
import { speakWithHost } from "./host.mjs";
import { text } from "./packed.mjs";
import { visitIn } from "./visit.mjs";

/**
 * @typedef {object} InFile a page
 * @property {import("../payloads.mjs").PageMount} mount
 * @property {any} shown what its module is told, by name
 * @property {string} title
 * @property {string[]} left sentences on what is not here
 * @property {string} layout its HTML
 *
 * @typedef {object} Said what stands in the file
 * @property {InFile[]} pages the first is shown at first
 * @property {import("../payloads.mjs").LiveRun[]} runs
 * @property {import("./ask.mjs").Held} held
 * @property {import("../payloads.mjs").KeptStory|null} story that is played
 * @property {Record<string, import("../payloads.mjs").Term>} terms
 * @property {string} query how it begins where its address does not say
 *
 * @typedef {Record<string, (...given: any[]) => unknown>} Kinds how each page is opened, and the story
 */

const SAID = "said"; // name of the block with what the file says

/** @param {Kinds} kinds */
export async function start(kinds) {
  /** @type {Said} */
  const said = JSON.parse(await text(SAID));
  const names = said.pages.map(({ mount }) => mount.page);
  hold(said.held);
  beginWith(names, said.query);
  tellLive({ runs: said.runs });
  Object.assign(window, { grandTour: { inspect } }); // for who has this page in a frame, and for tests
  const open = () => openPage(said.pages, kinds);
  visitIn({ pages: names, open });
  frame(said);
  // another link to this file, or Back: what it says stands behind the #, of which a browser takes no notice
  window.addEventListener("hashchange", () => {
    forget();
    if (/[=?]/.test(location.hash)) open().catch(tellProblem);
  });
  await open();
  if (said.story) kinds.story(said.story);
  speakWithHost(said.runs[0].name);
}

/** Open the page that the address says. @param {InFile[]} pages @param {Kinds} kinds */
async function openPage(pages, kinds) {
  const { page } = asked();
  const { mount, shown, left, layout } = /** @type {InFile} */ (pages.find((one) => one.mount.page === page));
  const content = /** @type {HTMLElement} */ (document.getElementById("gt-content"));
  content.innerHTML = layout;
  const root = /** @type {HTMLElement} */ (pageNamed(page));
  for (const one of elements(root, "[data-gt-style]")) one.style.cssText = one.dataset.gtStyle ?? "";
  if (left.length) root.querySelector(".gt-page-head")?.after(el("p", { class: "gt-file-left" }, left.join(" ")));
  for (const link of elements(document, ".gt-nav a")) {
    const here = link.getAttribute("href") === `#${page}?`;
    link.classList.toggle("active", here);
    link.toggleAttribute("aria-current", here);
    if (!here) continue;
    link.setAttribute("aria-current", "page");
    part(document, "menu").textContent = link.textContent; // the button that stands for the links where these do not fit
  }
  if (!hasAddress()) for (const button of elements(root, '[data-gt-action="link"]')) button.hidden = true;
  await null; // the page that was left keeps how it was
  await kinds[page](root, mount, shown);
}

/** What is around the pages. @param {Said} said */
function frame({ terms }) {
  const app = /** @type {HTMLElement} */ (document.querySelector(".gt-app"));
  startBar(/** @type {HTMLElement} */ (app.querySelector('[data-gt-part="bar"]')));
  startTerms(terms, null);
  followOtherTabs();
  document.addEventListener("click", followLink);
  window.addEventListener("unhandledrejection", ({ reason }) => tellProblem(reason));
  app.hidden = false;
}

/** A link leads to another page of the file, or to its content. @param {MouseEvent} event */
function followLink(event) {
  const link = /** @type {Element} */ (event.target).closest("a[href]");
  const href = link?.getAttribute("href") ?? "";
  if (href === "#gt-content") {
    event.preventDefault(); // it would be taken for a view
    const content = /** @type {HTMLElement} */ (document.getElementById("gt-content"));
    content.tabIndex = -1;
    return content.focus();
  }
  if (!event.defaultPrevented && href.startsWith("#")) follow(event, href);
}

// @ts-check
/** What lives as long as the app: the selection's store, light or dark, the list of keys. */

import { onSelection, select, selectionPayload } from "../state/selection.mjs";
import { followOtherTabs } from "../state/kept_groups.mjs";
import { el, part } from "../core/dom.mjs";
import { noUpdate, setProps } from "../core/dash.mjs";
import { KEYS } from "./keys.mjs";
import { isShown, startRoom } from "./room.mjs";
import { watchServer } from "./server_gone.mjs";
import { startTerms } from "./terms.mjs";
import { startWatching } from "./watching.mjs";

/** @type {WeakSet<Element>} bars that have their listeners */
const started = new WeakSet();

/**
 * @param {import("../payloads.mjs").ShellMount} mount
 * @param {import("../payloads.mjs").Selection|null} kept the selection of before a reload
 */
export function startShell(mount, kept) {
  const bar = document.querySelector('[data-gt-part="bar"]');
  if (!bar || started.has(bar)) return noUpdate();
  started.add(bar);
  if (kept?.ids?.length) select(kept.run, kept.ids, "new", false);
  onSelection(() => setProps(mount.ids.selection, { data: selectionPayload() }));
  bar.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-gt-action]");
    const action = button?.getAttribute("data-gt-action");
    if (action === "theme") switchTheme();
    if (action === "keys") showKeys();
  });
  const links = /** @type {HTMLElement|null} */ (bar.querySelector(".nav"));
  if (links)
    new MutationObserver(() => showActive(links)).observe(links, { subtree: true, attributeFilter: ["class"] });
  if (links) showActive(links);
  watchServer(/** @type {HTMLElement} */ (bar));
  startRoom(/** @type {HTMLElement} */ (bar));
  startWatching(mount);
  startTerms(mount.terms, mount.base);
  followOtherTabs();
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.key === "?" && !target.matches("input:not([type=range]), textarea, select")) showKeys();
  });
  return noUpdate();
}

/** Have the button of the menu, which stands for the links where these do not fit, say which page this is. @param {HTMLElement} links */
function showActive(links) {
  const active = links.querySelector(".active");
  part(document, "menu").textContent = active?.textContent ?? "Pages";
}

function switchTheme() {
  const now = document.documentElement.getAttribute("data-bs-theme");
  const next = now === "dark" ? "light" : "dark";
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  try {
    // what the system says anyway is followed, not pinned
    if (next === system) localStorage.removeItem("gt-theme");
    else localStorage.setItem("gt-theme", next);
    window.dispatchEvent(new Event("gt-theme"));
  } catch {
    document.documentElement.setAttribute("data-bs-theme", next); // storage is blocked: for now only
  }
}

/** What to look for on this page, with a button that shows it there again where it was closed; null for a page that has none. */
function lookAgain() {
  const line = document.querySelector("main .gt-look-for p");
  if (!line) return null;
  const again = el("button", { type: "button", class: "btn btn-sm btn-outline-primary", "data-gt-action": "look-open", hidden: isShown("look") },
    "Show it on the page again"); // prettier-ignore
  return el("section", { class: "gt-look-again" }, el("p", {}, line.textContent), again);
}

function showKeys() {
  const open = document.querySelector("dialog.gt-keys");
  if (open) return /** @type {HTMLDialogElement} */ (open).close();
  const rows = Object.values(KEYS).map(({ name, what }) =>
    el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, name)), el("td", {}, what)),
  );
  const close = el("button", { type: "button", class: "btn btn-sm btn-primary" }, "Close");
  const dialog = el("dialog", { class: "gt-keys", "aria-label": "Keys and gestures" },
    lookAgain(), el("h2", {}, "Keys and gestures"), el("table", {}, el("tbody", {}, ...rows)), close); // prettier-ignore
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  dialog.scrollTop = 0; // its button has the focus, and stands below what is to be read
}

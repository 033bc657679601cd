// @ts-check
/** The bar above a page: light or dark, the list of keys, and room for the stage. */

import { el } from "../core/dom.mjs";
import { KEYS } from "./keys.mjs";
import { isShown, startRoom } from "./room.mjs";

/** @param {HTMLElement} bar the header */
export function startBar(bar) {
  bar.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-gt-action]");
    const action = button?.getAttribute("data-gt-action");
    if (action === "theme") switchTheme();
    if (action === "keys") showKeys();
  });
  startRoom(bar);
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.key === "?" && !target.matches("input:not([type=range]), textarea, select")) showKeys();
  });
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

// @ts-check
/**
 * Room on a page, whatever page it is: the menu of pages, the column that can be put away, what to look for, the whole
 * screen, and presenting, where the stage is alone. What the reader has put away stays away (see `gt/ui/theme.py`).
 */

import { hearKeys } from "../core/keys.mjs";
import { reduced } from "../core/motion.mjs";
import { KEYS } from "./keys.mjs";

const root = () => document.documentElement;

/** Put something away, or show it again, and remember that. @param {"side"|"look"} what @param {boolean} shown */
export function keepShown(what, shown) {
  if (shown) root().removeAttribute(`data-gt-${what}`);
  else root().setAttribute(`data-gt-${what}`, "closed");
  try {
    if (shown) localStorage.removeItem(`gt-${what}`);
    else localStorage.setItem(`gt-${what}`, "closed");
  } catch {
    // storage is blocked: for now only
  }
  for (const button of document.querySelectorAll('[data-gt-action="side"]'))
    if (what === "side") button.setAttribute("aria-pressed", String(shown));
}

/** Whether something is not put away. @param {"side"|"look"} what */
export const isShown = (what) => root().getAttribute(`data-gt-${what}`) !== "closed";

/** Whether the page that is open has a stage. */
const hasStage = () => document.querySelector(".gt-board, .gt-compare-main") !== null;

/** The whole screen, or the window again; a browser that has none is left as it is. @param {boolean} on */
async function fill(on) {
  if (on === Boolean(document.fullscreenElement)) return;
  try {
    await (on ? root().requestFullscreen() : document.exitFullscreen());
  } catch {
    // not allowed here: in a frame, or by the browser
  }
}

/** Show the stage alone, in large type, or all of the page again. @param {boolean} on */
function present(on) {
  if (on && !hasStage()) return false;
  root().toggleAttribute("data-gt-present", on);
  for (const button of document.querySelectorAll('[data-gt-action="present"]'))
    button.setAttribute("aria-pressed", String(on));
  fill(on);
  if (on) scrollTo(0, 0);
  return true;
}

const presenting = () => root().hasAttribute("data-gt-present");

/** Open or close the menu of pages. @param {Element} bar @param {boolean} open */
function openMenu(bar, open) {
  bar.classList.toggle("gt-menu-open", open);
  bar.querySelector('[data-gt-action="menu"]')?.setAttribute("aria-expanded", String(open));
}

/** Go to a panel of the column. @param {HTMLElement} button */
function jump(button) {
  const column = button.closest(".gt-side");
  const panels = [...(column?.children ?? [])].filter((one) => !one.classList.contains("gt-jumps"));
  panels[Number(button.dataset.gtValue)]?.scrollIntoView({ block: "start", behavior: reduced() ? "auto" : "smooth" });
}

/** @param {HTMLElement} bar the header */
export function startRoom(bar) {
  /** @type {import("../core/page.mjs").Actions} */
  const acts = {
    menu: () => openMenu(bar, !bar.classList.contains("gt-menu-open")),
    side: () => (hasStage() ? keepShown("side", !isShown("side")) : false),
    "look-close": () => keepShown("look", false),
    "look-open": () => {
      keepShown("look", true);
      keepShown("side", true); // it may stand there
      /** @type {HTMLDialogElement|null} */ (document.querySelector("dialog.gt-keys"))?.close();
    },
    full: () => void fill(!document.fullscreenElement),
    present: () => present(!presenting()),
    jump: (_, button) => void (button && jump(button)),
  };
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const button = /** @type {HTMLElement|null} */ (target.closest("[data-gt-action]"));
    const inMenu = button?.dataset.gtAction === "menu";
    if (!inMenu) openMenu(bar, false);
    if (button) acts[/** @type {import("../payloads.mjs").ActionWord} */ (button.dataset.gtAction)]?.("", button);
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || document.querySelector("dialog[open], [aria-modal=true]")) return;
      if (bar.classList.contains("gt-menu-open")) {
        openMenu(bar, false);
        /** @type {HTMLElement|null} */ (bar.querySelector('[data-gt-action="menu"]'))?.focus();
      } else if (presenting()) present(false);
      else return;
      event.stopImmediatePropagation(); // Esc clears a selection otherwise
    },
    true,
  );
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && presenting()) present(false);
  });
  window.addEventListener("popstate", () => present(false));
  hearKeys([KEYS.present, KEYS.full, KEYS.side], ([action]) => acts[action]?.("") !== false);
}

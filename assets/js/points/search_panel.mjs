// @ts-check
/** The panel of the search for points: a field with suggestions, what it finds, and what can be done with that. */

import { el } from "../core/dom.mjs";
import { COMBOBOX, createSuggestionList } from "./suggestion_list.mjs";

/** @typedef {"select"|"add"|"only"|"without"} Way what is done with points that are found */

/** @type {[Way, string, string][]} */
const WAYS = [
  ["select", "Select", "Select what matches (Enter)"],
  ["add", "Add", "Add what matches to the selection (Shift Enter)"],
  ["only", "Isolate", "Hide the rest (Ctrl Enter)"],
  ["without", "Exclude", "Hide what matches (Ctrl Shift Enter)"],
];
const HELP = "docs/how-to/find-points";
const EDGE = 8; // px between the panel and the edge of the window

/** What Enter does, by the keys that are held. @param {KeyboardEvent} event @returns {Way} */
const wayOf = ({ shiftKey, ctrlKey, metaKey }) =>
  ctrlKey || metaKey ? (shiftKey ? "without" : "only") : shiftKey ? "add" : "select";

/**
 * @param {HTMLElement} root of the page; has a button that opens it
 * @param {object} given
 * @param {() => void} given.changed another text stands there
 * @param {(text: string, at: number) => import("./suggestion_list.mjs").Suggestions} given.suggest
 * @param {(way: Way) => void} given.go
 */
export function createSearchPanel(root, { changed, suggest, go }) {
  const input = el("input", { type: "text", class: "form-control form-control-sm gt-search-input", autocomplete: "off", spellcheck: false, "aria-label": "Find points",
    placeholder: "label:… predicted:… confidence:<0.6", ...COMBOBOX }); // prettier-ignore
  const suggestions = createSuggestionList(input, { suggest, taken: renew });
  const said = el("p", { class: "gt-search-said", role: "status" });
  const ways = WAYS.map(([way, text, title]) =>
    el("button", { type: "button", class: "btn btn-sm gt-button gt-bordered", title, onclick: () => go(way) }, text),
  ); // prettier-ignore
  const help = el("a", { class: "gt-search-help", href: `${baseOf()}${HELP}` }, "What can be written");
  const panel = el("div", { class: "gt-search-panel", role: "dialog", "aria-label": "Find points", popover: "manual" },
    input, suggestions.root, said, el("div", { class: "gt-search-ways" }, ...ways, help)); // prettier-ignore
  root.append(panel);

  function renew() {
    suggestions.offer();
    changed();
  }

  /** The button that opens it. */
  const opener = () => /** @type {HTMLElement|null} */ (root.querySelector('[data-gt-action="search"]'));

  /** Below the button, within the window. */
  function place() {
    const at = opener()?.getBoundingClientRect();
    const right = innerWidth - Math.max(at?.right ?? 0, panel.offsetWidth + EDGE);
    panel.style.right = `${Math.max(EDGE, right)}px`;
    panel.style.top = `${(at && at.bottom > 0 ? at.bottom : EDGE) + 4}px`;
  }

  const api = {
    get text() {
      return input.value;
    },
    /** Whether what is written may go on, so that it is not yet wrong. */
    get begun() {
      return suggestions.any;
    },
    get isOpen() {
      return panel.matches(":popover-open");
    },
    open() {
      if (!api.isOpen) panel.showPopover();
      opener()?.setAttribute("aria-expanded", "true");
      place();
      input.focus();
      input.select();
      renew();
    },
    close() {
      if (!api.isOpen) return;
      const inside = panel.contains(document.activeElement);
      panel.hidePopover();
      opener()?.setAttribute("aria-expanded", "false");
      if (inside) opener()?.focus();
    },
    clear: () => void (input.value = ""),
    leave: () => document.removeEventListener("pointerdown", elsewhere, true),
    /** @param {string} text @param {boolean} wrong whether what is written is not understood @param {boolean} some whether there is something to do something with */
    say(text, wrong, some) {
      if (said.textContent !== text) said.textContent = text;
      said.classList.toggle("gt-search-wrong", wrong);
      input.setAttribute("aria-invalid", String(wrong));
      const own = Boolean(input.value.trim());
      ways.forEach((way, i) => (way.disabled = !some || (!own && i < 2)));
    },
  };

  /** @param {Event} event */
  function elsewhere({ target }) {
    const on = /** @type {Node} */ (target);
    if (!panel.contains(on) && !opener()?.contains(on)) api.close();
  }
  document.addEventListener("pointerdown", elsewhere, true);
  input.addEventListener("input", renew);
  panel.addEventListener("keydown", (event) => {
    const field = event.target === input;
    const heard = field && suggestions.hear(event.key);
    if (!heard && event.key === "Escape") api.close();
    else if (!heard && field && event.key === "Enter") go(wayOf(event));
    else if (!heard) return;
    event.preventDefault(); // Enter would press the button that gets the focus
    event.stopPropagation();
  });
  return api;
}

/** The prefix under which the app is served, as the link to its first page has it. */
const baseOf = () => document.querySelector(".gt-brand")?.getAttribute("href") ?? "/";

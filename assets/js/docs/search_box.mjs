// @ts-check
/**
 * The field of the search and its results: `/` leads into it, arrows go through the results, Enter opens one, Esc
 * leaves. The words of the documentation come when the field is first turned to.
 */

import { el } from "../core/dom.mjs";
import { search, wordsOf } from "./search.mjs";

/** @typedef {import("./search.mjs").Section} Section */

/** @type {Map<string, Promise<Section[]>>} by address, for all pages of a visit */
const fetched = new Map();

/**
 * @param {HTMLElement} box that is filled
 * @param {{base: string, go: (href: string) => void}} app
 */
export function createSearchBox(box, { base, go }) {
  const input = el("input", { type: "search", class: "form-control gt-docs-input", placeholder: "Search  ( / )",
    "aria-label": "Search the documentation", autocomplete: "off", spellcheck: false }); // prettier-ignore
  const list = el("ol", { class: "gt-docs-found" });
  const said = el("p", { class: "gt-docs-said", role: "status" });
  const panel = el("div", { class: "gt-docs-results", hidden: true }, said, list);
  box.replaceChildren(input, panel);

  const links = () => [.../** @type {NodeListOf<HTMLAnchorElement>} */ (list.querySelectorAll("a"))];
  const close = () => void (panel.hidden = true);

  async function show() {
    const asked = input.value;
    if (!wordsOf(asked).length) return close();
    const sections = await sectionsOf(base).catch(() => null);
    if (asked !== input.value || !box.isConnected) return; // a later letter has its own answer
    const found = sections ? search(sections, asked) : [];
    list.replaceChildren(...found.map((one) => el("li", {}, linkTo(one, base))));
    said.textContent = !sections
      ? "The search could not be loaded: the server does not answer."
      : found.length
        ? `${found.length === 12 ? "The best 12 sections" : found.length === 1 ? "1 section" : `${found.length} sections`}`
        : `Nothing found for “${asked.trim()}”.`;
    panel.hidden = false;
  }

  input.addEventListener("focus", () => {
    sectionsOf(base).catch(() => {}); // told when something is asked
    if (input.value) show();
  });
  input.addEventListener("input", show);
  box.addEventListener("keydown", (event) => onKey(event, { input, links: links(), close, go }));
  box.addEventListener("focusout", (event) => {
    if (!box.contains(/** @type {Node|null} */ (event.relatedTarget))) close();
  });
  panel.addEventListener("mousedown", (event) => event.preventDefault()); // a click does not take the focus first
  list.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    close();
    go(link.href);
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {{input: HTMLInputElement, links: HTMLAnchorElement[], close: () => void, go: (href: string) => void}} parts
 */
function onKey(event, { input, links, close, go }) {
  const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
  if (event.key === "Escape") {
    close();
    input.value = "";
    input.focus();
  } else if (event.key === "ArrowDown") {
    links[Math.min(at + 1, links.length - 1)]?.focus();
  } else if (event.key === "ArrowUp") {
    (at > 0 ? links[at - 1] : input).focus();
  } else if (event.key === "Enter" && (at >= 0 || links.length)) {
    close();
    go(links[Math.max(at, 0)].href);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/** @param {import("./search.mjs").Found} found @param {string} base */
function linkTo({ section, heading, snippet }, base) {
  const href = `${base}docs${section.path}${section.anchor ? `#${section.anchor}` : ""}`;
  const marked = (/** @type {import("./search.mjs").Part[]} */ pieces) =>
    pieces.map(({ text, hit }) => (hit ? el("mark", {}, text) : text));
  return el("a", { href, class: "gt-docs-result" },
    el("span", { class: "gt-docs-result-page" }, section.page),
    el("strong", {}, ...marked(heading)),
    el("span", { class: "gt-docs-snippet" }, ...marked(snippet))); // prettier-ignore
}

/** @param {string} base @returns {Promise<Section[]>} */
function sectionsOf(base) {
  const address = `${base}docs/search.json`;
  let coming = fetched.get(address);
  if (!coming) {
    coming = fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(`search: ${address} answers ${answer.status}`);
      return answer.json();
    });
    coming.catch(() => fetched.delete(address)); // asked again with the next letter
    fetched.set(address, coming);
  }
  return coming;
}

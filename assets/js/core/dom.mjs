// @ts-check
/** Making elements, briefly. */

const MOST_TOASTS = 3; // at once: more would cover the page

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [props] `class`, `data-*`, `aria-*` and other attributes; `on…` listeners;
 *   everything else is set as a property
 * @param {...(Node|string|null|undefined)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class" || name === "role" || name.includes("-")) element.setAttribute(name, value);
    else if (name === "style") element.style.cssText = value;
    else /** @type {any} */ (element)[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** @param {string} name of a Bootstrap icon */
export const icon = (name) => el("i", { class: `gt-icon gt-icon-${name}`, "aria-hidden": "true" });

/** @param {ParentNode} root @param {import("../payloads.mjs").Part} name @returns {HTMLElement} */
export function part(root, name) {
  const found = root.querySelector(`[data-gt-part="${name}"]`);
  if (!found) throw new Error(`part: this page has no part "${name}"`);
  return /** @type {HTMLElement} */ (found);
}

/** A mark behind a text, that says what a term in it means: pointed at, in focus or touched. @param {string} word see `gt/ui/components/terms.py` */
export const termMark = (word) =>
  el("button", {
    type: "button",
    class: "gt-term gt-term-mark",
    "data-gt-term": word,
    "aria-label": "What this means",
  });

/** Text of a number for people. @param {number} n */
export const count = (n) => n.toLocaleString("en");

/** @param {number} x 0..1 */
export const percent = (x) => `${(100 * x).toFixed(x < 0.1 || x > 0.995 ? 1 : 0)} %`;

/**
 * A short message in the corner; the same said again replaces itself, and no more than a few are there at once.
 *
 * @param {string} text
 * @param {"info"|"error"} kind an error stays until it is closed
 * @param {number} stays ms that another stays
 * @returns {HTMLElement|null} the message
 */
export function toast(text, kind = "info", stays = 3500) {
  const box = document.querySelector('[data-gt-part="toasts"]');
  if (!box) return null;
  const note = el("div", { class: `gt-toast gt-toast-${kind}` }, el("span", {}, text));
  const close = el(
    "button",
    { type: "button", class: "gt-toast-close", title: "Close", "aria-label": "Close" },
    icon("x-lg"),
  );
  close.addEventListener("click", () => note.remove());
  note.append(close);
  for (const one of [...box.children]) if (one.textContent === text) one.remove();
  while (box.childElementCount >= MOST_TOASTS) box.children[0].remove();
  box.append(note);
  if (kind === "info") setTimeout(() => note.remove(), stays);
  return note;
}

/** Say something to those who hear the page; the same said again is heard again. @param {string} text */
export function sayAloud(text) {
  const box = document.querySelector('[data-gt-part="aloud"]');
  if (box) box.replaceChildren(el("p", {}, text));
}

// @ts-check
/** Keys: a page declares which it hears and what they do; one handler hears them for all pages. */

import { popoverOpen } from "./popover.mjs";

/**
 * @typedef {[action: import("../payloads.mjs").ActionWord, value?: string]} Act what a button of that `data-gt-action` and `data-gt-value` does
 * @typedef {object} KeyRow one row of the list of keys
 * @property {string} name of the keys, for people
 * @property {string} what they do
 * @property {Record<string, Act>} [keys] by `KeyboardEvent.key`, letters small, behind "Ctrl+" or "Ctrl+Shift+" where these are held;
 *   without, it is a gesture, or what the keys of a widget do
 */

/** Where letters are typed and arrows move something else. */
const FIELDS = "select, textarea, input:not([type=range], [type=checkbox])";
/** What Space presses when it has the focus. */
const PRESSED = "button, a, summary, input[type=checkbox]";

/** What is heard of a key, in the words of `KeyRow.keys`. @param {KeyboardEvent} event */
export function keyOf({ key, ctrlKey, metaKey, shiftKey }) {
  const name = key.length === 1 ? key.toLowerCase() : key;
  return ctrlKey || metaKey ? `Ctrl+${shiftKey ? "Shift+" : ""}${name}` : name;
}

/** What the keys of some rows do. @param {KeyRow[]} rows @returns {Map<string, Act>} */
export const actsOf = (rows) => new Map(rows.flatMap(({ keys = {} }) => Object.entries(keys)));

/** Whether a key is meant for what has the focus, or for a dialog. @param {KeyboardEvent} event */
function isElsewhere(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.altKey || target.matches(FIELDS)) return true;
  if (popoverOpen() && (event.key === "Escape" || target.closest("[popover]"))) return true;
  return (
    (event.key === " " && target.closest(PRESSED) !== null) ||
    document.querySelector("dialog[open], [aria-modal=true]") !== null
  );
}

/**
 * Hear the keys of a page.
 *
 * @param {KeyRow[]} rows
 * @param {(act: Act) => boolean} act does it, if it can be done now; says whether
 * @returns {() => void} ends it
 */
export function hearKeys(rows, act) {
  const acts = actsOf(rows);
  /** @param {KeyboardEvent} event */
  const heard = (event) => {
    const known = acts.get(keyOf(event));
    if (known && !isElsewhere(event) && act(known)) event.preventDefault();
  };
  document.addEventListener("keydown", heard);
  return () => document.removeEventListener("keydown", heard);
}

/** What a held key makes of a click on what selects points: Shift adds them, Alt takes them away. @param {{shiftKey: boolean, altKey: boolean}} event @returns {"new"|"add"|"subtract"} */
export const howOf = ({ shiftKey, altKey }) => (shiftKey ? "add" : altKey ? "subtract" : "new");

// @ts-check
/** The suggestions below a field: which of them is at hand, and what the text becomes when it is taken. */

import { el } from "../core/dom.mjs";

const LIST = "gt-search-list"; // an id, for the field to name its list

/**
 * @typedef {{from: number, to: number, list: {text: string, what: string}[]}} Suggestions `from` and `to`: what of the text one of them is put in the place of
 */

/** What a field is, that has suggestions below it. */
export const COMBOBOX = {
  role: "combobox",
  "aria-autocomplete": "list",
  "aria-controls": LIST,
  "aria-expanded": "false",
};

/**
 * @param {HTMLInputElement} input
 * @param {object} given
 * @param {(text: string, at: number) => Suggestions} given.suggest
 * @param {() => void} given.taken one was written into the text
 */
export function createSuggestionList(input, { suggest, taken }) {
  const root = el("ul", { class: "gt-search-list", id: LIST, role: "listbox", "aria-label": "Suggestions", hidden: true }); // prettier-ignore
  /** @type {Suggestions} */
  let offered = { from: 0, to: 0, list: [] };
  let active = -1;
  root.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus

  /** @param {number} at of the suggestions; -1 for none */
  function choose(at) {
    active = at;
    [...root.children].forEach((one, i) => one.setAttribute("aria-selected", String(i === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `${LIST}-${at}`);
    root.children[at]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} at */
  function take(at) {
    const { from, to, list } = offered;
    const { text } = list[at];
    const behind = input.value.slice(to);
    const space = /[:<>,]$/.test(text) || behind.startsWith(" ") ? "" : " ";
    input.value = input.value.slice(0, from) + text + space + behind;
    const caret = from + text.length + space.length;
    input.setSelectionRange(caret, caret);
    taken();
  }

  /** @param {{text: string, what: string}} suggestion @param {number} i */
  function itemOf({ text, what }, i) {
    const parts = [el("span", {}, text), el("small", {}, what)];
    const item = el("li", { id: `${LIST}-${i}`, role: "option", "aria-selected": "false" }, ...parts);
    item.addEventListener("click", () => take(i));
    return item;
  }

  return {
    root,
    /** Whether there are some. */
    get any() {
      return offered.list.length > 0;
    },
    /** Show what could stand where the caret is. */
    offer() {
      offered = suggest(input.value, input.selectionStart ?? input.value.length);
      root.replaceChildren(...offered.list.map(itemOf));
      root.hidden = !offered.list.length;
      input.setAttribute("aria-expanded", String(!root.hidden));
      choose(-1);
    },
    /** Hear a key in the field. @param {string} key @returns {boolean} whether that was all */
    hear(key) {
      const many = offered.list.length;
      if (key === "Escape" && active >= 0) choose(-1);
      else if (key === "ArrowDown" && many) choose((active + 1) % many);
      else if (key === "ArrowUp" && many) choose((active <= 0 ? many : active) - 1);
      else if (key === "Enter" && active >= 0) take(active);
      else return false;
      return true;
    },
  };
}

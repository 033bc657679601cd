// @ts-check
/** Views that have a name: a button each, and the sentence that says what to see. */

import { middle } from "../core/names.mjs";
import { el } from "../core/dom.mjs";

const LETTERS = 48; // of a view's name; its tooltip has the whole
const LETTERS_OF_STATE = 24;

/** @typedef {import("../payloads.mjs").NamedView} OfRun @typedef {import("../payloads.mjs").AttackView} OfLayers */
/** @typedef {Pick<OfRun, keyof OfRun & keyof OfLayers> & Partial<OfRun & OfLayers>} NamedView on any page: what all have, what some have */

/**
 * @param {HTMLElement} box for the buttons
 * @param {HTMLElement} text for the sentence
 * @param {NamedView[]} views of the run that is shown
 * @param {(view: NamedView, epoch: number, stop: number) => void} go
 * @param {string} [clock] what its epochs are: "epoch" or "step"
 */
export function showNamedViews(box, text, views, go, clock = "epoch") {
  text.textContent = "";
  text.hidden = true;
  /** @type {HTMLElement[]} */
  const all = [];
  const chips = views.map((view) => {
    const chip = el("span", { class: "gt-chip" });
    view.epochs.forEach((epoch, i) => {
      const many = view.epochs.length > 1;
      const state = view.states?.[i];
      const twice = state && view.states?.some((other, j) => other === state && view.epochs[j] !== epoch);
      const short = state && middle(state, LETTERS_OF_STATE);
      const label = many ? (twice ? `${short} ${epoch}` : (short ?? (i === 0 ? "before" : "after"))) : "";
      const text1 = i === 0 ? `${middle(view.name, LETTERS)}${many ? ": " : ""}` : "";
      const title = `${view.name}${state ? `, ${state}` : ""}, ${clock} ${epoch}`;
      const one = el(
        "button",
        { type: "button", class: "gt-chip-part", title, "aria-label": title, "aria-pressed": "false" },
        text1,
        label ? el("b", {}, label) : null,
      );
      one.addEventListener("click", () => {
        for (const other of all) other.setAttribute("aria-pressed", String(other === one));
        text.replaceChildren(
          `${view.text} (Opened at ${state ? `${state}, ` : ""}${clock} ${epoch}.) `,
          el("span", { class: "gt-view-tells", "data-gt-part": "view-tells" }),
        );
        text.hidden = false;
        go(view, epoch, i);
      });
      all.push(one);
      chip.append(one);
    });
    return chip;
  });
  box.replaceChildren(...chips);
}

/** Which classes are hidden where some are to be shown; none where none are named. @param {string[]} show @param {string[]} classes */
export const hiddenBut = (show, classes) =>
  show.length ? [...classes.keys()].filter((c) => !show.includes(classes[c])) : [];

/**
 * The frame of a named view: the handles of some classes spread evenly over the picture, all others
 * towards the reader. Two are set side by side, slanting up, so that both axes are theirs.
 *
 * @param {number} p dimensions
 * @param {number[]} which dimensions, at least one
 * @returns {Float64Array} (p, 2), orthonormal columns
 */
export function spreadColumns(p, which) {
  const columns = new Float64Array(2 * p);
  const m = which.length;
  which.forEach((d, i) => {
    const turn = m === 1 ? 0 : m === 2 ? Math.PI * (0.75 - 0.5 * i) : Math.PI / 2 + (2 * Math.PI * i) / m;
    const length = m <= 2 ? 1 : Math.sqrt(2 / m);
    columns[2 * d] = length * Math.cos(turn);
    columns[2 * d + 1] = length * Math.sin(turn);
  });
  if (m === 1) columns[2 * ((which[0] + 1) % p) + 1] = p > 1 ? 1 : 0;
  return columns;
}

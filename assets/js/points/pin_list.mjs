// @ts-check
/** The pins beside the picture: a row each, with its name to change, how many of its points are here, and what can be done with it. */

import { el, icon } from "../core/dom.mjs";

/**
 * @param {HTMLElement} list
 * @param {{group: import("./held.mjs").Group, count: number}[]} pins
 * @param {object} does
 * @param {(group: import("./held.mjs").Group, name: string) => void} does.rename
 * @param {(group: import("./held.mjs").Group) => void} does.pick
 * @param {(group: import("./held.mjs").Group) => void} does.remove
 */
export function showPins(list, pins, { rename, pick, remove }) {
  const rows = pins.map(({ group, count }) => {
    const name = el("input", {
      type: "text",
      class: "gt-pin-name",
      value: group.name,
      maxLength: 24,
      "aria-label": "Name of the pin",
    });
    name.addEventListener("change", () => rename(group, name.value.trim() || group.name));
    return el(
      "li",
      { style: `--gt-color:${group.color}` },
      el("span", { class: "gt-pin-mark" }),
      name,
      el("span", { class: "gt-pin-count" }, String(count)),
      button("bounding-box", `Select ${group.name}`, () => pick(group)),
      button("x-lg", `Remove ${group.name}`, () => remove(group)),
    );
  });
  list.replaceChildren(...rows);
}

/** @param {string} what its icon @param {string} label @param {() => void} act */
const button = (what, label, act) =>
  el(
    "button",
    { type: "button", class: "btn btn-sm gt-button", title: label, "aria-label": label, onclick: act },
    icon(what),
  );

// @ts-check
/**
 * The legend: one entry a class, or another group. Hovering brings a class out, a click on its name hides or shows it, a
 * double click shows it alone (again: all). The number says how many of its points there are, or are
 * selected; a click on it selects them (Shift adds, Alt subtracts).
 */

import { el } from "../core/dom.mjs";
import { NEUTRAL } from "./palette.mjs";
import { MANY } from "./handles.mjs";
import { createRows } from "./legend_rows.mjs";
import { createLongLegend } from "./long_legend.mjs";

/**
 * @typedef {object} Legend
 * @property {boolean} asks whether it needs to know what the network says of each point
 * @property {(totals: number[], chosen: number[]|null, right: number[]|null) => void} show points a class; selected of them, null without a selection; correct
 *   of them, null where it is not known
 */

/**
 * @param {HTMLElement} box
 * @param {import("./legend_rows.mjs").Given & {standOut: (groups: number[]) => void, changed: () => void}} given
 * @returns {Legend}
 */
export function createLegend(box, given) {
  const { classes } = given;
  if (classes.length > MANY) return createLongLegend(box, given);
  box.classList.remove("gt-legend-long");
  const make = createRows(given);
  const rows = classes.map((_, c) => make(c));
  const heading = el("div", { class: "gt-legend-heading" }, "selected / all");
  box.replaceChildren(heading, ...rows.map(({ row }) => row));

  return {
    asks: false,
    show(totals, chosen) {
      heading.style.visibility = chosen ? "visible" : "hidden";
      rows.forEach(({ say }, c) => say(totals[c], chosen && chosen[c]));
    },
  };
}

/**
 * What the colours mean when they are not those of the legend.
 *
 * @param {HTMLElement} box
 * @param {import("./colorings.mjs").Key|null} key null where they are @param {string} [shaded] what density shading means, where points are shaded
 */
export function showKey(box, key, shaded = "") {
  box.hidden = key === null && !shaded;
  box.replaceChildren(...(key ? partsOf(key) : []), ...(shaded ? [el("span", {}, shaded)] : []));
}

/** @param {import("./colorings.mjs").Key} key @returns {(Node|string)[]} */
function partsOf(key) {
  if ("text" in key) return [key.text];
  if ("swatches" in key)
    return [...key.swatches.map(([color, text]) => swatch(color, text)), ...(key.more ? [key.more] : [])];
  const [low, high] = key.ends;
  const ramp = el("span", { class: "gt-ramp", style: `background:linear-gradient(90deg,${key.ramp.join(",")})` });
  return [low, ramp, high, ...(key.missing ? [swatch(NEUTRAL, key.missing)] : [])];
}

/** @param {string} color @param {string} text */
const swatch = (color, text) =>
  el("span", { class: "gt-key-entry" }, el("span", { class: "gt-swatch", style: `--gt-color:${color}` }), text);

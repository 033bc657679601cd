// @ts-check
/** The select of colours offers those that the run has. */

import { setProps } from "../core/dash.mjs";
import { optionsOf } from "../core/page.mjs";

/** @typedef {import("../data/tensors.mjs").Announcement} Announcement */

/** The colours of a run, in the page's select; what was chosen stays where there is such a one. @param {string} select its id @param {Announcement} run */
export function offerColorings(select, run) {
  const { colorings } = run;
  const now = optionsOf(select);
  if (now.length === colorings.length && colorings.every(({ value, label }, i) => now[i].value === value && now[i].text === label)) return; // prettier-ignore
  const chosen = /** @type {HTMLSelectElement|null} */ (document.getElementById(select))?.value ?? "label";
  setProps(select, { options: colorings, value: colorings.some(({ value }) => value === chosen) ? chosen : "label" });
}

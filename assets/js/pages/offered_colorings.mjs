// @ts-check
/** The select of colours offers those that the run has. */

import { setProps } from "../core/dash.mjs";
import { optionsOf } from "../core/page.mjs";

/** @typedef {import("../points/colorings.mjs").ColorBy} ColorBy */
/** @typedef {import("../data/tensors.mjs").Announcement} Announcement */

/**
 * The colours of a run, in the page's select. What was chosen stays where there is one of that name: columns and outputs of
 * another run may have the same numbers and be others.
 *
 * @param {string} select its id @param {Announcement} run
 */
export function offerColorings(select, run) {
  const { colorings } = run;
  const now = optionsOf(select);
  if (now.length === colorings.length && colorings.every(({ value, label }, i) => now[i].value === value && now[i].text === label)) return; // prettier-ignore
  const name = now.find(({ selected }) => selected)?.text;
  setProps(select, { options: colorings, value: colorings.find(({ label }) => label === name)?.value ?? "label" });
}

/**
 * What a select of colours shows, where a run has that; null where it has not. It may have been chosen before there was
 * anything to colour.
 *
 * @param {string} select its id @param {Announcement} run @returns {ColorBy|null}
 */
export function chosenColoring(select, { colorings }) {
  const chosen = optionsOf(select).find(({ selected }) => selected)?.value;
  return /** @type {ColorBy|null} */ (colorings.find(({ value }) => value === chosen)?.value ?? null);
}

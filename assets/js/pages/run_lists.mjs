// @ts-check
/** The selects of runs, on whichever page: runs that come are offered, those that go are not. */

import { setProps } from "../core/dash.mjs";

/**
 * @typedef {import("../payloads.mjs").Live} Live
 * @typedef {{value: string, label: string, disabled?: boolean}} Choice
 */

/**
 * The choices of a select: what there is now, and what is shown although it is gone.
 *
 * @param {Live} said @param {boolean} attacks whether it is one of attacks
 * @param {Choice|null} shown what is chosen in it
 * @param {boolean} [sure] whether what is missing has gone, and has not come since that was said
 * @returns {Choice[]}
 */
export function choicesOf({ runs }, attacks, shown, sure = true) {
  const there = runs.filter((run) => run.epochs > 0 && run.attack === attacks);
  const choices = there.map(({ name, title }) => ({ value: name, label: title }));
  if (!shown?.value || choices.some(({ value }) => value === shown.value)) return choices;
  if (!sure) return [...choices, shown];
  return [...choices, { ...shown, label: shown.label.replace(/( \(gone\))?$/, " (gone)"), disabled: true }];
}

/** what each select showed that was missing when it was last said what there is @type {Map<string, string>} */
const missed = new Map();

/** @param {Live} said @param {{runs: string[], attacks: string[]}} selects their ids */
export function showLists(said, { runs, attacks }) {
  for (const id of [...runs, ...attacks]) {
    const select = /** @type {HTMLSelectElement|null} */ (document.getElementById(id));
    if (!select) continue;
    const now = [...select.options].map(({ value, text }) => ({ value, label: text }));
    const shown = now.find(({ value }) => value === select.value) ?? null;
    const missing = shown && said.runs.every(({ name }) => name !== shown.value) ? shown.value : "";
    const options = choicesOf(said, attacks.includes(id), shown, missed.get(id) === missing);
    missed.set(id, missing);
    const text = (/** @type {Choice[]} */ choices) =>
      choices.map(({ value, label }) => `${value}\n${label}`).join("\n\n");
    if (text(options) === text(now)) continue;
    // where there was nothing to choose, the first that comes is chosen
    setProps(id, now.length || !options.length ? { options } : { options, value: options[0].value });
  }
}

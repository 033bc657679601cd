// @ts-check
/** The page Compare in a file: what the app's server says when something is chosen is in the file. */

import { plotted } from "../core/dash.mjs";
import { elements } from "../core/page.mjs";
import { chooseComparison, showComparison } from "../pages/compare.mjs";

/**
 * @param {HTMLElement} root @param {import("../payloads.mjs").CompareMount} mount
 * @param {Record<string, {comparison: import("../payloads.mjs").Comparison, lines: Record<string, {data: any[], layout: any}>}>} shown
 */
export async function open(root, mount, shown) {
  const [{ comparison, lines }] = Object.values(shown);
  const [color, run] = [mount.ids.color, mount.ids.run].map((id) => /** @type {HTMLSelectElement} */ (document.getElementById(id))); // prettier-ignore
  const measure = /** @type {HTMLSelectElement} */ (root.querySelector(".gt-measures select"));
  const choose = () => chooseComparison(/** @type {any} */ (color.value), measure.value, run.value);
  color.addEventListener("change", choose);
  measure.addEventListener("change", async () => {
    choose();
    const { gd, Plotly } = await plotted(elements(root, ".gt-measures .gt-panel")[0]);
    await Plotly.react(gd, structuredClone(lines[measure.value].data), lines[measure.value].layout);
  });
  const showing = showComparison(comparison, mount, null, null);
  await choose();
  await showing;
}

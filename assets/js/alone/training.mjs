// @ts-check
/** The page Training in a file: what the app's server finds in a training is in the file. */

import { elements } from "../core/page.mjs";
import { orderLabels, showLabels, showTraining } from "../pages/training.mjs";

/**
 * @param {HTMLElement} root @param {import("../payloads.mjs").Mount} mount
 * @param {Record<string, {report: import("../payloads.mjs").TrainingReport, labels: import("../payloads.mjs").LabelsReport}>} shown
 */
export async function open(root, mount, shown) {
  const [{ report, labels }] = Object.values(shown);
  const order = /** @type {HTMLSelectElement} */ (elements(root, ".gt-labels-side select")[0]);
  order.addEventListener("change", () => orderLabels(order.value));
  const showing = showTraining(report, mount, null, null);
  await showLabels(labels);
  await showing;
}

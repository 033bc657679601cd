// @ts-check
/** Pages of stages in a file: what the app's server announces is in the file, by the names that the page's select offers. */

import { elements, leftAt, tellProblem } from "../core/page.mjs";
import { here } from "../core/here.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {typeof import("../pages/tour_page.mjs").TourPage} Kind of page
 * @typedef {(root: HTMLElement, mount: import("../payloads.mjs").PageMount, shown: Record<string, Announcement>) => Promise<void>} Open
 */

const CHOSEN = ["layer", "method", "embedding", "alignment"]; // words of addresses for what a page's select offers

/** @param {Kind} kind @returns {Open} */
export const openStages = (kind) => async (root, mount, shown) => {
  const stages = elements(root, "[data-gt-stage]");
  const page = await kind.open(root, stages, mount);
  const select = (/** @type {string} */ id) => /** @type {HTMLSelectElement} */ (document.getElementById(id));
  const [color, pace, layer] = [mount.ids.color, mount.ids.pace, mount.ids.layer].map(select);
  const look = () => page.chooseLook(/** @type {import("../points/colorings.mjs").ColorBy} */ (color.value), Number(pace.value)); // prettier-ignore
  for (const one of [color, pace]) one.addEventListener("change", look);
  look();
  layer.value = firstOf(shown, mount.page);
  layer.addEventListener("change", () => {
    const announced = shown[layer.value];
    if (announced) page.show(announced).catch(tellProblem);
  });
  await page.show(shown[layer.value]);
};

/** What is shown first: what the address asks for, else what was when the page was left, else what the file has first. @param {Record<string, Announcement>} shown @param {string} page */
function firstOf(shown, page) {
  const query = new URLSearchParams(here().location.search);
  const wanted = [...CHOSEN.map((word) => query.get(word)), leftAt(page)?.layer];
  return wanted.find((name) => name && name in shown) ?? Object.keys(shown)[0];
}

// @ts-check
/** `/grand-tour`, `/tsne`, `/umap`, `/embedding`, `/layers`, `/adversarial`, `/two-runs`: what Dash calls; a `TourPage` does the rest. */

import { webglAvailable } from "../gl/scene.mjs";
import { noUpdate } from "../core/dash.mjs";
import { choose, createMounts, elements, leftAt, pageNamed } from "../core/page.mjs";
import { AdversarialPage } from "./adversarial.mjs";
import { LayersPage } from "./layers.mjs";
import { sayNoWebgl } from "./notices.mjs";
import { TourPage } from "./tour_page.mjs";
import { TwoRunsPage } from "./two_runs.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("./tour_page.mjs").Mount} Mount
 * @typedef {{run: string|null, layer: string|null, of: string|null}} Wanted a run, and a layer or method of that run
 */

/** By the name of the page; a `TourPage` for all others. @type {Record<string, typeof TourPage>} */
const KINDS = { layers: LayersPage, adversarial: AdversarialPage, "two-runs": TwoRunsPage };

const stagesOf = (/** @type {HTMLElement} */ page) => elements(page, "[data-gt-stage]");

/** What each page that was opened ought to show, until it is there or cannot be. @type {WeakMap<Element, Wanted>} */
const wishes = new WeakMap();

const pages = createMounts((root, /** @type {Mount} */ mount) =>
  (KINDS[mount.page] ?? TourPage).open(root, stagesOf(root), mount),
);
/** The page, once it is open; null where it was left before that. @param {Element} root */
const opened = async (root) => {
  try {
    return (await pages.get(root)) ?? null;
  } catch (error) {
    if (root.isConnected) throw error;
    return null;
  }
};

/**
 * Show what is announced; mounts the page when it is new.
 *
 * @param {Announcement|null|undefined} announcement none where there is nothing to show
 * @param {Mount} mount
 * @param {unknown} _selection restored by the shell
 * @param {string|null} chosenRun the run of before a reload, or of another page
 */
export async function showPictures(announcement, mount, _selection, chosenRun) {
  announcement ??= null; // undefined before anything was announced
  const root = pageNamed(mount.page);
  if (!root) return noUpdate();
  if (!webglAvailable()) {
    stagesOf(root).forEach(sayNoWebgl);
    return noUpdate();
  }
  const wanted = wishes.get(root) ?? wantedOn(root, mount, chosenRun);
  wishes.set(root, wanted);
  if (announcement) pages.open(root, mount).catch(() => {}); // whoever waits for it hears of it
  if (steer(wanted, announcement, mount)) return noUpdate(); // comes back here with that
  openForm(root);
  if (!announcement) {
    if (pages.has(root)) (await opened(root))?.rest();
    return noUpdate();
  }
  const page = await opened(root);
  if (root.isConnected) await page?.show(announcement);
  return noUpdate();
}

/** Open the form of a computation, once, where the address asks for it. @param {HTMLElement} root */
function openForm(root) {
  if (root.dataset.gtCompute !== "asked") return;
  root.dataset.gtCompute = "";
  /** @type {HTMLElement|null} */ (root.querySelector(".gt-compute-open"))?.click();
}

/**
 * Colours and pace, chosen in selects.
 *
 * @param {import("../points/colorings.mjs").ColorBy} color
 * @param {string} pace epochs a second
 */
export async function chooseLook(color, pace) {
  const page = await pages.get(document.querySelector("[data-gt-page]"));
  page?.chooseLook(color, Number(pace));
  return noUpdate();
}

/**
 * What a page that is opened ought to show: what its address asks for, else the run of the page before,
 * and of that what this page showed last.
 *
 * @param {HTMLElement} root @param {Mount} mount @param {string|null} chosenRun @returns {Wanted}
 */
function wantedOn(root, mount, chosenRun) {
  const before = leftAt(mount.page);
  const run = root.dataset.gtAskedRun || chosenRun || before?.run || null;
  const layer = root.dataset.gtAskedLayer ? null : (before?.layer ?? null);
  return { run, layer, of: before?.run ?? null };
}

/**
 * Choose in the selects what is wanted, one after the other.
 *
 * @param {Wanted} wanted emptied as its parts are done with
 * @param {Announcement|null|undefined} now @param {Mount} mount
 * @returns {boolean} whether something was chosen, and will be announced
 */
function steer(wanted, now, mount) {
  const { run, layer, of } = wanted;
  wanted.run = null;
  if (choose(mount.ids.run, run, now?.run)) return true;
  wanted.layer = null;
  if (!now || now.run !== of) return false;
  return choose(mount.ids.layer, layer, now.layer);
}

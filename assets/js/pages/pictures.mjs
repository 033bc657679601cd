// @ts-check
/** `/grand-tour`, `/tsne`, `/umap`, `/layers`, `/adversarial`: what Dash calls; a driver of `driver.mjs` does the rest. */

import { webglAvailable } from "../gl/scene.mjs";
import { createAdversarial } from "./adversarial.mjs";
import { noUpdate, setProps } from "./dash.mjs";
import { createDriver, leftAt, optionsOf } from "./driver.mjs";
import { createLayers } from "./layers.mjs";
import { sayNoWebgl } from "./notices.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("./driver.mjs").Mount} Mount
 * @typedef {{run: string|null, layer: string|null, of: string|null}} Wanted a run, and a layer or method of that run
 * @typedef {object} Visit
 * @property {Wanted} wanted what the reader had before, until it is there or cannot be
 * @property {ReturnType<typeof createDriver>|null} mounting
 * @property {Awaited<ReturnType<typeof createDriver>>|null} driver
 */

/** Pages that were opened. @type {WeakMap<Element, Visit>} */
const visits = new WeakMap();

/**
 * Show what is announced; mounts the page when it is new.
 *
 * @param {Announcement|null} announcement null where there is nothing to show
 * @param {Mount} mount
 * @param {unknown} _selection restored by the shell
 * @param {string|null} chosenRun the run of before a reload, or of another page
 */
export async function showPictures(announcement, mount, _selection, chosenRun) {
  return show(announcement, mount, chosenRun);
}

/**
 * Show the layers of a network, as `showPictures` does a layer.
 *
 * @param {Announcement|null} announcement @param {Mount} mount @param {unknown} _selection @param {string|null} chosenRun
 */
export async function showLayers(announcement, mount, _selection, chosenRun) {
  const page = /** @type {HTMLElement|null} */ (document.querySelector(`[data-gt-page="${mount.page}"]`));
  return show(announcement, mount, chosenRun, (view, stages, buttons) =>
    createLayers(/** @type {HTMLElement} */ (page), view, stages[0], buttons, mount),
  );
}

/**
 * Show an attack, as `showPictures` does a layer.
 *
 * @param {Announcement|null} announcement @param {Mount} mount @param {unknown} _selection @param {string|null} chosenRun
 */
export async function showAdversarial(announcement, mount, _selection, chosenRun) {
  const page = /** @type {HTMLElement|null} */ (document.querySelector(`[data-gt-page="${mount.page}"]`));
  return show(announcement, mount, chosenRun, (view, stages, buttons) =>
    createAdversarial(/** @type {HTMLElement} */ (page), view, stages[0], buttons, mount),
  );
}

/**
 * @param {Announcement|null} announcement @param {Mount} mount @param {string|null} chosenRun
 * @param {Parameters<typeof createDriver>[3]} [more]
 */
async function show(announcement, mount, chosenRun, more) {
  const page = /** @type {HTMLElement|null} */ (document.querySelector(`[data-gt-page="${mount.page}"]`));
  if (!page) return noUpdate();
  const roots = [...page.querySelectorAll("[data-gt-stage]")].map((root) => /** @type {HTMLElement} */ (root));
  if (!webglAvailable()) {
    roots.forEach(sayNoWebgl);
    return noUpdate();
  }
  let visit = visits.get(page);
  if (!visit) visits.set(page, (visit = { wanted: wantedOn(page, mount, chosenRun), mounting: null, driver: null }));
  if (announcement) visit.mounting ??= createDriver(page, roots, mount, more);
  if (steer(visit.wanted, announcement, mount)) return noUpdate(); // comes back here with that
  if (!announcement) {
    visit.driver?.rest();
    return noUpdate();
  }
  visit.driver ??= await visit.mounting;
  if (page.isConnected) await visit.driver?.show(announcement);
  return noUpdate();
}

/**
 * Colours and pace, chosen in selects.
 *
 * @param {import("../points/colorings.mjs").ColorBy} color
 * @param {string} pace epochs a second
 */
export function chooseLook(color, pace) {
  const page = document.querySelector("[data-gt-page]");
  if (page) visits.get(page)?.driver?.chooseLook(color, Number(pace));
  return noUpdate();
}

/**
 * What a page that is opened ought to show: what its address asks for, else the run of the page before,
 * and of that what this page showed last.
 *
 * @param {HTMLElement} page @param {Mount} mount @param {string|null} chosenRun @returns {Wanted}
 */
function wantedOn(page, mount, chosenRun) {
  const before = leftAt(mount.page);
  const run = page.dataset.gtAskedRun || chosenRun || before?.run || null;
  const layer = page.dataset.gtAskedLayer ? null : (before?.layer ?? null);
  return { run, layer, of: before?.run ?? null };
}

/**
 * Choose in the selects what is wanted, one after the other.
 *
 * @param {Wanted} wanted emptied as its parts are done with
 * @param {Announcement|null} now @param {Mount} mount
 * @returns {boolean} whether something was chosen, and will be announced
 */
function steer(wanted, now, mount) {
  const { run, layer, of } = wanted;
  const offered = (/** @type {string} */ id, /** @type {string} */ value) =>
    optionsOf(id).some((one) => one.value === value);
  wanted.run = null;
  if (run && run !== now?.run && offered(mount.ids.run, run)) {
    if (/** @type {HTMLSelectElement} */ (document.getElementById(mount.ids.run)).value !== run) {
      setProps(mount.ids.run, { value: run });
      return true;
    }
  }
  wanted.layer = null;
  if (!layer || !now || now.run !== of || now.layer === layer || !offered(mount.ids.layer, layer)) return false;
  setProps(mount.ids.layer, { value: layer });
  return true;
}

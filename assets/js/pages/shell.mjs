// @ts-check
/** What lives as long as the app: the bar, the selection's store, what the server has. */

import { onSelection, select, selectionPayload } from "../state/selection.mjs";
import { followOtherTabs } from "../state/kept_groups.mjs";
import { part } from "../core/dom.mjs";
import { noUpdate, setProps } from "../core/dash.mjs";
import { startStories } from "../story/start.mjs";
import { startBar } from "./bar.mjs";
import { KEYS } from "./keys.mjs";
import { watchServer } from "./server_gone.mjs";
import { startTerms } from "./terms.mjs";
import { startWatching } from "./watching.mjs";

/** @type {WeakSet<Element>} bars that have their listeners */
const started = new WeakSet();

/**
 * @param {import("../payloads.mjs").ShellMount} mount
 * @param {import("../payloads.mjs").Selection|null} kept the selection of before a reload
 */
export function startShell(mount, kept) {
  const bar = document.querySelector('[data-gt-part="bar"]');
  if (!bar || started.has(bar)) return noUpdate();
  started.add(bar);
  if (kept?.ids?.length) select(kept.run, kept.ids, "new", false);
  onSelection(() => setProps(mount.ids.selection, { data: selectionPayload() }));
  startBar(/** @type {HTMLElement} */ (bar));
  const links = /** @type {HTMLElement|null} */ (bar.querySelector(".nav"));
  if (links)
    new MutationObserver(() => showActive(links)).observe(links, { subtree: true, attributeFilter: ["class"] });
  if (links) showActive(links);
  watchServer(/** @type {HTMLElement} */ (bar));
  startWatching(mount);
  startTerms(mount.terms, mount.base);
  followOtherTabs();
  startStories(mount.base, KEYS.save);
  return noUpdate();
}

/** Have the button of the menu, which stands for the links where these do not fit, say which page this is. @param {HTMLElement} links */
function showActive(links) {
  const active = links.querySelector(".active");
  part(document, "menu").textContent = active?.textContent ?? "Pages";
}

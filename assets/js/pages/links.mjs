// @ts-check
/** Links that readers take with them, and addresses that say what is shown. */

import { toast } from "../core/dom.mjs";
import { tellProblem } from "../core/page.mjs";
import { createAddress } from "../state/address.mjs";
import { fetchKept, keep, nameOf } from "../state/kept_selection.mjs";
import { addSelection } from "../state/link.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { copy } from "../stage/take_away.mjs";

/**
 * Copy the address of this page with another query, and say so.
 *
 * @param {string} query @param {string} said where it could be copied
 * @param {boolean} [whole] whether the selection is in it
 */
export async function copyLink(query, said, whole = true) {
  const address = `${location.origin}${location.pathname}?${query}`;
  if (!(await copy(address))) return toast(`The browser does not let this page copy. The link: ${address}`, "error");
  toast(whole ? said : "Link copied; the selection is too large for a link and was left out");
}

/**
 * The address of a page, for as long as the page is there.
 *
 * @param {import("../core/page.mjs").Page} page @param {() => string|null} query what it is to say; null for nothing yet
 */
export function createPageAddress(page, query) {
  const address = createAddress(() => (page.root.isConnected ? query() : null));
  document.addEventListener("click", address.flush, true); // before a link is followed
  page.onLeave(address.leave, () => document.removeEventListener("click", address.flush, true));
  return address;
}

/**
 * The address of a page that shows a run: what the page says, and what is selected.
 *
 * @param {import("../core/page.mjs").Page} page @param {string} base prefix under which the app is served, ending in "/"
 * @param {() => URLSearchParams|null} said with the run; null while another one is on its way
 */
export function createRunAddress(page, base, said) {
  const address = createPageAddress(page, () => {
    const query = said();
    if (!query) return null;
    const ids = selectedIds(query.get("run") ?? "");
    if (!addSelection(query, [...ids], nameOf(ids))) keep(base, ids).then(address.later, () => {});
    return String(query);
  });
  page.onLeave(onSelection(address.later));
  return address;
}

/**
 * Copy the address of a page as it is now, with what is selected; the server keeps what is too much for one.
 *
 * @param {{now: () => void}} address @param {string} base @param {string} run @param {string} said where it could be copied
 */
export async function copyAddress(address, base, run, said) {
  const ids = selectedIds(run);
  const fits = addSelection(new URLSearchParams(), [...ids]);
  const whole = fits || (await keep(base, ids).catch(() => null)) !== null;
  address.now();
  return copyLink(location.search.slice(1), said, whole);
}

/**
 * Select what a link says.
 *
 * @param {string} base @param {string} run @param {Pick<ReturnType<typeof import("../state/link.mjs").readLink>, "ids"|"kept">} asked
 */
export async function selectAsked(base, run, { ids, kept }) {
  const wanted = ids ?? (kept && (await fetchKept(base, kept).catch(tellProblem)));
  if (wanted) select(run, wanted);
}

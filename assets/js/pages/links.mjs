// @ts-check
/** Links that readers take with them, and addresses that say what is shown. */

import { toast } from "../core/dom.mjs";
import { addressWith, here } from "../core/here.mjs";
import { tellUnread } from "../core/unread.mjs";
import { createAddress } from "../state/address.mjs";
import { fetchKept, keep, nameOf } from "../state/kept_selection.mjs";
import { filtersOf, onFilters, setFilters } from "../state/filters.mjs";
import { MOST, groupFrom, groupsOf, mergeGroups, onGroups } from "../state/kept_groups.mjs";
import { addFilters, addGroups, addSelection } from "../state/link.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { onStoryAt, withoutStory } from "../state/story_at.mjs";
import { copy } from "../stage/take_away.mjs";

/**
 * Copy the address of this page with another query, and say so.
 *
 * @param {string} query @param {string} said where it could be copied
 * @param {boolean} [whole] whether the selection is in it
 */
async function copyLink(query, said, whole = true) {
  const address = addressWith(query);
  if (!(await copy(address))) return toast(`The browser does not let this page copy. The link: ${address}`, "error");
  toast(whole ? said : "Link copied; what is selected, hidden or grouped is too much for a link and was left out");
}

/**
 * The address of a page, for as long as the page is there.
 *
 * @param {import("../core/page.mjs").Page} page @param {() => string|null} query what it is to say; null for nothing yet
 */
function createPageAddress(page, query) {
  const address = createAddress(() => (page.root.isConnected ? query() : null));
  document.addEventListener("click", address.flush, true); // before a link is followed
  page.onLeave(address.leave, () => document.removeEventListener("click", address.flush, true));
  return address;
}

/** @typedef {import("../state/kept_groups.mjs").Run} Run */

/**
 * The address of a page that shows a run: what the page says, what is selected, and the groups where the page shows them.
 *
 * @param {import("../core/page.mjs").Page} page @param {string} base prefix under which the app is served, ending in "/"
 * @param {() => URLSearchParams|null} said with the run; null while another one is on its way
 * @param {() => Run|null} grouped the run whose groups are shown; null for none
 */
export function createRunAddress(page, base, said, grouped = () => null) {
  const address = createPageAddress(page, () => {
    const query = said();
    if (!query) return null;
    const run = query.get("run") ?? "";
    const ids = selectedIds(run);
    const of = grouped();
    const left = addFilters(query, filtersOf(run), nameOf);
    if (of) left.push(...addGroups(query, groupsOf(of), nameOf));
    if (!addSelection(query, [...ids], nameOf(ids))) left.push(ids);
    for (const one of left) keep(base, one).then(address.later, () => {});
    return String(query);
  });
  page.onLeave(onSelection(address.later), onFilters(address.later), onGroups(address.later), onStoryAt(address.later)); // prettier-ignore
  return address;
}

/**
 * Have the server keep what is too much for an address, and the address written.
 *
 * @param {{now: () => void}} address @param {string} base @param {Run} of
 * @returns {Promise<{search: string, whole: boolean, many: boolean}>} the query, whether all is in it, and whether the server keeps some of it
 */
async function wholeAddress(address, base, of) {
  const ids = selectedIds(of.run);
  const none = new URLSearchParams();
  const fits = addSelection(none, [...ids]);
  const many = [...addFilters(none, filtersOf(of.run)), ...addGroups(none, groupsOf(of)), ...(fits ? [] : [ids])];
  const whole = await Promise.all(many.map((one) => keep(base, one))).then(() => true, () => false); // prettier-ignore
  address.now();
  return { search: here().location.search.slice(1), whole, many: many.length > 0 };
}

/**
 * Copy the address of a page as it is now, with what is selected and grouped; the server keeps what is too much for one.
 *
 * @param {{now: () => void}} address @param {string} base @param {Run} of @param {string} said where it could be copied
 */
export async function copyAddress(address, base, of, said) {
  const { search, whole } = await wholeAddress(address, base, of);
  return copyLink(search, said, whole);
}

/**
 * The address of a page as a view of a story has it.
 *
 * @param {{now: () => void}} address @param {string} base @param {Run} of
 */
export async function viewAddress(address, base, of) {
  const { search, whole, many } = await wholeAddress(address, base, of);
  if (many) toast(whole ? "So many points are kept by this server, and not in the story: elsewhere the view is without them" : "What is selected, hidden or grouped is too much for a view and was left out", "error"); // prettier-ignore
  return withoutStory(search);
}

/** Say what went wrong with a part of a link. @param {unknown} error */
const tellLeftOut = (error) => void tellUnread([], [error instanceof Error ? error.message : String(error)]);

/** The groups that a link hides, of so many. @param {{hidden: number[]}} asked @param {number} n */
export function hiddenAsked({ hidden }, n) {
  const known = hidden.filter((c) => c < n);
  if (known.length < hidden.length) tellUnread(["hide"]);
  return known;
}

/**
 * Take along the groups of a link.
 *
 * @param {string} base @param {Run} run @param {readonly import("../state/link.mjs").AskedGroup[]} asked
 */
export async function groupAsked(base, run, asked) {
  const found = await Promise.all(
    asked.map(async ({ name, note, color, ids, kept }) => {
      const listed = ids ?? (kept && (await fetchKept(base, kept).catch(tellLeftOut)));
      return listed ? groupFrom(name, note, color, listed) : null;
    }),
  );
  const { added, left } = mergeGroups(run, found.filter((one) => one !== null)); // prettier-ignore
  if (added) toast(`${added === 1 ? "1 group has" : `${added} groups have`} come with the link`);
  if (left) tellUnread([], [`There can be ${MOST} groups of a run: ${left} of the link's ${left === 1 ? "is" : "are"} left out.`]); // prettier-ignore
}

/**
 * Select what a link says, and hide what its filters hide.
 *
 * @param {string} base @param {string} run @param {Pick<ReturnType<typeof import("../state/link.mjs").readLink>, "ids"|"kept"|"filters">} asked
 */
export async function selectAsked(base, run, { ids, kept, filters }) {
  const wanted = ids ?? (kept && (await fetchKept(base, kept).catch(tellLeftOut)));
  const list = await Promise.all(filters.map((one) => filterAsked(base, one).catch(tellLeftOut)));
  if (wanted) select(run, wanted, "new", false);
  setFilters(run, list.filter((one) => one !== undefined), false); // prettier-ignore
}

/** @param {string} base @param {import("../state/link.mjs").AskedFilter} asked @returns {Promise<import("../state/filters.mjs").Filter>} */
async function filterAsked(base, { how, text, ids, kept }) {
  const listed = ids ?? (kept && (await fetchKept(base, kept)));
  return { how, text, ids: listed ? new Set(listed) : null };
}

// @ts-check
/**
 * The search for points, on every page that shows some: "/" opens it, what is written is held against the points while one
 * writes, and what matches is selected, isolated or excluded. What the network says is of the epoch that is shown; a filter
 * holds it there, by name (`predicted@40:dog`), so that points do not come and go while epochs play.
 */

import { clockOf } from "../data/tensors.mjs";
import { count, toast } from "../core/dom.mjs";
import { NotUnderstood } from "../filter/language.mjs";
import { held, matching, prepareSearch, readSearch } from "../filter/matching.mjs";
import { fieldsOf } from "../filter/fields.mjs";
import { suggest } from "../filter/suggesting.mjs";
import { addFilter, dropFilter, filtersOf, setFilters } from "../state/filters.mjs";
import { history } from "../state/history.mjs";
import { select, selectedIds } from "../state/selection.mjs";
import { showFilters } from "../points/filter_chips.mjs";
import { createSearchPanel } from "../points/search_panel.mjs";

/**
 * @typedef {import("../stage/filtering.mjs").Part} Part
 * @typedef {import("../filter/matching.mjs").Search} Search
 * @typedef {import("../points/search_panel.mjs").Way} Way
 * @typedef {{ids: number[], shown: number, all: number}} Found points that match, of those that are shown, of all
 */

/** What is asked for where nothing is. */
const HINT =
  "Write what the points have in common, as label:NAME or confidence:<0.6; a word alone is looked for everywhere.";

/**
 * @param {import("../core/page.mjs").Page} page
 * @param {() => import("./points_page.mjs").View} view asked for whenever something has happened
 */
export function createPointSearch(page, view) {
  let behind = false; // whether what is written has not been held against the points yet
  const soon = page.soon(() => behind && say(), true); // suggestions are painted first
  const panel = createSearchPanel(page.root, {
    changed() {
      behind = true;
      soon();
    },
    suggest: (text, at) => suggest(text, at, fieldsOf(view().run)),
    go: (way) => go(way),
  });
  page.onLeave(panel.leave);
  /** @type {Found|null} of what is written now */
  let found = null;
  /** @type {Search|null} */
  let asked = null;

  /** The epoch that a search is of, in words. */
  const when = () => `${clockOf(view().run)} ${view().run.epochs[view().nearest]}`;

  /** Say how many points match, or what is not understood. */
  function say() {
    behind = false;
    [found, asked] = [null, null];
    const chosen = selectedIds(view().run.run).size;
    if (!panel.text.trim()) {
      const some = chosen === 1 ? "1 point is" : `${count(chosen)} points are`;
      return panel.say(chosen ? `${some} selected: isolate or exclude them, or search.` : HINT, false, chosen > 0);
    }
    try {
      asked = readSearch(panel.text, view().run);
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      return panel.say(sentence(error.message), !panel.begun, false);
    }
    found = find(asked, view());
    if (!found) return panel.say(`Asking what the network says at ${when()}…`, false, false);
    panel.say(`${numbers(found)}${asked.now ? `, by what the network says at ${when()}` : ""}.`, false, found.ids.length > 0); // prettier-ignore
  }

  /** Do something with what matches, or with what is selected. @param {Way} way */
  function go(way) {
    const { run, epochs } = view().run;
    const written = panel.text.trim();
    if (behind) say();
    if (written && (!asked || !found?.ids.length)) return;
    if (way === "select" || way === "add") {
      if (!found) return;
      select(run, found.ids, way === "add" ? "add" : "new");
      const again = found.ids.length === 1 ? "1 point" : `${count(found.ids.length)} points`;
      toast(way === "add" ? `${again} added to the selection` : `${again} selected`);
    } else if (asked) {
      const text = held(asked, view().run, epochs[view().nearest]);
      addFilter(run, { how: way, text, ids: null });
      panel.clear();
    } else search.hideSelected(way);
    panel.close();
  }

  const search = {
    open() {
      if (!view().ready) return;
      panel.open();
      const { run } = view();
      (window.requestIdleCallback ?? setTimeout)(() => prepareSearch(run));
    },
    /** More is known, or something else is shown. */
    refresh() {
      if (panel.isOpen) say();
      search.showChips();
    },
    showChips() {
      const { parts, filtering, coloring, run } = view();
      const list = filtersOf(run.run);
      const masks = parts.map((part) => filtering.maskOf(part));
      const all = parts.reduce((sum, { points }) => sum + points.n, 0);
      const left = masks.reduce((sum, mask, at) => sum + (mask ? mask.reduce((a, b) => a + b, 0) : parts[at].points.n), 0); // prettier-ignore
      const drawn = list.length && coloring.hidden.size ? parts.reduce((sum, part) => sum + shownIn(view(), part).length, 0) : left; // prettier-ignore
      showFilters(page.part("filters"), list, {
        said: `${count(left)} of ${count(all)} left${drawn < left ? `, ${count(drawn)} drawn` : ""}`,
        problemOf: filtering.problemOf,
        drop: (filter) => dropFilter(run.run, filter),
        clear: () => setFilters(run.run, []),
      });
    },
    /** Hide what is selected, or all else; it is selected no more. @param {"only"|"without"} how */
    hideSelected(how) {
      const { run } = view().run;
      const ids = new Set(selectedIds(run));
      if (!ids.size) return toast("Select points first, or write what they have in common", "error");
      history.together(() => {
        addFilter(run, { how, text: "", ids });
        select(run, []);
      });
    },
    /** Select what is shown and not selected. */
    invert() {
      const { run } = view().run;
      const chosen = selectedIds(run);
      const ids = view().parts.flatMap((part) => shownIn(view(), part).map((i) => part.points.ids[i]));
      select(run, ids.filter((id) => !chosen.has(id))); // prettier-ignore
    },
  };
  return search;
}

/** The points of a part that are shown, by their places. @param {import("./points_page.mjs").View} view @param {Part} part */
function shownIn({ coloring, filtering }, part) {
  const { n, labels, groups = labels } = part.points;
  const through = filtering.maskOf(part);
  return Array.from({ length: n }, (_, i) => i).filter((i) => through?.[i] !== 0 && !coloring.hidden.has(groups[i]));
}

/**
 * Points that match, among those that are shown; null until it is known what the network says.
 *
 * @param {Search} wanted @param {import("./points_page.mjs").View} view @returns {Found|null}
 */
function find(wanted, view) {
  /** @type {Found} */
  const sum = { ids: [], shown: 0, all: 0 };
  for (const part of view.parts) {
    const { points, split } = part;
    const mask = matching(wanted, { ...points, split }, (at) => view.saidAt(at ?? view.nearest, part));
    if (!mask) return null;
    const shown = shownIn(view, part);
    sum.all += points.n;
    sum.shown += shown.length;
    for (const i of shown) if (mask[i]) sum.ids.push(points.ids[i]);
  }
  return sum;
}

/** @param {Found} found */
function numbers({ ids, shown, all }) {
  const some = ids.length === 1 ? "1" : count(ids.length);
  const among = shown === all ? `${count(all)} points` : `the ${count(shown)} points that are shown (of ${count(all)})`;
  return `${ids.length ? some : "None"} of ${among} ${ids.length === 1 ? "matches" : "match"}`;
}

/** @param {string} text */
const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;

// @ts-check
/** The reader's groups on a page of points: made of the selection, listed, selected again. */

import { hasClasses } from "../data/groups.mjs";
import { count, toast } from "../core/dom.mjs";
import { addGroup, changeGroup, dropGroup, groupsOf, isSame, onGroups, refusal } from "../state/kept_groups.mjs";
import { select, selectedIds } from "../state/selection.mjs";
import { createGroupList } from "../points/group_list.mjs";
import { freeGroupColor, groupColors } from "../points/palette.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {Pick<Announcement, "run"|"uid"|"classes"|"task"> & Partial<Pick<Announcement, "attack">>} Run
 * @typedef {{points: {ids: ArrayLike<number>, labels: ArrayLike<number>}}} Source
 */

/**
 * @param {import("../core/page.mjs").Page} page
 * @param {() => {run: Run}} view asked for whenever something has happened
 * @param {object} given
 * @param {() => Source[]|null} given.sources the points that are shown; null where the page has no list of them
 * @param {() => void} given.changed a group is another one
 */
export function createPointGroups(page, view, { sources, changed }) {
  const run = () => view().run;
  const list = createGroupList(page.part("groups"), {
    change(group, changes) {
      changeGroup(run(), group, changes);
      groups.refresh(); // at once: a row asks for the group that it is of now
    },
    pick: (group, how) => select(run().run, group.ids, how),
    remove(group) {
      dropGroup(run(), group);
      groups.refresh();
    },
  });
  page.onLeave(onGroups(changed));
  /** @type {readonly import("../state/kept_groups.mjs").Group[]|null} that are listed */
  let listed = null;
  /** @type {unknown} the points that were counted */
  let counted = null;

  const groups = {
    /** Keep the selection as a group. @param {boolean} named whether the reader is to name it now */
    make(named) {
      const ids = selectedIds(run().run);
      if (!ids.size) return toast("Select points first: by lasso, or a number in the legend", "error");
      const same = groupsOf(run()).find((group) => isSame(group.ids, ids));
      if (same) return toast(`These points are a group already: ${same.name}`);
      const full = refusal(run());
      if (full) return toast(full, "error");
      const color = freeGroupColor(groupColors(run()), groupsOf(run()).map((one) => one.color)); // prettier-ignore
      const group = addGroup(run(), ids, nameFor(ids, run(), sources() ?? []), color);
      groups.refresh();
      if (named) return list.nameLast();
      toast(`Kept as a group, ${group.name}: ${ids.size === 1 ? "1 point" : `${count(ids.size)} points`}`);
    },

    /** Bring the list up to date. */
    refresh() {
      page.enable("group", selectedIds(run().run).size > 0);
      const [now, all] = [groupsOf(run()), sources()];
      const points = all?.[0]?.points;
      if (now === listed && points === counted) return;
      [listed, counted] = [now, points];
      list.show(now, now.map(({ ids }) => (all ? hereOf(ids, all) : ids.size))); // prettier-ignore
    },
  };
  return groups;
}

/** How many of some points are shown. @param {ReadonlySet<number>} ids @param {Source[]} sources */
const hereOf = (ids, sources) =>
  sources.reduce((sum, { points }) => sum + Array.from(points.ids).filter((id) => ids.has(id)).length, 0);

/** What a group of these points would be called: as their class, where they are of one; else by the next number. @param {ReadonlySet<number>} ids @param {Run} run @param {Source[]} sources */
export function nameFor(ids, run, sources) {
  const labels = sources.flatMap(({ points }) =>
    Array.from(points.ids).flatMap((id, i) => (ids.has(id) ? [points.labels[i]] : [])),
  );
  const [first, ...others] = new Set(labels);
  const whole = labels.length === ids.size && (hasClasses(run) || run.classes.length > 1);
  if (whole && first !== undefined && !others.length) return run.classes[first];
  const taken = new Set(groupsOf(run).map(({ name }) => name.toLowerCase()));
  let number = 1;
  while (taken.has(`group ${number}`)) number++;
  return `Group ${number}`;
}

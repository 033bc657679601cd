// @ts-check
/** The reader's groups in the pictures of a tour page: a handle each where the picture can be turned, a name each where it is flat. */

import { tellUnread } from "../core/unread.mjs";
import { onSelection } from "../state/selection.mjs";
import { createGroupHandles } from "../points/group_handles.mjs";
import { WHICH, createGroupNames } from "../points/group_names.mjs";
import { pinText } from "../points/pins.mjs";
import { paintGroups, paintNames } from "../picture/over_points.mjs";

/** @typedef {import("../stage/stage.mjs").Stage} Stage @typedef {import("../points/group_names.mjs").Which} Which */

/**
 * @param {import("./tour_page.mjs").TourPage} page @param {Stage[]} stages
 * @param {boolean} selection whether what is selected has a handle too
 */
export function createTourGroups(page, stages, selection) {
  const { view } = page;
  const over = new Map(
    stages.map((stage) => [stage, { handles: createGroupHandles(stage, view, selection), names: createGroupNames(stage, view) }]),
  ); // prettier-ignore
  const each = [...over.values()];

  const groups = {
    /** Bring all up to date with selection, groups and points. */
    refresh() {
      const others = each.map(({ handles, names }) => [handles.refresh(), names.refresh()]);
      if (others.flat().some(Boolean)) view.refresh();
    },
    /** Another run, or another picture of it, is shown. @param {string} search the query that it was opened by */
    shown(search) {
      const query = new URLSearchParams(search);
      const asked = /** @type {Which} */ (query.get("names") ?? "groups");
      if (!WHICH.includes(asked)) tellUnread(["names"]);
      groups.setNames(WHICH.includes(asked) ? asked : "groups");
      groups.refresh();
    },
    /** How pulled points move. @param {import("../stage/turning.mjs").Mode} mode */
    setMode(mode) {
      for (const { handles } of each) handles.setMode(mode);
    },
    /** Which names are drawn. @param {Which} which */
    setNames(which) {
      for (const { names } of each) names.setWhich(which);
      page.mark("names", which);
      page.address.later();
    },
    /** @param {Stage} stage */
    draw(stage) {
      over.get(stage)?.handles.draw();
      over.get(stage)?.names.draw();
    },
    /** What is said of it in a link. @returns {Record<string, string>} */
    link: () => (each[0]?.names.which === "groups" || !view.flat ? {} : { names: each[0].names.which }),
    /** @param {Stage} stage @param {import("../points/pens.mjs").Pen} pen @param {import("../points/viewport.mjs").Viewport} at @param {import("../picture/look.mjs").Look} look
     * @param {import("../points/labels.mjs").Around} around what the handles have drawn */
    paint(stage, pen, at, look, around) {
      const found = look.names ? over.get(stage) : null;
      if (!found) return;
      paintGroups(pen, at, found.handles.marks().map((group) => ({ ...group, color: group.color ?? look.ink, text: pinText(group) })), look, around); // prettier-ignore
      paintNames(pen, at, found.names.marks(), look);
    },
    leave() {
      for (const { handles, names } of each) {
        handles.leave();
        names.leave();
      }
    },
  };
  page.onLeave(onSelection(groups.refresh), groups.leave);
  return groups;
}

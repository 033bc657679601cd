// @ts-check
/**
 * Groups of points that can be taken hold of by their middle: the reader's groups and, where a page says so, what is selected now. A
 * pulled group takes the frame along, in one of three ways (see drag_points.mjs).
 */

import { select, selectedIds } from "../state/selection.mjs";
import { dropGroup, groupsOf } from "../state/kept_groups.mjs";
import { el, part, toast } from "../core/dom.mjs";
import { holdGroups, middlesOf } from "./held.mjs";
import { groupColor } from "./palette.mjs";
import { NOTHING as NOTHING_AROUND, ringAt } from "./labels.mjs";
import { createPins } from "./pins.mjs";
import { toLeft, toTop } from "./viewport.mjs";

/**
 * @typedef {import("../stage/turning.mjs").Mode} Mode
 * @typedef {{name: string, color: number|null, ids: ReadonlySet<number>}} Handled a group, or the selection, which has no colour
 * @typedef {import("./held.mjs").Held<Handled>} Held
 */

const NOTHING = /** @type {ReadonlySet<number>} */ (new Set());
const NONE = /** @type {readonly Handled[]} */ ([]);

/**
 * @param {import("../stage/stage.mjs").Stage} stage @param {import("../stage/tour_view.mjs").TourView} view
 * @param {boolean} selection whether what is selected has a handle too
 */
export function createGroupHandles(stage, view, selection) {
  const layer = el("div", { class: "gt-pins", role: "group", "aria-label": "Groups of points" });
  part(stage.root, "handles").after(layer);
  /** @type {Mode} */
  let mode = "rotate";
  /** @type {Held[]} what has a handle now: the selection first */
  let held = [];
  let centres = new Float32Array(0);
  let live = false;
  /** @type {unknown[]} points, selection and groups that they are of */
  let of = [];

  stage.keptClear = (now) => {
    if (!held.length) return NOTHING_AROUND;
    middlesOf(held, stage.positions, centres);
    const ends = held.map((_, i) => ({ x: toLeft(now, centres[2 * i]), y: toTop(now, centres[2 * i + 1]) }));
    return { names: [], rings: ends.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)).map(ringAt) };
  };
  const pins = createPins(layer, {
    start: (i) => grasp(stage, view, mode, held[i].indices),
    move: (_, dx, dy) => view.turning.pullTo([dx, dy]),
    end: () => view.turning.pullTo(null),
    hold: () => {},
    pick: (i, add) => select(view.run.run, held[i].group.ids, add ? "add" : "new"),
    remove(i) {
      const group = groupsOf(view.run).find((one) => one === held[i].group);
      if (group) dropGroup(view.run, group);
    },
  });

  return {
    /** Bring the handles up to date with selection and groups. @returns {boolean} whether they are others now */
    refresh() {
      if (!view.ready) return false;
      const ids = view.flat || !selection ? NOTHING : selectedIds(view.run.run);
      const groups = view.flat ? NONE : groupsOf(view.run);
      const now = [stage.points, ids, groups];
      if (now.every((one, i) => one === of[i])) return false;
      of = now;
      ({ held, live } = holdGroups(stage.points.ids, /** @type {Handled} */ ({ name: "Selection", color: null, ids }), groups)); // prettier-ignore
      centres = new Float32Array(2 * held.length);
      pins.set(held.map((one, i) => pinOf(one, live && i === 0)));
      return true;
    },

    /** How pulled points move. @param {Mode} value */
    setMode(value) {
      mode = value;
    },

    draw() {
      const { viewport, positions } = stage;
      if (!viewport || !held.length) return;
      pins.draw(viewport, middlesOf(held, positions, centres), stage.roomOfNames ?? viewport, stage.handlesDrawn);
    },

    /** What has a handle, and where its middle is, for a picture: those of the selection last. */
    marks() {
      middlesOf(held, stage.positions, centres);
      const all = held.map((one, i) => ({ ...pinOf(one, live && i === 0), x: centres[2 * i], y: centres[2 * i + 1] }));
      return all.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)).reverse();
    },

    leave: () => layer.remove(),
  };
}

/** @param {Held} held @param {boolean} live @returns {import("./pins.mjs").Pin} */
const pinOf = ({ group: { name, color }, indices }, live) => ({
  name,
  count: indices.length,
  color: color === null ? "var(--bs-body-color)" : groupColor(color),
  live,
});

/**
 * Take hold of some points, or say why one cannot.
 *
 * @param {import("../stage/stage.mjs").Stage} stage @param {import("../stage/tour_view.mjs").TourView} view
 * @param {Mode} mode @param {number[]} indices
 */
function grasp(stage, view, mode, indices) {
  if (indices.length === stage.points.n)
    return toast("These are all points there are; select a part of them to pull", "error");
  if (view.pullPoints(mode, stage, indices)) return;
  toast(
    mode === "spread"
      ? "To be spread, a group needs at least two points that differ"
      : "These points cannot be pulled: their middle lies in the middle of the picture",
    "error",
  );
}

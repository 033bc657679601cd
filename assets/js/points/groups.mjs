// @ts-check
/**
 * Groups of points that can be taken hold of by their middle: what is selected now, and groups that were pinned. A
 * pulled group takes the frame along, in one of three ways (see drag_points.mjs).
 */

import { select, selectedIds } from "../state/selection.mjs";
import { el, part, toast } from "../core/dom.mjs";
import { holdGroups, middlesOf } from "./held.mjs";
import { dropPin, keepPin, makePin, pinsOf, refusal } from "./kept_pins.mjs";
import { showPins } from "./pin_list.mjs";
import { createPins } from "./pins.mjs";

/** @type {Record<string, string>} */
const WHEN = {
  rotate:
    "Turns everything together about the middle, as one would turn a globe: to bring a group to where it can be seen.",
  fit: "Moves the group and keeps all other points as much as a turn can: to pull a group out of a crowd.",
  spread: "The farther you pull, the more the picture shows how the group itself varies: to look inside a cluster.",
};

/**
 * @typedef {import("../stage/turning.mjs").Mode} Mode
 * @typedef {import("./held.mjs").Group} Group
 */

/**
 * @param {HTMLElement} page @param {import("../stage/stage.mjs").Stage} stage @param {import("../stage/tour_view.mjs").TourView} view
 */
export function createGroups(page, stage, view) {
  const layer = el("div", { class: "gt-pins", role: "group", "aria-label": "Groups of points" });
  part(stage.root, "handles").after(layer);
  const list = part(page, "pins");
  /** @type {Mode} */
  let mode = "rotate";
  /** @type {import("./held.mjs").Held[]} what has a handle now: the selection first */
  let held = [];
  let centres = new Float32Array(0);
  let live = false;
  let made = 0;

  const pins = createPins(layer, {
    start: (i) => grasp(stage, view, mode, held[i].indices),
    move: (_, dx, dy) => view.turning.pullTo([dx, dy]),
    end: () => view.turning.pullTo(null),
    hold: () => {},
    pick: (i) => select(view.run.run, held[i].group.ids),
    remove(i) {
      if (!live || i > 0) remove(held[i].group);
    },
  });

  /** The pins of the run. */
  const own = () => pinsOf(view.run.run);

  /** @param {Group} group */
  function remove(group) {
    dropPin(view.run.run, group);
    groups.refresh();
    view.refresh();
  }

  const changes = {
    rename(/** @type {Group} */ group, /** @type {string} */ name) {
      group.name = name;
      groups.refresh();
    },
    pick: (/** @type {Group} */ group) => select(view.run.run, group.ids),
    remove,
  };

  const groups = {
    /** Bring the handles up to date with selection and pins. */
    refresh() {
      if (!view.ready) return;
      const ids = new Set(selectedIds(view.run.run));
      const selection = { name: "Selection", ids, color: "var(--bs-body-color)" };
      ({ held, live } = holdGroups(stage.points.ids, selection, own()));
      centres = new Float32Array(2 * held.length);
      pins.set(held.map((one, i) => pinOf(one, live && i === 0)));
      for (const button of page.querySelectorAll('[data-gt-action="pin"]')) {
        /** @type {HTMLButtonElement} */ (button).disabled = !live;
      }
      const countOf = (/** @type {Group} */ group) => held.find((one) => one.group === group)?.indices.length ?? 0;
      const rows = own().map((group) => ({ group, count: countOf(group) }));
      showPins(list, rows, changes);
    },

    /** Another run is shown. */
    shown() {
      made = own().length;
      groups.refresh();
      groups.setMode(mode);
    },

    /** Keep the selection as a pin. */
    pin() {
      if (!live) return toast("Select points first: by lasso, or a number in the legend", "error");
      const { run } = view;
      const full = refusal(run.run);
      if (full) return toast(full, "error");
      const [{ group, indices }] = held;
      const labels = indices.map((i) => stage.points.labels[i]);
      const pin = makePin(group.ids, labels, run.classes, () => ++made);
      keepPin(run.run, pin);
      groups.refresh();
      view.refresh();
    },

    /** @param {string} value */
    setMode(value) {
      mode = /** @type {Mode} */ (value);
      part(page, "drag-text").textContent = WHEN[mode];
    },

    /** @param {import("../stage/stage.mjs").Stage} at */
    draw({ positions, viewport }) {
      if (!viewport) return;
      pins.draw(viewport, middlesOf(held, positions, centres));
    },

    /** What has a handle, and where its middle is, for a picture: those of the selection last. */
    marks() {
      middlesOf(held, stage.positions, centres);
      const all = held.map((one, i) => ({ ...pinOf(one, live && i === 0), x: centres[2 * i], y: centres[2 * i + 1] }));
      return all.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)).reverse();
    },

    leave: () => layer.remove(),
  };
  return groups;
}

/** @param {import("./held.mjs").Held} held @param {boolean} live @returns {import("./pins.mjs").Pin} */
const pinOf = ({ group: { name, color }, indices }, live) => ({ name, count: indices.length, color, live });

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

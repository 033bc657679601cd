// @ts-check
/** Where each attacked point was before the attack, and where it is: a line between the two places, in the layer that is shown. */

import { selectedIds } from "../state/selection.mjs";
import { el, part } from "../core/dom.mjs";
import { ATTACKED } from "./palette.mjs";
import { createTrails, drawn } from "./trails.mjs";

/** @param {import("../stage/stage.mjs").Stage} stage @param {import("../stage/tour_view.mjs").TourView} view */
export function createPairs(stage, view) {
  const canvas = el("canvas", { class: "gt-trails gt-pairs", "aria-hidden": "true" });
  part(stage.root, "touch").before(canvas);
  const trails = createTrails(canvas);
  let on = true;
  /** @type {number[]} attacked points that have a line */
  let indices = [];
  /** @type {string[]} */
  let colors = [];
  let room = new Float32Array(0);

  /** The lines as they are now; null for none. @returns {import("./trails.mjs").Paths|null} */
  function lines() {
    const { states, tensors, seen: matrix } = view;
    const shown = indices.length > 0 && stage.visible(indices[0]);
    if (!states || !on || !shown || view.epoch === 0) return null;
    const [low, share] = [Math.floor(states.position), states.position % 1];
    room.fill(0);
    if (!states.place(tensors, stage.split, 0, low, matrix, indices, room, 0, 4, 1 - share)) return null;
    if (share && !states.place(tensors, stage.split, 0, low + 1, matrix, indices, room, 0, 4, share)) return null;
    for (const [i, index] of indices.entries()) {
      room[4 * i + 2] = stage.positions[2 * index];
      room[4 * i + 3] = stage.positions[2 * index + 1];
    }
    return { positions: room, count: indices.length, length: 2, colors };
  }

  return {
    /** @param {boolean} wanted */
    set(wanted) {
      on = wanted;
      view.refresh();
    },
    get on() {
      return on;
    },

    /** All attacked points; those that are selected where some are. */
    refresh() {
      const { attack, run } = view.run;
      if (!attack) return;
      const chosen = selectedIds(run);
      const { ids } = stage.points;
      const among = attack.attacked.filter((i) => chosen.has(ids[i]));
      indices = chosen.size ? among : attack.attacked;
      colors = indices.map(() => ATTACKED);
      room = new Float32Array(4 * indices.length);
    },

    ...drawn(stage, trails, lines),
  };
}

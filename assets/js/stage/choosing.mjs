// @ts-check
/** When the handles of a picture that has very many of them are chosen anew. */

import { hasClassHandles } from "../data/groups.mjs";
import { selectedIds } from "../state/selection.mjs";

const KEPT = 45; // frames that a choice is kept for while the frame turns: names do not flicker

export function createChoosing() {
  /** frames that the choice is kept for still */
  let left = 0;
  return {
    /** What is seen of the points, or asked for, is another: the next look chooses. */
    anew() {
      left = 0;
    },

    /** Show the handles that matter in this picture: while it moves now and then, else at once. @param {import("./tour_view.mjs").TourView} view */
    look({ run, coloring, stages, turning, clock, seen }) {
      if (left-- > 0 && (turning.moving || clock.moving)) return;
      if (stages.some((stage) => stage.dragging)) return;
      left = KEPT;
      const { out, preview } = coloring;
      const classes = hasClassHandles(run);
      const asked = classes ? [...(preview === null ? [] : [preview]), ...out].filter((c) => c < run.p) : [];
      for (const stage of stages) stage.chooseHandles(seen, asked, classes ? selectedIds(run.run) : null);
    },
  };
}

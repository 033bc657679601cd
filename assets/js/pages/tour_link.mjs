// @ts-check
/** A view of a tour page as a link, and what a link asks for. */

import { tellUnread } from "../core/unread.mjs";
import { saidOfNone } from "../data/epochs.mjs";
import { clockOf } from "../data/tensors.mjs";
import { writeLink } from "../state/link.mjs";
import { completeFrame } from "../tour/frame.mjs";

/**
 * @param {import("../stage/tour_view.mjs").TourView} view
 * @param {Record<string, string>} more what else the page says
 * @param {boolean} [framed] whether it says where the handles are
 */
export function linkTo(view, more, framed = true) {
  const { run, seen } = view;
  const { query } = writeLink({
    run: run.run,
    layer: run.layer,
    kind: run.embedding ? (run.embedding.imported ? "embedding" : "method") : run.alignment ? "alignment" : "layer",
    epoch: view.clock.number,
    columns: framed && run.p > 1 && !view.flat ? seen : null,
    hidden: [...view.hidden],
    color: view.coloring.by,
    images: view.imagesOn,
    ids: [],
    zoom: view.magnifier.zoomed ? view.magnifier.zoom : null,
    sight: view.magnifier.sight,
    motion: motionOf(view),
  });
  const added = new URLSearchParams(more).toString();
  return added ? `${query}&${added}` : query;
}

/** What moves by itself, as a link says it. @param {import("../stage/tour_view.mjs").TourView} view */
function motionOf({ playing, touring, states }) {
  const moving = { epochs: playing, tour: touring, states: Boolean(states?.playing) };
  return Object.entries(moving).flatMap(([what, on]) => (on ? [what] : []));
}

/** Let move again what a link says. @param {import("../stage/tour_view.mjs").TourView} view @param {string[]} motion */
export function resume({ clock, turning, states }, motion) {
  if (motion.includes("tour")) turning.tour(true);
  if (motion.includes("epochs")) clock.play(true);
  if (motion.includes("states")) states?.play(true);
}

/** Say what a link asks for and a run has not. @param {import("../data/tensors.mjs").Announcement} run @param {ReturnType<typeof import("../state/link.mjs").readLink>} asked */
export function tellLack(run, { epoch, unread }) {
  const lack = saidOfNone(run.epochs, epoch, clockOf(run), true);
  tellUnread(unread, lack ? [lack] : []);
}

/** The frame of which a link says two columns; null, said, for what is no frame. @param {Float64Array|null} columns @param {number} p */
export function frameOf(columns, p) {
  try {
    return columns && completeFrame(columns, p);
  } catch (error) {
    tellUnread([], [`The link's frame was left out: ${error instanceof Error ? error.message : error}.`]);
    return null;
  }
}

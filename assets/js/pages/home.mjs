// @ts-check
/** `/`: the live teaser. */

import { openTensors } from "../data/tensors.mjs";
import { part } from "../core/dom.mjs";
import { createStage } from "../stage/stage.mjs";
import { reduced } from "../core/motion.mjs";
import { createTelling } from "../meter/telling.mjs";
import { TourView } from "../stage/tour_view.mjs";
import { webglAvailable } from "../gl/scene.mjs";
import { noUpdate, plotted } from "./dash.mjs";
import { sayNoWebgl } from "./notices.mjs";

const REST = 2500; // ms at the last epoch before it starts again

/**
 * @param {import("../data/tensors.mjs").Announcement|null} announcement
 * @param {{base: string}} mount
 */
export async function showTeaser(announcement, mount) {
  const page = document.querySelector('[data-gt-page="home"]');
  const root = /** @type {HTMLElement|null} */ (page?.querySelector("[data-gt-stage]"));
  if (!announcement || !page || !root || root.dataset.gtMounted) return noUpdate();
  root.dataset.gtMounted = "yes";
  if (!webglAvailable()) return sayNoWebgl(root);
  const query = new URLSearchParams(location.search);
  const still = query.get("play") === "0" || reduced();
  const caption = part(page, "caption");
  const { gd, Plotly } = await plotted(root);
  const stage = createStage(root, gd, Plotly, /** @type {string} */ (root.dataset.gtSplit));
  let resting = 0;
  const view = new TourView({
    root,
    stages: [stage],
    seed: Number(query.get("seed") ?? 1),
    still,
    changed(what, detail) {
      if (what === "epoch")
        caption.textContent = `${announcement.title}, ${stage.split === "train" ? "training" : "test"} points, epoch ${Math.round(view.clock.number)}`;
      if (what === "error") caption.textContent = String(detail);
      if (what === "motion" && !still && view.ready && !view.playing && !resting) {
        resting = window.setTimeout(() => {
          resting = 0;
          if (root.isConnected && !telling.busy) view.clock.play(true);
        }, REST);
      }
    },
    drawn: (one) => telling.drawn(one),
    told: (one) => telling.inspect(one),
  });
  const telling = createTelling(root, view, [stage]);
  root.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest("[data-gt-action]"));
    telling.actions[button?.dataset.gtAction ?? ""]?.("");
  });
  view.pointing.setTool("look");
  await view.load(openTensors(announcement, mount.base), [stage], 0, null);
  telling.shown();
  if (!still) {
    view.turning.tour(true);
    view.clock.play(true);
  }
  return noUpdate();
}

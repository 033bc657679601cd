// @ts-check
/** `/`: the live teaser. */

import { fetchGrowth, ownCopy } from "../data/growth.mjs";
import { pointsWord } from "../data/splits.mjs";
import { clockOf, openTensors } from "../data/tensors.mjs";
import { part } from "../core/dom.mjs";
import { noUpdate, plotted } from "../core/dash.mjs";
import { reduced } from "../core/motion.mjs";
import { Page, createMounts, pageNamed } from "../core/page.mjs";
import { grow } from "../stage/growing.mjs";
import { Stage } from "../stage/stage.mjs";
import { createTelling } from "../meter/telling.mjs";
import { TourView } from "../stage/tour_view.mjs";
import { watchRun } from "./watching.mjs";

const REST = 2500; // ms at the last epoch before it starts again

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {{announcement: Announcement, base: string, caption: HTMLElement}} Mount
 */

/** The stage of the teaser is a page of its own kind: it has the buttons of the complete tour, and no keys. */
class Teaser extends Page {
  #resting = 0;

  /** @param {HTMLElement} root of the stage @param {Stage} stage @param {Mount} mount */
  constructor(root, stage, { announcement, base, caption }) {
    super(root);
    const query = new URLSearchParams(location.search);
    this.still = query.get("play") === "0" || reduced();
    const still = announcement.opened && announcement.epochs.length === 1;
    const words = `${announcement.title}, ${pointsWord(announcement, stage.split)}`;
    this.view = new TourView({
      root,
      stages: [stage],
      seed: Number(query.get("seed") ?? 1),
      still: this.still,
      changed: (what, detail) => {
        if (what === "epoch")
          caption.textContent = still
            ? words
            : `${words}, ${clockOf(announcement)} ${Math.round(this.view.clock.number)}`;
        if (what === "error") caption.textContent = String(detail);
        if (what === "motion") this.#rest();
      },
      drawn: (one) => this.telling.drawn(one),
      told: (one) => this.telling.inspect(one),
    });
    this.telling = createTelling(root, this.view, [stage]);
    this.actions = this.telling.actions;
    this.view.pointing.setTool("look");
    this.watching = watchRun(this, {
      shown: () => (this.view.ready ? { ...this.view.run, made: "" } : null),
      grow: async () => grow(this.view, await fetchGrowth(this.view.run, base)),
      newest: () => false,
      follow: () => {},
    });
  }

  /** Begin again, after a while at the last epoch. */
  #rest() {
    if (this.still || !this.view.ready || this.view.playing || this.#resting) return;
    this.#resting = window.setTimeout(() => {
      this.#resting = 0;
      if (this.root.isConnected && !this.telling.busy) this.view.clock.play(true);
    }, REST);
  }

  /** @param {Mount} mount */
  async show({ announcement, base }) {
    await this.view.load(openTensors(ownCopy(announcement), base), this.view.stages, 0, null);
    this.telling.shown();
    this.watching.now();
    if (this.still) return;
    this.view.turning.tour(true);
    this.view.clock.play(true);
  }
}

const teasers = createMounts(async (root, /** @type {Mount} */ mount) => {
  const { gd, Plotly } = await plotted(root);
  const stage = new Stage(root, gd, Plotly, /** @type {string} */ (root.dataset.gtSplit));
  const teaser = new Teaser(root, stage, mount);
  await teaser.show(mount);
});

/**
 * @param {Announcement|null} announcement
 * @param {{base: string}} mount
 */
export async function showTeaser(announcement, mount) {
  const page = pageNamed("home");
  const root = /** @type {HTMLElement|null} */ (page?.querySelector("[data-gt-stage]"));
  if (!announcement || !page || !root || teasers.has(root)) return noUpdate();
  await teasers.open(root, { announcement, base: mount.base, caption: part(page, "caption") });
  return noUpdate();
}

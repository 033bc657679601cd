// @ts-check
/** How a page of pictures watches its run: a layer grows as it is, what was computed of one is brought up to date by its job. */

import { canGrow, fetchGrowth } from "../data/growth.mjs";
import { grow } from "../stage/growing.mjs";
import { COMPARISON, watchRun } from "./watching.mjs";

/** @param {import("./tour_page.mjs").TourPage} page */
export function watchTour(page) {
  const { view } = page;
  const opener = () => /** @type {HTMLElement|null} */ (page.root.querySelector(".gt-compute-open"));

  return watchRun(page, {
    shown() {
      if (!view.ready) return null;
      const { run, uid, epochs, alignment, embedding, two } = view.run;
      if (two) return { run, uid, epochs: [two.a.last], unit: two.a.unit, made: COMPARISON };
      return { run, uid, epochs, made: alignment ? "alignment" : embedding ? "picture" : "" };
    },
    get grow() {
      if (!view.ready || !canGrow(view.run)) return undefined;
      return async () => {
        const { run } = view;
        const grown = await fetchGrowth(run, page.mount.base);
        if (view.run !== run) return;
        if (!grown.epochs.length) throw new Error("not there yet");
        if (await grow(view, grown)) page.grown();
      };
    },
    get renew() {
      return view.ready && !canGrow(view.run) && opener() ? () => opener()?.click() : undefined;
    },
    newest: () => view.ready && view.clock.newest,
    follow: () => view.clock.seek(view.run.epochs.length - 1, true),
  });
}

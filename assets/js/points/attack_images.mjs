// @ts-check
/** The images of an attack: the clean ones, the change at each step, and the points drawn as those of the step that is shown. */

import { imagesAt } from "../data/attack.mjs";
import { toast } from "../core/dom.mjs";

/** @typedef {import("../data/attack.mjs").Attack} Attack */

/**
 * @param {import("../stage/stage.mjs").Stage} stage @param {import("../stage/tour_view.mjs").TourView} view
 * @param {object} given
 * @param {() => Attack|null} given.attack the one that the picture shows, once it is here
 * @param {() => void} given.arrived more is known
 */
export function createAttackImages(stage, view, { attack, arrived }) {
  /** the clean images of all points, once they have come @type {Uint8Array|null} */
  let clean = null;
  /** those of the step that is drawn, and which it is */
  let current = new Uint8Array(0);
  let drawnStep = -1;
  let generation = 0;

  const hasImages = () => Boolean(view.run.splits[stage.split].images);

  /** @returns {Promise<Uint8Array|null>} null once another attack is shown */
  async function fetchClean() {
    const mine = generation;
    const images = clean ?? /** @type {Uint8Array} */ (await view.tensors.part(stage.split, "images"));
    if (mine !== generation) return null;
    clean = images;
    return images;
  }

  /** The change at a step, or null while it is on its way. @param {Attack} of @param {number} step */
  function changeAt(of, step) {
    const found = of.changed(step);
    if (found || !of.note.changes) return found;
    const mine = generation;
    of.changes(step).then(
      () => {
        if (mine !== generation) return;
        images.show();
        arrived();
      },
      (error) => mine === generation && error.name !== "AbortError" && toast(error.message, "error"),
    );
    return null;
  }

  const images = {
    /** Another attack. */
    begin() {
      generation++;
      [clean, drawnStep] = [null, -1];
    },
    leave() {
      generation++;
    },

    /** Where points are drawn as images: as those of this step. */
    async show() {
      if (!view.imagesOn || !stage.imagesOn) {
        drawnStep = -1;
        return;
      }
      const step = view.clock.nearest;
      if (step === drawnStep || !attack() || !hasImages()) return;
      const from = await fetchClean();
      const now = attack();
      if (!from || !now) return;
      const change = changeAt(now, step);
      if (!change || step !== view.clock.nearest || !stage.imagesOn) return;
      if (current.length !== from.length) current = new Uint8Array(from.length);
      imagesAt(current, from, now.note.attacked, change);
      stage.changeImages(current);
      drawnStep = step;
      view.refresh();
    },

    /** What is known of a step; asks for what is missing. @param {number} step @returns {{clean: Uint8Array, change: NonNullable<ReturnType<Attack["changed"]>>}|null} */
    at(step) {
      const now = attack();
      if (!now || !hasImages()) return null;
      const change = changeAt(now, step);
      if (!clean) fetchClean().then((come) => come && arrived());
      return change && clean && { clean, change };
    },
  };
  return images;
}

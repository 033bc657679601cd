// @ts-check
/** Beside the sentence of a named view: how much the frame that is shown draws of what the view is about. */

import { splitWord } from "../data/splits.mjs";
import { clockOf } from "../data/tensors.mjs";
import { rhoText, shareText } from "./numbers.mjs";
import { createReading } from "./reading.mjs";
import { emptySubject, isMotion, nameOf, subjectOf, wordOf } from "./subject.mjs";

/** Where points lie that do not move. @param {import("../stage/tour_view.mjs").TourView} view @param {import("./subject.mjs").Subject} of */
function placeOf({ run, states }, { toEpoch, toState }) {
  return ` at ${states ? `${states.note.states[toState].name}, ` : ""}${clockOf(run)} ${run.epochs[toEpoch]}`;
}

/** @param {HTMLElement} root @param {import("../stage/tour_view.mjs").TourView} view @param {import("../stage/stage.mjs").Stage[]} stages */
export function createNaming(root, view, stages) {
  const readings = new Map(stages.map((stage) => [stage, createReading(view, stage)]));
  const subject = emptySubject();
  /** numbers of epochs: the motion between two, or what lies apart in one @type {{from: number, to: number}|null} */
  let shows = null;

  /** @param {{from: number, to: number}} it */
  function meant({ from, to }) {
    const index = (/** @type {number} */ number) => Math.max(0, view.run.epochs.indexOf(number));
    subjectOf(view, from === to ? "positions" : "epochs", subject);
    if (from !== to) [subject.fromEpoch, subject.toEpoch] = [index(from), index(to)];
    return subject;
  }

  return {
    /** A view with a name is gone to. @param {import("../stage/named_views.mjs").NamedView} named @param {number} stop which of its buttons */
    about({ epochs, states }, stop) {
      const one = !states || states.every((state) => state === states[0]);
      shows =
        one && epochs.length > 1
          ? { from: epochs[0], to: epochs[epochs.length - 1] }
          : { from: epochs[stop], to: epochs[stop] };
    },
    /** Another run is shown. */
    forget() {
      shows = null;
    },
    show() {
      const place = root.querySelector('[data-gt-part="view-tells"]');
      if (!place || !shows || view.flat) return;
      const of = meant(shows);
      const parts = view.stages.map((stage) => {
        const told = readings.get(stage)?.read(of, null);
        const whose = view.stages.length > 1 ? ` (${splitWord(stage.split)})` : "";
        return told ? [shareText(isMotion(of) ? told.motion : told.variance) + whose, rhoText(told.rho)] : null;
      });
      const both = (/** @type {number} */ i) => parts.map((part) => part?.[i]).join(" and ");
      const what = `${wordOf(of)} of these points${isMotion(of) ? `, ${nameOf(view, of)}` : placeOf(view, of)}`;
      const text = parts.every(Boolean) ? `This frame draws ${both(0)} of the ${what}; ρ ${both(1)}.` : "";
      if (place.textContent !== text) place.textContent = text;
    },
  };
}

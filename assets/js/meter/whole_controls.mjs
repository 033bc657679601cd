// @ts-check
/** The complete tour as a page has it: its bar of stops, its buttons and keys, its links. */

import { toast } from "../core/dom.mjs";
import { tellUnread } from "../core/unread.mjs";
import { createStopsBar } from "./stops_bar.mjs";
import { emptySubject, readSubject, subjectOf, writeSubject } from "./subject.mjs";
import { createWhole } from "./whole.mjs";

export const FLAT_REASON = "A flat picture is all that there is to see of it: it has no other planes.";

/**
 * @param {HTMLElement} root @param {import("../stage/tour_view.mjs").TourView} view
 * @param {() => import("./subject.mjs").Choice} chosen what it is to be of
 * @param {() => void} changed
 */
export function createWholeControls(root, view, chosen, changed) {
  const bar = createStopsBar();
  const whole = createWhole(root, view, () => {
    bar.show(view, whole.progress());
    changed();
  });

  /** @param {import("./subject.mjs").Subject} of @param {number} stop @param {boolean} playing */
  async function start(of, stop, playing) {
    try {
      await whole.start(of, stop, playing);
      const above = root.querySelector(".gt-board") ?? view.stages[0].root.querySelector(".gt-meter");
      above?.after(bar.bar); // below the pictures: it covers none of them
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return; // the reader has left
      toast(error instanceof Error ? error.message : String(error), "error");
    }
  }

  /** Begin with what is chosen. @param {boolean} playing whether it goes on by itself */
  function begin(playing) {
    if (view.flat) return toast(FLAT_REASON);
    return start(subjectOf(view, chosen(), emptySubject()), 0, playing);
  }

  return {
    whole,
    /** By the words of buttons. @type {Record<string, (value: string) => void>} */
    actions: {
      "show-all": () => (whole.get() ? whole.end() : begin(true)),
      "stop-on": () => (whole.get() ? whole.step(1) : begin(false)),
      "stop-back": () => whole.step(-1),
      "stop-play": () => whole.play(!whole.progress()?.playing),
      "stop-end": () => whole.end(),
    },

    /** What a link to this view says beside the frame. @returns {Record<string, string>} */
    link() {
      const progress = whole.progress();
      return progress ? { whole: writeSubject(view, progress.of), stop: String(progress.stop) } : {};
    },

    /** Go to the stop that a link says, and stay there. @param {string} query */
    restore(query) {
      const asked = new URLSearchParams(query);
      const [text, stop] = [asked.get("whole"), Number(asked.get("stop"))];
      if (!text || view.flat) return;
      const of = readSubject(view, text);
      if (of && Number.isInteger(stop) && stop > 0) {
        return start(of, stop - 1, false).then(() => {
          const { stops = stop } = whole.progress() ?? {};
          if (stop > stops) tellUnread([], [`There is no stop ${stop} here: the last, ${stops}, is shown.`]);
        });
      }
      tellUnread(["stop"]);
    },
  };
}

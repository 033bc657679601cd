// @ts-check
/**
 * The meter below a stage: how much this frame tells, and all frames so far; what that means, for who points at it; and the button that shows all
 * of it. Numbers have places of a fixed width, so that nothing moves when they change.
 */

import { el } from "../core/dom.mjs";
import { explanation } from "./explanation.mjs";
import { makeParts } from "./gauge_parts.mjs";
import { rhoText, shareText } from "./numbers.mjs";
import { nameOf, wordOf } from "./subject.mjs";

const FLAT =
  "A projection shows a part of every motion, and the meter how much. A flat embedding is no projection of the data: " +
  "how much of its motion is in the data, Compare measures.";

/**
 * @param {HTMLElement} box the stage's part "meter"
 * @param {string} name of the stage
 * @param {(choice: import("./subject.mjs").Choice) => void} choose
 */
export function createGauge(box, name, choose) {
  const parts = makeParts(name);
  const { now, seen, seenName, what, motion, motionWord, motionOf, variance, varianceOf, dot, track, says, lines } =
    parts;
  const { mark, label, button, select } = parts;
  select.addEventListener("change", () => choose(/** @type {import("./subject.mjs").Choice} */ (select.value)));
  select.addEventListener("keydown", (event) => event.stopPropagation()); // letters choose among its entries
  box.replaceChildren(...parts.elements);

  /** @param {HTMLElement} place @param {string} text */
  const write = (place, text) => {
    if (place.textContent !== text) place.textContent = text;
  };

  /** Nothing is known yet, or any more. */
  function forget() {
    for (const one of [motion, motionOf, dot, variance, varianceOf]) one.hidden = true;
    write(says, "The numbers are on their way.");
  }
  forget();

  return {
    /** @param {[string, string][]} options @param {string} chosen */
    offer(options, chosen) {
      select.replaceChildren(
        ...options.map(([value, text]) => el("option", { value, selected: value === chosen }, text)),
      );
    },
    /** @param {string} reason why all of it cannot be shown; empty where it can @param {boolean} on whether that is under way */
    allow(reason, on) {
      button.setAttribute("aria-pressed", String(on));
      button.setAttribute("aria-disabled", String(Boolean(reason)));
      select.disabled = Boolean(reason);
      button.title = reason || (on ? "End the complete tour (S)" : "Stop at planes that together show everything (S)");
      write(label, on ? "End the tour" : "Show all of it");
      mark.className = `gt-icon gt-icon-${on ? "x-lg" : "stars"}`;
    },
    /** Where there are no frames to choose from. */
    sayFlat() {
      for (const one of [motion, motionOf, dot, variance, varianceOf]) one.hidden = true;
      lines.classList.add("gt-meter-flat");
      write(what, "no projection: one picture, no frames");
      write(says, FLAT);
    },
    /**
     * @param {import("../stage/tour_view.mjs").TourView} view @param {import("./reading.mjs").Told|null} told null while it has not come
     * @param {boolean} stops whether what was seen is what the stops of a complete tour have shown
     */
    show(view, told, stops) {
      lines.classList.remove("gt-meter-flat");
      write(now, told ? rhoText(told.rho) : "–");
      write(seen, told ? rhoText(told.seen) : "–");
      write(seenName, stops ? "stops so far" : "seen so far");
      track.style.setProperty("--gt-now", String(Math.max(0, told?.rho || 0)));
      track.style.setProperty("--gt-seen", String(Math.max(0, told?.seen || 0)));
      if (!told) {
        forget();
        return write(what, "fetching…");
      }
      write(what, `${nameOf(view, told.of)}:`);
      write(motion, shareText(told.motion));
      write(motionWord, wordOf(told.of));
      write(variance, shareText(told.variance));
      motion.hidden = motionOf.hidden = told.motion === null;
      variance.hidden = varianceOf.hidden = told.variance === null;
      dot.hidden = told.motion === null || told.variance === null;
      says.replaceChildren(...explanation(view, told, stops).map((text) => el("p", {}, text)));
    },
  };
}

/** @typedef {ReturnType<typeof createGauge>} Gauge */

// @ts-check
/** Where a complete tour is: its stops as a bar, each as long as its share, what they have shown, and the ways to go on. */

import { rhoText, shareText } from "./numbers.mjs";
import { count, el, icon, termMark } from "../core/dom.mjs";
import { stopsOf } from "../tour/complete.mjs";
import { nameOf, wordOf } from "./subject.mjs";

/** "Stop 3 of 16: 12 % of the motion, 84 % so far, ρ 0.93". @param {import("./whole.mjs").Progress} progress */
export function stopSentence({ p, stop, stops, share, sofar, rho, of }) {
  return `Stop ${stop} of ${stops}${isLeading(p, stops) ? ", the leading ones" : ""}: ${shareText(share)} of the ${wordOf(of)}, ${shareText(Math.min(1, sofar))} so far, ρ\u00a0${rhoText(rho)}`;
}

/** Whether there are planes beyond the stops. @param {number} p @param {number} stops */
const isLeading = (p, stops) => stopsOf(p) > stops;

/** What the stops do not show. @param {number} p @param {number} stops */
export const leadingText = (p, stops) =>
  isLeading(p, stops)
    ? `All of ${count(p)} dimensions would take ${count(stopsOf(p))} stops. These ${count(stops)} are the leading ones, found from some of the points; what they show is measured on all that are drawn, or on many evenly among them.`
    : "";

export function createStopsBar() {
  const button = (
    /** @type {import("../payloads.mjs").ActionWord} */ action,
    /** @type {string} */ name,
    /** @type {string} */ title,
    /** @type {string} */ key,
  ) =>
    el(
      "button",
      {
        type: "button",
        class: "btn btn-sm gt-button",
        "data-gt-action": action,
        title: `${title} (${key})`,
        "aria-label": title,
      },
      icon(name),
    );
  const back = button("stop-back", "skip-start-fill", "One stop back", "J");
  const play = button("stop-play", "pause-fill", "Stay at this stop, or go on", "Space");
  const on = button("stop-on", "skip-end-fill", "One stop on", "K");
  const end = button("stop-end", "x-lg", "End the complete tour", "S");
  const said = el("span", { class: "gt-stops-said", role: "status" });
  const strip = el("span", { class: "gt-stops-strip", "aria-hidden": "true" });
  const bar = el("div", { class: "gt-stops", role: "group", "aria-label": "Complete tour", "data-gt-part": "stops" },
    said, termMark("complete"), el("span", { class: "gt-group" }, back, play, on, end), strip); // prettier-ignore
  let drawn = 0;

  return {
    bar,
    /** @param {import("../stage/tour_view.mjs").TourView} view @param {import("./whole.mjs").Progress|null} progress */
    show(view, progress) {
      bar.hidden = !progress;
      if (!progress) return;
      const { p, stop, stops, shares, visited, arrived, playing } = progress;
      said.title = leadingText(p, stops);
      if (drawn !== stops) strip.replaceChildren(...shares.map(() => el("span", {})));
      drawn = stops;
      shares.forEach((share, i) => {
        const piece = /** @type {HTMLElement} */ (strip.children[i]);
        piece.style.flexGrow = String(Math.max(share, 0.004));
        piece.className = `${visited[i] ? "gt-visited" : ""} ${i + 1 === stop ? "gt-here" : ""}`;
      });
      if (arrived) said.textContent = stopSentence(progress);
      else if (!said.textContent || !visited.some(Boolean)) said.textContent = `On the way to stop ${stop} of ${stops}`;
      bar.setAttribute("aria-label", `Complete tour: ${nameOf(view, progress.of)}`);
      /** @type {HTMLElement} */ (play.firstChild).className =
        `gt-icon gt-icon-${playing ? "pause-fill" : "play-fill"}`;
      play.setAttribute("aria-pressed", String(playing));
      said.setAttribute("aria-live", playing ? "off" : "polite"); // stops are said to those who go to them, not as they pass
      back.setAttribute("aria-disabled", String(stop === 1));
      on.setAttribute("aria-disabled", String(stop === stops));
    },
  };
}

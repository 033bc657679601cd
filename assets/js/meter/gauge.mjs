// @ts-check
/**
 * The meter below a stage: how much this frame tells, and all frames so far; what that means, for who points at it; and the button that shows all
 * of it. Numbers have places of a fixed width, so that nothing moves when they change.
 */

import { stopsOf } from "../tour/complete.mjs";
import { clockOf } from "../data/tensors.mjs";
import { count, el, icon } from "../core/dom.mjs";
import { isMotion, nameOf, wordOf } from "./subject.mjs";

const FLAT =
  "A projection shows a part of every motion, and the meter how much. A flat embedding is no projection of the data: " +
  "how much of its motion is in the data, Compare measures.";

/** A number for people, or a dash where there is none. @param {number} x */
export const rhoText = (x) => (Number.isFinite(x) ? x.toFixed(2).replace("-0.00", "0.00").replace("-", "−") : "–");

/** A share for people, never rounded to all or nothing. @param {number|null} x */
export function shareText(x) {
  if (x === null || !Number.isFinite(x)) return "–";
  const text = (100 * x).toFixed(x < 0.0995 ? 1 : 0);
  if (text === "100" && x < 1 - 1e-9) return "> 99 %";
  if (text === "0.0" && x > 0) return "< 0.1 %";
  return `${text === "0.0" ? "0" : text} %`;
}

/** The elements of a gauge, in their place. @param {HTMLElement} box the stage's part "meter" @param {string} name of the stage */
function makeElements(box, name) {
  const value = () => el("span", { class: "gt-meter-value" }, "–");
  const [now, seen, motion, variance] = [value(), value(), value(), value()];
  const seenName = el("span", {}, "seen so far");
  const what = el("span", { class: "gt-meter-what" });
  const ofThe = () => el("span", { class: "gt-meter-of-the" }, "of the ");
  const motionWord = el("span", {});
  const motionOf = el("span", {}, ofThe(), motionWord);
  const varianceOf = el("span", {}, ofThe(), "variance");
  const dot = el("span", { "aria-hidden": "true" }, "·");
  const track = el(
    "span",
    { class: "gt-meter-track", "aria-hidden": "true" },
    el("span", { class: "gt-meter-seen" }),
    el("span", { class: "gt-meter-now" }),
  );
  const says = el("div", { class: "gt-meter-says", role: "tooltip", id: `${name}-meter-says` });
  const lines = el("span", { class: "gt-meter-lines" },
    el("span", { class: "gt-meter-line" }, el("span", {}, "this frame ρ"), now, el("span", { "aria-hidden": "true" }, "·"), seenName, seen),
    el("span", { class: "gt-meter-line gt-meter-quiet" }, what, motion, motionOf, dot, variance, varianceOf)); // prettier-ignore
  const gauge = el(
    "button",
    { type: "button", class: "gt-meter-gauge", "data-gt-part": "gauge", "aria-describedby": says.id },
    track,
    lines,
  );
  const mark = icon("stars");
  const label = el("span", {}, "Show all of it");
  const button = el(
    "button",
    {
      type: "button",
      class: "btn btn-sm gt-button gt-meter-all",
      "data-gt-action": "show-all",
      "aria-pressed": "false",
    },
    mark,
    label,
  );
  const select = el("select", {
    class: "gt-meter-of",
    "aria-label": "What the meter and “Show all of it” are of",
    title: "Of what",
  });
  select.addEventListener("keydown", (event) => event.stopPropagation()); // letters choose among its entries
  box.replaceChildren(
    gauge,
    el("span", { class: "gt-meter-buttons", role: "group", "aria-label": "Show all of it" }, button, select),
    says,
  );
  return { now, seen, motion, variance, seenName, what, motionWord, motionOf, varianceOf, dot, track, says, lines, mark, label, button, select }; // prettier-ignore
}

/** @param {HTMLElement} place @param {string} text */
function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/**
 * @param {HTMLElement} box the stage's part "meter"
 * @param {string} name of the stage
 * @param {(choice: import("./subject.mjs").Choice) => void} choose
 */
export function createGauge(box, name, choose) {
  const made = makeElements(box, name);
  const { now, seen, motion, variance, seenName, what, motionWord, motionOf, varianceOf, dot, track, says } = made;
  const { lines, mark, label, button, select } = made;
  select.addEventListener("change", () => choose(/** @type {import("./subject.mjs").Choice} */ (select.value)));

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

/** @param {import("../stage/tour_view.mjs").TourView} view @param {import("./reading.mjs").Told} told @param {boolean} stops @returns {string[]} sentences, a paragraph each */
export function explanation(view, told, stops) {
  const { p, embedding, alignment } = view.run;
  const pairs = told.of.kind === "positions";
  const means = told.of.kind === "means";
  const some = told.count < told.points && !means ? ` of ${count(told.points)}` : "";
  const who = means
    ? `${count(told.count)} classes`
    : pairs
      ? `${count(told.count)} pairs of the ${count(told.points)} points that are drawn`
      : `${count(told.count)}${some} points that are drawn`;
  const long = pairs ? "how far the two are apart" : means ? "how far the two means are apart" : "how far each moves";
  const where = embedding
    ? `all ${p} coordinates of the embedding, which are not those of the data`
    : alignment
      ? keptText(view, told)
      : `all ${p} coordinates`;
  const paragraphs = [
    `ρ compares, for ${who}, ${long} in ${where} with how far on the screen: 1 where the screen has the same order, 0 where it tells nothing of it (Spearman's rank correlation).`,
    stops
      ? "Stops so far: the root of the summed squared lengths at the stops that were visited. They are at right angles to each other, so after the last one the sum is the squared length itself, and ρ is 1."
      : `Seen so far: the root mean square over all planes since ${isMotion(told.of) ? "this motion came up" : "this picture came up"}, each by how far the frame turned there (${told.turned.toFixed(1)} rad so far). A frame that stands still adds nothing.`,
    `This frame draws ${[told.motion !== null && `${shareText(told.motion)} of the squared ${means ? "differences" : "motion"}`, told.variance !== null && `${shareText(told.variance)} of the variance${endOf(view, told.of)}`].filter(Boolean).join(" and ")}; ` +
      `“Show all of it” stops at ${stopsOf(p) === 1 ? "the one plane that there is" : `${stopsOf(p)} planes that together draw all of it`}. The page Method says why.`,
  ];
  return paragraphs;
}

/** At which end of a motion the variance is. @param {import("../stage/tour_view.mjs").TourView} view @param {import("./subject.mjs").Subject} of */
function endOf({ run, states }, { kind, toEpoch, toState }) {
  if (kind === "states") return ` at ${states?.note.states[toState].name}`;
  return isMotion({ kind, fromEpoch: 0, toEpoch, fromState: 0, toState })
    ? ` at ${clockOf(run)} ${run.epochs[toEpoch]}`
    : "";
}

/** Which coordinates there are of a layer. @param {import("../stage/tour_view.mjs").TourView} view @param {import("./reading.mjs").Told} told */
function keptText({ run, states }, { of }) {
  const all = (/** @type {number} */ state) => {
    const { name, width, rank, variance } = /** @type {import("../stage/states.mjs").States} */ (states).note.states[
      state
    ];
    const kept =
      rank < width
        ? `${Math.min(run.p, rank)} of ${count(width)} of ${name}, ${shareText(variance[of.toEpoch])} of its variance`
        : `all ${width} of ${name}`;
    return kept;
  };
  const which = [...new Set([of.fromState, of.toState])].map(all).join("; ");
  return `the ${run.p} coordinates that are kept (${which})`;
}

// @ts-check
/** The elements of the meter below a stage: two lines of numbers on a track, what they mean, the button and its subject. */

import { el, icon, termMark } from "../core/dom.mjs";

/** @param {string} name of the stage */
export function makeParts(name) {
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
  const buttons = el(
    "span",
    { class: "gt-meter-buttons", role: "group", "aria-label": "Show all of it" },
    button,
    select,
  );
  return {
    elements: [gauge, termMark("rho"), buttons, says],
    now, seen, seenName, what, motion, motionWord, motionOf, variance, varianceOf, dot, track, says, lines,
    mark, label, button, select,
  }; // prettier-ignore
}

// @ts-check
/** The hover card: who a point is, and what the network says of it at this epoch. */

import { el, percent } from "../core/dom.mjs";
import { named } from "../core/names.mjs";
import { thumbnail } from "./thumbnail.mjs";

/**
 * @typedef {object} About
 * @property {number} id
 * @property {string} split
 * @property {string|null} label null where points are not told apart
 * @property {string} [labelled] what that is: "Label", or "Group"
 * @property {string|null} predicted null where the layer does not tell
 * @property {number} confidence 0..1
 * @property {number|string} epoch its number, or of which several @property {string} [clock] what it counts: "epoch", or "step"
 * @property {boolean} [wrong] whether it is taken for something else, where no predicted class says so
 * @property {Node|null} [pictures] in place of the image
 * @property {[string, string][]} [more] further rows
 * @property {import("./thumbnail.mjs").Images|null} images null until they have arrived
 * @property {number} index into the images
 */

const LETTERS = 40; // of a name: the card stays small

/** What is said of a point, each with its name. @param {About} about @returns {[string, string][]} */
export function rowsOf({ label, labelled = "Label", predicted, confidence, id, split, clock, epoch, more = [] }) {
  return [
    ...(label === null ? [] : [/** @type {[string, string]} */ ([labelled, label])]),
    ...(predicted === null ? [] : /** @type {[string, string][]} */ ([["Predicted", predicted], ["Confidence", percent(confidence)]])),
    ["Point", split ? `${id}, ${split}` : `${id}`],
    [clock === "step" ? "Step" : "Epoch", `${epoch}`],
    ...more,
  ]; // prettier-ignore
}

/** The same in a sentence, for those who hear it. @param {About} about @param {boolean} chosen whether it is selected */
export const saidOfPoint = (about, chosen) =>
  `${rowsOf(about).map(([name, value]) => `${name} ${value}`).join("; ")}${chosen ? "; selected" : ""}.`; // prettier-ignore

/** @param {HTMLElement} page the card is placed inside it */
export function createCard(page) {
  const card = el("div", { class: "gt-hover-card", hidden: true, role: "tooltip" });
  page.append(card);

  return {
    /**
     * @param {About} about
     * @param {number} left pixels in the window @param {number} top
     */
    show(about, left, top) {
      const row = (/** @type {string} */ name, /** @type {string} */ value) =>
        el("div", {}, el("dt", named(name, LETTERS)), el("dd", named(value, LETTERS)));
      const wrong = about.wrong || (about.predicted !== null && about.predicted !== about.label);
      const rows = rowsOf(about).map(([name, value]) => row(name, value));
      card.replaceChildren(
        ...(about.pictures
          ? [about.pictures]
          : about.images
            ? [thumbnail(about.images, about.index, about.label ?? `Point ${about.id}`)]
            : []),
        el("dl", { class: wrong ? "gt-wrong" : "" }, ...rows),
      );
      card.hidden = false;
      const { offsetWidth: width, offsetHeight: height } = card;
      const x = left + 16 + width > innerWidth - 8 ? left - width - 16 : left + 16;
      const y = Math.max(8, Math.min(innerHeight - height - 8, top + 12));
      card.style.transform = `translate(${Math.max(8, x)}px,${y}px)`;
    },
    hide() {
      card.hidden = true;
    },
  };
}

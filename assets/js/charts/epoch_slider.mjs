// @ts-check
/** The epoch slider: where the clock is. Of steps the reader chooses whether they are spaced evenly or by their logarithms. */

import { el } from "../core/dom.mjs";
import { whenLeft } from "../core/loop.mjs";
import { canSpace, chooseSpacing, indexAt, onSpacing, placeOf, placesOf, spacingOf } from "../state/spacing.mjs";

/**
 * @param {HTMLElement} box
 * @param {object} events
 * @param {(index: number) => void} events.seek an index into the epochs, fractions between two of them
 * @param {(places: number[]) => void} [events.spaced] where they are along the slider, whenever that is another place
 */
export function createEpochSlider(box, { seek, spaced = () => {} }) {
  const slider = el("input", {
    type: "range",
    class: "form-range gt-range",
    min: "0",
    step: "0.01",
    value: "0",
    "aria-label": "Epoch",
  });
  const label = el("output", { class: "gt-epoch-label" });
  const log = el("button", { type: "button", class: "btn btn-sm gt-button gt-spacing", hidden: true }, "log");
  log.addEventListener("click", () => chooseSpacing(spacingOf(numbers) === "log" ? "even" : "log"));
  slider.addEventListener("input", () => seek(indexAt(places, Number(slider.value))));
  // ← and → step by one epoch everywhere; the slider's own step is a hundredth
  slider.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") event.preventDefault();
  });
  box.replaceChildren(slider, label, log);
  let shown = "";
  let word = "Epoch";
  let unit = "epoch";
  let index = 0;
  /** @type {number[]} */
  let numbers = [0];
  /** @type {number[]} */
  let places = [0];

  function space() {
    places = placesOf(numbers, unit);
    log.hidden = !canSpace(numbers, unit);
    slider.step = log.hidden ? "0.01" : "any"; // the first steps may lie as close as that
    const on = spacingOf(numbers) === "log";
    log.setAttribute("aria-pressed", String(on));
    log.title = on ? "Spaced by their logarithms; press to space them evenly" : "Spaced evenly; press to space them by their logarithms"; // prettier-ignore
    log.setAttribute("aria-label", "Steps spaced by their logarithms");
    spaced(places);
    put();
  }

  function put() {
    const place = String(placeOf(places, index));
    if (document.activeElement !== slider || Number(slider.value) !== Number(place)) slider.value = place;
  }

  whenLeft(box, onSpacing(space));

  return {
    /** @param {number[]} epochs @param {string} [what] they are */
    setEpochs(epochs, what = "epoch") {
      [numbers, unit] = [epochs, what];
      word = what[0].toUpperCase() + what.slice(1);
      slider.setAttribute("aria-label", word);
      shown = "";
      slider.max = String(epochs.length - 1);
      index = Math.min(index, epochs.length - 1);
      space();
    },
    /** @param {number} at an index @param {number} epoch its number */
    show(at, epoch) {
      index = at;
      put();
      const text = `${word} ${Number.isInteger(epoch) ? epoch : epoch.toFixed(1)}`;
      if (text !== shown) {
        label.textContent = shown = text;
        slider.setAttribute("aria-valuetext", text);
      }
    },
  };
}

/**
 * The tour's speed, in even steps of its logarithm.
 *
 * @param {HTMLElement} box
 * @param {(factor: number) => void} change
 */
export function createSpeedSlider(box, change) {
  const slider = el("input", {
    type: "range",
    class: "form-range gt-range",
    min: "-2",
    max: "2",
    step: "0.25",
    value: "0",
    title: "Speed of the tour",
    "aria-label": "Speed of the tour",
  });
  slider.addEventListener("input", () => {
    const factor = 2 ** Number(slider.value);
    slider.setAttribute("aria-valuetext", `${factor.toFixed(2)} times`);
    change(factor);
  });
  box.replaceChildren(slider);
}

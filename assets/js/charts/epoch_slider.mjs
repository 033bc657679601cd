// @ts-check
/** The epoch slider: where the clock is, with what has arrived behind it. */

import { el } from "../core/dom.mjs";

/**
 * @param {HTMLElement} box
 * @param {object} events
 * @param {(index: number) => void} events.seek an index into the epochs, fractions between two of them
 */
export function createEpochSlider(box, { seek }) {
  const slider = el("input", {
    type: "range",
    class: "form-range gt-range",
    min: "0",
    step: "0.01",
    value: "0",
    "aria-label": "Epoch",
  });
  const label = el("output", { class: "gt-epoch-label" });
  slider.addEventListener("input", () => seek(Number(slider.value)));
  // ← and → step by one epoch everywhere; the slider's own step is a hundredth
  slider.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") event.preventDefault();
  });
  box.replaceChildren(slider, label);
  let shown = "";
  let word = "Epoch";

  return {
    /** @param {number[]} epochs @param {string} [what] they are */
    setEpochs(epochs, what = "epoch") {
      word = what[0].toUpperCase() + what.slice(1);
      slider.setAttribute("aria-label", word);
      shown = "";
      slider.max = String(epochs.length - 1);
    },
    /** @param {number} index @param {number} epoch its number */
    show(index, epoch) {
      if (document.activeElement !== slider || Number(slider.value) !== index) slider.value = String(index);
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

// @ts-check
/** A scale as on a map: how long a round number of the layer's own units is in the picture, whatever magnifies it. */

import { el, part } from "../core/dom.mjs";

const SHORTEST = 56; // px

/** The smallest of 1, 2, 5, 10, … times a power of ten that is at least x. @param {number} x */
export function round125(x) {
  const power = 10 ** Math.floor(Math.log10(x));
  return ([1, 2, 5, 10].find((one) => one * power >= x * (1 - 1e-9)) ?? 10) * power;
}

/** @param {import("../stage/stage.mjs").Stage} stage @param {import("../stage/tour_view.mjs").TourView} view */
export function createScaleBar(stage, view) {
  const bar = el("span", {});
  const label = el("div", {});
  const box = el("div", { class: "gt-scale-bar", role: "note" }, label, bar);
  part(stage.root, "touch").before(box);
  let said = "";
  let wide = -1;

  return {
    draw() {
      const { states } = view;
      const at = stage.viewport;
      if (!states || !at) return;
      const { position, note } = states;
      const low = Math.floor(position);
      const t = position - low;
      // what a plot unit is worth: interpolated like the points
      const worth = (1 - t) * note.states[low].scale + (t ? t * note.states[low + 1].scale : 0);
      const units = round125((SHORTEST / at.kx) * worth);
      const px = Math.round((units / worth) * at.kx);
      const name = t ? `${note.states[low].name} → ${note.states[low + 1].name}` : note.states[low].name;
      const text = `${Number(units.toPrecision(3))} of ${name}`;
      if (text !== said) label.textContent = said = text;
      if (px !== wide) bar.style.width = `${(wide = px)}px`;
    },
  };
}

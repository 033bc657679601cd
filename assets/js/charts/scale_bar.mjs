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

  /** A round number of the layer's units that is long enough, what it is of, and how many px that is; null where there are no layers. @param {{kx: number}} at */
  function lengthIn(at) {
    const { states } = view;
    if (!states) return null;
    const { position, note } = states;
    const low = Math.floor(position);
    const t = position - low;
    // what a plot unit is worth: interpolated like the points
    const worth = (1 - t) * note.states[low].scale + (t ? t * note.states[low + 1].scale : 0);
    const units = round125((SHORTEST / at.kx) * worth);
    const name = t ? `${note.states[low].name} → ${note.states[low + 1].name}` : note.states[low].name;
    return { px: (units / worth) * at.kx, text: `${Number(units.toPrecision(3))} of ${name}` };
  }

  return {
    lengthIn,
    draw() {
      const at = stage.viewport;
      const found = at && lengthIn(at);
      if (!found) return;
      const px = Math.round(found.px);
      if (found.text !== said) label.textContent = said = found.text;
      if (px !== wide) bar.style.width = `${(wide = px)}px`;
    },
  };
}

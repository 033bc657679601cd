// @ts-check
/** Two sliders, for how large and how opaque points are, switches for density shading and for the graphics card, and a button that leaves all to their number. */

import { count, el, percent } from "../core/dom.mjs";
import { createPopover } from "../core/popover.mjs";
import { createRange } from "../core/range.mjs";
import { ability } from "../gl/able.mjs";
import { canShade } from "../gl/cloud.mjs";
import { AUTOMATIC, chooseDots, dotChoice, isAutomatic, onDotChoice } from "../state/dot_choice.mjs";
import { ON_CARD, saidOfCard } from "./on_card.mjs";
import { DENSE, SHADED } from "./shading.mjs";

const OCTAVES = 2; // to both sides of the automatic size

/**
 * @typedef {object} Drawn how dots are drawn now
 * @property {number} size px @property {number} opacity @property {boolean} shaded by density
 * @property {{on: boolean, able: boolean}|null} card whether they are projected on the graphics card, and whether they can be; null where that is no question
 */

/** What is said of a value: what it comes to, and whether it was chosen. @param {string} value @param {boolean} chosen */
export const saidOf = (value, chosen) => (chosen ? value : `${value}, automatic`);

/** The same of density shading. @param {boolean} on @param {boolean} chosen @param {boolean} able whether the browser can */
export const saidOfShading = (on, chosen, able) =>
  !able ? "not in this browser" : chosen ? (on ? "on" : "off") : `above ${count(DENSE)}`;

/**
 * @param {HTMLElement} page the box is placed inside it
 * @param {() => Drawn} drawn
 */
export function createDotControls(page, drawn) {
  const said = { size: () => "", opacity: () => "" };
  said.size = () => saidOf(`${drawn().size.toFixed(1)} px`, dotChoice().size !== 1);
  said.opacity = () => saidOf(percent(drawn().opacity), dotChoice().opacity !== null);
  const size = createRange({
    label: "Size", least: -OCTAVES, most: OCTAVES, step: 0.125, value: 0, said: () => said.size(),
    changed: (octaves) => chooseDots({ ...dotChoice(), size: 2 ** octaves }),
  }); // prettier-ignore
  const opacity = createRange({
    label: "Opacity", least: 5, most: 100, step: 1, value: 100, said: () => said.opacity(),
    changed: (share) => chooseDots({ ...dotChoice(), opacity: share / 100 }),
  }); // prettier-ignore
  const shading = el("input", {
    type: "checkbox", class: "form-check-input",
    onchange: () => chooseDots({ ...dotChoice(), shading: shading.checked }),
  }); // prettier-ignore
  const shadingSaid = el("output", {});
  const card = el("input", {
    type: "checkbox", class: "form-check-input",
    onchange: () => chooseDots({ ...dotChoice(), projected: card.checked }),
  }); // prettier-ignore
  const cardSaid = el("output", {});
  const cardRow = el("label", { class: "gt-slider" }, el("span", {}, "Card"), card, cardSaid);
  const cardHint = el("p", { class: "gt-hint" }, ON_CARD);
  const automatic = el(
    "button",
    { type: "button", class: "btn btn-sm gt-button gt-bordered", onclick: () => chooseDots(AUTOMATIC) },
    "Automatic",
  );
  const box = el(
    "div",
    { class: "gt-popover gt-dots", role: "dialog", "aria-label": "How points are drawn" },
    size.element,
    opacity.element,
    el("label", { class: "gt-slider" }, el("span", { "data-gt-term": "density" }, "Density"), shading, shadingSaid),
    el("p", { class: "gt-hint" }, SHADED),
    cardRow,
    cardHint,
    el("div", { class: "gt-dots-foot" }, automatic, el("p", { class: "gt-hint" }, "By their number, unless you choose. For all pages; this browser keeps it.")),
  ); // prettier-ignore

  function show() {
    const choice = dotChoice();
    size.set(Math.log2(choice.size));
    opacity.set(Math.round(100 * drawn().opacity));
    shading.checked = drawn().shaded;
    shading.disabled = !canShade();
    shadingSaid.textContent = saidOfShading(shading.checked, choice.shading !== null, !shading.disabled);
    showCard(choice.projected !== null, drawn().card);
    automatic.disabled = isAutomatic(choice);
  }
  /** @param {boolean} chosen @param {Drawn["card"]} now */
  function showCard(chosen, now) {
    cardRow.hidden = cardHint.hidden = !now;
    if (!now) return;
    card.checked = now.on;
    card.disabled = !now.able;
    cardSaid.textContent = saidOfCard(now.on, chosen, now.able, ability().hardware);
  }
  const popover = createPopover(box, show);
  page.append(box);
  return { toggle: popover.toggle, leave: onDotChoice(() => popover.open && show()) };
}

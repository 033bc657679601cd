// @ts-check
/** A state of the network as a block of the strip: name, kind, shape, and how wide it is, with the glyph of its family. */

import { shapeText } from "../data/layers.mjs";
import { el } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";
import { svg } from "../core/svg.mjs";

const LEAST = 14; // px, a block of the narrowest state
const MOST = 46; // px, of the widest
const LETTERS = 18; // of a name; its tooltip has the whole

/** One glyph a family, on a grid of 12 × 12: colour must not be the only carrier. @type {Record<import("../data/layers.mjs").Family, string>} */
const GLYPHS = {
  input: "M2 2H10V10H2ZM2 8L5 5.5L7 7.5L8.5 6.5L10 8",
  convolution: "M1.5 1.5H10.5V10.5H1.5ZM1.5 4.5H10.5M1.5 7.5H7.5M4.5 1.5V10.5M7.5 1.5V7.5",
  pooling: "M1.5 2L5 6L1.5 10M10.5 2L7 6L10.5 10M5 6H7",
  elementwise: "M1.5 9H6L10.5 2.5",
  linear: "M2 2.5L10 2.5M2 2.5L10 9.5M2 9.5L10 2.5M2 9.5L10 9.5",
  softmax: "M2.5 10V7.5M6 10V2M9.5 10V6",
  other: "M6 1.5L10.5 6L6 10.5L1.5 6Z",
};

/** Height of a block in px: even steps of the logarithm of its width. @param {number} width @param {number} widest */
export const blockHeight = (width, widest) =>
  Math.round(LEAST + ((MOST - LEAST) * Math.log2(Math.max(1, width))) / Math.max(1, Math.log2(Math.max(2, widest))));

const SUMS = { Add: "M6 2V10M2 6H10", Subtract: "M2 6H10" };

/** @typedef {Pick<import("../payloads.mjs").GraphState, "name"|"kind"|"family"|"family_title"|"shape"|"width"> & {short?: string}} Block */

/** All of a state in words. @param {Block} state */
export const blockText = (state) => `${state.name}: ${state.kind} (${state.family_title}), ${shapeText(state.shape)}`;

/** @param {Block} state @param {number} widest */
export function makeBlock(state, widest) {
  const sum = SUMS[/** @type {keyof typeof SUMS} */ (state.kind)];
  const glyph = svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: sum ?? GLYPHS[state.family] })); // prettier-ignore
  const text = blockText(state);
  return el(
    "button",
    // reached by the slider's keys: a stop of its own for each state would be a long way through
    {
      type: "button",
      class: "gt-strip-block",
      tabIndex: -1,
      title: text,
      "aria-label": text,
      style: `--gt-color:var(--gt-kind-${state.family})`,
      "data-gt-family": state.family,
    },
    el("span", { class: "gt-strip-name" }, middle(state.short ?? state.name, LETTERS)),
    el("span", { class: "gt-strip-kind" }, state.kind),
    el("span", { class: "gt-strip-shape" }, shapeText(state.shape)),
    el(
      "span",
      { class: sum ? "gt-strip-bar gt-joint" : "gt-strip-bar" },
      el("span", { style: `height:${blockHeight(state.width, widest)}px` }, glyph),
    ),
  );
}

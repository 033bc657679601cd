// @ts-check
/** A layer of the network as a block: its head, where its values are drawn, and the panel that its button opens. */

import { shapeText } from "../data/layers.mjs";
import { el } from "../core/dom.mjs";
import { named } from "../core/names.mjs";
import { createHeatMap } from "./heat_map.mjs";
import { createBars } from "./softmax_bars.mjs";

const LETTERS = 18; // of a layer's name; its tooltip has the whole

/**
 * @typedef {import("../data/network.mjs").NetworkLayer} NetworkLayer
 * @typedef {object} Block
 * @property {NetworkLayer} layer
 * @property {HTMLElement} root
 * @property {HTMLElement} maps where the heat map is
 * @property {HTMLElement} panel where the kernels are
 * @property {ReturnType<typeof createHeatMap>} heat
 * @property {ReturnType<typeof createHeatMap>|null} weights
 * @property {ReturnType<typeof createBars>|null} bars
 * @property {HTMLButtonElement|null} button for the kernels
 * @property {number|null} limit of its scale
 */

/**
 * @param {NetworkLayer} layer
 * @param {Parameters<typeof createHeatMap>[0]} look
 * @param {string[]} classes
 * @param {(block: Block) => void} opened the panel was opened, and is empty yet
 * @returns {Block}
 */
export function makeBlock(layer, look, classes, opened) {
  const { family } = layer;
  const heat = createHeatMap(look);
  const bars = family === "softmax" && layer.shape[0] === classes.length ? createBars(classes) : null;
  const panel = el("div", { class: "gt-block-kernels", hidden: true });
  const maps = el("div", { class: "gt-block-maps" }, bars ? bars.root : heat.canvas);
  const button = layer.kernels ? makeButton(layer.name, family === "convolution" ? "Kernels" : "Weights") : null;
  const kind = layer.kind.toLowerCase() === layer.name.toLowerCase() ? null : el("span", {}, layer.kind);
  const head = el("div", { class: "gt-block-head" },
    el("h3", named(layer.name, LETTERS)),
    el("p", {}, kind, el("span", {}, shapeText(layer.shape))), bars ? null : heat.scale, button); // prettier-ignore
  const root = el(
    "section",
    {
      class: "gt-block",
      "data-gt-layer": layer.name,
      "data-gt-family": family,
      "aria-label": layer.name,
      style: `--gt-color: var(--gt-kind-${family})`,
    },
    head,
    maps,
    panel,
  );
  const block = { layer, root, maps, panel, heat, weights: null, bars, button, limit: null };
  button?.addEventListener("click", () => {
    const open = panel.hidden;
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) opened(block);
  });
  return block;
}

/** @param {string} name of the layer @param {string} word what it opens */
const makeButton = (name, word) =>
  el(
    "button",
    {
      type: "button",
      class: "btn btn-sm gt-button gt-block-more",
      title: `Show the ${word.toLowerCase()} of ${name}`,
      "aria-expanded": "false",
    },
    word,
  );

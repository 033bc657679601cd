// @ts-check
/** The network as blocks one under the other, each with what its layer puts out for one image. */

import { el } from "../core/dom.mjs";
import { makeBlock } from "./block.mjs";
import { foldParts } from "./fold_parts.mjs";
import { createHeatMap } from "./heat_map.mjs";
import { kernelOrder, layOut, layOutKernels, mapsOf, rampOf } from "./heat.mjs";
import { createLens } from "./lens.mjs";
import { kernelWords, layerWords } from "./words.mjs";

/**
 * @typedef {import("../data/network.mjs").NetworkLayer} NetworkLayer
 * @typedef {import("../data/network.mjs").Kernels} Kernels
 * @typedef {import("./block.mjs").Block} Block
 */

/**
 * @param {HTMLElement} box @param {HTMLElement} page
 * @param {object} given
 * @param {NetworkLayer[]} given.layers in network order
 * @param {string[]} given.classes names of the values that the network gives
 * @param {string} given.unit what its epochs are: "epoch" or "step"
 * @param {(layer: string) => Promise<Kernels>} given.kernels of the epoch that is shown
 */
export function createBlocks(box, page, { layers, classes, unit, kernels }) {
  page.querySelector('[data-gt-part="lens"]')?.remove();
  const lens = createLens(page);
  let ramp = rampOf(box);
  const look = { lens, ramp: () => ramp };
  let held = false;
  /** @type {import("../data/network.mjs").Passage|null} */
  let shown = null;
  const blocks = layers.map((layer) => makeBlock(layer, look, classes, drawKernels));
  box.classList.add("gt-waiting"); // empty canvases are larger than what will be drawn: nothing shows until it is
  box.replaceChildren(...foldParts(layers.map(({ name }) => name), blocks.map(({ root }) => root))); // prettier-ignore
  let wide = 0;

  const resized = new ResizeObserver(() => {
    const width = room();
    if (Math.abs(width - wide) > 1) draw();
  });
  resized.observe(box);
  const themed = new MutationObserver(() => {
    ramp = rampOf(box);
    draw();
  });
  themed.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });

  const room = () => Math.max(60, Math.floor(blocks[0].maps.clientWidth));

  /** @param {Block} block */
  async function drawKernels(block) {
    const { layer, panel } = block;
    const asked = shown;
    try {
      const found = await kernels(layer.name);
      if (asked !== shown || panel.hidden) return; // another epoch is on its way
      block.weights ??= createHeatMap(look);
      const { weight, shape, epoch } = found;
      const words = kernelWords(layer, found, classes);
      block.weights.show(layOutKernels(shape, room()), kernelOrder(weight, shape), words);
      panel.replaceChildren(el("p", { class: "gt-hint" }, `${unit[0].toUpperCase()}${unit.slice(1)} ${epoch}. ${words.order}`), block.weights.scale,
        el("div", { class: "gt-block-scroll" }, block.weights.canvas)); // prettier-ignore
    } catch (error) {
      if (!panel.hidden)
        panel.replaceChildren(el("p", { class: "gt-hint" }, error instanceof Error ? error.message : String(error)));
    }
  }

  function draw() {
    if (!shown) return;
    wide = room();
    blocks.forEach((block, i) => {
      const values = /** @type {import("../data/network.mjs").Passage} */ (shown).values[i];
      const { layer, bars, heat } = block;
      const at = layOut(mapsOf(layer.shape), wide);
      if (bars) {
        bars.lay(at.cellW);
        bars.show(values, /** @type {import("../data/network.mjs").Passage} */ (shown).label);
        return;
      }
      const none = !values.length;
      block.root.classList.toggle("gt-block-none", none);
      if (none) return;
      block.limit = heat.show(at, values, layerWords(layer, classes), held ? block.limit : null);
    });
    for (const block of blocks) if (!block.panel.hidden) drawKernels(block);
  }

  return {
    /** @param {import("../data/network.mjs").Passage} passage */
    show(passage) {
      shown = passage;
      draw();
      box.classList.remove("gt-waiting");
    },
    /** Keep the scales as they are, or let each image and epoch have its own. @param {boolean} on */
    hold(on) {
      held = on;
      if (!on) draw();
    },
    close() {
      resized.disconnect();
      themed.disconnect();
      lens.hide();
    },
  };
}

// @ts-check
/** The network as blocks one under the other, each with what its layer puts out for one image. */

import { shapeText } from "../data/layers.mjs";
import { el } from "../core/dom.mjs";
import { createHeatMap } from "./heat_map.mjs";
import { kernelOrder, layOut, layOutKernels, mapsOf, rampOf } from "./heat.mjs";
import { createLens } from "./lens.mjs";
import { createBars } from "./softmax_bars.mjs";

const COLORS_OF_INPUT = ["red", "green", "blue"];

/**
 * @typedef {import("../data/network.mjs").NetworkLayer} NetworkLayer
 * @typedef {import("../data/network.mjs").Kernels} Kernels
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
 * @param {HTMLElement} box @param {HTMLElement} page
 * @param {object} given
 * @param {NetworkLayer[]} given.layers in network order
 * @param {string[]} given.classes
 * @param {(layer: string) => Promise<Kernels>} given.kernels of the epoch that is shown
 */
export function createBlocks(box, page, { layers, classes, kernels }) {
  page.querySelector('[data-gt-part="lens"]')?.remove();
  const lens = createLens(page);
  let ramp = rampOf(box);
  const look = { lens, ramp: () => ramp };
  let held = false;
  /** @type {import("../data/network.mjs").Passage|null} */
  let shown = null;
  const blocks = layers.map((layer) => makeBlock(layer));
  box.classList.add("gt-waiting"); // empty canvases are larger than what will be drawn: nothing shows until it is
  box.replaceChildren(...blocks.map((block) => block.root));
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

  /** @param {NetworkLayer} layer @returns {Block} */
  function makeBlock(layer) {
    const { family } = layer;
    const heat = createHeatMap(look);
    const bars = family === "softmax" && layer.shape[0] === classes.length ? createBars(classes) : null;
    const panel = el("div", { class: "gt-block-kernels", hidden: true });
    const maps = el("div", { class: "gt-block-maps" }, bars ? bars.root : heat.canvas);
    const word = family === "convolution" ? "Kernels" : "Weights";
    const button = layer.kernels
      ? el(
          "button",
          {
            type: "button",
            class: "btn btn-sm gt-button gt-block-more",
            title: `Show the ${word.toLowerCase()} of ${layer.name}`,
            "aria-expanded": "false",
          },
          word,
        )
      : null;
    const kind = layer.kind.toLowerCase() === layer.name.toLowerCase() ? null : el("span", {}, layer.kind);
    const head = el("div", { class: "gt-block-head" },
      el("h3", {}, layer.name),
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
    button?.addEventListener("click", () => toggle(block));
    return block;
  }

  /** @param {Block} block */
  function toggle(block) {
    const open = block.panel.hidden;
    block.panel.hidden = !open;
    block.button?.setAttribute("aria-expanded", String(open));
    if (open) drawKernels(block);
  }

  /** @param {Block} block */
  async function drawKernels(block) {
    const { layer, panel } = block;
    const asked = shown;
    try {
      const found = await kernels(layer.name);
      if (asked !== shown || panel.hidden) return; // another epoch is on its way
      block.weights ??= createHeatMap(look);
      const { shape } = found;
      const maps = shape.length > 2;
      const at = layOutKernels(shape, room());
      const words = maps
        ? {
            what: `Kernels of ${layer.name}`,
            where: (/** @type {number} */ map, /** @type {number} */ row, /** @type {number} */ column) => [
              `from map ${Math.floor(map / shape[0]) + 1} of ${shape[1]} to map ${(map % shape[0]) + 1} of ${shape[0]}`,
              `row ${row + 1}, column ${column + 1}`,
              ...(found.bias.length ? [`offset of the map ${found.bias[map % shape[0]].toPrecision(3)}`] : []),
            ],
          }
        : {
            what: `Weights of ${layer.name}`,
            where: (/** @type {number} */ _, /** @type {number} */ row, /** @type {number} */ column) => [
              `from unit ${column + 1} of ${shape[1]} to ${unitName(layer, row)}`,
              ...(found.bias.length ? [`offset of the unit ${found.bias[row].toPrecision(3)}`] : []),
            ],
          };
      const said = maps
        ? `A column for each of the ${shape[0]} maps that come out, a row for each of the ${shape[1]} that go in.`
        : `A row for each of the ${shape[0]} units, a column for each of the ${shape[1]} values that go in.`;
      block.weights.show(at, kernelOrder(found.weight, shape), words);
      panel.replaceChildren(el("p", { class: "gt-hint" }, `Epoch ${found.epoch}. ${said}`), block.weights.scale,
        el("div", { class: "gt-block-scroll" }, block.weights.canvas)); // prettier-ignore
    } catch (error) {
      if (!panel.hidden)
        panel.replaceChildren(el("p", { class: "gt-hint" }, error instanceof Error ? error.message : String(error)));
    }
  }

  /** @param {NetworkLayer} layer @param {number} unit */
  function unitName(layer, unit) {
    return layer.shape.length === 1 && layer.shape[0] === classes.length && unit < classes.length
      ? `the unit of ${classes[unit]}`
      : `unit ${unit + 1} of ${layer.shape[0]}`;
  }

  /** How a layer's values are told. @param {NetworkLayer} layer @returns {import("./heat_map.mjs").Words} */
  function wordsOf(layer) {
    const { count, h, w } = mapsOf(layer.shape);
    const strip = h === 1 && w === 1;
    const colored = layer.kind === "Input" && count === 3;
    const mapName = (/** @type {number} */ map) => (colored ? COLORS_OF_INPUT[map] : `map ${map + 1} of ${count}`);
    return {
      what: strip
        ? `${layer.name}: ${count} units`
        : `${layer.name}: ${count} ${count === 1 ? "map" : "maps"} of ${h}×${w}`,
      where: (map, row, column) =>
        strip
          ? [layer.name, unitName(layer, map)]
          : [`${layer.name}${count > 1 || colored ? `, ${mapName(map)}` : ""}`, `row ${row + 1}, column ${column + 1}`],
    };
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
      block.limit = heat.show(at, values, wordsOf(layer), held ? block.limit : null);
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

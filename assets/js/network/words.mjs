// @ts-check
/** How the values and the kernels of a layer are told: what they are, and where in the layer the pointer is. */

import { mapsOf } from "./heat.mjs";

const COLORS_OF_INPUT = ["red", "green", "blue"];

/** @typedef {import("../data/network.mjs").NetworkLayer} NetworkLayer @typedef {import("./heat_map.mjs").Words} Words */

/**
 * A unit of a layer; those of the last one by their class, or by the name of what they give.
 *
 * @param {Pick<NetworkLayer, "shape">} layer @param {number} unit @param {string[]} classes
 */
export function unitName({ shape }, unit, classes) {
  return shape.length === 1 && shape[0] === classes.length && unit < classes.length
    ? `the unit of ${classes[unit]}`
    : `unit ${unit + 1} of ${shape[0]}`;
}

/** @param {Pick<NetworkLayer, "name"|"kind"|"shape">} layer @param {string[]} classes @returns {Words} */
export function layerWords(layer, classes) {
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
        ? [layer.name, unitName(layer, map, classes)]
        : [`${layer.name}${count > 1 || colored ? `, ${mapName(map)}` : ""}`, `row ${row + 1}, column ${column + 1}`],
  };
}

/**
 * Of kernels, or of the weights of a layer that has units and no maps.
 *
 * @param {Pick<NetworkLayer, "name"|"shape">} layer
 * @param {Pick<import("../data/network.mjs").Kernels, "shape"|"bias">} kernels
 * @param {string[]} classes
 * @returns {Words & {order: string}} the order in which they are laid out
 */
export function kernelWords(layer, { shape, bias }, classes) {
  if (shape.length > 2)
    return {
      what: `Kernels of ${layer.name}`,
      where: (map, row, column) => [
        `from map ${Math.floor(map / shape[0]) + 1} of ${shape[1]} to map ${(map % shape[0]) + 1} of ${shape[0]}`,
        `row ${row + 1}, column ${column + 1}`,
        ...(bias.length ? [`offset of the map ${bias[map % shape[0]].toPrecision(3)}`] : []),
      ],
      order: `A column for each of the ${shape[0]} maps that come out, a row for each of the ${shape[1]} that go in.`,
    };
  return {
    what: `Weights of ${layer.name}`,
    where: (_, row, column) => [
      `from unit ${column + 1} of ${shape[1]} to ${unitName(layer, row, classes)}`,
      ...(bias.length ? [`offset of the unit ${bias[row].toPrecision(3)}`] : []),
    ],
    order: `A row for each of the ${shape[0]} units, a column for each of the ${shape[1]} values that go in.`,
  };
}

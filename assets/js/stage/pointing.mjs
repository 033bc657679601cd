// @ts-check
/** What the pointer does over points: which tool it is, and whether what is picked is selected anew, added or taken away. */

import { select } from "../state/selection.mjs";

/**
 * @typedef {import("../points/gestures.mjs").Tool} Tool
 * @typedef {import("../points/gestures.mjs").How} How
 */

/** What the pointer does at first: a finger moves the picture. @returns {Tool} */
export const firstTool = () => (matchMedia("(pointer: coarse)").matches ? "look" : "lasso");

/** @param {{dataset: DOMStringMap}[]} roots that carry the tool's name, for its cursor */
export function createPointing(roots) {
  /** @type {Tool} */
  let tool = "lasso";
  /** @type {How} */
  let how = "new";

  return {
    get tool() {
      return tool;
    },
    get how() {
      return how;
    },
    /** @param {Tool} name */
    setTool(name) {
      tool = name;
      for (const root of roots) root.dataset.gtTool = name;
    },
    /** @param {How} name */
    setHow(name) {
      how = name;
    },
    /** Select points. @param {string} run @param {import("./stage.mjs").Points} points @param {number[]} indices @param {How} as */
    pick(run, { ids }, indices, as) {
      const picked = indices.map((i) => ids[i]);
      if (as === "new" || picked.length) select(run, picked, as);
    },
  };
}

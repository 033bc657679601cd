// @ts-check
/** The picture of one transition: how far its points moved in the data, and on the screen. */

import { part } from "../core/dom.mjs";
import { createLinkedScatter } from "./linked_scatter.mjs";
import { axisRange } from "./motion.mjs";

const DOT = 5; // CSS px

/**
 * @param {HTMLElement} root of the page
 * @param {any} Plotly
 * @param {object} given
 * @param {(label: number) => boolean} given.hidden whether a class is
 * @param {() => import("../points/gestures.mjs").Tool} given.tool
 * @param {(id: number|null) => void} given.hover
 * @param {(ids: number[], how: import("../points/gestures.mjs").How) => void} given.pick
 */
export function createMotionPicture(root, Plotly, { hidden, tool, hover, pick }) {
  /** @type {import("./motion.mjs").Moved|null} */
  let moved = null;
  const [box, touch, ring] = [part(root, "transition"), part(root, "touch"), part(root, "ring")];
  const scatter = createLinkedScatter({ box, touch, ring }, Plotly, {
    visible: (i) => moved !== null && !hidden(moved.points.labels[i]),
    tool,
    hover: (index) => hover(index < 0 || !moved ? null : moved.points.ids[index]),
    pick,
  });

  return {
    ...scatter,
    /** @param {import("./motion.mjs").Moved} now @param {() => boolean} wanted still, for it takes a while @returns {Promise<boolean>} whether it is there */
    open(now, wanted) {
      moved = now;
      const { points, places, positions } = now;
      const [across, up] = [axisRange(now.data), axisRange(now.screen)];
      return scatter.open({ ids: points.ids, places, positions, across, up, size: DOT }, wanted);
    },
    close() {
      moved = null;
      scatter.close();
    },
    get way() {
      return scatter.way;
    },
  };
}

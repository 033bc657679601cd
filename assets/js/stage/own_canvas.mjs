// @ts-check
/**
 * The points of a picture on a canvas of their own over plotly's graph, for as long as that draws them: shaded by density, or
 * projected on the graphics card.
 */

import { el } from "../core/dom.mjs";
import { Cloud } from "../gl/cloud.mjs";
import { aloneOpacity, crowding, layersOf, tonesOf } from "../points/shading.mjs";

/** @param {(canvas: HTMLCanvasElement) => void} place puts the canvas over plotly's graph */
export function createOwnCanvas(place) {
  /** @type {{cloud: Cloud, canvas: HTMLCanvasElement, n: number}|null} */
  let made = null;
  let shaded = false;
  /** @type {Uint32Array[]} */
  let layers = [];
  /** @type {ArrayLike<number>} */
  let drawn = [];
  /** which of some points are drawn, once that was asked for @type {Uint32Array|null} */
  let fewDrawn = null;

  const own = {
    /** Whether points are. */
    get on() {
      return made !== null;
    },
    /** Plotly draws them again: give the canvas back. */
    end() {
      made?.cloud.dispose();
      made?.canvas.remove();
      made = null;
    },
    /**
     * Show points by these colours.
     *
     * @param {Uint8Array} colors RGBA entries, as they are on the ground; the second half stand back
     * @param {Uint8Array} ids one entry a point @param {Uint32Array} order what is drawn, the last on top
     * @param {boolean} shade whether by density
     */
    dress(colors, ids, order, shade) {
      if (made?.n !== ids.length) own.end();
      if (!made) {
        const canvas = el("canvas", { class: "gt-images", "aria-hidden": "true" });
        place(canvas);
        made = { cloud: new Cloud(canvas, ids.length), canvas, n: ids.length };
      }
      [drawn, fewDrawn] = [order, null];
      shaded = shade;
      layers = shade ? layersOf(order, ids, colors.length / 4) : [order];
      made.cloud.setColors(colors, ids, layers);
    },
    /**
     * @param {import("./places.mjs").Places} places of the points @param {import("../points/viewport.mjs").Viewport} view
     * @param {number} size px of a dot
     */
    draw(places, view, size) {
      made?.cloud.draw(places.projected ?? places.all, view, size, shaded ? tones(places, view, size) : null);
    },
  };

  /** @param {import("./places.mjs").Places} places @param {import("../points/viewport.mjs").Viewport} view @param {number} size */
  function tones(places, view, size) {
    const { positions, indices, of } = places.some;
    if (indices) fewDrawn ??= amongFew(drawn, of);
    const crowded = crowding(positions, fewDrawn ?? drawn, view, size, of);
    return tonesOf(crowded, aloneOpacity(), layers[0].length > 0);
  }
  return own;
}

/** Of every so many points those that are drawn. @param {ArrayLike<number>} drawn @param {number} every */
function amongFew(drawn, every) {
  const found = [];
  for (let k = 0; k < drawn.length; k++) if (drawn[k] % every === 0) found.push(drawn[k] / every);
  return Uint32Array.from(found);
}

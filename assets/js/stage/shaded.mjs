// @ts-check
/** The points of a picture shaded by density, on a canvas that is there for as long as they are. */

import { el } from "../core/dom.mjs";
import { Density } from "../gl/density.mjs";
import { aloneOpacity, crowding, layersOf, tonesOf } from "../points/shading.mjs";

/** @param {(canvas: HTMLCanvasElement) => void} place puts the canvas over plotly's graph */
export function createShaded(place) {
  /** @type {{density: Density, canvas: HTMLCanvasElement, n: number}|null} */
  let made = null;
  /** @type {Uint32Array[]} */
  let layers = [];
  /** @type {ArrayLike<number>} */
  let drawn = [];

  const shaded = {
    /** Whether points are. */
    get on() {
      return made !== null;
    },
    /** Dots again: give the canvas back. */
    end() {
      made?.density.dispose();
      made?.canvas.remove();
      made = null;
    },
    /**
     * Show points by these colours.
     *
     * @param {Uint8Array} colors RGBA entries, as they are on the ground; the second half stand back
     * @param {Uint8Array} ids one entry a point @param {ArrayLike<number>} order what is drawn
     */
    dress(colors, ids, order) {
      if (made?.n !== ids.length) shaded.end();
      if (!made) {
        const canvas = el("canvas", { class: "gt-images", "aria-hidden": "true" });
        place(canvas);
        made = { density: new Density(canvas, ids.length), canvas, n: ids.length };
      }
      drawn = order;
      layers = layersOf(order, ids, colors.length / 4);
      made.density.setColors(colors, ids, layers);
    },
    /** @param {Float32Array} positions data units, x and y in turns @param {import("../points/viewport.mjs").Viewport} view @param {number} size px of a dot */
    draw(positions, view, size) {
      const tones = tonesOf(crowding(positions, drawn, view, size), aloneOpacity(), layers[0]?.length > 0);
      made?.density.draw(positions, view, size, tones);
    },
  };
  return shaded;
}

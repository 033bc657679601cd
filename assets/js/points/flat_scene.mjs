// @ts-check
/**
 * In the place of `gl/scene.mjs` where a browser has no WebGL: the points of a graph as dots on a 2-D canvas over its axes. It takes
 * what a scene over plotly's points takes. Plotly's own trace stays hidden, for it would ask for WebGL.
 */

import { setRanges } from "../gl/ranges.mjs";
import { createSizedCanvas } from "./sized_canvas.mjs";
import { paintDots } from "./dots.mjs";
import { createStamps } from "./stamps.mjs";
import { viewport } from "./viewport.mjs";

/** @typedef {import("./dots.mjs").Dots} Dots @typedef {import("./viewport.mjs").Viewport} Viewport */

/** scenes by graph, so that attaching twice is detach, then attach @type {WeakMap<HTMLElement, FlatScene>} */
const attached = new WeakMap();

/**
 * @param {any} gd a plotted graph @param {any} Plotly
 * @param {{trace: number, n: number, xy: Float32Array}} trace place in `gd.data`, number of points, and where they start (interleaved, data units)
 * @returns {Promise<FlatScene>}
 */
export async function attachFlat(gd, Plotly, { trace, n, xy }) {
  attached.get(gd)?.detach();
  gd.data[trace].visible = false;
  await Plotly.redraw(gd);
  const scene = new FlatScene(gd, trace, n);
  attached.set(gd, scene);
  scene.draw([xy]);
  return scene;
}

/** Empty a canvas, and draw within a view and nothing beyond it. @param {ReturnType<typeof createSizedCanvas>} canvas @param {Viewport} view @param {(pen: CanvasRenderingContext2D) => void} paint */
function paintWithin({ pen, clear }, view, paint) {
  clear();
  pen.save();
  pen.beginPath();
  pen.rect(view.left, view.top, view.width, view.height);
  pen.clip();
  paint(pen);
  pen.restore();
}

/** @param {number} n points @returns {Dots} all of them, in one colour, at the origin */
const dotsOf = (n) => ({
  positions: new Float32Array(2 * n),
  palette: new Uint8Array(4),
  ids: new Uint8Array(n),
  order: Uint32Array.from({ length: n }, (_, i) => i),
  size: 5,
  imageSize: 0,
  images: null,
  shaded: false,
  chosen: () => false,
});

export class FlatScene {
  way = "canvas";
  reason = "this browser has no WebGL";
  lost = false;

  #gd;
  #n;
  #trace;
  #canvas;
  #sized;
  #detached = false;
  #changed = true;
  #dots;

  /** @param {any} gd @param {number} trace @param {number} n points */
  constructor(gd, trace, n) {
    this.#gd = gd;
    this.#n = n;
    this.#trace = gd.data[trace];
    this.#dots = dotsOf(n);
    const canvas = document.createElement("canvas");
    canvas.className = "gt-flat";
    gd.append(canvas);
    this.#canvas = canvas;
    this.#sized = createSizedCanvas(canvas, this.#again);
    gd.on("plotly_afterplot", this.#again);
  }

  #again = () => void this.draw(null, { force: true });

  /**
   * Show points at new places; nothing is done where nothing changed.
   *
   * @param {Array<Float32Array|null|undefined>|null} [positions] of its one trace, interleaved x, y in data units
   * @param {{force?: boolean}} [options] draw even if nothing changed
   * @returns {boolean} whether a draw happened
   */
  draw(positions = null, { force = false } = {}) {
    const xy = positions?.[0];
    if (xy) {
      if (xy.length !== 2 * this.#n) throw new Error(`scene.draw: there are ${this.#n} points, got ${xy.length / 2}`);
      this.#dots.positions.set(xy);
      this.#changed = true;
    }
    const view = this.stale() ? null : viewport(this.#gd);
    if (!view || !(force || this.#changed)) return false;
    this.#changed = false;
    paintWithin(this.#sized, view, (pen) => paintDots(pen, view, this.#dots));
    return true;
  }

  /** One colour a point, from the next draw on. @param {number} _ @param {Uint8Array} palette RGBA @param {Uint8Array} ids n palette entries */
  setColors(_, palette, ids) {
    if (ids.length !== this.#n) throw new Error(`scene.setColors: there are ${this.#n} points, got ${ids.length} ids`);
    Object.assign(this.#dots, { palette: palette.slice(), ids: ids.slice() });
    this.#changed = true;
  }
  /** @param {number} _ @param {number} px diameter in CSS px */
  setSize(_, px) {
    this.#changed ||= this.#dots.size !== px;
    this.#dots.size = px;
  }
  /** Which points to draw, the last on top. @param {number} _ @param {ArrayLike<number>} indices */
  setOrder(_, indices) {
    this.#dots.order = Uint32Array.from(indices);
    this.#changed = true;
  }

  /** Let the axes show other ranges. @param {number[]} x @param {number[]} y data units, ascending @returns {boolean} whether it could; else `Plotly.relayout` is to be called */
  look(x, y) {
    if (this.stale() || !setRanges(this.#gd, x, y)) return false;
    this.#again();
    return true;
  }

  /** @returns {boolean} whether the figure was replaced, or has left the document: attach again, or detach */
  stale() {
    const gd = this.#gd;
    return this.#detached || !gd.isConnected || !gd._fullLayout || !gd.data?.includes(this.#trace);
  }

  /** Let go of the graph. */
  detach() {
    if (this.#detached) return;
    this.#detached = true;
    this.#gd.removeListener?.("plotly_afterplot", this.#again);
    this.#sized.leave();
    this.#canvas.remove();
    if (attached.get(this.#gd) === this) attached.delete(this.#gd);
  }
}

/** In the place of `gl/sprites.mjs` there: points drawn as their images, on a 2-D canvas. */
export class FlatImages {
  #sized;
  #images;
  #dots;
  #stamps;

  /** @param {HTMLCanvasElement} canvas over the graph div, of the same size @param {import("../gl/sprites.mjs").Pictures} pictures @throws {Error} where one canvas does not take as many */
  constructor(canvas, pictures) {
    const { images, n, h, w, c } = pictures;
    this.#stamps = createStamps(pictures);
    this.#sized = createSizedCanvas(canvas);
    this.#images = { images, h, w, c };
    this.#dots = dotsOf(n);
  }

  /** Colours, from the next draw on. @param {Uint8Array} palette RGBA by entry @param {Uint8Array} ids n palette entries */
  setColors(palette, ids) {
    Object.assign(this.#dots, { palette, ids });
  }
  /** Which points to draw, the last on top. @param {Uint32Array} indices */
  setOrder(indices) {
    this.#dots.order = indices;
  }
  /** Other images of the same points. @param {Uint8Array} images (n, h, w, c) */
  setImages(images) {
    this.#images = { ...this.#images, images };
  }
  /** @param {Float32Array} positions (n, 2), data units @param {Viewport} view @param {number} imageSize longer side of an image, CSS px */
  draw(positions, view, imageSize) {
    const dots = { ...this.#dots, positions, imageSize, images: this.#images };
    paintWithin(this.#sized, view, (pen) => this.#stamps.draw(pen, view, dots));
  }
  dispose() {
    this.#sized.leave();
  }
}

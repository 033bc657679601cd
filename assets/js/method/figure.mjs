// @ts-check
/**
 * What the small figures of a page of text have in common: a square picture of SVG with handles above it, drawn in
 * units of the data, that moves only while somebody can see it.
 *
 * They are of SVG because they are few lines and points, and browsers allow a page about sixteen WebGL pictures.
 */

import { createLoop, whenLeft } from "../core/loop.mjs";
import { register, unregister } from "../core/registry.mjs";

/** Units of an SVG's own grid along a side. */
export const SIDE = 400;

/**
 * From data to the grid of a square SVG whose middle is the origin.
 *
 * @param {number} reach half a side, in data units
 */
export function square(reach) {
  const scale = SIDE / 2 / reach;
  return {
    /** @param {number} x */
    left: (x) => Math.round(100 * (SIDE / 2 + scale * x)) / 100,
    /** @param {number} y */
    top: (y) => Math.round(100 * (SIDE / 2 - scale * y)) / 100,
  };
}

/**
 * The same in pixels of the element that the SVG fills, as handles want it.
 *
 * @param {Element} element
 * @param {number} reach
 * @returns {import("../points/viewport.mjs").Viewport}
 */
export function pixels(element, reach) {
  const { clientWidth: width, clientHeight: height } = element;
  return {
    left: 0,
    top: 0,
    width,
    height,
    x0: -reach,
    x1: reach,
    y0: -reach,
    y1: reach,
    kx: width / (2 * reach),
    ky: height / (2 * reach),
  };
}

/**
 * The life of a figure: its place among the stages, its clock, who sees it.
 *
 * @param {HTMLElement} root carries `data-gt-stage`
 * @param {object} how
 * @param {(dt: number) => boolean} how.frame seconds since the last; draws, and says whether to go on
 * @param {() => void} how.resized draws again
 * @param {() => object} how.inspect
 */
export function createFigure(root, { frame, resized, inspect }) {
  const name = /** @type {string} */ (root.dataset.gtStage);
  let inSight = false;
  const loop = createLoop(root, (dt) => inSight && frame(dt));
  const sight = new IntersectionObserver((entries) => {
    inSight = entries[entries.length - 1].isIntersecting;
    if (inSight) loop.wake();
  });
  const size = new ResizeObserver(resized);
  sight.observe(root);
  size.observe(root);
  const mine = () => ({ ...inspect(), running: loop.running, frame: loop.stats() });
  register(name, mine);
  whenLeft(root, () => {
    sight.disconnect();
    size.disconnect();
    unregister(name);
  });
  return {
    /** Something moves: go on frame by frame, as soon as somebody sees it. */
    wake: loop.wake,
  };
}

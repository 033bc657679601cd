// @ts-check
/** What draws points: plotly's scattergl and WebGL, or a 2-D canvas where the browser has no WebGL. */

import { toast } from "../core/dom.mjs";
import { attach, webglAvailable } from "../gl/scene.mjs";
import { createSprites } from "../gl/sprites.mjs";
import { FlatImages, attachFlat } from "./flat_scene.mjs";

/**
 * @typedef {import("../gl/scene.mjs").Scene} GlScene
 * @typedef {Pick<GlScene, "reason"|"lost"|"draw"|"setColors"|"setSize"|"setOrder"|"look"|"stale"|"detach"> & {way: string}} Scene what moves points over a graph's axes
 * @typedef {Pick<import("../gl/sprites.mjs").Sprites, "setColors"|"setOrder"|"setImages"|"dispose"> & {draw(xy: Float32Array, view: import("./viewport.mjs").Viewport, size: number): unknown}} Sprites what draws them as images
 */

const SLOWER =
  "This browser has no WebGL, so points are drawn on a plain canvas: the same picture, more slowly where there are many.";
const READ = 12_000; // ms that this can be read
let told = false;

/** Say once how points are drawn. */
function tellSlower() {
  if (!told) toast(SLOWER, "info", READ);
  told = true;
}

/**
 * Take over the points of a plotted graph's first trace, which was hidden until now: plotly's first draw then needs no WebGL.
 *
 * @param {any} gd plotly's graph div @param {any} Plotly @param {number} n points @param {Float32Array} xy where they start: interleaved, data units
 * @returns {Promise<Scene>}
 */
export async function attachPoints(gd, Plotly, n, xy) {
  if (!webglAvailable()) {
    tellSlower();
    return attachFlat(gd, Plotly, { trace: 0, n, xy });
  }
  gd.data[0].visible = true;
  return attach(gd, Plotly, [{ trace: 0, n, xy }]);
}

/** Points drawn as their images. @param {HTMLCanvasElement} canvas over the graph div @param {import("../gl/sprites.mjs").Pictures} pictures @returns {Sprites} */
export const createImages = (canvas, pictures) =>
  webglAvailable() ? createSprites(canvas, pictures) : new FlatImages(canvas, pictures);

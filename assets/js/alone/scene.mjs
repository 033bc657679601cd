// @ts-check
/**
 * In the place of `gl/scene.mjs` where a page is in a file, which has no room for plotly: dots on a WebGL canvas of their own. It
 * takes what a scene over plotly's points takes, and draws the same.
 */

import { attribute, layPoints, link, placeUnits } from "../gl/program.mjs";
import { viewport } from "../points/viewport.mjs";

const VERTEX = `
attribute vec2 place;
attribute vec4 color;
uniform vec4 toClip;
uniform float pointSize;
varying vec4 tint;
void main() {
  gl_Position = color.a == 0. ? vec4(2., 2., 0., 1.) : vec4(place * toClip.xy + toClip.zw, 0., 1.);
  gl_PointSize = pointSize + 1.;
  tint = color;
}`;

const FRAGMENT = `
precision highp float;
uniform float pointSize;
varying vec4 tint;
void main() {
  float away = length(gl_PointCoord - .5) * (pointSize + 1.);
  float alpha = tint.a * clamp(pointSize / 2. - away + .5, 0., 1.);
  if (alpha < .004) discard;
  gl_FragColor = vec4(tint.rgb * alpha, alpha);
}`;

/** @type {WeakMap<HTMLElement, Scene>} */
const attached = new WeakMap();

/** Whether this browser gives a WebGL context; the one made for asking is given back. */
export function webglAvailable() {
  const gl = document.createElement("canvas").getContext("webgl");
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return !!gl;
}

/**
 * Take over the points of a plain graph.
 *
 * @param {any} gd of `createGraph` @param {{redraw: (gd: any) => Promise<void>}} Plotly
 * @param {Array<{n: number, xy?: Float32Array}>} traces one
 * @returns {Promise<Scene>}
 */
export async function attach(gd, Plotly, [{ n, xy }]) {
  attached.get(gd)?.detach({ release: true });
  await Plotly.redraw(gd);
  const scene = new Scene(gd, n);
  attached.set(gd, scene);
  scene.draw([xy]);
  return scene;
}

export class Scene {
  way = "buffer";
  reason = "";
  lost = false;

  #gd;
  #n;
  /** @type {HTMLCanvasElement} */
  #canvas;
  /** @type {WebGLRenderingContext} */
  #gl;
  #detached = false;
  #size = 5;
  #xy;
  #colors;
  /** @type {Uint16Array|Uint32Array|null} */
  #order = null;
  /** @type {ReturnType<typeof build>} */
  #made;
  #dirty = { xy: true, colors: true, order: true, size: true };

  /** @param {any} gd @param {number} n points */
  constructor(gd, n) {
    this.#gd = gd;
    this.#n = n;
    this.#xy = new Float32Array(2 * n);
    this.#colors = new Uint8Array(4 * n);
    const canvas = document.createElement("canvas");
    canvas.className = "gl-canvas";
    canvas.style.cssText = "position: absolute; inset: 0; width: 100%; height: 100%";
    gd.append(canvas);
    const gl = canvas.getContext("webgl", { alpha: true, antialias: false, depth: false, preserveDrawingBuffer: true });
    if (!gl) throw new Error("attach: points need WebGL, this browser gives none");
    [this.#canvas, this.#gl] = [canvas, gl];
    this.#made = build(gl, n);
    canvas.addEventListener("webglcontextlost", this.#onLost);
    canvas.addEventListener("webglcontextrestored", this.#onRestored);
    gd.on("plotly_afterplot", () => this.draw(null, { force: true }));
  }

  /**
   * Show points at new places; nothing is done where nothing changed.
   *
   * @param {Array<Float32Array|null|undefined>|null} [positions] of its one trace, interleaved x, y in data units
   * @param {{force?: boolean}} [options] draw even if nothing changed
   * @returns {boolean} whether a draw happened
   */
  draw(positions = null, { force = false } = {}) {
    const xy = positions?.[0];
    const dirty = this.#dirty;
    if (xy) {
      if (xy.length !== 2 * this.#n) throw new Error(`scene.draw: there are ${this.#n} points, got ${xy.length / 2}`);
      this.#xy.set(xy);
      dirty.xy = true;
    }
    const view = viewport(this.#gd);
    if (this.stale() || this.lost || !view) return false;
    if (!(force || dirty.xy || dirty.colors || dirty.order || dirty.size)) return false;
    this.#paint(view);
    return true;
  }

  /** @param {import("../points/viewport.mjs").Viewport} view */
  #paint(view) {
    const [gl, canvas, made, dirty] = [this.#gl, this.#canvas, this.#made, this.#dirty];
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [this.#gd.clientWidth, this.#gd.clientHeight].map((px) =>
      Math.max(1, Math.round(px * ratio)),
    );
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    if (dirty.xy) put(gl, made.places, this.#xy);
    if (dirty.colors) put(gl, made.colors, this.#colors);
    if (dirty.order && this.#order) gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, this.#order, gl.DYNAMIC_DRAW);
    dirty.xy = dirty.colors = dirty.order = dirty.size = false;
    gl.viewport(0, 0, width, height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform1f(made.pointSize, this.#size * ratio);
    placeUnits(gl, made.toClip, view, width, height, ratio);
    const order = this.#order;
    if (!order) gl.drawArrays(gl.POINTS, 0, this.#n);
    else gl.drawElements(gl.POINTS, order.length, order.BYTES_PER_ELEMENT === 2 ? gl.UNSIGNED_SHORT : gl.UNSIGNED_INT, 0); // prettier-ignore
  }

  /** One colour a point, from the next draw on. @param {number} _ @param {Uint8Array} palette RGBA; alpha 0 hides @param {Uint8Array} ids n palette entries */
  setColors(_, palette, ids) {
    const entries = new Uint32Array(palette.slice().buffer); // a colour is one number
    const colors = new Uint32Array(this.#colors.buffer);
    for (let i = 0; i < colors.length; i++) colors[i] = entries[ids[i]];
    this.#dirty.colors = true;
  }
  /** @param {number} _ @param {number} px diameter in CSS px */
  setSize(_, px) {
    this.#dirty.size ||= this.#size !== px;
    this.#size = px;
  }
  /** Which points to draw, the last on top; null is all, as they came. @param {number} _ @param {ArrayLike<number>|null} indices */
  setOrder(_, indices) {
    const Indices = this.#n > 65535 ? Uint32Array : Uint16Array;
    this.#order = indices && new Indices(indices);
    this.#dirty.order = true;
  }

  /** Let the axes show other ranges. @param {number[]} x @param {number[]} y data units, ascending @returns {boolean} whether it could */
  look(x, y) {
    const { layout, _fullLayout } = this.#gd;
    if (this.lost || this.stale()) return false;
    [layout.xaxis.range, layout.yaxis.range] = [[...x], [...y]];
    [_fullLayout.xaxis.range, _fullLayout.yaxis.range] = [[...x], [...y]];
    this.draw(null, { force: true });
    return true;
  }

  /** @returns {boolean} whether it has left the document */
  stale() {
    return this.#detached || !this.#gd.isConnected;
  }

  /** Let go of the graph. @param {{release?: boolean}} [options] give the context back at once */
  detach({ release = false } = {}) {
    if (this.#detached) return;
    this.#detached = true;
    this.#canvas.removeEventListener("webglcontextlost", this.#onLost);
    this.#canvas.removeEventListener("webglcontextrestored", this.#onRestored);
    this.#canvas.remove();
    if (release) this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  /** @param {Event} event */
  #onLost = (event) => {
    event.preventDefault(); // else it never comes back
    this.lost = true;
  };
  #onRestored = () => {
    this.lost = false;
    this.#made = build(this.#gl, this.#n);
    this.#dirty = { xy: true, colors: true, order: true, size: true };
    this.draw(null, { force: true });
  };
}

/** @param {WebGLRenderingContext} gl @param {WebGLBuffer|null} buffer @param {ArrayBufferView} data */
function put(gl, buffer, data) {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferSubData(gl.ARRAY_BUFFER, 0, /** @type {Float32Array<ArrayBuffer>} */ (data));
}

/** Program and buffers of a context. @param {WebGLRenderingContext} gl @param {number} n points */
function build(gl, n) {
  const program = link(gl, VERTEX, FRAGMENT, "attach");
  gl.useProgram(program);
  const places = attribute(gl, program, "place", 2, gl.FLOAT, new Float32Array(2 * n));
  const colors = attribute(gl, program, "color", 4, gl.UNSIGNED_BYTE, new Uint8Array(4 * n));
  layPoints(gl, n);
  const at = (/** @type {string} */ name) => gl.getUniformLocation(program, name);
  return { places, colors, toClip: at("toClip"), pointSize: at("pointSize") };
}

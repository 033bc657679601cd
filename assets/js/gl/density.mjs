// @ts-check
/**
 * Points drawn by how many lie over each other: they are added up pixel by pixel, in floats, on a WebGL canvas of their own; what a
 * pixel shows is the mean of their colours, the more opaque, the more there are.
 *
 * Points that stand back are added up and shown first, those that stand out over them, so that few selected ones are seen on any
 * number of others. The same in numbers is `points/shading.mjs`, for pictures.
 */

import { attribute, link, placeUnits } from "./program.mjs";

/**
 * @typedef {import("../points/viewport.mjs").Viewport} Viewport
 * @typedef {{alone: number, full: number}} Tone opacity of a point that lies alone; logarithm of how many over each other are opaque
 */

const ADD = `#version 300 es
in vec2 place;          // data units
in vec4 color;
uniform vec4 toClip;    // scale x, scale y, shift x, shift y
uniform float size;     // device px
out vec3 tint;
void main() {
  gl_Position = vec4(place * toClip.xy + toClip.zw, 0., 1.);
  gl_PointSize = size + 1.;
  tint = color.rgb;
}`;

const ADDED = `#version 300 es
precision highp float;
uniform float size;
in vec3 tint;
out vec4 sum;           // colours, and how many
void main() {
  float covered = clamp(.5 * size + .5 - length(gl_PointCoord - .5) * (size + 1.), 0., 1.);
  if (covered == 0.) discard;
  sum = covered * vec4(tint, 1.);
}`;

const SHOW = `#version 300 es
void main() {           // one triangle over everything
  gl_Position = vec4(float(gl_VertexID / 2) * 4. - 1., float(gl_VertexID % 2) * 4. - 1., 0., 1.);
}`;

const SHOWN = `#version 300 es
precision highp float;
uniform sampler2D sums;
uniform vec2 tone;      // opacity of one, logarithm of how many are opaque
out vec4 shown;
void main() {
  vec4 sum = texelFetch(sums, ivec2(gl_FragCoord.xy), 0);
  if (sum.a == 0.) discard;
  float alpha = sum.a < 1. ? tone.x * sum.a : tone.x + (1. - tone.x) * min(1., log(sum.a) / tone.y);
  shown = vec4(sum.rgb / sum.a * alpha, alpha);
}`;

/** @type {boolean|null} */
let able = null;

/** Whether this browser adds up floats in a picture; the context made for asking is given back. */
export function canShade() {
  if (able !== null) return able;
  const gl = document.createElement("canvas").getContext("webgl2");
  able = !!gl && addsFloats(gl);
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return able;
}

/** @param {WebGL2RenderingContext} gl */
const addsFloats = (gl) =>
  gl.getExtension("EXT_color_buffer_float") !== null && gl.getExtension("EXT_float_blend") !== null;

export class Density {
  /** true while there is no context to draw with */
  lost = false;

  #canvas;
  #n;
  /** @type {WebGL2RenderingContext} */ #gl;
  /** @type {ReturnType<typeof build>|null} */ #made = null;
  #colors;
  /** which points stand back, and which stand out @type {Uint32Array[]} */
  #layers = [new Uint32Array(0), new Uint32Array(0)];
  #dirty = true;
  /** the last frame asked for @type {[Float32Array, Viewport, number, Tone[]]|null} */ #last = null;
  #disposed = false;
  /** CSS px, kept by an observer: asking for them in a frame would force a layout */
  #box = { width: 0, height: 0 };
  #observer;

  /**
   * @param {HTMLCanvasElement} canvas over the graph div, of the same size; its first context is this one's
   * @param {number} n points
   * @throws {Error} where the browser cannot: see `canShade`
   */
  constructor(canvas, n) {
    const gl = canvas.getContext("webgl2", { alpha: true, antialias: false, depth: false });
    if (!gl || !addsFloats(gl)) throw new Error("Density: shading needs WebGL 2 that adds up floats; show dots");
    this.#canvas = canvas;
    this.#gl = gl;
    this.#n = n;
    this.#colors = new Uint8Array(4 * n);
    canvas.addEventListener("webglcontextlost", this.#onLost);
    canvas.addEventListener("webglcontextrestored", this.#onRestored);
    this.#box = { width: canvas.clientWidth, height: canvas.clientHeight };
    this.#observer = new ResizeObserver(() => {
      this.#box = { width: canvas.clientWidth, height: canvas.clientHeight };
    });
    this.#observer.observe(canvas);
    this.#made = build(gl, n);
  }

  /**
   * Colours, and what is drawn; from the next draw on.
   *
   * @param {Uint8Array} palette RGBA by entry, whose opacity is not asked for @param {Uint8Array} ids n palette entries
   * @param {Uint32Array[]} layers points that stand back, points that stand out
   */
  setColors(palette, ids, layers) {
    if (ids.length !== this.#n)
      throw new Error(`density.setColors: there are ${this.#n} points, got ${ids.length} ids`);
    const from = new Uint32Array(palette.slice().buffer);
    const to = new Uint32Array(this.#colors.buffer);
    for (let i = 0; i < ids.length; i++) to[i] = from[ids[i]];
    this.#layers = layers;
    this.#dirty = true;
  }

  /**
   * @param {Float32Array} xy (n, 2), interleaved, data units; kept until the next draw, for a context that comes back
   * @param {Viewport} view where plotly's axes put data, CSS px from the canvas' left and top edge
   * @param {number} sizePx diameter of a dot, CSS px @param {Tone[]} tones of what stands back, of what stands out
   * @returns {boolean} whether it drew: not while the context is lost
   */
  draw(xy, view, sizePx, tones) {
    this.#last = [xy, view, sizePx, tones];
    if (xy.length !== 2 * this.#n)
      throw new Error(`density.draw: there are ${this.#n} points, got ${xy.length / 2} positions`);
    const made = this.#made;
    if (!made || this.#disposed) return false;
    const gl = this.#gl;
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = this.#fit(made, ratio);
    gl.bindBuffer(gl.ARRAY_BUFFER, made.places);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, xy);
    if (this.#dirty) this.#upload(made);
    const box = [view.left * ratio, height - (view.top + view.height) * ratio, view.width * ratio, view.height * ratio];
    gl.viewport(0, 0, width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.disable(gl.SCISSOR_TEST);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(Math.round(box[0]), Math.round(box[1]), Math.round(box[2]), Math.round(box[3]));
    gl.useProgram(made.adding);
    gl.uniform1f(made.at.size, Math.max(1, sizePx * ratio));
    placeUnits(gl, made.at.toClip, view, width, height, ratio);
    let from = 0;
    this.#layers.forEach(({ length }, layer) => {
      if (length) this.#show(made, from, length, tones[layer]);
      from += length;
    });
    return true;
  }

  /** Add up some of the points, and show what that makes. @param {ReturnType<typeof build>} made @param {number} from @param {number} many @param {Tone} tone */
  #show(made, from, many, tone) {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, made.frame);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.useProgram(made.adding);
    gl.blendFunc(gl.ONE, gl.ONE);
    gl.drawElements(gl.POINTS, many, gl.UNSIGNED_INT, 4 * from);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.useProgram(made.showing);
    gl.uniform2f(made.at.tone, tone.alone, tone.full);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Have the canvas and its sums as large as its box. @param {ReturnType<typeof build>} made @param {number} ratio device px a CSS px */
  #fit(made, ratio) {
    const canvas = this.#canvas;
    const width = Math.max(1, Math.round(this.#box.width * ratio));
    const height = Math.max(1, Math.round(this.#box.height * ratio));
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    if (made.width !== width || made.height !== height) {
      const gl = this.#gl;
      Object.assign(made, { width, height });
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, width, height, 0, gl.RGBA, gl.FLOAT, null);
    }
    return { width, height };
  }

  /** @param {ReturnType<typeof build>} made */
  #upload(made) {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, made.colors);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, this.#colors);
    const all = new Uint32Array(this.#layers.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const layer of this.#layers) {
      all.set(layer, at);
      at += layer.length;
    }
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, all, gl.DYNAMIC_DRAW);
    this.#dirty = false;
  }

  /** Give everything back, the context included; the canvas is of no use after it. */
  dispose() {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#observer.disconnect();
    this.#canvas.removeEventListener("webglcontextlost", this.#onLost);
    this.#canvas.removeEventListener("webglcontextrestored", this.#onRestored);
    this.#made = this.#last = null;
    this.lost = true;
    if (!this.#gl.isContextLost()) this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  /** @param {Event} event */
  #onLost = (event) => {
    event.preventDefault(); // else it never comes back
    this.lost = true;
    this.#made = null;
  };

  #onRestored = () => {
    this.lost = false;
    this.#dirty = true;
    if (!addsFloats(this.#gl)) return; // extensions are to be asked for again
    this.#made = build(this.#gl, this.#n);
    if (this.#last) this.draw(...this.#last);
  };
}

/** Programs, buffers and the texture of sums. @param {WebGL2RenderingContext} gl @param {number} n points */
function build(gl, n) {
  const adding = link(gl, ADD, ADDED, "Density");
  const showing = link(gl, SHOW, SHOWN, "Density");
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, 1, 1, 0, gl.RGBA, gl.FLOAT, null);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
  const frame = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  const places = attribute(gl, adding, "place", 2, gl.FLOAT, new Float32Array(2 * n));
  const colors = attribute(gl, adding, "color", 4, gl.UNSIGNED_BYTE, new Uint8Array(4 * n));
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
  gl.enable(gl.BLEND);
  gl.clearColor(0, 0, 0, 0);
  const at = {
    toClip: gl.getUniformLocation(adding, "toClip"),
    size: gl.getUniformLocation(adding, "size"),
    tone: gl.getUniformLocation(showing, "tone"),
  };
  return { adding, showing, frame, places, colors, at, width: 1, height: 1 };
}

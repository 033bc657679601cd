// @ts-check
/**
 * Points on a WebGL 2 canvas of their own, over plotly's axes. Where they are is told in each frame, or projected on the graphics card
 * from slices that stay there. They are drawn as dots, or by density: then they are added up pixel by pixel, in floats, and a pixel
 * shows the mean of their colours, the more opaque, the more there are.
 *
 * Points that stand back are drawn first, those that stand out over them, so that few selected ones are seen on any number of others.
 * Density in numbers is `points/shading.mjs`, for pictures.
 *
 * A canvas of our own and not plotly's: that is WebGL 1, without textures of integers and numbers of vertices, so that slices would have
 * to be repacked, and every redraw of plotly's would have to be caught. Axes, legend and all smaller data stay plotly's.
 */

import { ability, addsFloats } from "./able.mjs";
import { COLOR, MOST_P, PLACE, SHOW, SHOWN, shadersOf } from "./cloud_shaders.mjs";
import { createBox, link, placeUnits } from "./program.mjs";
import { createSliceTextures, rowsFor } from "./slice_textures.mjs";

/**
 * @typedef {import("../points/viewport.mjs").Viewport} Viewport
 * @typedef {import("../data/tensors.mjs").Loaded} Loaded
 * @typedef {{alone: number, full: number}} Tone opacity of a point that lies alone; logarithm of how many over each other are opaque
 * @typedef {object} Projected where points are, as they are to be projected
 * @property {Float64Array} frame (p, 2), row-major @property {number} p
 * @property {Loaded} a @property {Loaded} b @property {number} t from a (0) to b (1) @property {number} weight of all
 * @property {Loaded|null} next a slice that is to be between soon
 */

/** Whether this browser can shade by cloud. */
export const canShade = () => ability().adds;

/** Whether it can project points of so many coordinates on the graphics card. @param {number} n @param {number} p */
export const canProject = (n, p) => p >= 1 && p <= MOST_P && n > 0 && rowsFor(n * p) <= ability().side;

/** Names of the uniforms. */
const UNIFORMS = ["toClip", "size", "frame", "p", "weights", "shift", "before", "after"];

export class Cloud {
  /** true while there is no context to draw with */
  lost = false;

  #canvas;
  #n;
  /** @type {WebGL2RenderingContext} */ #gl;
  /** @type {ReturnType<typeof build>|null} */ #made = null;
  #colors;
  /** which points stand back, and which stand out @type {Uint32Array[]} */
  #layers = [];
  #dirty = true;
  /** the last frame asked for @type {[Float32Array|Projected, Viewport, number, Tone[]|null]|null} */ #last = null;
  #disposed = false;
  #box;

  /**
   * @param {HTMLCanvasElement} canvas over the graph div, of the same size; its first context is this one's
   * @param {number} n points
   * @throws {Error} where the browser has no WebGL 2
   */
  constructor(canvas, n) {
    const gl = canvas.getContext("webgl2", { alpha: true, antialias: false, depth: false });
    if (!gl) throw new Error("Cloud: this needs WebGL 2; let plotly draw the points");
    addsFloats(gl); // extensions are to be asked for before they are used
    this.#canvas = canvas;
    this.#gl = gl;
    this.#n = n;
    this.#colors = new Uint8Array(4 * n);
    canvas.addEventListener("webglcontextlost", this.#onLost);
    canvas.addEventListener("webglcontextrestored", this.#onRestored);
    this.#box = createBox(canvas);
    this.#made = build(gl, n);
  }

  /**
   * Colours, and what is drawn; from the next draw on. Where points are is not sent again.
   *
   * @param {Uint8Array} palette RGBA by entry, of whose opacity shading takes no notice @param {Uint8Array} ids n palette entries
   * @param {Uint32Array[]} layers points to draw, the last on top: those that stand back, those that stand out
   */
  setColors(palette, ids, layers) {
    if (ids.length !== this.#n) throw new Error(`cloud.setColors: there are ${this.#n} points, got ${ids.length} ids`);
    const from = new Uint32Array(palette.slice().buffer);
    const to = new Uint32Array(this.#colors.buffer);
    for (let i = 0; i < ids.length; i++) to[i] = from[ids[i]];
    this.#layers = layers;
    this.#dirty = true;
  }

  /**
   * @param {Float32Array|Projected} where (n, 2), interleaved, data units, or how that is projected; kept until the next draw, for a context that comes back
   * @param {Viewport} view where plotly's axes put data, CSS px from the canvas' left and top edge
   * @param {number} sizePx diameter of a dot, CSS px @param {Tone[]|null} tones of the layers, by density; null for dots
   * @returns {boolean} whether it drew: not while the context is lost
   */
  draw(where, view, sizePx, tones) {
    this.#last = [where, view, sizePx, tones];
    const made = this.#made;
    if (!made || this.#disposed) return false;
    const gl = this.#gl;
    const { width, height, ratio } = this.#box.fit();
    if (tones) this.#fitSums(made, width, height);
    const program = made.program("frame" in where ? "slices" : "places", tones ? "sums" : "dots");
    gl.useProgram(program.program);
    if ("frame" in where) this.#project(made, program.at, where);
    else this.#place(made, where);
    if (this.#dirty) this.#upload(made);
    this.#clear(view, width, height, ratio);
    gl.uniform1f(program.at.size, Math.max(1, sizePx * ratio));
    placeUnits(gl, program.at.toClip, view, width, height, ratio);
    let from = 0;
    this.#layers.forEach(({ length }, layer) => {
      if (length && tones) this.#addUp(made, program.program, from, length, tones[layer]);
      else if (length) this.#dot(from, length);
      from += length;
    });
    return true;
  }

  /** Points are there. @param {ReturnType<typeof build>} made @param {Float32Array} xy */
  #place(made, xy) {
    const gl = this.#gl;
    if (xy.length !== 2 * this.#n)
      throw new Error(`cloud.draw: there are ${this.#n} points, got ${xy.length / 2} positions`);
    gl.bindBuffer(gl.ARRAY_BUFFER, made.places());
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, xy);
  }

  /** Points are where slices have them, seen like this. @param {ReturnType<typeof build>} made @param {Record<string, WebGLUniformLocation|null>} at @param {Projected} where */
  #project(made, at, { frame, p, a, b, t, weight, next }) {
    const gl = this.#gl;
    if (a.values.length !== p * this.#n)
      throw new Error(`cloud.draw: ${this.#n} points of ${p} coordinates, got ${a.values.length} values`);
    const moving = a.values !== b.values && t > 0;
    const share = moving ? t : 0;
    const offset = weight * ((1 - share) * a.offset + share * b.offset);
    let [x, y] = [0, 0];
    for (let j = 0; j < p; j++) [x, y] = [x + frame[2 * j], y + frame[2 * j + 1]];
    const rows = new Float32Array(4 * Math.ceil(p / 2));
    rows.set(frame);
    const textures = [made.slices.whole(a.values), made.slices.whole(moving ? b.values : a.values)];
    if (next) made.slices.ahead(next.values);
    textures.forEach((texture, unit) => {
      gl.activeTexture(gl.TEXTURE1 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
    });
    gl.activeTexture(gl.TEXTURE0);
    gl.uniform1i(at.before, 1);
    gl.uniform1i(at.after, 2);
    gl.uniform4fv(at.frame, rows);
    gl.uniform1i(at.p, p);
    gl.uniform2f(at.weights, weight * (1 - share) * a.scale, weight * share * b.scale);
    gl.uniform2f(at.shift, offset * x, offset * y);
  }

  /** An empty canvas, of which only the plot is drawn on. @param {Viewport} view @param {number} width device px @param {number} height @param {number} ratio device px a CSS px */
  #clear(view, width, height, ratio) {
    const gl = this.#gl;
    const box = [view.left * ratio, height - (view.top + view.height) * ratio, view.width * ratio, view.height * ratio];
    gl.viewport(0, 0, width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.disable(gl.SCISSOR_TEST);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(Math.round(box[0]), Math.round(box[1]), Math.round(box[2]), Math.round(box[3]));
  }

  /** Draw some of the points as dots. @param {number} from @param {number} many */
  #dot(from, many) {
    const gl = this.#gl;
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawElements(gl.POINTS, many, gl.UNSIGNED_INT, 4 * from);
  }

  /** Add up some of the points, and show what that makes. @param {ReturnType<typeof build>} made @param {WebGLProgram} adding @param {number} from @param {number} many @param {Tone} tone */
  #addUp(made, adding, from, many, tone) {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, made.sums.frame);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.useProgram(adding);
    gl.blendFunc(gl.ONE, gl.ONE);
    gl.drawElements(gl.POINTS, many, gl.UNSIGNED_INT, 4 * from);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.useProgram(made.sums.showing);
    gl.bindTexture(gl.TEXTURE_2D, made.sums.texture);
    gl.uniform2f(made.sums.tone, tone.alone, tone.full);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Have the sums as large as the canvas. @param {ReturnType<typeof build>} made @param {number} width device px @param {number} height */
  #fitSums({ sums }, width, height) {
    if (sums.width === width && sums.height === height) return;
    const gl = this.#gl;
    Object.assign(sums, { width, height });
    gl.bindTexture(gl.TEXTURE_2D, sums.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, width, height, 0, gl.RGBA, gl.FLOAT, null);
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
    this.#box.leave();
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
    addsFloats(this.#gl); // extensions are to be asked for again
    this.#made = build(this.#gl, this.#n);
    if (this.#last) this.draw(...this.#last);
  };
}

/** Programs, which are made when they are used first, buffers, slices and the texture of sums. @param {WebGL2RenderingContext} gl @param {number} n points */
function build(gl, n) {
  /** @type {Map<string, {program: WebGLProgram, at: Record<string, WebGLUniformLocation|null>}>} */
  const programs = new Map();
  /** @type {WebGLBuffer|null} */
  let places = null;
  const buffer = (/** @type {number} */ bytes) => {
    const made = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, made);
    gl.bufferData(gl.ARRAY_BUFFER, bytes, gl.DYNAMIC_DRAW);
    return made;
  };
  const colors = buffer(4 * n);
  gl.enableVertexAttribArray(COLOR);
  gl.vertexAttribPointer(COLOR, 4, gl.UNSIGNED_BYTE, true, 0, 0);
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
  gl.enable(gl.BLEND);
  gl.clearColor(0, 0, 0, 0);
  return {
    colors,
    sums: buildSums(gl),
    slices: createSliceTextures(gl),
    /** Where points are, where that is told. */
    places() {
      if (places) return places;
      places = buffer(8 * n);
      gl.enableVertexAttribArray(PLACE);
      gl.vertexAttribPointer(PLACE, 2, gl.FLOAT, false, 0, 0);
      return places;
    },
    /** @param {"places"|"slices"} source @param {"dots"|"sums"} drawn */
    program(source, drawn) {
      const name = `${source} ${drawn}`;
      const found = programs.get(name);
      if (found) return found;
      const program = link(gl, ...shadersOf(source, drawn), "Cloud");
      const at = Object.fromEntries(UNIFORMS.map((one) => [one, gl.getUniformLocation(program, one)]));
      const made = { program, at };
      programs.set(name, made);
      return made;
    },
  };
}

/** What is added up. @param {WebGL2RenderingContext} gl */
function buildSums(gl) {
  const showing = link(gl, SHOW, SHOWN, "Cloud");
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, 1, 1, 0, gl.RGBA, gl.FLOAT, null);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
  const frame = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  return { showing, texture, frame, tone: gl.getUniformLocation(showing, "tone"), width: 1, height: 1 };
}

// @ts-check
/**
 * Points drawn as their images, on a WebGL canvas of their own: one texture with all images, one draw call of gl.POINTS.
 *
 * Grey images (digits, garments) are ink in the point's colour: the brighter, the more opaque, so that their black ground vanishes on
 * light and on dark pages. Colour images are shown as they are, framed in the point's colour.
 *
 * A canvas can have one context in its life and browsers allow about 16 a page, so `dispose` has the context lost and
 * `createSprites` on the same canvas has it restored (a moment later; the last frame asked for is drawn then).
 */

import { attribute, createBox, layPoints, link, placeUnits } from "./program.mjs";

/**
 * @typedef {import("../points/viewport.mjs").Viewport} Viewport
 * @typedef {{images: Uint8Array, n: number, h: number, w: number, c: number}} Pictures images (n, h, w, c) in C order; c is 1 or 3
 */

/** Exponent by which a grey image is ink. */
export const INK = 0.8;

const VERTEX = `
attribute vec2 place;   // data units
attribute float cell;   // which image
attribute vec4 color;
uniform vec4 toClip;    // scale x, scale y, shift x, shift y
uniform float pointSize, columns;
varying vec4 tint;
varying vec2 corner;    // upper left texel of the image
uniform vec2 imageSize;
void main() {
  gl_Position = color.a == 0. ? vec4(2., 2., 0., 1.) : vec4(place * toClip.xy + toClip.zw, 0., 1.);
  gl_PointSize = pointSize;
  float row = floor((cell + .5) / columns);
  corner = vec2(cell - row * columns, row) * imageSize;
  tint = color;
}`;

const FRAGMENT = `
precision highp float;
uniform sampler2D atlas;
uniform vec2 imageSize, atlasSize;
uniform float pointSize, frame;  // frame: width in device px, 0 for grey images
varying vec4 tint;
varying vec2 corner;
void main() {
  vec2 span = imageSize / max(imageSize.x, imageSize.y);  // of the square that the point is
  vec2 at = (gl_PointCoord - .5) / span + .5;             // 0 to 1 over the image
  if (at.x < 0. || at.x > 1. || at.y < 0. || at.y > 1.) discard;
  vec2 texel = clamp(at * imageSize, vec2(.5), imageSize - .5);  // half a texel in: neighbours must not bleed
  vec3 image = texture2D(atlas, (corner + texel) / atlasSize).rgb;
  vec2 edge = min(at, 1. - at) * span * pointSize;
  float alpha = tint.a;
  vec3 shown = image;
  if (frame == 0.) {
    alpha *= pow(image.r, ${INK});
    shown = tint.rgb;
  } else if (min(edge.x, edge.y) < frame) {
    shown = tint.rgb;
  }
  if (alpha < .004) discard;
  gl_FragColor = vec4(shown * alpha, alpha);
}`;

/** contexts put to rest by `dispose`, by canvas @type {WeakMap<HTMLCanvasElement, { extension: WEBGL_lose_context, gone: boolean, wake: (() => void) | null }>} */
const resting = new WeakMap();

/**
 * Make the sprites of one stage.
 *
 * @param {HTMLCanvasElement} canvas over the graph div, of the same size; transparent to the pointer
 * @param {Pictures} pictures
 * @returns {Sprites}
 * @throws {Error} without WebGL, when the array has another length, or when the images don't fit one texture
 *   (the smallest on any current machine, 4,096 px, takes 16,384 of 32 × 32)
 */
export function createSprites(canvas, pictures) {
  const { images, n, h, w, c } = pictures;
  if (c !== 1 && c !== 3) throw new Error(`createSprites: an image has 1 or 3 channels, got ${c}`);
  if (images.length !== n * h * w * c) {
    throw new Error(
      `createSprites: ${n} images of ${h} × ${w} × ${c} are ${n * h * w * c} bytes, got ${images.length}`,
    );
  }
  return new Sprites(canvas, pictures);
}

export class Sprites {
  /** true while there is no context to draw with */
  lost = false;

  #canvas;
  #pictures;
  /** @type {WebGLRenderingContext} */ #gl;
  /** @type {ReturnType<typeof build> | null} */ #made = null;
  #colors;
  /** @type {Uint16Array | Uint32Array | null} */ #order = null;
  #dirty = { colors: true, order: true };
  /** the last frame asked for @type {[Float32Array, Viewport, number] | null} */ #last = null;
  #disposed = false;
  #box;

  /** @param {HTMLCanvasElement} canvas @param {Pictures} pictures */
  constructor(canvas, pictures) {
    const gl = canvas.getContext("webgl", { alpha: true, antialias: false, depth: false });
    if (!gl) throw new Error("createSprites: images need WebGL, this browser gives none; show dots");
    this.#canvas = canvas;
    this.#pictures = pictures;
    this.#gl = gl;
    this.#colors = new Uint8Array(4 * pictures.n).fill(255);
    canvas.addEventListener("webglcontextlost", this.#onLost);
    canvas.addEventListener("webglcontextrestored", this.#onRestored);
    this.#box = createBox(canvas);
    this.lost = gl.isContextLost();
    if (this.lost) wake(canvas);
    else this.#made = build(gl, pictures);
  }

  /**
   * Colours, as `Scene.setColors` takes them; from the next draw on.
   *
   * @param {Uint8Array} palette RGBA by entry; alpha 0 hides a point, below 255 dims it
   * @param {Uint8Array} ids n palette entries
   */
  setColors(palette, ids) {
    if (ids.length !== this.#pictures.n)
      throw new Error(`sprites.setColors: there are ${this.#pictures.n} images, got ${ids.length} ids`);
    const colors = this.#colors;
    for (let i = 0, j = 0; i < ids.length; i++) {
      const m = 4 * ids[i];
      colors[j++] = palette[m];
      colors[j++] = palette[m + 1];
      colors[j++] = palette[m + 2];
      colors[j++] = palette[m + 3];
    }
    this.#dirty.colors = true;
  }

  /**
   * Show other images of the same points; from the next draw on.
   *
   * @param {Uint8Array} images (n, h, w, c)
   */
  setImages(images) {
    const { n, h, w, c } = this.#pictures;
    if (images.length !== n * h * w * c) {
      throw new Error(
        `sprites.setImages: ${n} images of ${h} × ${w} × ${c} are ${n * h * w * c} bytes, got ${images.length}`,
      );
    }
    this.#pictures = { ...this.#pictures, images };
    if (this.#made) upload(this.#gl, this.#pictures, this.#made.columns);
  }

  /** @param {ArrayLike<number> | null} indices which points to draw, the last on top; null is all, as they came */
  setOrder(indices) {
    this.#order = indices && (this.#pictures.n > 65535 ? Uint32Array : Uint16Array).from(indices);
    this.#dirty.order = true;
  }

  /**
   * Draw all points. The canvas shows it until the next draw; to read it (a saved picture) do so in the same task.
   *
   * @param {Float32Array} xy (n, 2), interleaved, data units; kept until the next draw, for a context that comes back
   * @param {Viewport} view where plotly's axes put data, CSS px from the canvas' left and top edge
   * @param {number} sizePx longer side of an image, CSS px
   * @returns {boolean} whether it drew: not while the context is lost
   */
  draw(xy, view, sizePx) {
    this.#last = [xy, view, sizePx];
    const { n, w, h, c } = this.#pictures;
    if (xy.length !== 2 * n) throw new Error(`sprites.draw: there are ${n} images, got ${xy.length / 2} positions`);
    const made = this.#made;
    if (!made || this.#disposed) return false;
    const gl = this.#gl;
    const { width, height, ratio } = this.#box.fit();
    gl.bindBuffer(gl.ARRAY_BUFFER, made.places);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, xy);
    if (this.#dirty.colors) {
      gl.bindBuffer(gl.ARRAY_BUFFER, made.colors);
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, this.#colors);
    }
    const order = this.#order;
    if (this.#dirty.order && order) gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, order, gl.DYNAMIC_DRAW);
    this.#dirty.colors = this.#dirty.order = false;

    gl.disable(gl.SCISSOR_TEST);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(
      Math.round(view.left * ratio), Math.round(height - (view.top + view.height) * ratio),
      Math.round(view.width * ratio), Math.round(view.height * ratio),
    ); // prettier-ignore
    gl.viewport(0, 0, width, height);
    const size = Math.min(Math.max(1, sizePx * ratio), made.largest);
    gl.uniform1f(made.at.pointSize, size);
    gl.uniform1f(
      made.at.frame,
      c === 1 ? 0 : Math.max(1, Math.min(2 * ratio, 0.07 * size * Math.min(1, w / h, h / w))),
    );
    placeUnits(gl, made.at.toClip, view, width, height, ratio);
    if (order)
      gl.drawElements(gl.POINTS, order.length, order.BYTES_PER_ELEMENT === 2 ? gl.UNSIGNED_SHORT : gl.UNSIGNED_INT, 0);
    else gl.drawArrays(gl.POINTS, 0, n);
    return true;
  }

  /** Give everything back, the context included; the canvas may be used for new sprites. */
  dispose() {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#box.leave();
    this.#canvas.removeEventListener("webglcontextlost", this.#onLost);
    this.#canvas.removeEventListener("webglcontextrestored", this.#onRestored);
    this.#made = this.#last = null;
    this.lost = true;
    rest(this.#canvas, this.#gl);
  }

  /** @param {Event} event */
  #onLost = (event) => {
    event.preventDefault(); // else it never comes back
    this.lost = true;
    this.#made = null;
  };

  #onRestored = () => {
    this.lost = false;
    this.#dirty.colors = this.#dirty.order = true;
    this.#made = build(this.#gl, this.#pictures);
    if (this.#last) this.draw(...this.#last);
  };
}

/**
 * Program, texture and buffers of a context.
 *
 * @param {WebGLRenderingContext} gl
 * @param {Pictures} pictures
 */
function build(gl, pictures) {
  const { n, h, w, c } = pictures;
  const most = gl.getParameter(gl.MAX_TEXTURE_SIZE);
  const room = Math.floor(most / w) * Math.floor(most / h);
  if (n > room)
    throw new Error(
      `createSprites: one texture of ${most} px takes ${room} images of ${h} × ${w}, got ${n}; show dots`,
    );
  // about square, so that neither side comes near the limit before the other
  const columns = Math.max(1, Math.min(Math.floor(most / w), Math.ceil(Math.sqrt((n * h) / w)), n));
  const rows = Math.max(1, Math.ceil(n / columns));
  const program = link(gl, VERTEX, FRAGMENT, "createSprites");
  const at = (/** @type {string} */ name) => gl.getUniformLocation(program, name);
  gl.useProgram(program);

  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  const format = c === 1 ? gl.LUMINANCE : gl.RGB;
  gl.texImage2D(gl.TEXTURE_2D, 0, format, columns * w, rows * h, 0, format, gl.UNSIGNED_BYTE, null);
  upload(gl, pictures, columns);
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR);

  gl.uniform1f(at("columns"), columns);
  gl.uniform2f(at("imageSize"), w, h);
  gl.uniform2f(at("atlasSize"), columns * w, rows * h);
  const places = attribute(gl, program, "place", 2, gl.FLOAT, new Float32Array(2 * n));
  attribute(
    gl,
    program,
    "cell",
    1,
    gl.FLOAT,
    Float32Array.from({ length: n }, (_, i) => i),
  );
  const colors = attribute(gl, program, "color", 4, gl.UNSIGNED_BYTE, new Uint8Array(4 * n));
  layPoints(gl, n);
  const largest = gl.getParameter(gl.ALIASED_POINT_SIZE_RANGE)[1];
  return {
    places,
    colors,
    largest,
    columns,
    at: { toClip: at("toClip"), pointSize: at("pointSize"), frame: at("frame") },
  };
}

/**
 * Fill the texture that is bound, a row of images at a time.
 *
 * @param {WebGLRenderingContext} gl
 * @param {Pictures} pictures
 * @param {number} columns images in a row
 */
function upload(gl, { images, n, h, w, c }, columns) {
  const format = c === 1 ? gl.LUMINANCE : gl.RGB;
  const line = new Uint8Array(columns * w * h * c);
  for (let row = 0; row * columns < n; row++) {
    for (let column = 0; column < Math.min(columns, n - row * columns); column++) {
      const from = (row * columns + column) * h * w * c;
      for (let y = 0; y < h; y++) {
        line.set(images.subarray(from + y * w * c, from + (y + 1) * w * c), (y * columns + column) * w * c);
      }
    }
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, row * h, columns * w, h, format, gl.UNSIGNED_BYTE, line);
  }
}

/** Lose a canvas' context on purpose, to be had again. @param {HTMLCanvasElement} canvas @param {WebGLRenderingContext} gl */
function rest(canvas, gl) {
  const extension = gl.getExtension("WEBGL_lose_context");
  if (!extension || gl.isContextLost()) return;
  const state = { extension, gone: false, wake: /** @type {(() => void) | null} */ (null) };
  resting.set(canvas, state);
  canvas.addEventListener(
    "webglcontextlost",
    (event) => {
      event.preventDefault();
      state.gone = true;
      state.wake?.();
    },
    { once: true },
  );
  extension.loseContext();
}

/** Have a resting context restored, as soon as the browser has told of its loss. @param {HTMLCanvasElement} canvas */
function wake(canvas) {
  const state = resting.get(canvas);
  if (!state) return; // lost for another reason: the browser gives it back by itself
  resting.delete(canvas);
  // not within the event that tells of the loss: the context is restorable only after it
  const restore = () => setTimeout(() => state.extension.restoreContext());
  if (state.gone) restore();
  else state.wake = restore;
}

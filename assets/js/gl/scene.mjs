// @ts-check
/**
 * Moving points inside a plotly scattergl figure at animation speed.
 *
 * Three ways, best first: "buffer" writes into the regl buffers behind the drawn trace; "update" goes through regl-scatter2d's own
 * update; "restyle" is public API only, one call in flight at a time, frames in between dropped. Which one is in use is
 * `scene.way`, and why not a better one `scene.reason`; nothing is ever written to the console.
 *
 * The arrays in `gd.data`, `_fullData` and calcdata are this scene's own, so whatever plotly recomputes by itself (zoom, resize,
 * relayout) starts from the points as they are. Every draw, plotly's own included, first brings the buffers up to date
 * (`Slot.sync`), so colours never fall back to the figure's for a frame.
 *
 * Modules: scene_detect.mjs knows plotly's insides, scene_slot.mjs uploads, this one decides when.
 */
import { Missing, bind, canvases, drawPlain, locate, plain, scenes } from "./scene_detect.mjs";
import { setRanges } from "./ranges.mjs";
import { Slot } from "./scene_slot.mjs";

/** @typedef {import("./scene_detect.mjs").Gd} Gd */
/** @typedef {import("./scene_detect.mjs").GlScene} GlScene */
/** @typedef {import("./scene_detect.mjs").Binding} Binding */
/** @typedef {"buffer" | "update" | "restyle"} Way */
/** @typedef {{ redraw: Function, restyle: Function }} PlotlyApi */

/** scenes by graph, so that attaching twice is detach, then attach @type {WeakMap<Gd, Scene>} */
const attached = new WeakMap();

const CLEAR = { color: true, depth: true };

/** Whether this browser gives a WebGL context; the one made for asking is given back. */
export function webglAvailable() {
  const gl = document.createElement("canvas").getContext("webgl");
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return !!gl;
}

/**
 * Take over the points of some scattergl traces of a plotted graph.
 *
 * @param {Gd} gd the `.js-plotly-plot` div, already plotted: scattergl, markers only, linear axes
 * @param {PlotlyApi} Plotly
 * @param {Array<{ trace: number, n: number, xy?: Float32Array }>} traces place in `gd.data`, number of points, and where they start
 *   (interleaved, data units, 2n; without it as the figure has them if it has as many, else at the origin)
 * @param {{ way?: Way }} [options] `way` starts no better than this one
 * @returns {Promise<Scene>}
 * @throws {Error} when `gd` is not plotted or has no such trace
 */
export async function attach(gd, Plotly, traces, options = {}) {
  if (!gd?._fullLayout || !gd.data)
    throw new Error("attach: gd must be a plotted graph, got an element without a figure; await newPlot");
  for (const { trace } of traces) {
    if (!gd.data[trace]) throw new Error(`attach: no trace ${trace}; this figure has ${gd.data.length}`);
  }
  attached.get(gd)?.detach();
  const scene = new Scene(gd, Plotly, traces, options.way ?? "buffer");
  attached.set(gd, scene);
  await scene.start();
  return scene;
}

export class Scene {
  /** @type {Way} */
  way = "buffer";
  /** why `way` is not "buffer"; "" when it is */
  reason = "";
  /** true between webglcontextlost and the rebuilt picture: nothing is drawn meanwhile, calls are kept for later */
  lost = false;

  /** @type {Gd} */ #gd;
  /** @type {PlotlyApi} */ #Plotly;
  /** @type {Slot[]} */ #slots;
  #detached = false;
  /** plotly's draw, by scene that has ours in its place @type {Map<GlScene, () => void>} */
  #draws = new Map();
  /** what the bindings were made from */
  #seen = { calcdata: /** @type {unknown} */ (null), layout: /** @type {unknown} */ (null) };
  /** every scene of the graph with our traces in it, in plotly's order @type {Array<{ scene: GlScene, bindings: Binding[] }>} */
  #scenes = [];
  /** @type {ReturnType<typeof canvases>} */ #canvases = [];
  /** @type {Set<HTMLCanvasElement>} */ #listening = new Set();
  /** restyle in flight; and whether another one is wanted after it */
  #flight = { busy: false, again: false };

  /**
   * @param {Gd} gd @param {PlotlyApi} Plotly @param {Array<{ trace: number, n: number, xy?: Float32Array }>} traces @param {Way} way
   */
  constructor(gd, Plotly, traces, way) {
    this.#gd = gd;
    this.#Plotly = Plotly;
    this.way = way;
    if (way !== "buffer") this.reason = "asked for";
    this.#slots = traces.map(({ trace, n, xy }) => {
      const slot = new Slot(trace, n);
      const full = gd._fullData?.[trace];
      if (xy) slot.write(xy);
      else if (full?.x?.length === n && full?.y?.length === n) {
        for (let i = 0; i < n; i++) {
          slot.xy[2 * i] = slot.x[i] = Number(full.x[i]);
          slot.xy[2 * i + 1] = slot.y[i] = Number(full.y[i]);
        }
      }
      return slot;
    });
  }

  /** Install the shared arrays and find the way; called once by `attach`. */
  async start() {
    const gd = this.#gd;
    for (const { trace, x, y } of this.#slots) Object.assign(gd.data[trace], { x, y });
    await this.#Plotly.redraw(gd);
    if (this.#detached) return;
    gd.on?.("plotly_afterplot", this.#afterPlot);
    this.#watch();
    this.#attempt(() => this.#bindAll());
    this.draw(null, { force: true });
  }

  /**
   * Show points at new places. Cheap: no allocation per point, and nothing at all where nothing changed.
   *
   * @param {Array<Float32Array | null | undefined> | null} [positions] per attached trace, interleaved x, y in data units; null
   *   leaves a trace where it is
   * @param {{ force?: boolean }} [options] draw even if nothing changed
   * @returns {boolean} whether a draw happened
   * @throws {Error} when an array has another length than its trace
   */
  draw(positions = null, { force = false } = {}) {
    if (this.#detached) return false;
    let changed = force;
    for (let k = 0; k < this.#slots.length; k++) {
      const xy = positions?.[k];
      if (xy) this.#slots[k].write(xy);
      changed ||= this.#slots[k].changed;
    }
    if (!changed || this.lost || this.stale()) return false;
    this.#attempt(() => this.#paint());
    return true;
  }

  /**
   * One colour a point, from the next draw on. With the same ids and another palette this costs next to nothing.
   *
   * @param {number} k which attached trace
   * @param {Uint8Array} palette RGBA, at most 255 entries; alpha 0 hides
   * @param {Uint8Array | null} [ids] n palette entries; null keeps the ids there are
   */
  setColors(k, palette, ids = null) {
    const slot = this.#slot("setColors", k);
    if (!palette.length || palette.length % 4 || palette.length > 4 * 255) {
      throw new Error(`scene.setColors: a palette has 1 to 255 entries of four bytes, got ${palette.length} bytes`);
    }
    if (ids && ids.length !== slot.n)
      throw new Error(`scene.setColors: trace ${slot.trace} has ${slot.n} points, got ${ids.length} ids`);
    slot.palette = palette.slice();
    slot.dirty.palette = true;
    if (ids) {
      slot.ids.set(ids);
      slot.dirty.ids = true;
    }
  }

  /** @param {number} k which attached trace @param {number} px diameter in CSS px, to 0.4 px; at most 100 */
  setSize(k, px) {
    const slot = this.#slot("setSize", k);
    if (!(px > 0 && px <= 100)) throw new Error(`scene.setSize: a diameter is above 0 and at most 100 px, got ${px}`);
    slot.dirty.size ||= slot.size !== px;
    slot.size = px;
  }

  /**
   * Which points to draw, and in which order (the last is on top); costs one upload, and nothing per frame.
   * Only the "buffer" way does this; the others draw all points in the order they came.
   *
   * @param {number} k which attached trace
   * @param {ArrayLike<number> | null} indices into its points, each at most once; null is all, as they came
   */
  setOrder(k, indices) {
    const slot = this.#slot("setOrder", k);
    const Indices = slot.n > 65535 ? Uint32Array : Uint16Array;
    slot.order = indices ? new Indices(indices) : null; // `from` would ask an iterator for each
    slot.dirty.order = true;
  }

  /**
   * Let the axes show other ranges, without a layout of the figure.
   *
   * @param {[number, number]|number[]} x @param {[number, number]|number[]} y data units, ascending
   * @returns {boolean} whether it could; else `Plotly.relayout` is to be called
   */
  look(x, y) {
    if (this.#detached || this.lost || this.way !== "buffer" || this.stale()) return false;
    if (!this.#scenes.length || this.#scenes.some(({ scene }) => typeof scene.update !== "function")) return false;
    if (!setRanges(this.#gd, x, y)) return false;
    const range = [x[0], y[0], x[1], y[1]];
    for (const { scene } of this.#scenes) scene.update?.({ range });
    this.draw(null, { force: true });
    return true;
  }

  /** @returns {boolean} whether the figure was replaced or purged, or has left the document: attach again, or detach */
  stale() {
    const gd = this.#gd;
    if (this.#detached || !gd.isConnected || !gd._fullLayout || !gd.data) return true;
    return this.#slots.some((slot) => gd.data[slot.trace]?.x !== slot.x);
  }

  /**
   * The figure as it looks now, colours and sizes included, for `Plotly.toImage`; `gd.data` itself has the positions only.
   *
   * @returns {{ data: object[], layout: object }}
   */
  figure() {
    const data = this.#gd.data.map((trace) => ({ ...trace }));
    for (const { trace, x, y, palette, ids, size } of this.#slots) {
      const marker = { ...data[trace].marker };
      if (palette) {
        const css = cssColors(palette);
        marker.color = Array.from(ids, (id) => css[id]);
      }
      if (size !== null) marker.size = size;
      Object.assign(data[trace], { x: x.slice(), y: y.slice(), marker });
    }
    return { data, layout: this.#gd.layout };
  }

  /**
   * Rebuild the picture after a lost context; happens by itself when the browser gives the context back. Called by hand it
   * replaces contexts that the browser has kept (it evicts the oldest of too many).
   */
  async restore() {
    const gd = this.#gd;
    if (this.#detached || this.stale()) return;
    if (canvases(gd).some(({ regl }) => regl._gl.isContextLost())) {
      for (const subplot of Object.values(gd._fullLayout._plots)) subplot._scene?.destroy?.();
      gd._fullLayout._glcanvas.remove();
      gd._fullLayout._glcanvas = null;
    }
    this.#unbind();
    await this.#Plotly.redraw(gd);
    if (this.#detached) return;
    this.lost = false;
    this.#watch();
    this.#attempt(() => this.#bindAll());
    this.draw(null, { force: true });
  }

  /**
   * Let go of the graph; its points stay where they are, in the figure's own colour.
   *
   * @param {{ release?: boolean }} [options] give the WebGL contexts back at once instead of at some garbage collection: for a graph
   *   that has left, or is about to leave, the page for good
   */
  detach({ release = false } = {}) {
    if (this.#detached) return;
    this.#detached = true;
    const gd = this.#gd;
    gd.removeListener?.("plotly_afterplot", this.#afterPlot);
    this.#unbind();
    if (attached.get(gd) === this) attached.delete(gd);
    for (const canvas of this.#listening) {
      this.#ignore(canvas);
      if (!release) continue;
      const gl = canvas.getContext("webgl");
      if (!gl?.isContextLost()) gl?.getExtension("WEBGL_lose_context")?.loseContext();
    }
  }

  /** @param {string} where @param {number} k */
  #slot(where, k) {
    const slot = this.#slots[k];
    if (!slot) throw new Error(`scene.${where}: no attached trace ${k}; there are ${this.#slots.length}`);
    return slot;
  }

  /** Do it; on anything missing or thrown go one way down and do it again. @param {() => void} work */
  #attempt(work) {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (this.stale() || this.way === "restyle") {
          if (!(error instanceof Missing)) this.reason ||= String(error);
          return;
        }
        this.reason = error instanceof Error ? error.message : String(error);
        this.#unbind();
        this.way = this.way === "buffer" ? "update" : "restyle";
      }
    }
  }

  #paint() {
    if (this.way === "restyle") return this.#restyle();
    const gd = this.#gd;
    if (gd.calcdata !== this.#seen.calcdata || gd._fullLayout !== this.#seen.layout || !this.#bound()) this.#bindAll();
    if (this.way === "buffer") for (const slot of this.#slots) slot.sync();
    else this.#update();
    for (const { key, regl } of this.#canvases) {
      if (key === "contextLayer" || this.#scenes.some(({ scene }) => scene.select2d)) regl.clear(CLEAR);
    }
    for (const { scene, bindings } of this.#scenes) {
      if (this.way === "buffer" && plain(scene, bindings)) bindings.forEach(drawPlain);
      else (this.#draws.get(scene) ?? scene.draw).call(scene);
    }
  }

  /** @returns {boolean} whether every binding is still what plotly draws */
  #bound() {
    for (const { binding } of this.#slots) {
      if (!binding) continue;
      const { scene, face, scatter, group, index } = binding;
      if (scene.scatter2d !== face || scatter.groups[index] !== group) return false;
    }
    return true;
  }

  /** Find every visible trace among plotly's scenes, and be asked before plotly draws one. */
  #bindAll() {
    const gd = this.#gd;
    if (this.way === "restyle") return;
    this.#unbind();
    for (const slot of this.#slots) {
      const found = locate(gd, slot.trace);
      if (!found) continue; // hidden: no place in any scene, nothing to do until it is shown again
      if (this.way === "update") {
        slot.soil();
        continue;
      }
      slot.bindTo(bind(found, slot.n));
      this.#intercept(found.scene);
    }
    this.#seen = { calcdata: gd.calcdata, layout: gd._fullLayout };
    this.#scenes = scenes(gd).map((scene) => {
      const bindings = this.#slots.flatMap(({ binding }) => (binding?.scene === scene ? [binding] : []));
      return { scene, bindings: bindings.sort((a, b) => a.index - b.index) };
    });
  }

  /** Hear of lost contexts on the canvases that there are now. */
  #watch() {
    this.#canvases = canvases(this.#gd);
    const now = new Set(this.#canvases.map(({ canvas }) => canvas));
    for (const canvas of this.#listening) if (!now.has(canvas)) this.#ignore(canvas);
    for (const canvas of now) {
      if (this.#listening.has(canvas)) continue;
      this.#listening.add(canvas);
      canvas.addEventListener("webglcontextlost", this.#onLost);
      canvas.addEventListener("webglcontextrestored", this.#onRestored);
    }
  }

  /** @param {HTMLCanvasElement} canvas */
  #ignore(canvas) {
    this.#listening.delete(canvas);
    canvas.removeEventListener("webglcontextlost", this.#onLost);
    canvas.removeEventListener("webglcontextrestored", this.#onRestored);
  }

  /** @param {GlScene} scene */
  #intercept(scene) {
    if (this.#draws.has(scene)) return;
    const draw = scene.draw;
    this.#draws.set(scene, draw);
    scene.draw = () => {
      if (this.lost) return;
      if (!this.stale() && this.#bound())
        for (const slot of this.#slots) if (slot.binding?.scene === scene) slot.sync();
      draw.call(scene);
    };
  }

  #unbind() {
    for (const [scene, draw] of this.#draws) scene.draw = draw;
    this.#draws.clear();
    for (const slot of this.#slots) slot.release(!this.#gd._fullLayout);
    this.#seen = { calcdata: null, layout: null };
  }

  /** The second way: regl-scatter2d's own update, a full-length list for each subplot. */
  #update() {
    /** @type {Map<import("./scene_detect.mjs").ScatterFace, Array<object | undefined>>} */
    const lists = new Map();
    for (const slot of this.#slots) {
      const found = locate(this.#gd, slot.trace);
      if (!found || !slot.changed) continue;
      const { scene, face, index } = found;
      const list = lists.get(face) ?? new Array(scene.markerOptions.length).fill(undefined);
      lists.set(face, list);
      /** @type {Record<string, unknown>} */
      const change = {};
      if (slot.dirty.positions) change.positions = slot.xy;
      if (slot.dirty.size && slot.size !== null) change.size = slot.size;
      if ((slot.dirty.palette || slot.dirty.ids) && slot.palette) {
        const colors = rgbaColors(slot.palette);
        change.colors = Array.from(slot.ids, (id) => colors[id]);
      }
      list[index] = change;
      Object.assign(scene.markerOptions[index] ?? {}, change);
      slot.settle();
    }
    for (const [face, list] of lists) face.update(list);
  }

  /** The last way: public API, one call in flight, frames in between dropped. */
  #restyle() {
    if (this.#flight.busy) {
      this.#flight.again = true;
      return;
    }
    const slots = this.#slots.filter((slot) => slot.changed);
    if (!slots.length) return;
    /** @type {Record<string, unknown[]>} */
    const change = { x: slots.map((slot) => slot.x), y: slots.map((slot) => slot.y) };
    if (slots.some((slot) => slot.palette && (slot.dirty.palette || slot.dirty.ids))) {
      change["marker.color"] = slots.map(({ palette, ids, trace }) => {
        const css = palette && cssColors(palette);
        return css ? Array.from(ids, (id) => css[id]) : this.#gd.data[trace].marker?.color;
      });
    }
    if (slots.some((slot) => slot.dirty.size && slot.size !== null)) {
      change["marker.size"] = slots.map((slot) => slot.size ?? this.#gd.data[slot.trace].marker?.size);
    }
    for (const slot of slots) slot.settle();
    this.#flight.busy = true;
    this.#Plotly
      .restyle(
        this.#gd,
        change,
        slots.map((slot) => slot.trace),
      )
      .catch((/** @type {unknown} */ error) => (this.reason = String(error)))
      .then(() => {
        this.#flight.busy = false;
        if (!this.#flight.again) return;
        this.#flight.again = false;
        this.draw();
      });
  }

  /** Plotly has plotted by itself: what it made anew is bound and drawn before the browser paints. */
  #afterPlot = () => {
    if (this.lost || this.stale()) return;
    this.#watch();
    if (this.way === "restyle") return;
    const gd = this.#gd;
    if (gd.calcdata === this.#seen.calcdata && gd._fullLayout === this.#seen.layout && this.#bound()) return;
    this.draw(null, { force: true });
  };

  /** @param {Event} event */
  #onLost = (event) => {
    event.preventDefault(); // else the browser never gives it back
    this.lost = true;
  };

  #onRestored = () => {
    if (canvases(this.#gd).some(({ regl }) => regl._gl.isContextLost())) return; // the last one to come back does it
    this.restore();
  };
}

/** @param {Uint8Array} palette @returns {number[][]} */
function rgbaColors(palette) {
  return Array.from({ length: palette.length / 4 }, (_, m) => Array.from(palette.subarray(4 * m, 4 * m + 4)));
}

/** @param {Uint8Array} palette @returns {string[]} */
function cssColors(palette) {
  return rgbaColors(palette).map(([r, g, b, a]) => `rgba(${r},${g},${b},${a / 255})`);
}

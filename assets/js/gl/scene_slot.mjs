// @ts-check
/**
 * One animated trace: its arrays, and how they get into regl-scatter2d's buffers.
 *
 * Colours are a palette and one byte a point. regl-scatter2d looks a point's colour up in a texture 255 wide whose row 0 holds
 * plotly's own colours; each slot keeps its palette in a row of its own below. So a change of palette (dim a class, hide one,
 * another theme) is one upload of at most 1 KB whatever the number of points, and a change of ids is one byte array.
 *
 * `sync` is idempotent and cheap when nothing changed: it runs before every draw, plotly's own included, and puts back whatever
 * plotly has overwritten in between from the figure's single colour and size.
 */

/** @typedef {import("./scene_detect.mjs").Binding} Binding */

export class Slot {
  /**
   * @param {number} trace place in `gd.data`
   * @param {number} n number of points
   */
  constructor(trace, n) {
    this.trace = trace;
    this.n = n;
    /** shared with plotly: `gd.data`, `_fullData` and calcdata point to these two */
    this.x = new Float32Array(n);
    this.y = new Float32Array(n);
    /** the same interleaved, as the buffer wants it */
    this.xy = new Float32Array(2 * n);
    /** @type {Uint8Array | null} RGBA by palette entry; null leaves the figure's own colour */
    this.palette = null;
    this.ids = new Uint8Array(n);
    /** @type {number | null} diameter in CSS px; null leaves the figure's own size */
    this.size = null;
    /** @type {Uint16Array | Uint32Array | null} points to draw, in order; null draws all in the order they came */
    this.order = null;
    /** @type {Binding | null} */
    this.binding = null;
    this.dirty = { positions: true, palette: true, ids: true, size: true, order: true };
    /** two bytes more than four a point: the last point's border id is read as a vec4 */
    this.packed = new Uint8Array(4 * n + 2);
    /** @type {import("./scene_detect.mjs").GlElements | null} */
    this.elements = null;
  }

  /** @returns {boolean} whether a draw would show anything new */
  get changed() {
    const d = this.dirty;
    return d.positions || d.palette || d.ids || d.size || d.order;
  }

  /** Forget what was uploaded: the buffers are new, or were lost. */
  soil() {
    const d = this.dirty;
    d.positions = d.palette = d.ids = d.size = d.order = true;
  }

  /** Nothing more to upload. */
  settle() {
    const d = this.dirty;
    d.positions = d.palette = d.ids = d.size = d.order = false;
  }

  /** @param {Float32Array} xy interleaved, data units, 2n */
  write(xy) {
    if (xy.length !== 2 * this.n)
      throw new Error(`scene.draw: trace ${this.trace} has ${this.n} points, got ${xy.length / 2}`);
    const { x, y, n } = this;
    if (xy !== this.xy) this.xy.set(xy);
    for (let i = 0, j = 0; i < n; i++, j += 2) {
      x[i] = xy[j];
      y[i] = xy[j + 1];
    }
    this.dirty.positions = true;
  }

  /**
   * Give the group back to plotly as it would have it: all points, and nothing of ours that makes it skip an upload.
   *
   * @param {boolean} [purged] whether plotly has let go of the figure already, and with it of all that regl has made for it
   */
  release(purged = false) {
    const group = this.binding?.group;
    this.binding = null;
    if (group?.positions === this.xy) group.positions = this.xy.slice();
    if (group && this.elements) {
      delete group.elements;
      group.count = this.n;
    }
    if (!purged) this.elements?.destroy();
    this.elements = null;
  }

  /** @param {Binding} binding */
  bindTo(binding) {
    this.release();
    this.binding = binding;
    const options = binding.scene.markerOptions[binding.index];
    const stash = binding.head.t;
    if (options) options.positions = this.xy; // what plotly uploads again after a zoom or a resize
    if (stash) Object.assign(stash, { positions: this.xy, x: this.x, y: this.y });
    binding.group.positionFractBuffer({ data: new Float32Array(2 * this.n), usage: "dynamic" });
    this.soil();
  }

  /** Bring the regl group up to date with this slot. */
  sync() {
    if (!this.binding || !this.n) return;
    this.#syncPositions(this.binding);
    if (this.palette) this.#syncColors(this.binding, this.palette);
    if (this.size !== null) this.#syncSize(this.binding, this.size);
    if (this.order || this.elements) this.#syncOrder(this.binding);
    this.settle();
  }

  /** @param {Binding} b */
  #syncPositions({ group }) {
    if (!this.dirty.positions && group.positions === this.xy) return;
    group.positionBuffer.subdata(this.xy);
    group.positions = this.xy; // the same array as in markerOptions: plotly then sees nothing to upload
  }

  /** @param {Binding} b @param {Uint8Array} palette */
  #syncColors({ group, scene, scatter, index }, palette) {
    const row = index + 1;
    const rows = 1 + scene.markerOptions.length;
    const texture = scatter.paletteTexture;
    if (texture.height < rows) {
      // resizing empties the texture: once for all traces of the subplot, which see that the height changed
      texture.resize(scatter.maxColors, rows);
      scatter.updatePalette(scatter.palette);
    }
    if (this.dirty.palette || this.height !== texture.height) {
      texture.subimage({ width: palette.length / 4, height: 1, data: palette }, 0, row);
      this.height = texture.height;
    }
    if (!this.dirty.ids && group.color === this.ids) return;
    group.color = this.ids; // anything with a length makes regl-scatter2d read the buffer
    group.borderColor = 0;
    const { packed, ids, n } = this;
    for (let i = 0, j = 0; i < n; i++, j += 4) {
      packed[j] = ids[i];
      packed[j + 1] = row;
    }
    group.colorBuffer({ data: packed, type: "uint8", usage: "dynamic" });
  }

  /** height of the palette texture when this slot's row was last written */
  height = 0;

  /** @param {Binding} b @param {number} size */
  #syncSize({ group, scene, index }, size) {
    if (!this.dirty.size && group.size === size) return;
    group.size = size;
    const options = scene.markerOptions[index];
    if (options) options.size = size;
  }

  /** @param {Binding} b */
  #syncOrder({ group, scatter }) {
    const { order } = this;
    if (
      !this.dirty.order &&
      group.elements === (this.elements ?? undefined) &&
      (!order || group.count === order.length)
    )
      return;
    if (order) {
      const options = {
        primitive: "points",
        usage: "dynamic",
        data: order,
        type: order.BYTES_PER_ELEMENT === 2 ? "uint16" : "uint32",
      };
      if (!this.elements) this.elements = scatter.regl.elements(options);
      else if (this.dirty.order) this.elements(options);
      group.elements = this.elements;
      group.count = order.length;
    } else {
      delete group.elements;
      group.count = this.n;
      this.elements?.destroy();
      this.elements = null;
    }
  }
}

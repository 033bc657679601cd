// @ts-check
/**
 * A stage: one animated picture of the points of one split, always the same or whichever there is. It knows how to show positions, colours,
 * images and handles; when and what is decided by the tour view that owns it.
 */

import { projectSlice } from "../tour/project.mjs";
import { part } from "../core/dom.mjs";
import { dotSize } from "../points/dot_look.mjs";
import { groundNow, onGround } from "../points/ground.mjs";
import { createGestures } from "../points/gestures.mjs";
import { countByClass, handlesThatMatter, roomOfName } from "../points/chosen_handles.mjs";
import { FEW, createHandles } from "../points/handles.mjs";
import { NOTHING } from "../points/labels.mjs";
import { attach } from "../gl/scene.mjs";
import { createSprites } from "../gl/sprites.mjs";
import { toLeft, toTop, viewAround, viewport } from "../points/viewport.mjs";
import { createOwnCanvas } from "./own_canvas.mjs";
import { createPlaces } from "./places.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Loaded} Loaded
 * @typedef {ReturnType<typeof createSprites>} Sprites
 * @typedef {object} Points
 * @property {number} n
 * @property {Int32Array|Float64Array} ids
 * @property {Uint16Array} labels true classes
 * @property {Float64Array|null} [columns] (columns, n), further values; NaN where one is missing
 * @property {Uint8Array|Float32Array|null} [targets] (n, k), what the outputs should be
 * @property {Uint16Array} [groups] in the legend: classes, but attacked points are a group of their own, behind all classes
 */

/** @typedef {{images: Uint8Array, h: number, w: number, c: number}} Images of points, (n, h, w, c) */

const NEAR = 6; // px that names may come nearer to tools and words than points do
const CLOSE = 2; // px from names to an edge where nothing lies
const FREE = 14; // px at the edges of a picture that has nothing there

/**
 * What of a picture names may stand in: all but where tools and words lie over its edges.
 *
 * @param {{left: number, top: number, width: number, height: number}} view px @param {number[]} free px at its edges: top, right, bottom, left
 */
export function roomWithin({ left, top, width, height }, free) {
  const [up, right, down, beside] = free.map((px) => (px > FREE ? px - NEAR : CLOSE));
  return { left: left + beside, top: top + up, width: width - beside - right, height: height - up - down };
}

/** How many px at the top of a stage lie under a sentence. @param {HTMLElement} root @param {HTMLElement|null} over */
function coveredAtTop(root, over) {
  if (!over || over.hidden || getComputedStyle(over).position !== "absolute") return 0;
  const [stage, text] = [root.getBoundingClientRect(), over.getBoundingClientRect()];
  const beside = text.right <= stage.left || text.left >= stage.right;
  return beside || !text.height ? 0 : text.bottom - stage.top + CLOSE;
}

export class Stage {
  #plotly;
  #split;
  #canvas;
  /** @type {import("../gl/scene.mjs").Scene|null} */
  #scene = null;
  /** @type {ReturnType<typeof createHandles>|null} */
  #handles = null;
  /** @type {ReturnType<typeof createGestures>|null} */
  #gestures = null;
  /** @type {Sprites|null} */
  #sprites = null;
  #spritesDirty = true;
  /** how dots are drawn: shaded by density, projected on the graphics card */
  #how = { shaded: false, projected: false };
  /** why the graphics card does not project them, where it was tried */
  #failed = "";
  #own = createOwnCanvas((canvas) => this.#canvas.before(canvas));
  /** what points are drawn as @type {Images|null} */
  #images = null;
  #places = createPlaces(0);
  /** what a second state adds to the positions */
  #second = new Float32Array(0);
  /** colours of the points: RGBA entries @type {Uint8Array} */
  #palette = new Uint8Array(0);
  /** which of them each point has @type {Uint8Array} */
  #colorIds = new Uint8Array(0);
  /** what is drawn of each point: 0 hidden, else shown @type {Uint8Array} */
  #shown = new Uint8Array(0);
  /** what is drawn, the last on top @type {Uint32Array} */
  #order = new Uint32Array(0);
  #attaching = false;
  #disposed = false;
  /** what the style says of its edges, at a size of the picture */
  #free = { size: "", px: [FREE, FREE, FREE, FREE] };
  /** the sentence about a view, where it lies over the stages @type {HTMLElement|null} */
  #over;

  /** @type {Points} */
  points = { n: 0, ids: new Int32Array(0), labels: new Uint16Array(0) };
  imagesOn = false;
  /** What else is drawn over the points, which names of handles keep off. @type {(view: import("../points/viewport.mjs").Viewport) => import("../points/labels.mjs").Around} */
  keptClear = () => NOTHING;

  /**
   * @param {HTMLElement} root carries `data-gt-stage`; its parts carry `data-gt-part`
   * @param {any} gd plotly's graph div inside it
   * @param {any} Plotly
   * @param {string} split whose points it shows; "any" for those of the only split that there is
   */
  constructor(root, gd, Plotly, split) {
    this.root = root;
    this.gd = gd;
    this.#plotly = Plotly;
    this.#split = split;
    /** Whose points it shows now; `splitOf` tells it before they are shown. */
    this.split = split;
    this.name = root.dataset.gtStage ?? "";
    this.#canvas = /** @type {HTMLCanvasElement} */ (part(this.root, "images"));
    this.#over = root.closest(".gt-board")?.querySelector(":scope > .gt-view-text") ?? null;
  }

  /** @param {import("../data/tensors.mjs").Announcement} run */
  splitOf(run) {
    return this.#split === "any" ? Object.keys(run.splits)[0] : this.#split;
  }
  get scene() {
    return this.#scene;
  }
  /** Plot units, x and y in turns; very many may be projected for whoever asks, so not in each frame. */
  get positions() {
    return this.#places.all;
  }
  /** Where points are as a picture, for what goes by how they are spread: some of them, where all would take long. @returns {import("./extent.mjs").Picture} */
  get spread() {
    const { positions, indices } = this.#places.some;
    if (!indices) return this;
    return { points: { n: indices.length }, positions, visible: (k) => this.visible(indices[k]) };
  }
  /** Whether `spread` is of some points only. */
  get sampled() {
    return this.#places.some.indices !== null;
  }
  /** What draws the points, best first: "gpu", "buffer", "update", "restyle"; and why not a better one. */
  get way() {
    const { way = "none", reason = "" } = this.#scene ?? {};
    return this.#onCard ? { way: "gpu", reason: "" } : { way, reason: this.#failed || reason };
  }
  get #onCard() {
    return this.#how.projected && !this.imagesOn;
  }
  /** Where names and rings of handles are, for other names to keep off. */
  get handlesDrawn() {
    return this.#handles?.drawn() ?? NOTHING;
  }
  /** Handles that are shown, for a picture of them. */
  get handleMarks() {
    return this.#handles?.marks ?? [];
  }
  /** How the points look: their colours as RGBA entries, which of them each has, what is drawn (the last on top), a dot's px, the images, and whether dots are shaded by density. */
  get look() {
    const { points, imagesOn, shaded } = this;
    const [palette, colorIds, order] = [this.#palette, this.#colorIds, this.#order];
    return { palette, ids: colorIds, order, size: dotSize(points.n), images: imagesOn ? this.#images : null, shaded };
  }
  /** Whether its points are shaded by density. */
  get shaded() {
    return this.#how.shaded && !this.imagesOn;
  }
  get dragging() {
    return this.#handles?.dragging ?? false;
  }
  get viewport() {
    return viewport(this.gd);
  }
  /** px that tools and words need at its edges: top, right, bottom, left; the style says them, and a sentence about a view what it covers. @returns {number[]} */
  get free() {
    const { width = 0, height = 0 } = this.viewport ?? {};
    const size = `${width} ${height} ${this.#over?.hidden ? "" : this.#over?.textContent}`;
    if (this.#free.size === size) return this.#free.px;
    const said = getComputedStyle(this.root).getPropertyValue("--gt-free").trim();
    const px = said ? said.split(/\s+/).map(Number) : [FREE, FREE, FREE, FREE];
    px[0] = Math.max(px[0], Math.min(coveredAtTop(this.root, this.#over), height / 3));
    this.#free = { size, px };
    return px;
  }
  /** px that names may stand in; null while there is no picture. */
  get roomOfNames() {
    const view = this.viewport;
    return view && roomWithin(view, this.free);
  }
  /** @param {number} i */
  visible = (i) => this.#shown[i] !== 0;

  /** The axes' ranges around a point, equally scaled; null while there is no picture. @param {number} x @param {number} y @param {number} reach */
  #rangesAround(x, y, reach) {
    const view = this.viewport && viewAround(this.viewport, x, y, reach);
    return view && [[view.x0, view.x1], [view.y0, view.y1]]; // prettier-ignore
  }

  /**
   * Show other points.
   *
   * @param {Points} points
   * @param {string[]} names of the handles @param {string[]} colors of the handles
   * @param {import("../points/handles.mjs").HandleEvents} events
   * @param {number} reach of the axes around the origin
   * @returns {Promise<boolean>} whether the axes reach that far already; else `frameOn` is to be called
   */
  async load(points, names, colors, events, reach) {
    this.setImages(null);
    this.#how = { shaded: false, projected: false };
    this.#failed = "";
    this.#own.end();
    this.points = points;
    this.#places = createPlaces(points.n);
    this.#colorIds = new Uint8Array(points.n);
    this.#shown = new Uint8Array(points.n).fill(1);
    this.#palette = new Uint8Array(0); // the old one's ids and order are of other points
    this.#handles = createHandles(part(this.root, "handles"), names, colors, events);
    const ranges = this.#rangesAround(0, 0, reach);
    if (ranges) {
      this.gd.layout.xaxis.range = ranges[0]; // plotly draws once for these and the points
      this.gd.layout.yaxis.range = ranges[1];
    }
    await this.#attach();
    return ranges !== null;
  }

  /** Take over the figure plotly has drawn, again if it was replaced. */
  async #attach() {
    if (this.#attaching || this.#disposed) return;
    this.#attaching = true;
    this.gd.data[0].visible = true; // hidden in the figure: plotly's first draw then needs no WebGL
    try {
      const { n } = this.points;
      const scene = await attach(this.gd, this.#plotly, [{ trace: 0, n, xy: this.positions }]);
      this.#scene = scene;
      scene.setSize(0, dotSize(n));
      if (this.#palette.length) this.#dress(scene);
    } finally {
      this.#attaching = false;
    }
  }

  /** @param {import("../points/gestures.mjs").GestureEvents} events */
  listen(events) {
    this.#gestures = createGestures(part(this.root, "touch"), events);
  }
  /** The point that keys have led to, or -1. */
  get walking() {
    return this.#gestures?.walking() ?? -1;
  }
  /** End the lasso or box under way. @returns {boolean} whether there was one */
  cancelGesture() {
    return this.#gestures?.cancel() ?? false;
  }

  /**
   * Put the points where a frame shows them, between two slices.
   *
   * @param {Float64Array} seen (p, 2) @param {import("../tour/grand_tour.mjs").Span} span what that is made of
   * @param {number} p @param {number} unit data units per plot unit
   * @param {Loaded} a @param {Loaded} b @param {number} t from a (0) to b (1) @param {Loaded|null} [next] that comes soon
   */
  project(seen, span, p, unit, a, b, t, next = null) {
    this.#places.project(seen, span, p, unit, a, b, t, next, this.#onCard);
  }

  /**
   * Put the points where a network's states show them: a weighted sum of one projection a state.
   *
   * @param {import("./states.mjs").Corner[]} corners @param {import("../tour/grand_tour.mjs").Span} span of the frame @param {number} p
   */
  projectStates(corners, span, p) {
    this.#places.told();
    const { positions, points } = this;
    corners.forEach(({ matrix, own, weight, a, b, t }, i) => {
      if (i && this.#second.length !== positions.length) this.#second = new Float32Array(positions.length);
      const out = i ? this.#second : positions;
      if (own) projectSlice(
        out, matrix, p, points.n, a.values, weight * a.scale, weight * a.offset, b.values, weight * b.scale, weight * b.offset, t,
      ); // prettier-ignore
      else this.#places.spanned.project(out, matrix, span, p, points.n, a, b, t, weight);
      if (!i) return;
      const second = this.#second;
      for (let j = 0; j < positions.length; j++) positions[j] += second[j];
    });
  }

  /**
   * @param {Uint8Array} colors RGBA entries
   * @param {Uint8Array} ids one entry a point
   * @param {Uint8Array} visible 0 where a point is hidden
   * @param {Uint32Array} order indices of what to draw, the last on top
   * @param {{shaded: boolean, projected: boolean}} how dots are drawn: shaded by density, projected on the graphics card
   */
  paint(colors, ids, visible, order, { shaded, projected }) {
    this.#how = { shaded, projected: projected && !this.#failed };
    this.#palette = colors;
    this.#colorIds = ids;
    this.#shown = visible;
    this.#order = order;
    this.#spritesDirty = true;
    if (this.#scene) this.#dress(this.#scene);
    this.#scene?.setSize(0, dotSize(this.points.n));
  }

  /** Give the points their colours: as dots of plotly's, or as they are shaded. @param {import("../gl/scene.mjs").Scene} scene */
  #dress(scene) {
    const own = this.shaded || this.#onCard;
    const colors = onGround(this.#palette, groundNow());
    if (own) this.#onOwn(() => this.#own.dress(colors, this.#colorIds, this.#order, this.shaded));
    else this.#own.end();
    scene.setColors(0, own ? new Uint8Array(colors.length) : colors, this.#colorIds);
    scene.setOrder(0, this.imagesOn || own ? [] : this.#order);
  }

  /**
   * Draw points as their images, or as dots again.
   *
   * @param {Images|null} images
   */
  setImages(images) {
    this.#sprites?.dispose();
    this.imagesOn = images !== null;
    this.#images = images;
    this.#canvas.hidden = !this.imagesOn;
    this.#sprites = images && createSprites(this.#canvas, { ...images, n: this.points.n });
    this.#spritesDirty = true;
  }
  /** The same points as other images, where they are drawn as images. @param {Uint8Array} images (n, h, w, c) */
  changeImages(images) {
    this.#sprites?.setImages(images);
    if (this.#images) this.#images = { ...this.#images, images };
  }

  /**
   * Draw one frame.
   *
   * @param {Float64Array} seen (p, 2)
   * @param {number} imageSize CSS px
   * @param {number} p
   */
  draw(seen, imageSize, p) {
    const scene = this.#scene;
    if (!scene) return;
    if (scene.stale()) {
      if (!scene.lost) this.#attach();
      return;
    }
    const view = this.viewport;
    if (this.#own.on && view) this.#onOwn(() => this.#own.draw(this.#places, view, dotSize(this.points.n)));
    scene.draw(this.#own.on ? null : [this.positions]); // what is hidden need not move
    if (!view) return;
    this.#handles?.draw(seen, view, p, roomWithin(view, this.free), this.keptClear(view));
    if (this.#sprites) this.#drawImages(this.#sprites, view, imageSize);
  }

  /** Do it, on the graphics card too; what throws there is done without it from here on. @param {() => void} work */
  #onOwn(work) {
    try {
      return work();
    } catch (error) {
      if (!this.#onCard) throw error;
      this.#failed = String(error);
      this.#how.projected = false;
      this.#own.end();
    }
    if (!this.#scene) return;
    this.#dress(this.#scene);
    this.#places.told();
  }

  /** @param {Sprites} sprites @param {import("../points/viewport.mjs").Viewport} view @param {number} size CSS px */
  #drawImages(sprites, view, size) {
    if (this.#spritesDirty) {
      sprites.setColors(this.#palette, this.#colorIds);
      sprites.setOrder(this.#order);
    }
    this.#spritesDirty = false;
    sprites.draw(this.positions, view, size);
  }

  /** @param {number} share 0 to 1 */
  fadeHandles(share) {
    this.#handles?.fade(share);
  }
  /**
   * Where there are very many handles, show those that matter now.
   *
   * @param {Float64Array} seen (p, 2) @param {readonly number[]} asked handles that the reader looks for or at
   * @param {ReadonlySet<number>|null} chosen ids of selected points; null where handles are not of classes
   */
  chooseHandles(seen, asked, chosen) {
    const { points, viewport: v } = this;
    const k = seen.length / 2;
    const selected = countByClass(points, k, chosen?.size ? (i) => chosen.has(points.ids[i]) : null);
    const inView = countByClass(points, k, chosen && v ? this.#within(v) : null, this.#places.some.indices);
    this.#handles?.choose(
      asked.length > 1
        ? asked
        : handlesThatMatter({ seen, asked, selected, inView }, FEW, v ? roomOfName(v) : undefined),
    );
  }
  /** Whether points of those that `places.some` has are drawn within the picture. @param {import("../points/viewport.mjs").Viewport} v @returns {(i: number, k: number) => boolean} a point's index, and its place among those */
  #within({ x0, x1, y0, y1 }) {
    const { positions } = this.#places.some;
    return (i, k) =>
      this.visible(i) &&
      positions[2 * k] >= x0 &&
      positions[2 * k] <= x1 &&
      positions[2 * k + 1] >= y0 &&
      positions[2 * k + 1] <= y1;
  }
  /** Give handles other colours than their own. @param {(c: number) => string|null} color null: its own */
  colorHandles(color) {
    this.#handles?.recolor(color);
  }
  /** Those that are shown. */
  get shownHandles() {
    return this.#handles?.shown ?? [];
  }
  /** Mark handles of hidden classes. @param {(c: number) => boolean} hidden */
  dimHandles(hidden) {
    this.#handles?.dim(hidden);
  }

  /** Mark a point, as looked at. @param {number} index -1 for none @param {Float32Array} [positions] of a cloud over its own */
  ring(index, positions = this.positions) {
    const view = this.viewport;
    const mark = part(this.root, "ring");
    mark.hidden = index < 0;
    if (index < 0 || !view) return;
    const [left, top] = [toLeft(view, positions[2 * index]), toTop(view, positions[2 * index + 1])];
    mark.style.transform = `translate(${left}px,${top}px)`;
  }

  /** Whether the axes' ranges still have the aspect of the plot. */
  askew() {
    const view = this.viewport;
    return view !== null && Math.abs(view.kx / view.ky - 1) > 0.005;
  }

  /**
   * Show a square of the plot, or what of the surroundings fits beside it.
   *
   * @param {number} x centre @param {number} y centre @param {number} reach from there to the edge
   */
  frameOn(x, y, reach) {
    const ranges = this.#rangesAround(x, y, reach);
    if (!ranges || this.#scene?.look(ranges[0], ranges[1])) return;
    this.#plotly.relayout(this.gd, { "xaxis.range": ranges[0], "yaxis.range": ranges[1] });
  }

  dispose() {
    this.#disposed = true;
    this.#sprites?.dispose();
    this.#own.end();
    this.#scene?.detach({ release: true });
    this.#scene = null;
  }
}

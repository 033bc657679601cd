// @ts-check
/**
 * Small multiples: rows of embeddings (or of a tour), columns of epochs, all of them one trace of one
 * graph. Each panel is a piece of the plane in pixels, so 35 panels cost what one plot of as many points
 * costs, in one group of WebGL contexts; what lies outside its panel is moved out of sight.
 *
 * A row with more than two dimensions has a tour of its own, whose frame can be dragged in any of its
 * panels. The page hears of changes through `changed`; nothing here goes through Dash.
 *
 * Longer than our files are: rows, panels, painting and rectangles have files of their own; the array of pixels that all
 * of them share, and the order in which a frame writes it, are here.
 */

import { history } from "../state/history.mjs";
import { onSelection, selectedIds } from "../state/selection.mjs";
import { completeFrame } from "../tour/frame.mjs";
import { createGestures } from "../points/gestures.mjs";
import { createHandles } from "../points/handles.mjs";
import { createLoop, whenLeft } from "../core/loop.mjs";
import { createRoving } from "../core/roving.mjs";
import { register, unregister } from "../core/registry.mjs";
import { attachPoints } from "../points/drawing.mjs";
import { NOTHING } from "../points/colorings.mjs";
import { dotOpacity, panelDotSize } from "../points/dot_look.mjs";
import { aloneOpacity, shades } from "../points/shading.mjs";
import { viewport } from "../points/viewport.mjs";
import { groundNow, onGround, onOtherGround } from "../points/ground.mjs";
import { onDotChoice } from "../state/dot_choice.mjs";
import { createColoring } from "./coloring.mjs";
import { createFiltering } from "./filtering.mjs";
import { followsPoints, handlesOf } from "./first_view.mjs";
import { gridInHand } from "./grid_film.mjs";
import { createGridBrushes } from "./grid_brushes.mjs";
import { makePanel, makePixels, measurePanel, placeBrush, placePanel, placeRing, viewOf } from "./grid_panel.mjs";
import { mostIn, paintPanels, saidOfSome } from "./grid_paint.mjs";
import { fetchSlice, firstFrame, openRow, reachOfRow, windowAround } from "./grid_rows.mjs";
import { inspection } from "./inspection.mjs";
import { differs, keptInSight, zoomAbout } from "./magnifier.mjs";
import { createPointing } from "./pointing.mjs";
import { createSaid } from "./said.mjs";
import { createOwnCanvas } from "./own_canvas.mjs";
import { placesTold } from "./places.mjs";

/** @type {Record<string, string>} */
const PANEL_KEYS = { PageDown: "ArrowRight", PageUp: "ArrowLeft" }; // from panel to panel: arrows go from point to point
const LETTERS = 13; // of a name in a panel
const IN_SIGHT = 0.95; // of the picture's half, where the end of a handle is kept

/**
 * @typedef {import("./grid_rows.mjs").Tensors} Tensors
 * @typedef {import("./grid_rows.mjs").Source} Source
 * @typedef {import("./grid_rows.mjs").Row} Row
 * @typedef {import("./grid_panel.mjs").Panel} Panel
 * @typedef {"colors"|"motion"|"brushes"|"ready"|"said"|"error"} Change
 * @typedef {object} Given
 * @property {HTMLElement} wrap positioned; holds the graph, and the grid of panels above it
 * @property {HTMLElement} grid empty; gets the panels
 * @property {any} gd @property {any} Plotly
 * @property {number} seed
 * @property {(what: Change, detail?: unknown) => void} changed
 * @property {(panel: Panel|null, index: number, x: number, y: number) => void} hovered
 * @property {() => void} [drawn] after each picture, for what is drawn above it
 * @property {(panel: Panel, index: number, picked: boolean) => void} walked keys have led to a point, -1 where there is none
 */

/** Whether a row is to keep its points in sight, until the reader zooms. @param {Row} row */
const isFollowed = (row) => !row.turning.flat && followsPoints(row.said);

export class GridView {
  #given;
  #loop;
  /** panels are one stop of the Tab key @type {HTMLElement[]} */
  #stops = [];
  #roving;
  /** @type {(() => void)[]} */
  #ends = [];
  /** @type {import("../points/drawing.mjs").Scene|null} */
  #scene = null;
  /** @type {Tensors} of the network: whose classes, and what it says */
  #outputs = /** @type {any} */ (null);
  /** @type {import("./said.mjs").Said|null} */
  #said = null;
  /** pixels of all points */
  #all = new Float32Array(0);
  /** colours of all points, and what is drawn, the last on top @type {{palette: Uint8Array, ids: Uint8Array, order: Uint32Array}} */
  #painted = { palette: new Uint8Array(0), ids: new Uint8Array(0), order: new Uint32Array(0) };
  #own = createOwnCanvas((canvas) => this.#given.gd.after(canvas));
  #ready = false;
  #generation = 0;
  #sizeDirty = false;
  #touring = false;
  /** whether pictures are made by hand */
  #inHand = false;
  /** @type {number|null} the id that the pointer is on */
  #over = null;
  /** shape of the plot when it was laid out */
  #size = { width: 0, height: 0 };
  /** when the last change of the selection came, for `latency` */
  #asked = 0;
  #latency = 0;

  /** @type {Row[]} */
  rows = [];
  /** @type {Panel[]} */
  panels = [];

  /** @param {Given} given */
  constructor(given) {
    const { wrap, grid, gd } = given;
    this.#given = given;
    this.#roving = createRoving(grid, this.#stops, (key) => PANEL_KEYS[key] ?? "");
    this.#loop = createLoop(wrap, (dt) => this.#frame(dt));
    this.coloring = createColoring({ changed: (what) => this.#tell(what), wake: this.#loop.wake });
    this.pointing = createPointing([wrap]);
    this.brushes = createGridBrushes({
      run: () => this.run.run,
      panels: () => this.panels,
      visible: (row) => this.visibleIn(row),
      changed: () => {
        this.#loop.wake();
        this.#tell("brushes");
      },
    });
    const repaint = () => {
      this.coloring.soil();
      this.#tell("colors");
    };
    this.filtering = createFiltering({
      run: () => this.run,
      saidAt: (at, part) => this.saidAt(at, part),
      changed: repaint,
    });
    const selected = onSelection(() => {
      this.brushes.selected();
      this.#asked = performance.now();
      this.coloring.soil();
      this.#tell("colors");
    });
    const watch = new ResizeObserver(() => {
      this.#sizeDirty = true;
      this.#loop.wake();
    });
    watch.observe(grid);
    gd.on("plotly_afterplot", () => this.#soilAll());
    this.#ends.push(selected, onDotChoice(repaint), onOtherGround(this.coloring.soil), this.filtering.leave, () => watch.disconnect(), whenLeft(wrap, () => this.dispose())); // prettier-ignore
  }

  /** @param {Change} what @param {unknown} [detail] */
  #tell(what, detail) {
    this.#given.changed(what, detail);
  }

  /** @param {unknown} error */
  #fail(error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    this.#tell("error", error);
  }

  #soilAll() {
    for (const panel of this.panels) panel.dirty = true;
    this.#loop.wake();
  }

  /** @param {Row} row */
  #soil(row) {
    for (const panel of this.panels) if (panel.row === row) panel.dirty = true;
    this.#loop.wake();
  }

  /** @param {number} dt seconds @returns {boolean} whether something still moves */
  #frame(dt) {
    if (!this.#ready || this.#inHand) return false;
    if (this.#sizeDirty) this.#fit();
    const moving = this.rows.filter(({ turning }) => turning.moving);
    for (const row of moving) if (row.turning.advance(dt, () => false)) this.#soil(row);
    this.redraw();
    return moving.length > 0 || this.panels.some((panel) => panel.dirty && panel.here);
  }

  /** Keep the points of a row in sight. @param {Row} row @returns {boolean} whether it is to be drawn anew */
  #follow(row) {
    const panels = this.panels.filter((panel) => panel.row === row && panel.here);
    if (!row.following || !panels.length) return false;
    const visible = this.visibleIn(row);
    const pictures = panels.map(({ positions }) => ({ points: row.points, positions, visible }));
    const zoom = keptInSight(row.zoom, pictures, reachOfRow(row));
    if (zoom === row.zoom) return false;
    row.zoom = zoom;
    this.#soil(row);
    return true;
  }

  /** Which of a row's points are drawn now. @param {Row} row @returns {(i: number) => boolean} */
  visibleIn(row) {
    const { hidden } = this.coloring;
    const through = this.filtering.maskOf(row);
    return (i) => !hidden.has(row.points.labels[i]) && through?.[i] !== 0;
  }

  /** How many of a row's points are drawn now. @param {Row} row */
  drawnIn(row) {
    const visible = this.visibleIn(row);
    let drawn = 0;
    for (let i = 0; i < row.points.n; i++) if (visible(i)) drawn++;
    return drawn;
  }

  /** Read where the panels are, and let plotly's axes be the grid's pixels. */
  #fit() {
    const { wrap, gd, Plotly } = this.#given;
    this.#sizeDirty = false;
    const outer = wrap.getBoundingClientRect();
    for (const panel of this.panels) measurePanel(panel, outer);
    const { clientWidth: width, clientHeight: height } = wrap;
    this.#scene?.setSize(0, this.dotSize);
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width, height };
    Plotly.relayout(gd, { width, height, "xaxis.range": [0, width], "yaxis.range": [0, height] });
  }

  /** Bring every panel that changed up to date; the others keep their pixels. */
  #draw() {
    const scene = this.#scene;
    if (!scene) return;
    if (scene.stale()) {
      if (!scene.lost) this.#attachScene();
      return;
    }
    for (const panel of this.panels) if (panel.dirty) this.#place(panel);
    scene.draw(this.#own.on ? null : [this.#all]); // what is hidden need not move
    const view = this.#own.on && viewport(this.#given.gd);
    if (view) this.#own.draw(placesTold(this.#all), view, this.dotSize);
    this.#given.drawn?.();
    if (this.#asked && !this.coloring.dirty) {
      this.#latency = performance.now() - this.#asked;
      this.#asked = 0;
    }
  }

  /** @param {Panel} panel */
  #place(panel) {
    if (!placePanel(panel, this.#all, this.#size.height)) return;
    placeRing(panel, this.#over);
    placeBrush(panel, this.brushes.of(panel));
  }

  #paint() {
    const { coloring, run, panels } = this;
    coloring.clean();
    if (!this.#scene) return;
    const chosen = selectedIds(run.run);
    const saidOf = (/** @type {Panel} */ panel) => this.saidOf(panel);
    const throughOf = (/** @type {Row} */ row) => this.filtering.maskOf(row);
    const made = paintPanels(panels, this.#all.length / 2, coloring, run.classes.length, saidOf, chosen, throughOf);
    if (made.palette) this.#painted = { ...made, palette: made.palette };
    if (made.palette) this.#dress(this.#scene);
    this.#scene.setSize(0, this.dotSize);
  }

  /** Give the points their colours: as dots of the scene, or as they are shaded. @param {import("../points/drawing.mjs").Scene} scene */
  #dress(scene) {
    const { palette, ids, order } = this.#painted;
    const { shaded } = this;
    const colors = onGround(palette, groundNow());
    if (shaded) this.#own.dress(colors, ids, order, true);
    else this.#own.end();
    scene.setColors(0, shaded ? new Uint8Array(colors.length) : colors, ids);
    scene.setOrder(0, shaded ? [] : order);
  }

  /** What the network says of a panel's points in its epoch; asks for it where it is not here. @param {Panel} panel */
  saidOf({ row, epoch }) {
    return this.saidAt(this.run.epochs.indexOf(epoch), row);
  }

  /** The same of a row's points, at the epoch of an index. @param {number} index @param {import("./filtering.mjs").Part} row */
  saidAt(index, { split, points }) {
    const whole = index >= 0 && this.run.splits[split] ? this.#told(split, index) : null;
    if (!whole) return null;
    const source = this.rows.find((one) => one.tensors === this.#outputs && one.split === split);
    return source ? saidOfSome(whole, source, points) : whole;
  }

  /** @param {string} split @param {number} index of an epoch @returns {import("../points/colorings.mjs").Said|null} */
  #told(split, index) {
    const said = this.#said?.of(split, index);
    const given = this.#said?.given(split, index);
    return said ?? (given ? { ...NOTHING, given } : null);
  }

  async #attachScene() {
    const { gd, Plotly } = this.#given;
    const mine = this.#generation;
    const attached = await attachPoints(gd, Plotly, this.#all.length / 2, this.#all);
    if (mine !== this.#generation) return;
    this.#scene = attached;
    this.#sizeDirty = true;
    this.coloring.soil();
    this.#soilAll();
  }

  /** Hear what is done in a panel. @param {Panel} panel */
  #listen(panel) {
    const { row } = panel;
    const { pointing } = this;
    createGestures(panel.touch, {
      picture: () =>
        this.#ready && panel.here
          ? { view: viewOf(panel), positions: panel.positions, visible: this.visibleIn(row) }
          : null,
      tool: () => pointing.tool,
      how: () => pointing.how,
      hover: (index, x, y) => {
        const now = index < 0 ? null : row.points.ids[index];
        if (now !== this.#over) this.mark(now);
        this.#given.hovered(index < 0 ? null : panel, index, x, y);
      },
      of: () => panel.root.getAttribute("aria-label") ?? panel.name,
      walked: (index, picked) => this.#given.walked(panel, index, picked),
      pick: (indices, as) => pointing.pick(this.run.run, row.points, indices, as),
      box: (rectangle, as) => {
        if (as !== "new") return false;
        this.brushes.set(panel, rectangle);
        return true;
      },
      zoom: (factor, x, y) => this.#zoomTo(row, zoomAbout(row.zoom, factor, x, y)),
      pan: (dx, dy) => this.#zoomTo(row, { x: row.zoom.x + dx, y: row.zoom.y + dy, k: row.zoom.k }),
    });
  }

  /** @param {Row} row @param {import("./magnifier.mjs").Zoom} zoom @param {boolean} [following] whether its points are kept in sight from there on */
  #zoomTo(row, zoom, following = false) {
    row.zoom = zoom;
    row.following = following;
    this.#soil(row);
    this.#tell("motion");
  }

  /** @param {Row} row @returns {import("../points/handles.mjs").HandleEvents} */
  #handleEvents(row) {
    return {
      start: () => row.turning.take(),
      move: (i, x, y) => {
        const { zoom, turning } = row;
        const sight = IN_SIGHT * reachOfRow(row);
        const reach = Math.max(Math.abs(x - zoom.x), Math.abs(y - zoom.y));
        if (reach > sight / zoom.k) this.#zoomTo(row, { x: zoom.x, y: zoom.y, k: Math.max(1, sight / reach) });
        turning.drag(i, x, y);
      },
      end: () => {
        this.brushes.moved(row);
        this.#loop.wake();
      },
      hold: () => {},
    };
  }

  /** @param {Row} row @param {number} epoch @param {number} offset @returns {Panel} */
  #panelOf(row, epoch, offset) {
    const panel = makePanel(row, epoch, offset);
    if (!row.turning.flat) {
      const { names, colors } = handlesOf(row.said);
      panel.handles = createHandles(panel.over, names, colors, this.#handleEvents(row), LETTERS);
    }
    this.#listen(panel);
    register(panel.name, () => this.#inspect(panel));
    return panel;
  }

  /** @param {Panel} panel */
  #inspect(panel) {
    const { row, epoch, positions, here } = panel;
    if (!this.#ready || !here) throw new Error(`inspect: this panel has no points yet`);
    const { x0, x1, y0, y1 } = viewOf(panel);
    const { said, turning, points } = row;
    const { p, radius, layer } = said;
    return {
      ...inspection({
        run: this.run.run, layer, epoch, playing: turning.touring, points, p, matrix: turning.matrix, positions, radius,
        loop: this.#loop, way: this.#scene?.way ?? "none", reason: this.#scene?.reason ?? "",
      }),
      range: [x0, x1, y0, y1].map((x) => x * radius),
      latencyMs: this.#latency,
    }; // prettier-ignore
  }

  /**
   * Show rows of a run at some epochs. Rows that stay keep their frames.
   *
   * @param {Tensors} outputs of the network
   * @param {Source[]} sources one a row
   * @param {number[]} epochs numbers, one a column
   * @param {(rows: Row[], panels: Panel[][]) => void} arrange puts the panels into the grid
   */
  async load(outputs, sources, epochs, arrange) {
    const mine = ++this.#generation;
    const kept = new Map(this.rows.map((row) => [row.tensors, row]));
    const turned = (/** @type {Row} */ row) => this.#soil(row);
    const open = (/** @type {Source} */ source) =>
      kept.get(source.tensors) ?? openRow(source, this.#given.seed, turned);
    const rows = await Promise.all(sources.map(open));
    if (mine !== this.#generation) return;
    if (this.#outputs !== outputs) this.#hear(outputs);
    await Promise.all(rows.flatMap((row) => epochs.map((epoch) => fetchSlice(row, epoch))));
    if (mine !== this.#generation) return;
    this.#ready = false;
    this.#over = null;
    for (const row of rows) this.#begin(row, epochs);
    for (const panel of this.panels) unregister(panel.name);
    this.rows = rows;
    let offset = 0;
    const table = rows.map((row) =>
      epochs.map((epoch) => {
        const panel = this.#panelOf(row, epoch, offset);
        offset += row.points.n;
        return panel;
      }),
    );
    this.panels = table.flat();
    this.#stops.splice(0, Infinity, ...this.panels.map(({ touch }) => touch));
    this.#roving.settle();
    this.brushes.keep();
    this.#all = makePixels(offset);
    arrange(rows, table);
    this.#layOut();
    await this.#attachScene();
    if (mine !== this.#generation) return;
    this.#ready = true;
    this.#sizeDirty = true;
    this.#loop.wake();
    this.#tell("ready");
  }

  /** What the network says is read here from now on. @param {Tensors} outputs */
  #hear(outputs) {
    this.#said?.close();
    this.#outputs = outputs;
    this.coloring.of(outputs.announcement);
    const arrived = () => {
      this.filtering.again();
      this.coloring.soil();
      this.#tell("said");
    };
    this.#said = createSaid({ tensors: outputs, arrived, failed: (error) => this.#fail(error) });
  }

  /** Where a row starts, unless it was there before. @param {Row} row @param {number[]} epochs */
  #begin(row, epochs) {
    const { flat } = row.turning;
    const known = this.rows.includes(row);
    if (flat || (!known && row.said.embedding)) row.start = windowAround(row, epochs);
    if (!known || flat) row.zoom = { ...row.start };
    if (!known) row.following = isFollowed(row);
    if (!known && this.#touring) row.turning.tour(true);
  }

  /** Let plotly draw at the grid's size from the first. */
  #layOut() {
    const { wrap, gd } = this.#given;
    const { clientWidth: width, clientHeight: height } = wrap;
    this.#size = { width, height };
    Object.assign(gd.layout, { width, height, autosize: false });
    gd.layout.xaxis.range = [0, width];
    gd.layout.yaxis.range = [0, height];
    this.#fit();
  }

  get ready() {
    return this.#ready;
  }
  get run() {
    return this.#outputs.announcement;
  }
  /** The row of the outputs themselves, which has all points, if it is shown. @returns {Row|undefined} */
  get outputsRow() {
    return this.rows.find((row) => row.tensors === this.#outputs);
  }
  /** The row that has most points: that of the outputs, or another where that is not shown. @returns {Row|undefined} */
  get whole() {
    return this.outputsRow ?? this.rows[0];
  }

  /** Points that a search is held against. @returns {import("./filtering.mjs").Part[]} */
  get parts() {
    return this.whole ? [this.whole] : [];
  }
  /** Index of the epoch of the last column, of which a search is where it names none. */
  get nearest() {
    const { epochs } = this.run;
    return epochs.indexOf(Math.max(...this.panels.map(({ epoch }) => epoch)));
  }

  /** Mark a point in every panel for as long as it is looked at. @param {number|null} id */
  mark(id) {
    this.#over = id;
    for (const panel of this.panels) placeRing(panel, id);
  }

  /** @param {string} name of a row @param {Float64Array} columns (p, 2) */
  lookAlong(name, columns) {
    const row = this.rows.find((one) => one.name === name);
    if (!row) return;
    if (!row.turning.flat) row.turning.put(completeFrame(columns, row.said.p));
    this.#zoomTo(row, { x: 0, y: 0, k: 1 }, isFollowed(row));
  }
  /** All views as they were at first. */
  reset() {
    history.together(() => {
      for (const row of this.rows) {
        row.turning.lookAt(firstFrame(row.said));
        this.#zoomTo(row, { ...row.start }, isFollowed(row));
      }
    });
  }
  /** @param {boolean} on */
  tour(on) {
    this.#touring = on;
    for (const row of this.rows) row.turning.tour(on);
    this.#loop.wake();
    this.#tell("motion");
  }
  get touring() {
    return this.#touring;
  }
  get zoomed() {
    return this.rows.some(({ zoom, start }) => differs(zoom, start));
  }

  /** px of a dot, in all panels. */
  get dotSize() {
    return panelDotSize(mostIn(this.panels), this.panels[0]?.box.width ?? 0);
  }
  /** How opaque these are where nothing is selected. */
  get dotOpacity() {
    return this.shaded ? aloneOpacity() : dotOpacity(mostIn(this.panels));
  }
  /** Whether its points are shaded by density: so many are drawn in the panel that has most. */
  get shaded() {
    return shades(Math.max(0, ...this.rows.map((row) => this.drawnIn(row))));
  }
  /** How a panel's points look: colours as RGBA entries, which of them each has, what is drawn (the last on top), a dot's px, and whether dots are shaded by density. @param {Panel} panel */
  lookOf({ offset, row }) {
    const { n } = row.points;
    const mine = this.#painted.order.filter((i) => i >= offset && i < offset + n).map((i) => i - offset);
    const { palette, ids } = this.#painted;
    return {
      palette,
      ids: ids.subarray(offset, offset + n),
      order: mine,
      size: this.dotSize,
      images: null,
      shaded: this.shaded,
    };
  }
  /** Draw now what has changed, for whoever reads the panels in this very task. */
  redraw() {
    if (this.coloring.dirty) this.#paint();
    this.#draw();
    if (this.rows.filter((row) => this.#follow(row)).length) this.#draw();
  }
  /** Take time in hand: nothing moves by itself from now on, and pictures are made one by one. */
  takeTime() {
    const hand = gridInHand(this, {
      told: async (split, index) => this.#said?.load(split, index),
      release: () => {
        this.#inHand = false;
        this.#sizeDirty = true;
        this.coloring.soil();
      },
    });
    this.redraw();
    this.#inHand = true;
    return hand;
  }

  dispose() {
    this.#generation++;
    this.#ready = false;
    this.#loop.stop();
    for (const end of this.#ends) end();
    this.#said?.close();
    for (const panel of this.panels) unregister(panel.name);
    for (const row of this.rows) {
      row.turning.leave();
      row.tensors.close();
    }
    this.#own.end();
    this.#scene?.detach({ release: true });
    this.#scene = null;
  }
}

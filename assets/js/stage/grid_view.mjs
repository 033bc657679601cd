// @ts-check
/**
 * Small multiples: rows of embeddings (or of a tour), columns of epochs, all of them one trace of one
 * graph. Each panel is a piece of the plane in pixels, so 35 panels cost what one plot of as many points
 * costs, in one group of WebGL contexts; what lies outside its panel is moved out of sight.
 *
 * A row with more than two dimensions has a tour of its own, whose frame can be dragged in any of its
 * panels. The page hears of changes through `events`; nothing here goes through Dash.
 *
 * Longer than our files are: panels, painting and motion share one array of points, and splitting them
 * would split its offsets.
 */

import { predict } from "../data/predictions.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { dragHandle } from "../tour/drag.mjs";
import { completeFrame, starFrame } from "../tour/frame.mjs";
import { createGrandTour } from "../tour/grand_tour.mjs";
import { projectSlice } from "../tour/project.mjs";
import { combine } from "../points/brushes.mjs";
import { el } from "../core/dom.mjs";
import { createGestures } from "../points/gestures.mjs";
import { createHandles } from "../points/handles.mjs";
import { createLoop, whenLeft } from "../core/loop.mjs";
import { NEUTRAL, classColors, rgba } from "../points/palette.mjs";
import { paintPoints } from "../points/paint.mjs";
import { register, unregister } from "../core/registry.mjs";
import { attach } from "../gl/scene.mjs";
import { home, toLeft, toTop } from "../points/viewport.mjs";

const FLAT = 1.06; // half the range of a picture whose farthest point is at 1
const OUT_OF_SIGHT = -1e4; // px
const LARGEST = 60; // times magnified

/** @param {number} n points in a panel @param {number} width of the panel, px */
const dotSize = (n, width) => Math.max(1.6, Math.min(4, (width / 55) * Math.min(1, Math.sqrt(1500 / n))));

/** How far to magnify a tour's first view, whose handles are all short: panels are small. @param {number} p */
const nearest = (p) => (p <= 3 ? 1 : Math.max(1, home(p) / (1.35 * Math.sqrt(2 / p))));

/**
 * The same colours, but what is faint in grey: in a small panel a hundred faint points on one place
 * would be as strong as one that is selected.
 *
 * @param {Uint8Array} palette RGBA; the second half are the faint ones
 */
function greyed(palette) {
  const out = palette.slice();
  const [r, g, b] = rgba(NEUTRAL, 1);
  for (let i = palette.length / 2; i < palette.length; i += 4) out.set([r, g, b], i);
  return out;
}

/**
 * One window for all panels of a flat row: around its points in the epochs that are shown, so that an
 * epoch with far-off points elsewhere does not make these small.
 *
 * @param {Row} row @param {number[]} epochs numbers
 */
function around({ tensors, split, said }, epochs) {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const epoch of epochs) {
    const slice = tensors.slice(split, said.epochs.indexOf(epoch));
    if (!slice) continue;
    const { values, scale, offset } = slice;
    for (let i = 0; i < values.length; i++) {
      const at = (values[i] * scale + offset) / said.radius;
      if (at < low[i % 2]) low[i % 2] = at;
      if (at > high[i % 2]) high[i % 2] = at;
    }
  }
  const reach = Math.max(high[0] - low[0], high[1] - low[1]) / 2;
  if (!(reach > 0)) return { x: 0, y: 0, k: 1 };
  return { x: (low[0] + high[0]) / 2, y: (low[1] + high[1]) / 2, k: 1 / reach };
}

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {ReturnType<typeof import("../data/tensors.mjs").openTensors>} Tensors
 * @typedef {import("../points/brushes.mjs").Rectangle} Rectangle
 * @typedef {{name: string, title: string, note: string, split: string, tensors: Tensors}} Source what a row shows
 * @typedef {object} Row
 * @property {string} name @property {string} title @property {string} note
 * @property {Tensors} tensors @property {Announcement} said @property {string} split
 * @property {import("./stage.mjs").Points} points
 * @property {Map<number, number>} places of ids among the points
 * @property {number} p
 * @property {Float64Array} still the identity, for a picture that is flat already
 * @property {ReturnType<typeof createGrandTour>|null} tour
 * @property {{x: number, y: number, k: number}} zoom
 * @property {{x: number, y: number, k: number}} start where the zoom is reset to
 * @typedef {object} Panel
 * @property {string} name @property {Row} row
 * @property {number} epoch its number
 * @property {number} index of the epoch in the row; -1 where the row has not got it
 * @property {HTMLElement} root @property {HTMLElement} ring @property {HTMLElement} brush
 * @property {ReturnType<typeof createHandles>|null} handles
 * @property {Float32Array} positions interleaved, plot units
 * @property {number} offset of its points among all
 * @property {{left: number, top: number, width: number, height: number}} box px in the grid
 * @property {boolean} here whether its slice has arrived and is drawn
 * @property {boolean} dirty
 * @typedef {"colors"|"motion"|"brushes"|"ready"|"error"} Change
 * @typedef {{changed: (what: Change, detail?: unknown) => void, hovered: (panel: Panel|null, index: number, x: number, y: number) => void}} Events
 */

/**
 * @param {object} given
 * @param {HTMLElement} given.wrap positioned; holds the graph, and the grid of panels above it
 * @param {HTMLElement} given.grid empty; gets the panels
 * @param {any} given.gd @param {any} given.Plotly
 * @param {number} given.seed
 * @param {Events} given.events
 */
export function createGridView({ wrap, grid, gd, Plotly, seed, events }) {
  const loop = createLoop(wrap, frame);
  /** @type {Row[]} */
  let rows = [];
  /** @type {Panel[]} */
  let panels = [];
  /** @type {Map<string, Rectangle>} by the panel's name */
  let brushes = new Map();
  /** @type {import("../points/brushes.mjs").Combine} */
  let combining = "and";
  /** @type {Announcement} of the outputs: whose classes, and what the network says */
  let run;
  /** @type {Tensors} */
  let outputs;
  /** @type {import("../gl/scene.mjs").Scene|null} */
  let scene = null;
  let all = new Float32Array(0);
  let drawnOrder = new Uint32Array(0);
  let ready = false;
  let generation = 0;
  let paintDirty = false;
  let sizeDirty = false;
  let touring = false;
  let brushing = false;
  /** @type {number|null} the id that the pointer is on */
  let over = null;
  /** @type {Set<number>} */
  let hidden = new Set();
  /** @type {number|null} */
  let preview = null;
  /** @type {import("./tour_view.mjs").ColorBy} */
  let colorBy = "label";
  /** @type {import("../points/gestures.mjs").Tool} */
  let tool = "lasso";
  /** @type {import("../points/gestures.mjs").How} */
  let how = "new";
  /** shape of the plot when it was laid out */
  const size = { width: 0, height: 0 };
  const room = { matrix: new Float64Array(0) };
  /** when the last change of the selection came, for `latency` */
  let asked = 0;
  let latency = 0;

  const endSelection = onSelection(() => {
    if (!brushing && brushes.size) clearBrushes();
    asked = performance.now();
    paintDirty = true;
    events.changed("colors");
    loop.wake();
  });
  const watch = new ResizeObserver(() => {
    sizeDirty = true;
    loop.wake();
  });
  watch.observe(grid);
  gd.on("plotly_afterplot", wakeAll);
  const endLeft = whenLeft(wrap, dispose);

  function wakeAll() {
    for (const panel of panels) panel.dirty = true;
    loop.wake();
  }

  /** @param {number} dt */
  function frame(dt) {
    if (!ready) return false;
    if (sizeDirty) fit();
    const moving = rows.filter((row) => row.tour && touring);
    for (const row of moving) {
      row.tour?.advance(dt);
      soil(row);
    }
    if (paintDirty) paint();
    draw();
    return moving.length > 0 || panels.some((panel) => panel.dirty && panel.here);
  }

  /** @param {Row} row */
  function soil(row) {
    for (const panel of panels) if (panel.row === row) panel.dirty = true;
  }

  /** Read where the panels are, and let plotly's axes be the grid's pixels. */
  function fit() {
    sizeDirty = false;
    const outer = wrap.getBoundingClientRect();
    for (const panel of panels) {
      const box = panel.root.getBoundingClientRect();
      const { clientWidth: width, clientHeight: height, clientLeft, clientTop } = panel.root;
      panel.box = { left: box.left - outer.left + clientLeft, top: box.top - outer.top + clientTop, width, height };
      panel.dirty = true;
    }
    const { clientWidth: width, clientHeight: height } = wrap;
    if (panels[0]) scene?.setSize(0, dotSize(Math.max(...rows.map((row) => row.points.n)), panels[0].box.width));
    if (width === size.width && height === size.height) return;
    Object.assign(size, { width, height });
    Plotly.relayout(gd, { width, height, "xaxis.range": [0, width], "yaxis.range": [0, height] });
  }

  /** @param {Panel} panel @returns {import("../points/viewport.mjs").Viewport} pixels from the panel's corner */
  function viewOf({ row, box: { width, height } }) {
    const { x, y, k } = row.zoom;
    const half = (row.tour ? home(row.p) : FLAT) / k;
    const [kx, ky] = [width / (2 * half), height / (2 * half)];
    return { left: 0, top: 0, width, height, x0: x - half, x1: x + half, y0: y - half, y1: y + half, kx, ky };
  }

  /** Bring every panel that changed up to date; the others keep their pixels. */
  function draw() {
    if (!scene) return;
    if (scene.stale()) {
      if (!scene.lost) attachScene();
      return;
    }
    for (const panel of panels) if (panel.dirty) place(panel);
    scene.draw([all]);
    if (asked && !paintDirty) {
      latency = performance.now() - asked;
      asked = 0;
    }
  }

  /** @param {Panel} panel */
  function place(panel) {
    const { row, index, positions, box, offset } = panel;
    const { n } = row.points;
    const slice = index < 0 ? null : row.tensors.slice(row.split, index);
    panel.dirty = false;
    panel.here = slice !== null;
    if (!slice) {
      all.fill(OUT_OF_SIGHT, 2 * offset, 2 * (offset + n));
      return;
    }
    const unit = row.said.radius;
    const matrix = row.tour?.matrix ?? row.still;
    projectSlice(positions, matrix, row.p, n, slice.values, slice.scale / unit, slice.offset / unit, null, 0, 0, 0);
    const view = viewOf(panel);
    const left = box.left - view.x0 * view.kx;
    const bottom = size.height - box.top - box.height - view.y0 * view.ky;
    for (let i = 0, o = 2 * offset; i < n; i++, o += 2) {
      const x = positions[2 * i];
      const y = positions[2 * i + 1];
      const inside = x >= view.x0 && x <= view.x1 && y >= view.y0 && y <= view.y1;
      all[o] = inside ? left + x * view.kx : OUT_OF_SIGHT;
      all[o + 1] = inside ? bottom + y * view.ky : OUT_OF_SIGHT;
    }
    panel.handles?.draw(matrix, view);
    placeRing(panel, view);
    placeBrush(panel, view);
  }

  /** @param {Panel} panel @param {import("../points/viewport.mjs").Viewport} view */
  function placeRing(panel, view) {
    const i = over === null ? undefined : panel.row.places.get(over);
    panel.ring.hidden = i === undefined || !panel.here;
    if (i === undefined) return;
    const [x, y] = [toLeft(view, panel.positions[2 * i]), toTop(view, panel.positions[2 * i + 1])];
    panel.ring.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px)`;
  }

  /** @param {Panel} panel @param {import("../points/viewport.mjs").Viewport} view */
  function placeBrush(panel, view) {
    const r = brushes.get(panel.name);
    panel.brush.hidden = !r;
    if (!r) return;
    const [left, top] = [toLeft(view, r.x0), toTop(view, r.y1)];
    const [width, height] = [toLeft(view, r.x1) - left, toTop(view, r.y0) - top];
    panel.brush.style.cssText = `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
  }

  function paint() {
    paintDirty = false;
    if (!scene) return;
    const chosen = selectedIds(run.run);
    const ids = new Uint8Array(all.length / 2);
    const order = new Uint32Array(all.length / 2);
    let drawn = 0;
    /** @type {Uint8Array|null} */
    let palette = null;
    /** @type {Map<string, ReturnType<typeof paintPoints>>} */
    const made = new Map();
    for (const panel of panels) {
      const { points } = panel.row;
      const key = colorBy === "label" ? panel.row.name : `${panel.row.name}/${panel.epoch}`;
      let painted = made.get(key);
      if (!painted) {
        const said = colorBy === "label" ? null : saidOf(panel);
        painted = paintPoints(points, { colorBy, said, k: run.classes.length, hidden, preview, chosen });
        made.set(key, painted);
      }
      palette = painted.palette;
      ids.set(painted.ids, panel.offset);
      for (const i of painted.order) order[drawn++] = i + panel.offset;
      panel.handles?.dim(
        (c) => panel.row.p === run.classes.length && (hidden.has(c) || (preview !== null && c !== preview)),
      );
    }
    if (palette) scene.setColors(0, greyed(palette), ids);
    drawnOrder = order.subarray(0, drawn);
    scene.setOrder(0, drawnOrder);
  }

  /** What the network says of a panel's points in its epoch; asks for it where it is not here. @param {Panel} panel */
  function saidOf({ row, epoch }) {
    const index = run.epochs.indexOf(epoch);
    const slice = index < 0 ? null : outputs.slice(row.split, index);
    if (!slice) {
      if (index >= 0 && run.splits[row.split]) outputs.load(row.split, index).then(repaint, fail);
      return null;
    }
    const k = run.classes.length;
    const whole = predict(slice, k, run.layer === "softmax");
    const source = rows.find((one) => one.tensors === outputs && one.split === row.split);
    if (!source || source.points.n === row.points.n) return whole;
    const at = Array.from(row.points.ids, (id) => source.places.get(id) ?? 0); // a picture of some of the points
    return {
      predicted: Uint16Array.from(at, (i) => whole.predicted[i]),
      confidence: Float32Array.from(at, (i) => whole.confidence[i]),
    };
  }

  function repaint() {
    paintDirty = true;
    loop.wake();
  }

  /** @param {unknown} error */
  function fail(error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    events.changed("error", error);
  }

  async function attachScene() {
    const mine = generation;
    gd.data[0].visible = true;
    const attached = await attach(gd, Plotly, [{ trace: 0, n: all.length / 2, xy: all }]);
    if (mine !== generation) return;
    scene = attached;
    sizeDirty = paintDirty = true;
    wakeAll();
  }

  function clearBrushes() {
    brushes.clear();
    for (const panel of panels) panel.brush.hidden = true;
    events.changed("brushes");
  }

  /** Select what the rectangles say. */
  function applyBrushes() {
    /** @type {[import("../points/brushes.mjs").Place, Rectangle][]} */
    const all = [];
    for (const panel of panels) {
      const r = brushes.get(panel.name);
      const { ids, labels } = panel.row.points;
      if (r && panel.here) all.push([{ positions: panel.positions, ids, visible: (i) => !hidden.has(labels[i]) }, r]);
    }
    brushing = true;
    try {
      select(run.run, combine(all, combining));
    } finally {
      brushing = false;
    }
    for (const panel of panels) panel.dirty = true;
    events.changed("brushes");
  }

  /** @param {Panel} panel @param {HTMLElement} touch */
  function listen(panel, touch) {
    const { row } = panel;
    createGestures(touch, {
      picture: () =>
        ready && panel.here
          ? { view: viewOf(panel), positions: panel.positions, visible: (i) => !hidden.has(row.points.labels[i]) }
          : null,
      tool: () => tool,
      how: () => how,
      wheel: (event) => event.ctrlKey || event.metaKey, // the page itself scrolls: the grid fills it
      hover(index, x, y) {
        const now = index < 0 ? null : row.points.ids[index];
        if (now !== over) {
          over = now;
          for (const one of panels) placeRing(one, viewOf(one));
        }
        events.hovered(index < 0 ? null : panel, index, x, y);
      },
      pick(indices, as) {
        const ids = indices.map((i) => row.points.ids[i]);
        if (as === "new" || ids.length) select(run.run, ids, as);
      },
      box(rectangle, as) {
        if (as !== "new") return false;
        if (rectangle) brushes.set(panel.name, rectangle);
        else brushes.delete(panel.name);
        applyBrushes();
        return true;
      },
      zoom(factor, x, y) {
        const k = Math.min(LARGEST, Math.max(0.5, row.zoom.k / factor));
        const keep = row.zoom.k / k;
        zoomTo(row, x + (row.zoom.x - x) * keep, y + (row.zoom.y - y) * keep, k);
      },
      pan: (dx, dy) => zoomTo(row, row.zoom.x + dx, row.zoom.y + dy, row.zoom.k),
    });
  }

  /** @param {Row} row @param {number} x @param {number} y @param {number} k */
  function zoomTo(row, x, y, k) {
    row.zoom = { x, y, k };
    soil(row);
    loop.wake();
    events.changed("motion");
  }

  /** @param {Row} row @returns {import("../points/handles.mjs").HandleEvents} */
  const handleEvents = (row) => ({
    start() {},
    move(i, x, y) {
      const tour = /** @type {NonNullable<Row["tour"]>} */ (row.tour);
      if (room.matrix.length !== row.p ** 2) room.matrix = new Float64Array(row.p ** 2);
      const half = home(row.p) / row.zoom.k;
      const reach = Math.max(Math.abs(x - row.zoom.x), Math.abs(y - row.zoom.y));
      if (reach > 0.95 * half) zoomTo(row, row.zoom.x, row.zoom.y, Math.max(1, (0.95 * home(row.p)) / reach)); // stay in sight
      room.matrix.set(tour.matrix);
      dragHandle(room.matrix, row.p, i, x, y);
      tour.setMatrix(room.matrix);
      soil(row);
      loop.wake();
    },
    end() {
      if ([...brushes.keys()].some((name) => panels.some((panel) => panel.name === name && panel.row === row)))
        applyBrushes();
      loop.wake();
    },
    hold() {},
  });

  /** @param {Source} source @returns {Promise<Row>} */
  async function openRow({ name, title, note, split, tensors }) {
    const said = tensors.announcement;
    const [ids, labels] = /** @type {[Int32Array|Float64Array, Uint16Array]} */ (
      await Promise.all([tensors.part(split, "ids"), tensors.part(split, "labels")])
    );
    const { p } = said;
    const still = new Float64Array(p * p);
    for (let i = 0; i < p; i++) still[i * p + i] = 1;
    return {
      name, title, note, tensors, said, split, p, still,
      points: { n: said.splits[split].n, ids, labels },
      places: new Map(Array.from(ids, (id, i) => [id, i])),
      tour: said.axes ? createGrandTour({ p, seed, matrix: starFrame(p) }) : null,
      zoom: { x: 0, y: 0, k: 1 },
      start: { x: 0, y: 0, k: said.axes ? nearest(p) : 1 },
    }; // prettier-ignore
  }

  /** @param {Row} row @param {number} epoch @param {number} offset @returns {Panel} */
  function makePanel(row, epoch, offset) {
    const name = `compare-${row.name}-${epoch}`;
    const index = row.said.epochs.indexOf(epoch);
    const touch = el("div", { class: "gt-touch" });
    const over = el("div", {
      class: "gt-handles",
      role: "group",
      "aria-label": `Class handles, ${row.title}, epoch ${epoch}`,
    });
    const ring = el("div", { class: "gt-ring", hidden: true });
    const brush = el("div", { class: "gt-brush", hidden: true });
    const label = `${row.title}, epoch ${epoch}`;
    const root = el(
      "div",
      { class: "gt-panel-cell", role: "group", "aria-label": label, "data-gt-stage": name },
      touch,
      brush,
      over,
      ring,
    );
    if (index < 0) root.append(el("p", { class: "gt-panel-missing" }, `not computed at epoch ${epoch}`));
    /** @type {Panel} */
    const panel = {
      name, row, epoch, index, root, ring, brush, offset,
      handles: null,
      positions: new Float32Array(2 * row.points.n).fill(NaN),
      box: { left: 0, top: 0, width: 1, height: 1 },
      here: false, dirty: true,
    }; // prettier-ignore
    if (row.tour && row.said.axes) {
      const classes = row.said.axes.length === run.classes.length && row.tensors === outputs;
      const colors = classes ? classColors(row.p) : row.said.axes.map(() => "var(--bs-secondary-color)");
      panel.handles = createHandles(over, row.said.axes, colors, handleEvents(row));
    }
    listen(panel, touch);
    register(name, () => inspectPanel(panel));
    return panel;
  }

  /** @param {Panel} panel */
  function inspectPanel(panel) {
    const { row, epoch, positions, here } = panel;
    if (!ready || !here) throw new Error(`inspect: this panel has no points yet`);
    const { x0, x1, y0, y1 } = viewOf(panel);
    const matrix = row.tour?.matrix ?? row.still;
    const chosen = selectedIds(run.run);
    return {
      run: run.run,
      layer: row.said.layer,
      epoch,
      playing: touring && row.tour !== null,
      n: row.points.n,
      p: row.p,
      matrix: matrix.slice(),
      positions: positions.map((x) => x * row.said.radius),
      range: [x0, x1, y0, y1].map((x) => x * row.said.radius),
      ids: Array.from(row.points.ids),
      selected: Array.from(row.points.ids).filter((id) => chosen.has(id)),
      frame: loop.stats(),
      way: scene?.way ?? "none",
      reason: scene?.reason ?? "",
      running: loop.running,
      latencyMs: latency,
    };
  }

  function dispose() {
    generation++;
    ready = false;
    loop.stop();
    watch.disconnect();
    endSelection();
    endLeft();
    for (const panel of panels) unregister(panel.name);
    for (const row of rows) row.tensors.close();
    scene?.detach({ release: true });
    scene = null;
  }

  const view = {
    /**
     * Show rows of a run at some epochs. Rows that stay keep their frames.
     *
     * @param {Tensors} said the outputs of the network
     * @param {Source[]} sources one a row
     * @param {number[]} epochs numbers, one a column
     * @param {(rows: Row[], panels: Panel[][]) => void} arrange puts the panels into the grid
     */
    async load(said, sources, epochs, arrange) {
      const mine = ++generation;
      const kept = new Map(rows.map((row) => [row.tensors, row]));
      const now = await Promise.all(sources.map((source) => kept.get(source.tensors) ?? openRow(source)));
      if (mine !== generation) return;
      outputs = said;
      run = said.announcement;
      await Promise.all(
        now.flatMap((row) =>
          epochs.map((epoch) => {
            const index = row.said.epochs.indexOf(epoch);
            return index < 0 ? null : row.tensors.load(row.split, index);
          }),
        ),
      );
      if (mine !== generation) return;
      ready = false;
      over = null;
      for (const row of now) {
        if (!row.tour) row.start = around(row, epochs);
        if (!rows.includes(row) || !row.tour) row.zoom = { ...row.start };
      }
      for (const panel of panels) unregister(panel.name);
      rows = now;
      let offset = 0;
      const table = rows.map((row) =>
        epochs.map((epoch) => {
          const panel = makePanel(row, epoch, offset);
          offset += row.points.n;
          return panel;
        }),
      );
      panels = table.flat();
      brushes = new Map([...brushes].filter(([name]) => panels.some((panel) => panel.name === name)));
      all = new Float32Array(2 * offset).fill(OUT_OF_SIGHT);
      arrange(rows, table);
      Object.assign(size, { width: wrap.clientWidth, height: wrap.clientHeight });
      Object.assign(gd.layout, { width: size.width, height: size.height, autosize: false });
      gd.layout.xaxis.range = [0, size.width];
      gd.layout.yaxis.range = [0, size.height];
      fit();
      await attachScene();
      if (mine !== generation) return;
      ready = true;
      sizeDirty = true;
      loop.wake();
      events.changed("ready");
    },

    get rows() {
      return rows;
    },
    get panels() {
      return panels;
    },
    get ready() {
      return ready;
    },
    get run() {
      return run;
    },
    /** @param {Panel} panel */
    saidOf,

    /** Mark a point in every panel for as long as it is looked at. @param {number|null} id */
    mark(id) {
      over = id;
      for (const panel of panels) placeRing(panel, viewOf(panel));
    },

    /** @param {string} name of a row @param {Float64Array} columns (p, 2) */
    lookAlong(name, columns) {
      const row = rows.find((one) => one.name === name);
      row?.tour?.setMatrix(completeFrame(columns, row.p));
      if (row) zoomTo(row, 0, 0, 1);
      loop.wake();
    },
    /** All views as they were at first. */
    reset() {
      for (const row of rows) {
        row.tour?.setMatrix(starFrame(row.p));
        zoomTo(row, row.start.x, row.start.y, row.start.k);
      }
    },
    /** @param {boolean} on */
    tour(on) {
      touring = on;
      loop.wake();
      events.changed("motion");
    },
    get touring() {
      return touring;
    },
    get zoomed() {
      return rows.some(
        ({ zoom, start }) => Math.abs(zoom.k - start.k) > 0.01 || Math.hypot(zoom.x - start.x, zoom.y - start.y) > 0.01,
      );
    },

    /** @param {import("./tour_view.mjs").ColorBy} by */
    colorBy(by) {
      colorBy = by;
      repaint();
      events.changed("colors");
    },
    get coloredBy() {
      return colorBy;
    },
    /** @param {Iterable<number>} classes */
    setHidden(classes) {
      hidden = new Set(classes);
      repaint();
      events.changed("colors");
    },
    get hidden() {
      return hidden;
    },
    /** @param {number|null} c */
    setPreview(c) {
      preview = c;
      repaint();
    },
    /** @param {import("../points/gestures.mjs").Tool} name */
    setTool(name) {
      tool = name;
      wrap.dataset.gtTool = name;
    },
    /** @param {import("../points/gestures.mjs").How} name */
    setHow(name) {
      how = name;
    },
    /** How rectangles of several panels go together. @param {import("../points/brushes.mjs").Combine} how */
    setCombining(how) {
      combining = how;
      if (brushes.size) applyBrushes();
    },
    get combining() {
      return combining;
    },
    get brushes() {
      return brushes.size;
    },
    clearBrushes,
    /** Where the points are on the screen now, px from the corner of the wrap; for a saved picture. */
    get pixels() {
      return { all, ...size };
    },
    /** What is drawn, the last on top, as indices into `pixels.all`. */
    get order() {
      return drawnOrder;
    },
    get figure() {
      return scene?.figure() ?? null;
    },
    dispose,
  };
  return view;
}

/** @typedef {ReturnType<typeof createGridView>} GridView */

// @ts-check
/**
 * One transition, point by point: how far each moved in the data (to the right) and on the screen (up).
 * Linked like every other picture: it shows the selection, and a lasso or box in it selects.
 */

import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { splitWord } from "../data/splits.mjs";
import { count, el, part } from "../core/dom.mjs";
import { createGestures } from "../points/gestures.mjs";
import { createLoop } from "../core/loop.mjs";
import { classColors } from "../points/palette.mjs";
import { paintPoints } from "../points/paint.mjs";
import { register, unregister } from "../core/registry.mjs";
import { attach } from "../gl/scene.mjs";
import { toLeft, toTop, viewport } from "../points/viewport.mjs";

const LISTED = 12; // points in the table
const MARGIN = 1.04; // of the axes beyond the farthest point

/**
 * @typedef {import("../data/tensors.mjs").Tensor} Tensor
 * @typedef {{run: string, title: string, split: string, layer: string, fitted: boolean, epochs: [number, number],
 *   ids: Tensor, labels: Tensor, data: Tensor, screen: Tensor}} Motion
 * @typedef {object} Around what the page knows
 * @property {() => ReadonlySet<number>} hidden
 * @property {() => string[]} classes
 * @property {() => string} run
 * @property {(id: number|null) => void} mark a point in all other pictures
 * @property {() => import("../points/gestures.mjs").Tool} tool
 */

/** @param {HTMLElement} root @param {any} Plotly @param {Around} around */
export function createTransition(root, Plotly, around) {
  const box = part(root, "transition");
  const ring = part(root, "ring");
  const loop = createLoop(root, () => {
    draw();
    return false;
  });
  /** @type {import("../stage/stage.mjs").Points|null} */
  let points = null;
  let data = new Float64Array(0);
  let screen = new Float64Array(0);
  let positions = new Float32Array(0);
  /** @type {Map<number, number>} */
  let places = new Map();
  /** @type {Motion|null} */
  let shown = null;
  /** @type {import("../gl/scene.mjs").Scene|null} */
  let scene = null;
  let generation = 0;
  let listening = false;
  let sort = /** @type {"data"|"screen"} */ ("screen");

  const graph = () => /** @type {any} */ (box.querySelector(".js-plotly-plot"));
  const endSelection = onSelection(() => loop.wake());

  /** @param {Tensor} tensor @param {string} base @returns {Promise<ArrayBuffer>} */
  async function get(tensor, base) {
    const answer = await fetch(base + tensor.url);
    if (!answer.ok) throw new Error(`${tensor.url}: the server answered ${answer.status}; click the point again`);
    return answer.arrayBuffer();
  }

  function listen() {
    listening = true;
    register("compare-transition", inspect);
    createGestures(part(root, "touch"), {
      picture() {
        const view = shown && points && viewport(graph());
        return view ? { view, positions, visible } : null;
      },
      tool: around.tool,
      how: () => "new",
      wheel: () => false,
      hover(index) {
        mark(index < 0 || !points ? null : points.ids[index]);
        around.mark(index < 0 || !points ? null : points.ids[index]);
      },
      pick(indices, how) {
        const ids = indices.map((i) => (points ? points.ids[i] : 0));
        if (how === "new" || ids.length) select(around.run(), ids, how);
      },
      zoom() {},
      pan() {},
    });
  }

  /** @param {number} i */
  const visible = (i) => points !== null && !around.hidden().has(points.labels[i]);

  function inspect() {
    if (!shown || !points) throw new Error("inspect: no transition is open");
    const chosen = selectedIds(around.run());
    const ids = Array.from(points.ids);
    return {
      run: shown.run, title: shown.title, epochs: shown.epochs, fitted: shown.fitted,
      n: points.n, ids, positions: positions.slice(), selected: ids.filter((id) => chosen.has(id)),
      frame: loop.stats(), way: scene?.way ?? "none",
    }; // prettier-ignore
  }

  function draw() {
    if (!points || !scene || !shown) return;
    const painted = paintPoints(points, {
      colorBy: "label", said: null, k: around.classes().length,
      hidden: around.hidden(), preview: null, chosen: selectedIds(around.run()),
    }); // prettier-ignore
    scene.setColors(0, painted.palette, painted.ids);
    scene.setOrder(0, painted.order);
    scene.draw([positions], { force: true });
    list();
  }

  /** The points that moved most, each a row that selects it. */
  function list() {
    if (!points || !shown) return;
    const { ids, labels } = points;
    const classes = around.classes();
    const colors = classColors(classes.length);
    const chosen = selectedIds(around.run());
    const by = sort === "data" ? data : screen;
    const order = Array.from(ids.keys()).sort((a, b) => by[b] - by[a]);
    const first = order.slice(0, LISTED);
    const head = (/** @type {"data"|"screen"} */ key, /** @type {string} */ text) => {
      const button = el(
        "button",
        { type: "button", class: "gt-sort", "aria-pressed": String(sort === key), title: "Largest first" },
        text,
      );
      button.addEventListener("click", () => {
        sort = key;
        list();
      });
      return el("th", { scope: "col" }, button);
    };
    const rows = first.map((i) => {
      const id = ids[i];
      const row = el(
        "tr",
        {
          class: chosen.has(id) ? "gt-chosen" : "",
          tabIndex: 0,
          title: "Select this point (Shift: too)",
          "data-gt-point": String(id),
          "aria-selected": String(chosen.has(id)),
        },
        el("td", {}, `${id}`),
        el("td", {}, el("span", { class: "gt-swatch", style: `--gt-color:${colors[labels[i]]}` }), classes[labels[i]]),
        el("td", {}, data[i].toPrecision(3)),
        el("td", {}, screen[i].toPrecision(3)),
      );
      row.addEventListener("click", (event) => select(around.run(), [id], event.shiftKey ? "add" : "new"));
      row.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          event.stopPropagation();
          select(around.run(), [id], event.shiftKey ? "add" : "new");
        }
      });
      row.addEventListener("pointerenter", () => {
        mark(id);
        around.mark(id);
      });
      row.addEventListener("pointerleave", () => {
        mark(null);
        around.mark(null);
      });
      return row;
    });
    const table = el("table", { class: "gt-movers-table" },
      el("caption", {}, `The ${count(first.length)} of ${count(points.n)} points that moved most`),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Point"), el("th", { scope: "col" }, "Label"), head("data", "in the data"), head("screen", "on the screen"))),
      el("tbody", {}, ...rows)); // prettier-ignore
    part(root, "movers").replaceChildren(table);
  }

  /** @param {number|null} id */
  function mark(id) {
    const i = id === null ? undefined : places.get(id);
    const view = i === undefined || !shown ? null : viewport(graph());
    ring.hidden = !view;
    if (!view || i === undefined) return;
    ring.style.transform = `translate(${toLeft(view, positions[2 * i])}px,${toTop(view, positions[2 * i + 1])}px)`;
  }

  return {
    /** @param {Motion} motion @param {string} base */
    async show(motion, base) {
      const mine = ++generation;
      const [ids, labels, moved, seemed] = await Promise.all(
        [motion.ids, motion.labels, motion.data, motion.screen].map((tensor) => get(tensor, base)),
      );
      if (mine !== generation) return;
      points = { n: motion.ids.shape[0], ids: new Float64Array(ids), labels: new Uint16Array(labels) };
      data = new Float64Array(moved);
      screen = new Float64Array(seemed);
      places = new Map(Array.from(points.ids, (id, i) => [id, i]));
      positions = new Float32Array(2 * points.n);
      for (let i = 0; i < points.n; i++) [positions[2 * i], positions[2 * i + 1]] = [data[i], screen[i]];
      shown = motion;
      const [from, to] = motion.epochs;
      part(root, "transition-title").textContent = `${motion.title}, epoch ${from} → ${to}`;
      const across = `Across: how far each of ${points.n.toLocaleString("en")} ${splitWord(motion.split)} points moved in the data (${motion.layer}, all coordinates).`;
      part(root, "transition-text").textContent = motion.fitted
        ? `${across} Up: on the screen, after the whole picture's own rotation, reflection, shift and scaling were taken out.`
        : `${across} Up: how far on the screen, in the picture's own units.`;
      box.hidden = false;
      if (!listening) listen();
      const gd = graph();
      const reach = (/** @type {Float64Array} */ values) => values.reduce((a, b) => Math.max(a, b), 0) * MARGIN || 1;
      const edge = (/** @type {number} */ high) => [-0.03 * high, high];
      gd.data[0].visible = true;
      gd.layout.xaxis.range = edge(reach(data));
      gd.layout.yaxis.range = edge(reach(screen));
      await Plotly.Plots.resize(gd); // it was hidden until now
      const attached = await attach(gd, Plotly, [{ trace: 0, n: points.n, xy: positions }]);
      if (mine !== generation) return;
      scene = attached;
      scene.setSize(0, 5);
      draw();
    },
    /** Nothing is open: another run has come. */
    clear() {
      generation++;
      shown = null;
      box.hidden = true;
      ring.hidden = true;
      part(root, "movers").replaceChildren();
    },
    paint: () => loop.wake(),
    mark,
    dispose() {
      generation++;
      endSelection();
      loop.stop();
      unregister("compare-transition");
      scene?.detach({ release: true });
      scene = null;
    },
  };
}

// @ts-check
/**
 * A figure in the place of plotly's: lines, marks and cells over axes, as its description says them, drawn as SVG. It has the
 * names that plotly gives these things, so that what lies above a chart (a cursor, another curve) need not know which it is.
 */

import { el } from "../core/dom.mjs";
import { set, svg } from "../core/svg.mjs";
import { filled, plain } from "./hover_text.mjs";
import { axis, rangeOf, ticksOf } from "./scale.mjs";

const MARGIN = { l: 50, r: 12, t: 12, b: 40 };
const BAR = 64; // px beside cells, for what their colours mean
const NEAR = 14; // px from the pointer to a point that is told
const DASHES = /** @type {Record<string, string>} */ ({ dot: "2 3", dash: "6 4", longdash: "10 4", dashdot: "6 3 2 3", longdashdot: "10 3 2 3" }); // prettier-ignore

/** @typedef {{data: any[], layout: any}} Figure as plotly is told it @typedef {import("./scale.mjs").Axis} Axis */

/** @param {HTMLElement} box that it fills @param {Figure} figure @returns {any} the graph */
export function createFigure(box, figure) {
  const gd = /** @type {any} */ (el("div", { class: "js-plotly-plot gt-drawn-figure" }));
  const picture = svg("svg", { "aria-hidden": "true" });
  const key = el("ul", { class: "gt-figure-key" });
  const told = el("div", { class: "gt-figure-told", hidden: true });
  /** @type {Set<() => void>} */
  const heard = new Set();
  gd.append(picture, key, told);
  box.append(gd);
  Object.assign(gd, { data: figure.data, layout: figure.layout, calcdata: [] });
  gd.on = (/** @type {string} */ _, /** @type {() => void} */ listener) => heard.add(listener);
  gd.removeListener = (/** @type {string} */ _, /** @type {() => void} */ listener) => heard.delete(listener);

  function plot() {
    key.replaceChildren(...keyOf(gd));
    gd._fullLayout = placed(gd, key.offsetHeight);
    picture.replaceChildren(...drawn(gd));
    for (const listener of [...heard]) listener();
  }
  plot();
  new ResizeObserver(plot).observe(gd);
  gd.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => tell(gd, told, event));
  gd.addEventListener("pointerleave", () => (told.hidden = true));

  gd.own = {
    /** @param {any[]} data @param {any} layout */
    async react(data, layout) {
      Object.assign(gd, { data, layout });
      plot();
    },
    plot,
  };
  return gd;
}

/** The axes of a row, by the names of a trace's. @param {any} full @param {any} trace @returns {[Axis, Axis]} */
const axesOf = (full, { xaxis = "x", yaxis = "y" }) => [full[`xaxis${xaxis.slice(1)}`], full[`yaxis${yaxis.slice(1)}`]];

/** Names of the axes that go up. @param {any} layout */
const rowsOf = (layout) => Object.keys(layout).filter((name) => name.startsWith("yaxis"));

/** Where the axes are. @param {any} gd @param {number} above px, of what stands above them */
function placed({ data, layout, clientWidth, clientHeight }, above) {
  const { l, r, t: least, b } = { ...MARGIN, ...layout.margin };
  const t = Math.max(least, above && above + 8);
  const right = data.some((/** @type {any} */ { type }) => type === "heatmap") ? BAR : r;
  const size = { l, t, w: Math.max(1, clientWidth - l - right), h: Math.max(1, clientHeight - t - b) };
  const valuesOf = (/** @type {"x"|"y"} */ name, /** @type {string} */ row = "") =>
    data.filter((/** @type {any} */ { yaxis = "y" }) => !row || `yaxis${yaxis.slice(1)}` === row).flatMap((/** @type {any} */ one) => [...one[name]]); // prettier-ignore
  /** @type {any} */
  const full = { _size: size, _plots: { xy: {} }, xaxis: axis(rangeOf(layout.xaxis, valuesOf("x")), l, size.w, false) };
  for (const row of rowsOf(layout)) {
    const [low, high] = layout[row].domain ?? [0, 1];
    const range = rangeOf(layout[row], valuesOf("y", row));
    full[row] = axis(range, t + (1 - high) * size.h, (high - low) * size.h, true);
  }
  return full;
}

/** All that is drawn. @param {any} gd @returns {SVGElement[]} */
function drawn(gd) {
  const { data, layout, _fullLayout: full } = gd;
  gd.calcdata = [];
  const traces = data.filter((/** @type {any} */ { visible }) => visible !== false).map((/** @type {any} */ trace) => {
    const [x, y] = axesOf(full, trace);
    const made = svg("g", {}, ...(trace.type === "heatmap" ? cells(trace, x, y) : marks(trace, x, y)));
    gd.calcdata.push([{ trace: { ...trace, meta: trace.meta ?? { class: -1 } }, node3: { style: (/** @type {string} */ _, /** @type {number} */ value) => (made.style.opacity = String(value)) } }]); // prettier-ignore
    return made;
  }); // prettier-ignore
  const bar = data.filter((/** @type {any} */ { type }) => type === "heatmap").map((/** @type {any} */ one) => colorbar(one, full._size)); // prettier-ignore
  return [...ruled(layout, full), ...traces, ...bar, ...(layout.annotations ?? []).map((/** @type {any} */ one) => annotation(one, full._size))]; // prettier-ignore
}

/** @param {number} x @param {number} y @param {string} text @param {Record<string, string|number>} [more] */
const label = (x, y, text, more = {}) => svg("text", { x: x.toFixed(1), y: y.toFixed(1), ...more }, plain(text));

/** Lines and numbers of the axes. @param {any} layout @param {any} full @returns {SVGElement[]} */
function ruled(layout, full) {
  const { l, t, w, h } = full._size;
  const made = [];
  const { xaxis } = full;
  if (layout.xaxis.visible !== false) {
    for (const [value, text] of ticksOf(layout.xaxis, xaxis.range)) {
      const x = l + xaxis.d2p(value);
      if (layout.xaxis.showgrid !== false) made.push(svg("path", { class: "gt-figure-line", d: `M${x.toFixed(1)} ${t}v${h}` }));
      made.push(label(x, t + h + 16, text, { "text-anchor": "middle" }));
    } // prettier-ignore
    made.push(label(l + w / 2, t + h + 33, layout.xaxis.title?.text ?? "", { "text-anchor": "middle" }));
  }
  for (const row of rowsOf(layout)) {
    const [told, y] = [layout[row], full[row]];
    if (told.visible === false) continue;
    for (const [value, text] of ticksOf(told, y.range)) {
      const at = y._offset + y.d2p(value);
      if (told.showgrid !== false) made.push(svg("path", { class: "gt-figure-line", d: `M${l} ${at.toFixed(1)}h${w}` }));
      made.push(label(l - 6, at + 4, text, { "text-anchor": "end" }));
    } // prettier-ignore
    const middle = y._offset + y._length / 2;
    if (told.title) made.push(label(12, middle, told.title.text, { "text-anchor": "middle", transform: `rotate(-90 12 ${middle})` })); // prettier-ignore
  }
  return made;
}

/** A line, its points, or marks. @param {any} trace @param {Axis} x @param {Axis} y @returns {SVGElement[]} */
function marks(trace, x, y) {
  const { line = {}, marker = {}, mode } = trace;
  const color = line.color ?? marker.color;
  const places = [...trace.x].map((value, i) => (Number.isFinite(trace.y[i]) ? [x._offset + x.d2p(value), y._offset + y.d2p(trace.y[i])] : null)); // prettier-ignore
  const made = [];
  if (mode.includes("lines")) {
    const d = places.map((at, i) => at && `${places[i - 1] ? "L" : "M"}${at[0].toFixed(1)} ${at[1].toFixed(1)}`).filter(Boolean).join(""); // prettier-ignore
    made.push(svg("path", { d, fill: "none", stroke: color, "stroke-width": line.width ?? 1.5, "stroke-dasharray": DASHES[line.dash] ?? "none", "stroke-linejoin": "round" })); // prettier-ignore
  }
  if (!mode.includes("markers")) return made;
  const size = marker.size ?? 5;
  for (const at of places) {
    if (!at) continue;
    const open = marker.symbol === "square-open";
    made.push(open
      ? svg("rect", { x: at[0] - size / 2, y: at[1] - size / 2, width: size, height: size, fill: "none", stroke: color, "stroke-width": 2 })
      : svg("circle", { cx: at[0].toFixed(1), cy: at[1].toFixed(1), r: size / 2, fill: color })); // prettier-ignore
  }
  return made;
}

/** Coloured cells: the stronger the colour, the larger the value. @param {any} trace @param {Axis} x @param {Axis} y @returns {SVGElement[]} */
function cells({ x: columns, y: rows, z, zmin, zmax, colorscale, xgap = 0, ygap = 0 }, x, y) {
  const color = colorscale[1][1];
  /** Where a column begins. @param {number} i @returns {number} */
  const edge = (i) => {
    if (i === 0) return columns[0] - (columns.length > 1 ? (columns[1] - columns[0]) / 2 : 0.5);
    if (i === columns.length) return 2 * columns[i - 1] - edge(i - 1);
    return (columns[i - 1] + columns[i]) / 2;
  };
  return z.flatMap((/** @type {(number|null)[]} */ row, /** @type {number} */ r) =>
    row.map((value, i) => {
      const [left, right] = [x.d2p(edge(i)), x.d2p(edge(i + 1))];
      const [one, other] = [y.d2p(rows[r] - 0.5), y.d2p(rows[r] + 0.5)];
      const share = value === null ? 0 : Math.max(0, Math.min(1, (value - zmin) / (zmax - zmin)));
      return svg("rect", {
        x: (x._offset + left).toFixed(2), y: (y._offset + Math.min(one, other)).toFixed(2),
        width: Math.max(0.2, right - left - xgap).toFixed(2), height: Math.max(0.2, Math.abs(other - one) - ygap).toFixed(2),
        fill: color, "fill-opacity": (0.04 + 0.96 * share).toFixed(3),
      }); // prettier-ignore
    }),
  );
}

/** What the colours of cells mean. @param {any} trace @param {{l: number, t: number, w: number, h: number}} size */
function colorbar({ colorbar: told, zmin, zmax, colorscale }, { l, t, w, h }) {
  const left = l + w + 8;
  const steps = 24;
  const parts = Array.from(
    { length: steps },
    (_, i) =>
    svg("rect", { x: left, y: (t + (h * i) / steps).toFixed(2), width: told.thickness, height: (h / steps + 0.3).toFixed(2), fill: colorscale[1][1], "fill-opacity": (1 - (0.96 * i) / (steps - 1)).toFixed(3) }), // prettier-ignore
  );
  const at = (/** @type {number} */ value) => t + h * (1 - (value - zmin) / (zmax - zmin));
  const texts = told.tickvals.map((/** @type {number} */ value, /** @type {number} */ i) => label(left + told.thickness + 4, Math.min(at(value) + 4, t + h), told.ticktext[i])); // prettier-ignore
  return svg("g", {}, ...parts, ...texts);
}

const SPAN = /<span style="color:([^"]+)">([^<]*)<\/span>/g;

/** A text in the figure, parts of which may be coloured. @param {any} told @param {{l: number, t: number, w: number, h: number}} size */
function annotation({ text, x, y, xanchor = "center" }, { l, t, w, h }) {
  const anchor = xanchor === "left" ? "start" : "middle";
  const made = label(l + x * w, t + (1 - y) * h - 5, "", { "text-anchor": anchor });
  let at = 0;
  for (const found of text.matchAll(SPAN)) {
    made.append(plain(text.slice(at, found.index)), svg("tspan", { fill: found[1] }, plain(found[2])));
    at = found.index + found[0].length;
  }
  made.append(plain(text.slice(at)));
  return made;
}

/** Which line is whose. @param {any} gd */
function keyOf({ data, layout }) {
  if (!layout.legend) return [];
  return data.map((/** @type {any} */ { name, line }) => {
    const stroke = { x1: 0, y1: 5, x2: 22, y2: 5, stroke: line.color, "stroke-width": 2, "stroke-dasharray": DASHES[line.dash] ?? "none" }; // prettier-ignore
    return el("li", {}, svg("svg", { viewBox: "0 0 22 10", width: 22, height: 10 }, svg("line", stroke)), plain(name));
  });
}

/** Say what is nearest to the pointer. @param {any} gd @param {HTMLElement} box @param {PointerEvent} event */
function tell(gd, box, { clientX, clientY }) {
  const outer = gd.getBoundingClientRect();
  const [left, top] = [clientX - outer.left, clientY - outer.top];
  let [best, said] = [NEAR, ""];
  for (const trace of gd.data) {
    if (!trace.hovertemplate) continue;
    const [x, y] = axesOf(gd._fullLayout, trace);
    if (trace.type === "heatmap") {
      const [column, row] = [nearest(trace.x, x.p2d(left - x._offset)), Math.round(y.p2d(top - y._offset))];
      const inside = left >= x._offset && left <= x._offset + x._length && Number.isFinite(trace.z[row]?.[column]);
      if (inside) said = filled(trace.hovertemplate, { customdata: trace.customdata[row][column] });
      continue;
    }
    trace.y.forEach((/** @type {number|null} */ value, /** @type {number} */ i) => {
      if (value === null) return;
      const away = Math.hypot(x._offset + x.d2p(trace.x[i]) - left, y._offset + y.d2p(value) - top);
      if (away >= best) return;
      best = away;
      const { text, customdata } = trace;
      said = filled(trace.hovertemplate, { x: trace.x[i], y: value, text: text?.[i], customdata: customdata?.[i] });
    });
  }
  box.hidden = !said;
  box.textContent = said;
  const right = left > outer.width / 2;
  set(box, { class: right ? "gt-figure-told gt-before" : "gt-figure-told" });
  box.style.transform = `translate(${left.toFixed(0)}px,${top.toFixed(0)}px)`;
}

/** Index of the nearest of some values. @param {number[]} values @param {number} wanted */
function nearest(values, wanted) {
  let best = 0;
  values.forEach((value, i) => (best = Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? i : best));
  return best;
}

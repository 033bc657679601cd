// @ts-check
/** In the place of `core/dash.mjs` where a page is in a file: selects are the browser's own, stores nobody reads, and a plain graph stands for plotly's. */

import { el } from "../core/dom.mjs";
import { createFigure } from "./figure.mjs";
import { createGraph } from "./graph.mjs";

/** @typedef {{value: string, label: string, title?: string}} Option */

/** What a clientside callback returns to leave its output alone. */
export const noUpdate = () => undefined;

/** @param {string} id @param {{options?: readonly Option[], value?: string}} props of a select; those of stores are read by nobody */
export function setProps(id, { options, value }) {
  const select = document.getElementById(id);
  if (!(select instanceof HTMLSelectElement)) return;
  if (options) select.replaceChildren(...options.map(({ value, label, title = "" }) => el("option", { value, title }, label))); // prettier-ignore
  if (value !== undefined) select.value = value;
  select.dispatchEvent(new Event("change"));
}

const GRAPH = ".gt-graph, [data-gt-figure]"; // where one stands

/** what was made of each box @type {WeakMap<Element, any>} */
const made = new WeakMap();

/** What modules ask of plotly: each graph of a file has its own answer. */
const Plotly = {
  react: (/** @type {any} */ gd, /** @type {any[]} */ data, /** @type {any} */ layout) => gd.own.react(data, layout),
  relayout: (/** @type {any} */ gd, /** @type {any} */ asked) => gd.own.relayout(asked),
  redraw: async (/** @type {any} */ gd) => gd.own.plot(),
  Plots: { resize: async (/** @type {any} */ gd) => gd.own.plot() },
};

/** The graph inside an element, and what of Plotly is asked of it. @param {Element} root @returns {Promise<{gd: any, Plotly: typeof Plotly}>} */
export async function plotted(root) {
  const box = /** @type {HTMLElement|null} */ (root.matches(GRAPH) ? root : root.querySelector(GRAPH));
  if (!box) throw new Error("plotted: this element has no graph");
  const { gtFigure } = box.dataset;
  const gd = made.get(box) ?? (gtFigure ? createFigure(box, JSON.parse(gtFigure)) : createGraph(box));
  made.set(box, gd);
  return { gd, Plotly };
}

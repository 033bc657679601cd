// @ts-check
/** The scatter of straying against noise: a dot a point, a ring around the one that is looked at, and a layer over them that takes the pointer. */

import { el } from "../core/dom.mjs";
import { set, svg } from "../core/svg.mjs";
import { KEYS } from "./detour_words.mjs";
import { rangeOf } from "./scatter_places.mjs";
import { makeFrame, niceTicks } from "./small_chart.mjs";

const HIGH = 230; // px
const RIGHT = 12; // px

/**
 * @param {object} given
 * @param {number[]} given.drawn which of the m attacked points
 * @param {ArrayLike<number>} given.stray (m,)
 * @param {(i: number) => number} given.noise of one that is drawn
 * @param {string[]} given.colors (m,) CSS
 */
export function createScatter({ drawn, stray, noise, colors }) {
  const dots = new Map(
    drawn.map((i) => [i, svg("circle", { r: 4, class: "gt-detour", style: `--gt-color:${colors[i]}` })]),
  );
  const cloud = svg("g", {}, ...dots.values());
  const ring = svg("circle", { r: 8, class: "gt-detour-ring", visibility: "hidden" });
  const under = svg("g", {});
  const chart = svg("svg", { class: "gt-curve-chart", height: HIGH, "aria-hidden": "true" }, under, cloud, ring);
  const touch = el("div", {
    class: "gt-detour-touch",
    tabIndex: 0,
    role: "application",
    "aria-label": `Straying against noise of ${drawn.length} attacked points. ${KEYS}`,
  });
  let places = new Float32Array(0); // px of `drawn`, x and y from below

  return {
    element: el("div", { class: "gt-detour-picture" }, chart, touch),
    touch,

    /** @param {number} wide px */
    resize(wide) {
      const [x, y] = [rangeOf(drawn.map((i) => stray[i]), 0), rangeOf(drawn.map(noise))]; // prettier-ignore
      const xTicks = niceTicks(...x, 5).filter((tick) => tick >= 0);
      const frame = makeFrame({ wide, high: HIGH, right: RIGHT, x, y, xTicks, yTicks: niceTicks(...y, 6) });
      places = Float32Array.from(drawn.flatMap((i) => [frame.toX(stray[i]), HIGH - frame.toY(noise(i))]));
      drawn.forEach((i, at) =>
        set(/** @type {Element} */ (dots.get(i)), { cx: places[2 * at], cy: HIGH - places[2 * at + 1] }),
      );
      set(chart, { viewBox: `0 0 ${wide} ${HIGH}` });
      under.replaceChildren(frame.element);
    },

    /** The points as gestures want them; px count as the units, for the two axes have different ones. */
    picture: () => ({
      view: {
        left: 0,
        top: 0,
        width: touch.clientWidth,
        height: HIGH,
        x0: 0,
        x1: touch.clientWidth,
        y0: 0,
        y1: HIGH,
        kx: 1,
        ky: 1,
      },
      positions: places,
      visible: () => true,
    }),

    /** Put the ring around a point, or away. @param {number} i below m @returns {boolean} whether it is drawn */
    mark(i) {
      const dot = dots.get(i);
      set(ring, {
        visibility: dot ? "visible" : "hidden",
        cx: dot?.getAttribute("cx") ?? 0,
        cy: dot?.getAttribute("cy") ?? 0,
      });
      return dot !== undefined;
    },

    /** Where a point is in the window. @param {number} i below m */
    bounds: (i) => dots.get(i)?.getBoundingClientRect(),

    /** @param {(i: number) => boolean} chosen */
    choose(chosen) {
      for (const [i, dot] of dots) dot.classList.toggle("gt-detour-chosen", chosen(i));
      cloud.classList.toggle("gt-detour-some", drawn.some(chosen));
      cloud.append(...[...dots].filter(([i]) => chosen(i)).map(([, dot]) => dot)); // above the others
    },
  };
}

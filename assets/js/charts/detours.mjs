// @ts-check
/**
 * Do attacked points that take a detour have the noisier perturbation? The answer with its number, and the scatter
 * that it is of: how far a point strays (to the right) against how noisy its perturbation is (up). Linked: it shows
 * the selection, and a click, lasso or box in it selects.
 */

import { el } from "../core/dom.mjs";
import { createGestures } from "../points/gestures.mjs";
import { makeFrame, niceTicks, onWidth } from "./small_chart.mjs";
import { set, svg } from "../core/svg.mjs";

const HIGH = 230; // px
const RIGHT = 12; // px
const UNLIKELY = 0.05; // a p-value below it counts as an answer
const FEWEST = 3; // points whose order can be compared, as in gt/measure/attacks/detours.py
const ROOM = 0.05; // of an axis beyond its points
const HINT = "Draw a lasso around points, or click one. Shift adds, Alt subtracts.";
const KEYS = "Arrow keys go from point to point, Enter selects (Shift adds, Alt subtracts).";
const QUESTION = "Do those that take a detour have the noisier perturbation?";
/** @type {Record<string, string>} */
const TITLES = { stray: "Straying", excess: "Longer than straight", noise: "Noise", rho: "Spearman’s ρ", p_value: "p" };

/** @param {number} x @returns {string} two digits behind the point, a true minus, and none before zero */
const two = (x) =>
  x
    .toFixed(2)
    .replace(/^-0\.00$/, "0.00")
    .replace("-", "−");

/** @param {number} p */
export const pText = (p) => (p < 0.001 ? "p < 0.001" : `p = ${p >= 0.1 ? p.toFixed(2) : Number(p.toPrecision(2))}`);

/**
 * The answer with its number.
 *
 * @param {import("../data/attack.mjs").DetoursNote} detours
 * @returns {{figures: string, answer: string}}
 */
export function answerOf({ rho, p_value: p, n }) {
  const over = `${n} ${n === 1 ? "point" : "points"}`;
  if (rho === null || p === null) {
    const why = n < FEWEST ? "too few to compare" : "all of them stray alike, or are noisy alike";
    return { figures: `It cannot be said: of ${over} that moved and were changed`, answer: why };
  }
  const figures = `Spearman’s ρ = ${two(rho)} over ${over}, ${pText(p)}`;
  if (p >= UNLIKELY) return { figures, answer: "not in this attack" };
  return { figures, answer: rho > 0 ? "yes, in this attack" : "no, in this attack it is the other way round" };
}

/** Points by their place along an axis; equal ones as they come. @param {number[]} drawn indices @param {ArrayLike<number|null>} values */
export const orderAlong = (drawn, values) => [...drawn].sort((a, b) => Number(values[a]) - Number(values[b]) || a - b);

/**
 * The point that a key leads to; null for keys of no meaning here, or where there are no points.
 *
 * @param {string} key
 * @param {number[]} order of points
 * @param {number} from the point now; one that is not among them: the way begins at an end
 */
export function nextPoint(key, order, from) {
  const at = order.indexOf(from);
  const last = order.length - 1;
  if (last < 0) return null;
  if (key === "Home") return order[0];
  if (key === "End") return order[last];
  if (key === "ArrowRight" || key === "ArrowUp") return order[Math.min(last, at + 1)];
  if (key === "ArrowLeft" || key === "ArrowDown") return order[at < 0 ? last : Math.max(0, at - 1)];
  return null;
}

/** The range of an axis, with some room. @param {number[]} values @param {number} [from] that is in it */
function rangeOf(values, from = Infinity) {
  if (!values.length) return /** @type {[number, number]} */ ([0, 1]);
  const [low, high] = [Math.min(from, ...values), Math.max(...values)];
  const room = ROOM * (high - low) || 0.5;
  return /** @type {[number, number]} */ ([low - room, high + room]);
}

/**
 * @param {HTMLElement} box
 * @param {object} given
 * @param {import("../data/attack.mjs").AttackNote} given.note
 * @param {ArrayLike<number>} given.ids (m,) of the attacked points
 * @param {string[]} given.colors (m,) CSS
 * @param {(ids: number[], how: import("../points/gestures.mjs").How) => void} given.select
 * @param {(member: number, x: number, y: number) => void} given.hover an index below m, or -1 for none; px in the window
 * @param {() => import("../points/gestures.mjs").Tool} [given.tool] of the page; a box where it says so, else a lasso
 * @param {() => import("../points/gestures.mjs").How} [given.how] of the page, where no key says it
 */
export function createDetours(box, { note, ids, colors, select, hover, tool = () => "lasso", how = () => "new" }) {
  const found = note.detours;
  if (!found) {
    box.replaceChildren(
      el("p", { class: "gt-hint" }, "Detours are compared with the noise of images; this attack is not on images."),
    );
    return { show() {}, mark() {} };
  }
  const { stray, noise, excess, meanings } = found;
  const noisy = (/** @type {number} */ i) => /** @type {number} */ (noise[i]);
  const drawn = Array.from(stray.keys()).filter((i) => noise[i] !== null);
  const [across, upwards] = [orderAlong(drawn, stray), orderAlong(drawn, noise)];
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
  const status = el("p", { class: "gt-detour-status", "aria-live": "polite" }, HINT);
  const { figures, answer } = answerOf(found);
  const left = stray.length - drawn.length;
  const root = el(
    "div",
    { class: "gt-detours" },
    el("p", { class: "gt-detour-question" }, QUESTION),
    el("p", { class: "gt-detour-answer" }, `${figures.replaceAll(" = ", "\u00a0=\u00a0")}: `, el("strong", {}, answer)),
    el("div", { class: "gt-detour-axis" }, "Noise of the perturbation ↑"),
    el("div", { class: "gt-detour-picture" }, chart, touch),
    el("div", { class: "gt-detour-axis gt-detour-across" }, "Straying of the path →"),
    status,
    left
      ? el(
          "p",
          { class: "gt-hint" },
          `${left} of ${stray.length} not drawn: nothing of their image was changed, or all of it alike.`,
        )
      : null,
    el("details", { class: "gt-curve-definition" }, el("summary", {}, "What these are"), definitions(meanings)),
  );
  box.replaceChildren(root);

  let places = new Float32Array(0); // px of `drawn`, x and y from below
  let marked = -1; // an index below m

  onWidth(root, (wide) => {
    const [x, y] = [rangeOf(drawn.map((i) => stray[i]), 0), rangeOf(drawn.map(noisy))]; // prettier-ignore
    const frame = makeFrame({
      wide,
      high: HIGH,
      right: RIGHT,
      x,
      y,
      xTicks: niceTicks(...x, 5).filter((tick) => tick >= 0),
      yTicks: niceTicks(...y, 6),
    });
    places = Float32Array.from(drawn.flatMap((i) => [frame.toX(stray[i]), HIGH - frame.toY(noisy(i))]));
    drawn.forEach((i, at) =>
      set(/** @type {Element} */ (dots.get(i)), { cx: places[2 * at], cy: HIGH - places[2 * at + 1] }),
    );
    set(chart, { viewBox: `0 0 ${wide} ${HIGH}` });
    under.replaceChildren(frame.element);
    mark(marked);
  });

  /** @param {number} i an index below m, or -1 for none */
  function mark(i) {
    marked = i;
    const dot = dots.get(i);
    set(ring, {
      visibility: dot ? "visible" : "hidden",
      cx: dot?.getAttribute("cx") ?? 0,
      cy: dot?.getAttribute("cy") ?? 0,
    });
    const more = i < 0 ? null : excess[i];
    const longer = more ? `, its path ${Math.round(100 * more)} % longer than straight` : "";
    status.textContent = dot ? `Point ${ids[i]}: strays ${two(stray[i])}${longer}; noise ${two(noisy(i))}` : HINT;
  }

  /** Mark a point and have its card shown. @param {number} i @param {number} [x] px in the window @param {number} [y] */
  function visit(i, x, y) {
    mark(i);
    const at = dots.get(i)?.getBoundingClientRect();
    hover(i, x ?? at?.right ?? 0, y ?? at?.bottom ?? 0);
  }

  createGestures(touch, {
    // px count as the units, for the two axes have different ones
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
    tool: () => (tool() === "box" ? "box" : "lasso"),
    how,
    wheel: () => false,
    hover(at, x, y) {
      const corner = touch.getBoundingClientRect();
      const i = at < 0 ? -1 : drawn[at];
      if (i !== -1 || marked !== -1) visit(i, corner.left + x, corner.top + y);
    },
    pick: (picked, way) => select(picked.map((at) => ids[drawn[at]]), way), // prettier-ignore
    zoom() {},
    pan() {},
  });
  touch.addEventListener("keydown", (event) => {
    const pressed = (event.key === "Enter" || event.key === " ") && marked !== -1;
    const order = event.key === "ArrowUp" || event.key === "ArrowDown" ? upwards : across;
    const to = nextPoint(event.key, order, marked);
    if (event.ctrlKey || event.metaKey || (!pressed && to === null)) return;
    event.preventDefault();
    event.stopPropagation(); // the page's keys mean something else
    if (pressed) select([ids[marked]], event.shiftKey ? "add" : event.altKey ? "subtract" : how());
    else if (to !== null) visit(to);
  });
  touch.addEventListener("blur", () => marked !== -1 && visit(-1));

  return {
    /** @param {ReadonlySet<number>} chosen ids */
    show(chosen) {
      const any = drawn.some((i) => chosen.has(ids[i]));
      for (const [i, dot] of dots) dot.classList.toggle("gt-detour-chosen", chosen.has(ids[i]));
      cloud.classList.toggle("gt-detour-some", any);
      cloud.append(...[...dots].filter(([i]) => chosen.has(ids[i])).map(([, dot]) => dot)); // above the others
    },
    /** Mark a point that is looked at elsewhere. @param {number} member an index below m, or -1 for none */
    mark,
  };
}

/** @param {Record<string, string>} meanings */
const definitions = (meanings) =>
  el(
    "dl",
    {},
    ...Object.entries(meanings).flatMap(([name, text]) => [el("dt", {}, TITLES[name] ?? name), el("dd", {}, text)]),
  );

// @ts-check
/**
 * Do attacked points that take a detour have the noisier perturbation? The answer with its number, and the scatter
 * that it is of: how far a point strays (to the right) against how noisy its perturbation is (up). Linked: it shows
 * the selection, and a click, lasso or box in it selects.
 */

import { el } from "../core/dom.mjs";
import { createGestures } from "../points/gestures.mjs";
import { createScatter } from "./detour_scatter.mjs";
import { HINT, QUESTION, TITLES, answerOf, pointText } from "./detour_words.mjs";
import { nextPoint, orderAlong } from "./scatter_places.mjs";
import { onWidth } from "./small_chart.mjs";

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
  const scatter = createScatter({ drawn, stray, noise: noisy, colors });
  const { touch } = scatter;
  const status = el("p", { class: "gt-detour-status", "aria-live": "polite" }, HINT);
  const { figures, answer } = answerOf(found);
  const root = el(
    "div",
    { class: "gt-detours" },
    el("p", { class: "gt-detour-question" }, QUESTION),
    el("p", { class: "gt-detour-answer" }, `${figures.replaceAll(" = ", "\u00a0=\u00a0")}: `, el("strong", {}, answer)),
    el("div", { class: "gt-detour-axis" }, "Noise of the perturbation ↑"),
    scatter.element,
    el("div", { class: "gt-detour-axis gt-detour-across" }, "Straying of the path →"),
    status,
    missing(stray.length - drawn.length, stray.length),
    el("details", { class: "gt-curve-definition" }, el("summary", {}, "What these are"), definitions(meanings)),
  );
  box.replaceChildren(root);

  let marked = -1; // an index below m

  onWidth(root, (wide) => {
    scatter.resize(wide);
    mark(marked);
  });

  /** @param {number} i an index below m, or -1 for none */
  function mark(i) {
    marked = i;
    status.textContent = scatter.mark(i) ? pointText(ids[i], stray[i], noisy(i), excess[i]) : HINT;
  }

  /** Mark a point and have its card shown. @param {number} i @param {number} [x] px in the window @param {number} [y] */
  function visit(i, x, y) {
    mark(i);
    const at = scatter.bounds(i);
    hover(i, x ?? at?.right ?? 0, y ?? at?.bottom ?? 0);
  }

  createGestures(touch, {
    picture: scatter.picture,
    tool: () => (tool() === "box" ? "box" : "lasso"),
    how,
    wheel: false,
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
    show: (chosen) => scatter.choose((i) => chosen.has(ids[i])),
    /** Mark a point that is looked at elsewhere. @param {number} member an index below m, or -1 for none */
    mark,
  };
}

/** @param {number} count points that are not drawn @param {number} of */
const missing = (count, of) =>
  count
    ? el(
        "p",
        { class: "gt-hint" },
        `${count} of ${of} not drawn: nothing of their image was changed, or all of it alike.`,
      )
    : null;

/** @param {Record<string, string>} meanings */
const definitions = (meanings) =>
  el(
    "dl",
    {},
    ...Object.entries(meanings).flatMap(([name, text]) => [el("dt", {}, TITLES[name] ?? name), el("dd", {}, text)]),
  );

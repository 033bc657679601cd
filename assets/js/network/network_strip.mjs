// @ts-check
/**
 * The network as a strip of its states, and the slider of layers that lies along it: block i stands exactly over
 * the slider's value i. A needle says where between them the picture is.
 *
 * `show` is called in every frame: it writes one `transform`, a share of the needle's own width, and so asks the page
 * for no size. Everything else is written when the nearest state changes.
 */

import { nearestState, shapeText } from "../data/layers.mjs";
import { el } from "../core/dom.mjs";
import { svg } from "../core/svg.mjs";

const LEAST = 14; // px, a block of the narrowest state
const MOST = 46; // px, of the widest
const FORGET = 1000; // ms after which a key counts from where the picture is, not from where it was sent
const HANDS_OFF = 1500; // ms after a touch in which the strip does not scroll by itself

/** One glyph a family, on a grid of 12 × 12: colour must not be the only carrier. @type {Record<import("../data/layers.mjs").Family, string>} */
const GLYPHS = {
  input: "M2 2H10V10H2ZM2 8L5 5.5L7 7.5L8.5 6.5L10 8",
  convolution: "M1.5 1.5H10.5V10.5H1.5ZM1.5 4.5H10.5M1.5 7.5H7.5M4.5 1.5V10.5M7.5 1.5V7.5",
  pooling: "M1.5 2L5 6L1.5 10M10.5 2L7 6L10.5 10M5 6H7",
  elementwise: "M1.5 9H6L10.5 2.5",
  linear: "M2 2.5L10 2.5M2 2.5L10 9.5M2 9.5L10 2.5M2 9.5L10 9.5",
  softmax: "M2.5 10V7.5M6 10V2M9.5 10V6",
  other: "M6 1.5L10.5 6L6 10.5L1.5 6Z",
};

/** Ends what a box is listening to, when it is given another network. @type {WeakMap<HTMLElement, AbortController>} */
const listening = new WeakMap();

/** Height of a block in px: even steps of the logarithm of its width. @param {number} width @param {number} widest */
export const blockHeight = (width, widest) =>
  Math.round(LEAST + ((MOST - LEAST) * Math.log2(Math.max(1, width))) / Math.max(1, Math.log2(Math.max(2, widest))));

/** The whole state that a key leads to; null for keys of no meaning here. @param {string} key @param {number} from @param {number} last */
export function stateByKey(key, from, last) {
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (key === "ArrowRight" || key === "ArrowUp") return Math.min(last, Math.floor(from + 1e-6) + 1);
  if (key === "ArrowLeft" || key === "ArrowDown") return Math.max(0, Math.ceil(from - 1e-6) - 1);
  return null;
}

/**
 * @param {HTMLElement} box
 * @param {object} given
 * @param {import("../data/layers.mjs").LayerState[]} given.states in network order
 * @param {(position: number, smooth: boolean) => void} given.seek to a state, fractions between two of them
 */
export function createStrip(box, { states, seek }) {
  const last = states.length - 1;
  const widest = Math.max(...states.map((state) => state.width));
  const blocks = states.map((state, i) => {
    const block = makeBlock(state, widest);
    block.addEventListener("click", () => go(i));
    return block;
  });
  const slider = el("input", {
    type: "range",
    class: "gt-strip-range",
    min: "0",
    max: String(last),
    step: "any",
    value: "0",
    "aria-label": "Layer",
  });
  slider.disabled = last === 0;
  const needle = el("div", { class: "gt-strip-needle", "aria-hidden": "true" }, el("span", {}));
  const track = el(
    "div",
    { class: "gt-strip-track", style: `--gt-states:${states.length}` },
    ...blocks,
    slider,
    needle,
  );
  listening.get(box)?.abort();
  const stop = new AbortController();
  listening.set(box, stop);
  box.classList.add("gt-strip");
  box.replaceChildren(track);

  let position = 0;
  let nearest = -1;
  let low = -1;
  let high = -1;
  let sent = NaN; // the state that keys led to last …
  let when = 0; // … and when, for a picture under way must not swallow the next press
  let held = false;
  let touched = -HANDS_OFF;
  let [inside, whole] = [0, 0]; // px seen, and px there are; observed, not asked for

  /** @param {number} state */
  function go(state) {
    [sent, when, touched] = [state, performance.now(), -HANDS_OFF]; // the strip may follow
    seek(state, true);
  }

  slider.addEventListener("pointerdown", () => {
    held = true;
    slider.value = String(position); // the thumb may have stayed behind while the picture played
  });
  for (const end of ["pointerup", "pointercancel"]) {
    slider.addEventListener(end, () => {
      [held, touched] = [false, -HANDS_OFF];
      if (nearest >= 0) reveal(nearest, "smooth");
    });
  }
  slider.addEventListener("input", () => {
    sent = NaN;
    seek(Number(slider.value), false);
  });
  slider.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = performance.now() - when < FORGET && !Number.isNaN(sent) ? sent : position;
    const state = stateByKey(event.key, from, last);
    if (state === null) return;
    event.preventDefault();
    event.stopPropagation(); // ← and → mean the epoch everywhere else
    go(state);
  });
  for (const name of ["pointerdown", "pointermove", "wheel", "touchmove"]) {
    box.addEventListener(name, (event) => {
      if (!(event instanceof PointerEvent) || event.buttons) touched = performance.now();
    }, { passive: true, signal: stop.signal }); // prettier-ignore
  }
  const sizes = new ResizeObserver(() => {
    [inside, whole] = [box.clientWidth, track.offsetWidth];
    if (nearest >= 0) reveal(nearest, "auto");
  });
  sizes.observe(box);
  sizes.observe(track);
  stop.signal.addEventListener("abort", () => sizes.disconnect());

  /** Scroll the strip, and only the strip, to a state. @param {number} state @param {ScrollBehavior} behavior */
  function reveal(state, behavior) {
    if (whole <= inside || performance.now() - touched < HANDS_OFF) return;
    const cell = whole / states.length;
    box.scrollTo({ left: (state + 0.5) * cell - inside / 2, behavior });
  }

  /** @param {number} now the nearest state */
  function say(now) {
    blocks[nearest]?.removeAttribute("aria-current");
    blocks[now].setAttribute("aria-current", "step");
    nearest = now;
    if (!held) slider.value = String(position);
    const { name, kind, shape } = states[now];
    slider.setAttribute("aria-valuetext", `${name}, ${kind} ${shapeText(shape)}, ${now + 1} of ${states.length}`);
    reveal(now, matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
  }

  return {
    /** @param {number} at 0 … states - 1, fractions between two states */
    show(at) {
      if (at === position && nearest >= 0) return;
      position = at;
      needle.style.transform = `translateX(${(100 * at).toFixed(2)}%)`;
      const [below, above] = [Math.floor(at + 1e-6), Math.ceil(at - 1e-6)];
      if (below !== low || above !== high) {
        for (const i of [low, high]) blocks[i]?.classList.remove("gt-at-hand");
        for (const i of [below, above]) blocks[i]?.classList.add("gt-at-hand");
        [low, high] = [below, above];
      }
      const now = nearestState(at, states.length);
      if (now !== nearest) say(now);
      else if (below === above && !held) slider.value = String(at);
    },
  };
}

/** @param {import("../data/layers.mjs").LayerState} state @param {number} widest */
function makeBlock(state, widest) {
  const glyph = svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: GLYPHS[state.family] }));
  const text = `${state.name}: ${state.kind} (${state.family_title}), ${shapeText(state.shape)}`;
  return el(
    "button",
    // reached by the slider's keys: a stop of its own for each state would be a long way through
    {
      type: "button",
      class: "gt-strip-block",
      tabIndex: -1,
      title: text,
      "aria-label": text,
      style: `--gt-color:var(--gt-kind-${state.family})`,
      "data-gt-family": state.family,
    },
    el("span", { class: "gt-strip-name" }, state.name),
    el("span", { class: "gt-strip-kind" }, state.kind),
    el("span", { class: "gt-strip-shape" }, shapeText(state.shape)),
    el("span", { class: "gt-strip-bar" }, el("span", { style: `height:${blockHeight(state.width, widest)}px` }, glyph)),
  );
}

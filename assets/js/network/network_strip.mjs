// @ts-check
/**
 * The network as a strip of its states, and the slider of layers that lies along it: block i stands exactly over
 * the slider's value i. A needle says where between them the picture is.
 *
 * `show` is called in every frame: it writes one `transform`, a share of the needle's own width, and so asks the page
 * for no size. Everything else is written when the nearest state changes.
 */

import { nearestState, shapeText } from "../data/layers.mjs";
import { stateByKey } from "../core/arrow_keys.mjs";
import { el } from "../core/dom.mjs";
import { makeBlock } from "./strip_block.mjs";
import { createStripScroll } from "./strip_scroll.mjs";

const FORGET = 1000; // ms after which a key counts from where the picture is, not from where it was sent

/** Ends what a box is listening to, when it is given another network. @type {WeakMap<HTMLElement, AbortController>} */
const listening = new WeakMap();

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
  const slider = makeSlider(last);
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
  const scroll = createStripScroll(box, track, {
    count: states.length,
    signal: stop.signal,
    resized: () => nearest >= 0 && scroll.reveal(nearest, "auto"),
  });

  /** @param {number} state */
  function go(state) {
    [sent, when] = [state, performance.now()];
    scroll.follow();
    seek(state, true);
  }

  slider.addEventListener("pointerdown", () => {
    held = true;
    slider.value = String(position); // the thumb may have stayed behind while the picture played
  });
  for (const end of ["pointerup", "pointercancel"]) {
    slider.addEventListener(end, () => {
      held = false;
      scroll.follow();
      if (nearest >= 0) scroll.reveal(nearest, "smooth");
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
  /** @param {number} now the nearest state */
  function say(now) {
    blocks[nearest]?.removeAttribute("aria-current");
    blocks[now].setAttribute("aria-current", "step");
    nearest = now;
    if (!held) slider.value = String(position);
    const { name, kind, shape } = states[now];
    slider.setAttribute("aria-valuetext", `${name}, ${kind} ${shapeText(shape)}, ${now + 1} of ${states.length}`);
    scroll.reveal(now, matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
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

/** @param {number} last state */
function makeSlider(last) {
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
  return slider;
}

// @ts-check
/** The slider of layers that lies along a strip, and the needle that says where the picture is. */

import { stateByKey } from "../core/arrow_keys.mjs";
import { shapeText } from "../data/layers.mjs";
import { el } from "../core/dom.mjs";
import { reduced } from "../core/motion.mjs";

const FORGET = 1000; // ms after which a key counts from where the picture is, not from where it was sent

/** Ends what a box is listening to, when it is given another network. @type {WeakMap<HTMLElement, AbortController>} */
const listening = new WeakMap();

/** A box is given another network. @param {HTMLElement} box @returns {AbortSignal} that ends with the next */
export function takeBox(box) {
  listening.get(box)?.abort();
  const stop = new AbortController();
  listening.set(box, stop);
  box.classList.add("gt-strip");
  return stop.signal;
}

/** @param {number} last state */
export function makeSlider(last) {
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

export const makeNeedle = () => el("div", { class: "gt-strip-needle", "aria-hidden": "true" }, el("span", {}));

/**
 * @param {HTMLInputElement} slider
 * @param {object} given
 * @param {number} given.last state
 * @param {() => number} given.position where the picture is
 * @param {(position: number, smooth: boolean) => void} given.seek
 * @param {{follow: () => void}} given.scroll
 * @param {() => void} given.let it was let go
 * @param {(position: number) => number} [given.toValue] a position as the slider says it
 * @param {(value: number) => number} [given.toPosition]
 */
export function wireSlider(slider, { last, position, seek, scroll, let: released, toValue = same, toPosition = same }) {
  let sent = NaN; // the state that keys led to last …
  let when = 0; // … and when, for a picture under way must not swallow the next press
  let held = false;

  /** @param {number} state */
  function go(state) {
    [sent, when] = [state, performance.now()];
    scroll.follow();
    seek(state, true);
  }

  slider.addEventListener("pointerdown", () => {
    held = true;
    slider.value = String(toValue(position())); // the thumb may have stayed behind while the picture played
  });
  for (const end of ["pointerup", "pointercancel"]) {
    slider.addEventListener(end, () => {
      held = false;
      scroll.follow();
      released();
    });
  }
  slider.addEventListener("input", () => {
    sent = NaN;
    seek(toPosition(Number(slider.value)), false);
  });
  slider.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = performance.now() - when < FORGET && !Number.isNaN(sent) ? sent : position();
    const state = stateByKey(event.key, from, last);
    if (state === null) return;
    event.preventDefault();
    event.stopPropagation(); // ← and → mean the epoch everywhere else
    go(state);
  });

  return {
    go,
    /** Where the thumb is, unless it is held. @param {number} at */
    put(at) {
      if (!held) slider.value = String(toValue(at));
    },
  };
}

/**
 * The slider says at which state the picture is, and the strip scrolls to it.
 *
 * @param {HTMLInputElement} slider
 * @param {{reveal: (state: number, behavior: ScrollBehavior) => void}} scroll
 * @param {{name: string, kind: string, shape: number[]}[]} states
 * @param {number} now
 */
export function sayState(slider, scroll, states, now) {
  const { name, kind, shape } = states[now];
  slider.setAttribute("aria-valuetext", `${name}, ${kind} ${shapeText(shape)}, ${now + 1} of ${states.length}`);
  scroll.reveal(now, reduced() ? "auto" : "smooth");
}

/** @param {number} x */
const same = (x) => x;

// @ts-check
/**
 * The network as a strip of its states, and the slider of layers that lies along it: block i stands exactly over
 * the slider's value i. A needle says where between them the picture is. One with branches is a small graph.
 *
 * `show` is called in every frame: it writes one `transform`, a share of the needle's own width, and so asks the page
 * for no size. Everything else is written when the nearest state changes.
 */

import { nearestState } from "../data/layers.mjs";
import { el } from "../core/dom.mjs";
import { createGraphStrip } from "./graph_strip.mjs";
import { makeBlock } from "./strip_block.mjs";
import { createStripScroll } from "./strip_scroll.mjs";
import { makeNeedle, makeSlider, sayState, takeBox, wireSlider } from "./strip_slider.mjs";

/**
 * @typedef {object} Given
 * @property {import("../payloads.mjs").AlignmentNote} note
 * @property {(position: number, smooth: boolean) => void} seek to a state, fractions between two of them
 * @property {(path: Record<string, string>, state: string) => void} choose another path, and where to be on it
 */

/** @param {HTMLElement} box @param {Given} given */
export function createStrip(box, { note, seek, choose }) {
  const { graph } = note;
  if (graph) return createGraphStrip(box, { note: { ...note, graph }, seek, choose });
  return createChainStrip(box, note.states, seek);
}

/** @param {HTMLElement} box @param {import("../data/layers.mjs").LayerState[]} states @param {Given["seek"]} seek */
function createChainStrip(box, states, seek) {
  const widest = Math.max(...states.map((state) => state.width));
  const signal = takeBox(box);
  const blocks = states.map((state, i) => {
    const block = makeBlock(state, widest);
    block.addEventListener("click", () => slide.go(i));
    return block;
  });
  const slider = makeSlider(states.length - 1);
  const needle = makeNeedle();
  const style = `--gt-states:${states.length}`;
  const track = el("div", { class: "gt-strip-track", style }, ...blocks, slider, needle);
  box.replaceChildren(track);

  let position = 0;
  let nearest = -1;
  let low = -1;
  let high = -1;
  const scroll = createStripScroll(box, track, {
    middle: (state) => (state + 0.5) / states.length,
    signal,
    resized: () => nearest >= 0 && scroll.reveal(nearest, "auto"),
  });
  const slide = wireSlider(slider, {
    last: states.length - 1,
    position: () => position,
    seek,
    scroll,
    let: () => nearest >= 0 && scroll.reveal(nearest, "smooth"),
  });

  /** @param {number} now the nearest state */
  function say(now) {
    blocks[nearest]?.removeAttribute("aria-current");
    blocks[now].setAttribute("aria-current", "step");
    nearest = now;
    slide.put(position);
    sayState(slider, scroll, states, now);
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
      else if (below === above) slide.put(at);
    },
  };
}

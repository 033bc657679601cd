// @ts-check
/** Bars that stand beside each other, a number each: some to pull up and down, others that answer. */

import { set, svg } from "../core/svg.mjs";
import { written } from "./controls.mjs";

/**
 * @typedef {object} Row of bars, in units of its SVG
 * @property {number} left of the first bar @property {number} width of a bar @property {number} gap between two
 * @property {number} top of the largest value @property {number} height from there to the least
 * @property {number} least @property {number} most
 * @property {(value: number) => string} [said] what stands at a bar; its number otherwise
 */

/**
 * @param {Row} row
 * @param {number} count of bars
 */
export function createBars(row, count) {
  const { left, width, gap, top, height, least, most } = row;
  const said = row.said ?? ((value) => written(value, 1));
  const y = (/** @type {number} */ value) => top + (height * (most - value)) / (most - least);
  const x = (/** @type {number} */ i) => left + i * (width + gap);
  const bars = Array.from({ length: count }, (_, i) => {
    const bar = svg("rect", { class: "gt-pole", x: x(i), width, rx: 2 });
    const text = svg("text", { class: "gt-pole-text", x: x(i) + width / 2, "text-anchor": "middle" });
    return { bar, text, group: svg("g", {}, bar, text) };
  });
  const zero = Math.max(least, Math.min(most, 0));
  const element = svg(
    "g",
    {},
    svg("path", { class: "gt-pole-ground", d: `M${left - gap / 2} ${y(zero)}H${x(count) - gap / 2}` }),
    ...bars.map(({ group }) => group),
  );

  return {
    element,
    /** The middle of a bar and where a value of it is. @param {number} i @param {number} value @returns {[number, number]} */
    at: (i, value) => [x(i) + width / 2, y(Math.max(least, Math.min(most, value)))],
    /** The groups of the bars, in order. */
    groups: bars.map(({ group }) => group),
    /** @param {ArrayLike<number>} values @param {(i: number) => boolean} [marked] */
    draw(values, marked) {
      bars.forEach(({ bar, text, group }, i) => {
        const end = y(Math.max(least, Math.min(most, values[i])));
        set(bar, { y: Math.min(end, y(zero)), height: Math.max(1, Math.abs(end - y(zero))) });
        set(text, { y: values[i] < 0 ? end + 13 : end - 4 });
        text.textContent = said(values[i]);
        group.classList.toggle("gt-marked", marked?.(i) ?? false);
      });
    },
  };
}

/**
 * Bars to pull: by mouse or finger, or by the arrow keys.
 *
 * @param {Row} row
 * @param {number[]} values changed in place
 * @param {(i: number) => string} name read aloud
 * @param {() => void} changed
 */
export function createPulledBars(row, values, name, changed) {
  const { left, width, gap, top, height, least, most } = row;
  const step = (most - least) / 40;
  const bars = createBars(row, values.length);
  bars.groups.forEach((group, i) => {
    const hold = svg("rect", {
      class: "gt-pole-hold",
      x: left + i * (width + gap) - gap / 2,
      y: top - 12,
      width: width + gap,
      height: height + 24,
    });
    group.prepend(hold);
    set(group, {
      class: "gt-pole-pulled", role: "slider", tabindex: 0, "aria-label": name(i), "aria-valuemin": least, "aria-valuemax": most,
      "aria-orientation": "vertical",
    }); // prettier-ignore
    let held = false;

    /** @param {number} value */
    function go(value) {
      values[i] = Math.round(Math.max(least, Math.min(most, value)) / step) * step;
      draw();
      changed();
    }
    const pull = (/** @type {PointerEvent} */ event) => {
      const box = hold.getBoundingClientRect();
      const share = ((event.clientY - box.top) * (height + 24)) / box.height - 12;
      go(most - (share * (most - least)) / height);
    };
    group.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      group.focus({ preventScroll: true });
      group.setPointerCapture(event.pointerId);
      held = true;
      pull(event);
    });
    group.addEventListener("pointermove", (event) => held && pull(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
      group.addEventListener(end, () => (held = false));
    group.addEventListener("keydown", (event) => {
      const to = {
        ArrowUp: values[i] + step, ArrowRight: values[i] + step, ArrowDown: values[i] - step, ArrowLeft: values[i] - step,
        PageUp: values[i] + 5 * step, PageDown: values[i] - 5 * step, Home: least, End: most,
      }[event.key]; // prettier-ignore
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation(); // ← and → mean the epoch everywhere else
      go(to);
    });
  });

  function draw() {
    bars.draw(values);
    bars.groups.forEach((group, i) =>
      set(group, { "aria-valuenow": Number(values[i].toFixed(3)), "aria-valuetext": written(values[i], 1) }),
    );
  }
  draw();
  return bars;
}

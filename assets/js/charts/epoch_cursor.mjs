// @ts-check
/**
 * A line at one epoch through several charts at once. It follows the pointer over any of them; a second, quieter line
 * stays at the chosen epoch. Lines are elements above plotly's picture, moved without redrawing it.
 */

import { el } from "../core/dom.mjs";

/**
 * @typedef {object} Chart
 * @property {HTMLElement} box positioned, around the graph
 * @property {any} gd plotly's graph div
 */

/**
 * @param {Chart[]} charts
 * @param {number[]} epochs ascending
 * @param {object} events
 * @param {(at: number|null) => void} events.over an index into the epochs, null when the pointer left
 * @param {(at: number, chart: Chart, event: MouseEvent) => void} events.click
 */
export function createEpochCursor(charts, epochs, { over, click }) {
  const stop = new AbortController();
  const { signal } = stop;
  const lines = charts.map(({ box }) => {
    const made = ["gt-cursor gt-cursor-chosen", "gt-cursor"].map((name) =>
      el("div", { class: name, hidden: true, "aria-hidden": "true" }),
    );
    box.append(...made);
    return made;
  });
  let chosen = 0;
  /** @type {number|null} */
  let hovered = null;
  let pending = 0;

  /** Where an epoch is in a chart, px from its left edge. @param {any} gd @param {number} epoch */
  const left = ({ _fullLayout: { xaxis } }, epoch) => xaxis._offset + xaxis.d2p(epoch);

  function draw() {
    pending = 0;
    charts.forEach(({ gd }, i) => {
      const layout = gd._fullLayout;
      if (!layout?.xaxis) return;
      for (const [line, at] of /** @type {[HTMLElement, number|null][]} */ ([
        [lines[i][0], chosen],
        [lines[i][1], hovered],
      ])) {
        line.hidden = at === null;
        if (at === null) continue;
        line.style.top = `${layout._size.t}px`;
        line.style.height = `${layout._size.h}px`;
        line.style.transform = `translateX(${left(gd, epochs[at]).toFixed(1)}px)`;
      }
    });
  }

  const later = () => (pending ||= requestAnimationFrame(draw));

  /** The epoch under the pointer, an index, or null outside the axes. @param {Chart} chart @param {MouseEvent} event */
  function under({ gd, box }, event) {
    const x = event.clientX - box.getBoundingClientRect().left;
    const { xaxis } = gd._fullLayout;
    if (x < xaxis._offset - 4 || x > xaxis._offset + xaxis._length + 4) return null;
    const epoch = xaxis.p2d(x - xaxis._offset);
    let best = 0;
    epochs.forEach((one, i) => (best = Math.abs(one - epoch) < Math.abs(epochs[best] - epoch) ? i : best));
    return best;
  }

  /** @param {number|null} at */
  function hover(at) {
    if (at === hovered) return;
    hovered = at;
    later();
    over(at);
  }

  charts.forEach((chart) => {
    const { box, gd } = chart;
    box.addEventListener("pointermove", (event) => hover(under(chart, event)), { signal });
    box.addEventListener("pointerleave", () => hover(null), { signal });
    box.addEventListener("click", (event) => {
      const at = under(chart, event);
      if (at !== null) click(at, chart, event);
    }, { signal }); // prettier-ignore
    gd.on?.("plotly_afterplot", later);
  });

  return {
    /** @param {number} at an index into the epochs */
    choose(at) {
      chosen = at;
      later();
    },
    get hovered() {
      return hovered;
    },
    /** Take the lines away, hear nothing more. */
    end() {
      stop.abort();
      cancelAnimationFrame(pending);
      for (const made of lines) for (const line of made) line.remove();
      for (const { gd } of charts) gd.removeListener?.("plotly_afterplot", later);
    },
  };
}

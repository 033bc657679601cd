// @ts-check
/** A chart as a slider of its steps: a click, a drag or an arrow key asks for one, and a pointer above it looks at one. */

import { stateByKey } from "../core/arrow_keys.mjs";

const CLICK = 4; // px a finger may wander and still have tapped

/**
 * @param {SVGSVGElement} chart
 * @param {object} given
 * @param {number} given.last step, an index
 * @param {() => number} given.position now, an index, fractions between two
 * @param {(px: number) => number} given.stepAt the index of the step at a place, px from the chart's left edge
 * @param {(step: number) => void} given.seek an index
 * @param {(step: number|null) => void} given.point the pointer is above a step, an index, or has left
 */
export function listenForSteps(chart, { last, position, stepAt, seek, point }) {
  let sent = -1; // by the drag that is under way …
  let began = 0; // … and where it began, px

  /** @param {PointerEvent} event */
  const under = (event) => stepAt(event.clientX - chart.getBoundingClientRect().left);
  /** @param {PointerEvent} event */
  function drag(event) {
    const step = under(event);
    if (step !== sent) seek((sent = step));
  }
  chart.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    chart.setPointerCapture(event.pointerId);
    [sent, began] = [-1, event.clientX];
    if (event.pointerType !== "touch") drag(event); // a finger may be about to scroll the page
  });
  chart.addEventListener("pointermove", (event) => {
    const touch = event.pointerType === "touch";
    if (chart.hasPointerCapture(event.pointerId) && (!touch || sent !== -1 || Math.abs(event.clientX - began) > CLICK))
      drag(event);
    if (!touch) point(under(event));
  });
  chart.addEventListener("pointerup", (event) => {
    if (event.pointerType === "touch" && chart.hasPointerCapture(event.pointerId)) drag(event);
  });
  chart.addEventListener("pointerleave", () => point(null));
  chart.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = stateByKey(event.key, position(), last);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation(); // ← and → would count twice
    seek(to);
  });
}

// @ts-check
/** Taking hold of the ends of handles, by mouse, touch or the arrow keys: one at a time by the pointer, each by its keys. */

import { nudge } from "../core/arrow_keys.mjs";
import { fromLeft, fromTop } from "./viewport.mjs";

/**
 * @param {HTMLElement} layer over the plot, in which the ends are
 * @param {Float64Array} at (p, 2), data units: where the ends are; keys move them before the next frame does
 * @param {import("./handles.mjs").HandleEvents} events
 */
export function createSteering(layer, at, events) {
  /** @type {import("./viewport.mjs").Viewport|null} */
  let view = null;
  let dragged = -1;
  let [grabX, grabY] = [0, 0];

  /** @param {PointerEvent} event @returns {[number, number]} data units */
  function pointer(event) {
    const box = layer.getBoundingClientRect();
    const v = /** @type {import("./viewport.mjs").Viewport} */ (view);
    return [fromLeft(v, event.clientX - box.left), fromTop(v, event.clientY - box.top)];
  }

  /** @param {HTMLElement} end @param {() => number} of */
  function byPointer(end, of) {
    end.addEventListener("pointerdown", (event) => {
      const i = of();
      if (event.button !== 0 || !view) return;
      event.preventDefault();
      end.focus({ preventScroll: true });
      end.setPointerCapture(event.pointerId);
      const [x, y] = pointer(event);
      [grabX, grabY] = [at[2 * i] - x, at[2 * i + 1] - y];
      dragged = i;
      end.classList.add("gt-dragged");
      events.start(i);
    });
    end.addEventListener("pointermove", (event) => {
      const i = of();
      if (dragged !== i || !view) return;
      const [x, y] = pointer(event);
      events.move(i, x + grabX, y + grabY);
    });
    const stop = () => {
      if (dragged !== of()) return;
      dragged = -1;
      end.classList.remove("gt-dragged");
      events.end();
    };
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) end.addEventListener(name, stop);
  }

  /** @param {HTMLElement} end @param {() => number} of */
  function byKeys(end, of) {
    end.addEventListener("keydown", (event) => {
      const i = of();
      const step = nudge(event.key, event.shiftKey);
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation(); // ← and → mean the epoch everywhere else
      if (!event.repeat) events.start(i);
      at[2 * i] += step[0]; // kept here, for two presses may come before the next frame
      at[2 * i + 1] += step[1];
      events.move(i, at[2 * i], at[2 * i + 1]);
      events.end();
    });
  }

  return {
    /** @param {HTMLElement} end @param {() => number} of which handle it is, which may change while it is in nobody's hand */
    listen(end, of) {
      byPointer(end, of);
      byKeys(end, of);
      end.addEventListener("pointerenter", () => events.hold(true));
      end.addEventListener("pointerleave", () => events.hold(false));
      end.addEventListener("focus", () => events.hold(end.matches(":focus-visible")));
      end.addEventListener("blur", () => events.hold(false));
    },
    /** The picture is drawn there now. @param {import("./viewport.mjs").Viewport} now */
    see(now) {
      view = now;
    },
    /** The handle in the pointer's hand, or -1. */
    get dragged() {
      return dragged;
    },
  };
}

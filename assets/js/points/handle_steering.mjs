// @ts-check
/**
 * Taking hold of the ends of handles, one at a time: by mouse or touch, or by Enter, after which arrow keys move it until Enter
 * or Esc lets go. Arrow keys of one that is not in hand lead to the next, see `core/roving.mjs`.
 */

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
  let taken = -1; // the handle that arrow keys move
  let [grabX, grabY] = [0, 0];

  /** @param {PointerEvent} event @returns {[number, number]} data units */
  function pointer(event) {
    const box = layer.getBoundingClientRect();
    const v = /** @type {import("./viewport.mjs").Viewport} */ (view);
    return [fromLeft(v, event.clientX - box.left), fromTop(v, event.clientY - box.top)];
  }

  /** @param {HTMLElement} end @param {number} i -1 to let go */
  function take(end, i) {
    taken = i;
    end.setAttribute("aria-pressed", String(i >= 0));
    end.classList.toggle("gt-taken", i >= 0);
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
      take(end, i);
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
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = taken === i ? nudge(event.key, event.shiftKey) : null;
      const pressed = event.key === "Enter" || event.key === " ";
      if (!step && !pressed && !(taken === i && event.key === "Escape")) return;
      event.preventDefault();
      event.stopPropagation(); // ← and → mean the epoch everywhere else, Space means to play
      if (!step) return take(end, pressed && taken !== i ? i : -1);
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
      end.addEventListener("blur", () => {
        events.hold(false);
        take(end, -1);
      });
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

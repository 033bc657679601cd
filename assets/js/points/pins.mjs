// @ts-check
/**
 * Handles of groups of points in the picture: the live selection and the reader's groups, each a diamond at its centroid that
 * is dragged by mouse or touch, or by arrow keys once Space has taken hold of it; else these lead from one to the next. All are one stop
 * of the Tab key, and their names lie over no others.
 *
 * What is handed on is how far it was dragged since the gesture began: where the centroid comes to rest is for whoever
 * turns the picture to say, for it cannot go everywhere.
 */

import { count, el } from "../core/dom.mjs";
import { nudge } from "../core/arrow_keys.mjs";
import { middle } from "../core/names.mjs";
import { createRoving } from "../core/roving.mjs";
import { svg } from "../core/svg.mjs";
import { createHandleNames } from "./handle_names.mjs";
import { NOTHING } from "./labels.mjs";
import { createPinSteering } from "./pin_steering.mjs";
import { toLeft, toTop } from "./viewport.mjs";

const LETTERS = 14; // of a name

/**
 * @typedef {{name: string, count: number, color?: string, live?: boolean}} Pin `live` is the selection itself
 * @typedef {object} PinEvents `i` is a place in what was last `set`
 * @property {(i: number) => void} start a gesture begins: the moment to remember the view
 * @property {(i: number, dx: number, dy: number) => void} move dragged so far since `start`, data units
 * @property {(i: number, moved: boolean) => void} end
 * @property {(held: boolean) => void} hold a handle is hovered or focused, or no longer
 * @property {(i: number, add: boolean) => void} pick its points are to be selected again, or added to the selection
 * @property {(i: number) => void} remove
 */

/** @param {Pin} pin "Selection, 57 points" */
export const pinText = ({ name, count: n }) => `${name}, ${n === 1 ? "1 point" : `${count(n)} points`}`;

/**
 * @param {HTMLElement} layer an empty element over the plot
 * @param {PinEvents} events
 */
export function createPins(layer, events) {
  /** @type {HTMLButtonElement[]} */
  const ends = [];
  const lines = svg("path");
  layer.append(svg("svg", { class: "gt-handle-lines", "aria-hidden": "true" }, lines));
  const roving = createRoving(layer, ends);
  const written = createHandleNames(ends);
  /** @type {string[]} what is said at each */
  let texts = [];
  let taken = -1; // the one that arrow keys move
  /** @type {import("./viewport.mjs").Viewport|null} */
  let view = null;
  const steering = createPinSteering(events);
  const pointer = byPointer(steering, events, () => view);

  /** @param {number} i that arrow keys move now, -1 for none */
  function take(i) {
    if (taken >= 0) steering.release(taken);
    taken = i;
    ends.forEach((end, e) => {
      end.setAttribute("aria-pressed", String(e === i));
      end.classList.toggle("gt-taken", e === i);
    });
  }

  /** @param {HTMLElement} end @param {number} i */
  function byKeys(end, i) {
    end.addEventListener("focus", () => events.hold(end.matches(":focus-visible")));
    end.addEventListener("blur", () => {
      if (taken === i) take(-1);
      events.hold(false);
    });
    end.addEventListener("keyup", (event) => nudge(event.key, false) && steering.release(i));
    end.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || steering.dragged >= 0) return;
      const step = taken === i ? nudge(event.key, event.shiftKey) : null;
      const removes = event.key === "Delete" || event.key === "Backspace";
      const leaves = taken === i && event.key === "Escape";
      if (!step && !removes && !leaves && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation(); // ← and → mean the epoch everywhere else, Space means to play
      if (step) return steering.steer(i, step);
      if (leaves || event.key === " ") return take(taken === i ? -1 : i);
      steering.release(i);
      if (removes) events.remove(i);
      else events.pick(i, event.shiftKey);
    });
  }

  /** @param {number} i */
  function makeEnd(i) {
    const end = el("button", { type: "button", class: "gt-pin" }, el("span"));
    pointer.listen(end, i);
    byKeys(end, i);
    return end;
  }

  return {
    /** Show these groups. A gesture under way goes on where its handle is still there. @param {Pin[]} pins */
    set(pins) {
      if (steering.dragged >= pins.length) pointer.drop(ends[steering.dragged]);
      if (steering.steered >= pins.length) steering.release(steering.steered);
      const focused = ends.findIndex((end) => end === document.activeElement);
      while (ends.length < pins.length) {
        written.forget(ends.length);
        ends.push(makeEnd(ends.length));
        layer.append(ends[ends.length - 1]);
      }
      for (const end of ends.splice(pins.length)) end.remove();
      if (focused >= ends.length) ends[ends.length - 1]?.focus({ preventScroll: true }); // the keyboard's place is kept
      if (taken >= pins.length) take(-1);
      texts = pins.map((pin) => pinText({ ...pin, name: middle(pin.name, LETTERS) }));
      pins.forEach((pin, i) => label(ends[i], pin));
      roving.settle();
    },
    /**
     * @param {import("./viewport.mjs").Viewport} now
     * @param {ArrayLike<number>} centres (pins, 2), data units; NaN for one that has no place
     * @param {{left: number, top: number, width: number, height: number}} room px that names may stand in
     * @param {import("./labels.mjs").Around} around what others have drawn there
     */
    draw(now, centres, room = now, around = NOTHING) {
      view = now;
      /** @type {import("./handle_names.mjs").Named[]} */
      const named = [];
      ends.forEach((end, i) => {
        const [left, top] = [toLeft(now, centres[2 * i]), toTop(now, centres[2 * i + 1])];
        const there = Number.isFinite(left) && Number.isFinite(top);
        if (end.hidden === there) {
          end.hidden = !there;
          roving.settle();
        }
        if (!there) return;
        end.style.transform = `translate(${left.toFixed(1)}px,${top.toFixed(1)}px)`;
        const first = steering.dragged === i || end === document.activeElement;
        named.push({ e: i, x: left, y: top, name: texts[i], left: false, first });
      });
      lines.setAttribute("d", written.write(named, room, around));
    },
    /** Whether one is being dragged, by pointer or keys. */
    get dragging() {
      return steering.dragged >= 0 || steering.steered >= 0;
    },
  };
}

/**
 * Dragging by mouse or touch, and a double click.
 *
 * @param {ReturnType<typeof createPinSteering>} steering @param {PinEvents} events @param {() => import("./viewport.mjs").Viewport|null} view
 */
function byPointer(steering, events, view) {
  /** @param {HTMLElement} end the one that is held */
  function drop(end) {
    end.classList.remove("gt-dragged");
    steering.drop();
  }
  return {
    drop,
    /** @param {HTMLElement} end @param {number} i */
    listen(end, i) {
      end.addEventListener("pointerdown", (event) => {
        if (event.button !== 0 || !view() || steering.dragged >= 0) return;
        event.preventDefault();
        steering.release(i);
        end.focus({ preventScroll: true });
        end.setPointerCapture(event.pointerId);
        end.classList.add("gt-dragged");
        steering.press(i, event.clientX, event.clientY);
      });
      end.addEventListener("pointermove", (event) => {
        const now = view();
        if (now) steering.drag(i, event.clientX, event.clientY, now);
      });
      for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
        end.addEventListener(name, () => steering.dragged === i && drop(end));
      }
      end.addEventListener("pointerenter", () => events.hold(true));
      end.addEventListener("pointerleave", () => events.hold(false));
      end.addEventListener("dblclick", (event) => {
        event.stopPropagation(); // the picture's own double click is another thing
        events.pick(i, event.shiftKey);
      });
    },
  };
}

/** Say which group a handle holds. @param {HTMLElement} end @param {Pin} pin */
function label(end, pin) {
  const text = pinText(pin);
  const what = pin.live
    ? "Drag it, or press Space to take hold of it, and move it with the arrow keys."
    : "Drag it, or press Space to take hold of it, and move it with the arrow keys; Enter selects its points (Shift adds), Delete deletes it.";
  end.classList.toggle("gt-live", pin.live ?? false);
  end.style.setProperty("--gt-color", pin.color ?? "var(--bs-body-color)");
  end.setAttribute("aria-label", `${text}. ${what}`);
}

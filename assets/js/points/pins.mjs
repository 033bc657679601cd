// @ts-check
/**
 * Handles of groups of points in the picture: the live selection and the reader's groups, each a diamond at its centroid that
 * is dragged by mouse, touch or the arrow keys.
 *
 * What is handed on is how far it was dragged since the gesture began: where the centroid comes to rest is for whoever
 * turns the picture to say, for it cannot go everywhere.
 */

import { count, el } from "../core/dom.mjs";
import { nudge } from "../core/arrow_keys.mjs";
import { createPinSteering } from "./pin_steering.mjs";
import { toLeft, toTop } from "./viewport.mjs";

const LETTER = 7.5; // px, about the width of a letter of the label
const ROOM = 26; // px beside the letters

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
  /** @type {number[]} px that each takes to the right of its centre */
  let rooms = [];
  /** @type {import("./viewport.mjs").Viewport|null} */
  let view = null;
  const steering = createPinSteering(events);

  function drop() {
    ends[steering.dragged].classList.remove("gt-dragged");
    steering.drop();
  }

  /** @param {HTMLElement} end @param {number} i */
  function byPointer(end, i) {
    end.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !view || steering.dragged >= 0) return;
      event.preventDefault();
      steering.release(i);
      end.focus({ preventScroll: true });
      end.setPointerCapture(event.pointerId);
      end.classList.add("gt-dragged");
      steering.press(i, event.clientX, event.clientY);
    });
    end.addEventListener("pointermove", (event) => view && steering.drag(i, event.clientX, event.clientY, view));
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      end.addEventListener(name, () => steering.dragged === i && drop());
    }
    end.addEventListener("pointerenter", () => events.hold(true));
    end.addEventListener("pointerleave", () => events.hold(false));
    end.addEventListener("dblclick", (event) => {
      event.stopPropagation(); // the picture's own double click is another thing
      events.pick(i, event.shiftKey);
    });
  }

  /** @param {HTMLElement} end @param {number} i */
  function byKeys(end, i) {
    end.addEventListener("focus", () => events.hold(end.matches(":focus-visible")));
    end.addEventListener("blur", () => {
      steering.release(i);
      events.hold(false);
    });
    end.addEventListener("keyup", (event) => nudge(event.key, false) && steering.release(i));
    end.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || steering.dragged >= 0) return;
      const step = nudge(event.key, event.shiftKey);
      const removes = event.key === "Delete" || event.key === "Backspace";
      if (!step && !removes && event.key !== "Enter") return;
      event.preventDefault();
      event.stopPropagation(); // ← and → mean the epoch everywhere else
      if (step) return steering.steer(i, step);
      steering.release(i);
      if (removes) events.remove(i);
      else events.pick(i, event.shiftKey);
    });
  }

  /** @param {number} i */
  function makeEnd(i) {
    const end = el("button", { type: "button", class: "gt-pin" }, el("span"));
    byPointer(end, i);
    byKeys(end, i);
    return end;
  }

  return {
    /** Show these groups. A gesture under way goes on where its handle is still there. @param {Pin[]} pins */
    set(pins) {
      if (steering.dragged >= pins.length) drop();
      if (steering.steered >= pins.length) steering.release(steering.steered);
      const focused = ends.findIndex((end) => end === document.activeElement);
      while (ends.length < pins.length) {
        ends.push(makeEnd(ends.length));
        layer.append(ends[ends.length - 1]);
      }
      for (const end of ends.splice(pins.length)) end.remove();
      if (focused >= ends.length) ends[ends.length - 1]?.focus({ preventScroll: true }); // the keyboard's place is kept
      rooms = pins.map((pin) => ROOM + LETTER * pinText(pin).length);
      pins.forEach((pin, i) => label(ends[i], pin));
    },
    /**
     * @param {import("./viewport.mjs").Viewport} now
     * @param {ArrayLike<number>} centres (pins, 2), data units; NaN for one that has no place
     */
    draw(now, centres) {
      view = now;
      ends.forEach((end, i) => {
        const [left, top] = [toLeft(now, centres[2 * i]), toTop(now, centres[2 * i + 1])];
        const there = Number.isFinite(left) && Number.isFinite(top);
        end.classList.toggle("gt-nowhere", !there);
        if (!there) return;
        end.style.transform = `translate(${left.toFixed(1)}px,${top.toFixed(1)}px)`;
        // a label stands to the right, unless it would be cut off there
        end.classList.toggle("gt-left", left + rooms[i] > now.left + now.width);
      });
    },
    /** Whether one is being dragged, by pointer or keys. */
    get dragging() {
      return steering.dragged >= 0 || steering.steered >= 0;
    },
  };
}

/** Say which group a handle holds. @param {HTMLElement} end @param {Pin} pin */
function label(end, pin) {
  const text = pinText(pin);
  const what = pin.live
    ? "Drag it, or move it with the arrow keys."
    : "Drag it, or move it with the arrow keys; Enter selects its points (Shift adds), Delete deletes it.";
  end.classList.toggle("gt-live", pin.live ?? false);
  end.style.setProperty("--gt-color", pin.color ?? "var(--bs-body-color)");
  end.setAttribute("aria-label", `${text}. ${what}`);
  if (end.firstElementChild) end.firstElementChild.textContent = text;
}

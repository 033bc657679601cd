// @ts-check
/**
 * Handles of groups of points in the picture: the live selection and the pins, each a diamond at its centroid that
 * is dragged by mouse, touch or the arrow keys.
 *
 * What is handed on is how far it was dragged since the gesture began: where the centroid comes to rest is for whoever
 * turns the picture to say, for it cannot go everywhere.
 */

import { count } from "../core/dom.mjs";
import { toLeft, toTop } from "./viewport.mjs";

const NUDGE = 0.03; // data units per press of an arrow key; with shift a third of it
const STARTS = 3; // px before a press becomes a drag
const LETTER = 7.5; // px, about the width of a letter of the label
const ROOM = 26; // px beside the letters

/**
 * @typedef {{name: string, count: number, color?: string, live?: boolean}} Pin `live` is the selection itself
 * @typedef {object} PinEvents `i` is a place in what was last `set`
 * @property {(i: number) => void} start a gesture begins: the moment to remember the view
 * @property {(i: number, dx: number, dy: number) => void} move dragged so far since `start`, data units
 * @property {(i: number, moved: boolean) => void} end
 * @property {(held: boolean) => void} hold a handle is hovered or focused, or no longer
 * @property {(i: number) => void} pick its points are to be selected again
 * @property {(i: number) => void} remove
 */

/** @param {Pin} pin "Selection, 57 points" */
export const pinText = ({ name, count: n }) => `${name}, ${n === 1 ? "1 point" : `${count(n)} points`}`;

/** How far an arrow key moves a handle; null for other keys. @param {string} key @param {boolean} fine @returns {[number, number]|null} */
export function nudge(key, fine) {
  const step = fine ? NUDGE / 3 : NUDGE;
  const dx = { ArrowLeft: -step, ArrowRight: step }[key] ?? 0;
  const dy = { ArrowUp: step, ArrowDown: -step }[key] ?? 0;
  return dx || dy ? [dx, dy] : null;
}

/**
 * @param {HTMLElement} layer an empty element over the plot
 * @param {PinEvents} events
 */
export function createPins(layer, events) {
  /** @type {Pin[]} */
  let pins = [];
  /** @type {HTMLButtonElement[]} */
  const ends = [];
  /** @type {number[]} px that each takes to the right of its centre */
  let rooms = [];
  /** @type {import("./viewport.mjs").Viewport|null} */
  let view = null;
  let dragged = -1; // by the pointer
  let moved = false;
  let [x0, y0] = [0, 0]; // px where the pointer went down
  let steered = -1; // by the keys, one gesture from the first press to the release
  let [dx, dy] = [0, 0];

  /** @param {number} i */
  function endSteering(i) {
    if (steered !== i) return;
    steered = -1;
    events.end(i, true);
  }

  function drop() {
    const i = dragged;
    dragged = -1;
    ends[i].classList.remove("gt-dragged");
    events.end(i, moved);
  }

  /** @param {number} i @returns {HTMLButtonElement} */
  function makeEnd(i) {
    const end = document.createElement("button");
    end.type = "button";
    end.className = "gt-pin";
    end.append(document.createElement("span"));
    end.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !view || dragged >= 0) return;
      event.preventDefault();
      endSteering(i);
      end.focus({ preventScroll: true });
      end.setPointerCapture(event.pointerId);
      [x0, y0] = [event.clientX, event.clientY];
      [dragged, moved] = [i, false];
      end.classList.add("gt-dragged");
      events.start(i);
    });
    end.addEventListener("pointermove", (event) => {
      if (dragged !== i || !view) return;
      const [right, down] = [event.clientX - x0, event.clientY - y0];
      if (!moved && Math.hypot(right, down) < STARTS) return;
      moved = true;
      events.move(i, right / view.kx, -down / view.ky);
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      end.addEventListener(name, () => dragged === i && drop());
    }
    end.addEventListener("pointerenter", () => events.hold(true));
    end.addEventListener("pointerleave", () => events.hold(false));
    end.addEventListener("focus", () => events.hold(end.matches(":focus-visible")));
    end.addEventListener("blur", () => {
      endSteering(i);
      events.hold(false);
    });
    end.addEventListener("dblclick", (event) => {
      event.stopPropagation(); // the picture's own double click is another thing
      events.pick(i);
    });
    end.addEventListener("keyup", (event) => nudge(event.key, false) && endSteering(i));
    end.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || dragged >= 0) return;
      const step = nudge(event.key, event.shiftKey);
      const removes = event.key === "Delete" || event.key === "Backspace";
      if (!step && !removes && event.key !== "Enter") return;
      event.preventDefault();
      event.stopPropagation(); // ← and → mean the epoch everywhere else
      if (step) {
        if (steered !== i) {
          [steered, dx, dy] = [i, 0, 0];
          events.start(i);
        }
        [dx, dy] = [dx + step[0], dy + step[1]];
        events.move(i, dx, dy);
      } else {
        endSteering(i);
        if (removes) events.remove(i);
        else events.pick(i);
      }
    });
    return end;
  }

  return {
    /** Show these groups. A gesture under way goes on where its handle is still there. @param {Pin[]} now */
    set(now) {
      if (dragged >= now.length) drop();
      if (steered >= now.length) endSteering(steered);
      pins = now;
      const focused = ends.findIndex((end) => end === document.activeElement);
      while (ends.length < pins.length) {
        ends.push(makeEnd(ends.length));
        layer.append(ends[ends.length - 1]);
      }
      for (const end of ends.splice(pins.length)) end.remove();
      if (focused >= ends.length) ends[ends.length - 1]?.focus({ preventScroll: true }); // the keyboard's place is kept
      rooms = pins.map((pin) => ROOM + LETTER * pinText(pin).length);
      pins.forEach((pin, i) => {
        const end = ends[i];
        const text = pinText(pin);
        const what = pin.live
          ? "Drag it, or move it with the arrow keys."
          : "Drag it, or move it with the arrow keys; Enter selects its points, Delete removes it.";
        end.classList.toggle("gt-live", pin.live ?? false);
        end.style.setProperty("--gt-color", pin.color ?? "var(--bs-body-color)");
        end.setAttribute("aria-label", `${text}. ${what}`);
        if (end.firstElementChild) end.firstElementChild.textContent = text;
      });
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
      return dragged >= 0 || steered >= 0;
    },
  };
}

// @ts-check
/**
 * The handles of a tour frame: a line from the origin to where each unit vector goes, and at its end
 * a name to take hold of, by mouse, touch or keyboard.
 *
 * The lines are one SVG path; the names are buttons moved by `transform` alone, so that a frame costs
 * no layout of the page.
 */

import { fromLeft, fromTop, toLeft, toTop } from "./viewport.mjs";

const SHORT = 0.06; // a handle shorter than this is seen end-on: its name would only hide the points
const NUDGE = 0.03; // of the unit circle per press of an arrow key; with shift a third of it
const MOST = 120; // names beyond this number would be a black square; the lines stay

const LETTER = 8; // px, about the width of a letter of a name
const LONGEST = 190; // px, where the style cuts a name off
const ROOM = 18; // px between the end of a line and the far edge of its name, less the letters

const NAME = "http://www.w3.org/2000/svg";

/**
 * @typedef {object} HandleEvents
 * @property {(i: number) => void} start a gesture begins: the moment to remember the view
 * @property {(i: number, x: number, y: number) => void} move the end of handle i goes to (x, y)
 * @property {() => void} end
 * @property {(held: boolean) => void} hold a handle is hovered or focused, or no longer
 */

/**
 * @param {HTMLElement} layer an empty element over the plot
 * @param {string[]} names one a handle
 * @param {string[]} colors one a handle
 * @param {HandleEvents} events
 */
export function createHandles(layer, names, colors, events) {
  const p = names.length;
  const svg = document.createElementNS(NAME, "svg");
  svg.setAttribute("class", "gt-handle-lines");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(NAME, "path");
  svg.append(path);
  const shown = Math.min(p, MOST);
  const ends = Array.from({ length: shown }, (_, i) => makeEnd(names[i], colors[i]));
  layer.replaceChildren(svg, ...ends);
  layer.style.opacity = layer.style.visibility = "";

  /** @type {import("./viewport.mjs").Viewport|null} */
  let view = null;
  const at = new Float64Array(2 * p);
  let shownShare = 1;
  let dragged = -1;
  let grabX = 0;
  let grabY = 0;

  ends.forEach((end, i) => {
    end.addEventListener("pointerdown", (event) => {
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
      if (dragged !== i || !view) return;
      const [x, y] = pointer(event);
      events.move(i, x + grabX, y + grabY);
    });
    const stop = () => {
      if (dragged !== i) return;
      dragged = -1;
      end.classList.remove("gt-dragged");
      events.end();
    };
    end.addEventListener("pointerup", stop);
    end.addEventListener("pointercancel", stop);
    end.addEventListener("lostpointercapture", stop);
    end.addEventListener("pointerenter", () => events.hold(true));
    end.addEventListener("pointerleave", () => events.hold(false));
    end.addEventListener("focus", () => events.hold(end.matches(":focus-visible")));
    end.addEventListener("blur", () => events.hold(false));
    end.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? NUDGE / 3 : NUDGE;
      const dx = { ArrowLeft: -step, ArrowRight: step }[event.key] ?? 0;
      const dy = { ArrowUp: step, ArrowDown: -step }[event.key] ?? 0;
      if ((!dx && !dy) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation(); // ← and → mean the epoch everywhere else
      if (!event.repeat) events.start(i);
      at[2 * i] += dx; // kept here, for two presses may come before the next frame
      at[2 * i + 1] += dy;
      events.move(i, at[2 * i], at[2 * i + 1]);
      events.end();
    });
  });

  /** @param {PointerEvent} event @returns {[number, number]} data units */
  function pointer(event) {
    const box = layer.getBoundingClientRect();
    const v = /** @type {import("./viewport.mjs").Viewport} */ (view);
    return [fromLeft(v, event.clientX - box.left), fromTop(v, event.clientY - box.top)];
  }

  return {
    /**
     * @param {Float64Array} matrix (d, d), row-major; there may be fewer handles than dimensions, the first ones
     * @param {import("./viewport.mjs").Viewport} now
     * @param {number} d
     */
    draw(matrix, now, d = p) {
      view = now;
      const x0 = toLeft(now, 0);
      const y0 = toTop(now, 0);
      let lines = "";
      for (let i = 0; i < p; i++) {
        const x = matrix[i * d];
        const y = d > 1 ? matrix[i * d + 1] : 0;
        at[2 * i] = x;
        at[2 * i + 1] = y;
        const left = toLeft(now, x);
        const top = toTop(now, y);
        lines += `M${x0.toFixed(1)} ${y0.toFixed(1)}L${left.toFixed(1)} ${top.toFixed(1)}`;
        if (i >= shown) continue;
        const length = Math.hypot(x, y);
        const style = ends[i].style;
        style.transform = `translate(${left.toFixed(1)}px,${top.toFixed(1)}px)`;
        const faint = length < SHORT && dragged !== i;
        style.opacity = faint ? "0.25" : "1";
        ends[i].classList.toggle("gt-faint", faint);
        // a name stands outward, unless it would be cut off there
        const width = Math.min(LONGEST, ROOM + LETTER * names[i].length);
        const outside = x < 0 ? left - width < now.left : left + width > now.left + now.width;
        ends[i].classList.toggle("gt-left", x < 0 !== outside);
      }
      path.setAttribute("d", lines);
    },
    /** Mark the handles of classes that are hidden. @param {(i: number) => boolean} hidden */
    dim(hidden) {
      ends.forEach((end, i) => end.classList.toggle("gt-muted", hidden(i)));
    },
    /** Let them show more or less; where they do not show at all nothing can be taken hold of. @param {number} share 0 to 1 */
    fade(share) {
      if (shownShare === share) return;
      shownShare = share;
      layer.style.opacity = String(share);
      layer.style.visibility = share > 0 ? "" : "hidden";
    },
    get dragging() {
      return dragged >= 0;
    },
  };
}

/** @param {string} name @param {string} color */
function makeEnd(name, color) {
  const end = document.createElement("button");
  end.type = "button";
  end.className = "gt-handle";
  end.style.setProperty("--gt-color", color);
  end.setAttribute("aria-label", `Handle of ${name}. Drag it, or move it with the arrow keys.`);
  const label = document.createElement("span");
  label.textContent = name;
  end.append(label);
  return end;
}

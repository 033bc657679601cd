// @ts-check
/**
 * The handles of a tour frame: a line from the origin to where each unit vector goes, and at its end
 * a name to take hold of, by mouse, touch or keyboard.
 *
 * The lines are one SVG path; the names are buttons moved by `transform` alone, so that a frame costs
 * no layout of the page.
 */

import { createSteering } from "./handle_steering.mjs";
import { toLeft, toTop } from "./viewport.mjs";

const SHORT = 0.06; // a handle shorter than this is seen end-on: its name would only hide the points
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

  const at = new Float64Array(2 * p);
  const steering = createSteering(layer, at, events);
  ends.forEach((end, i) => steering.listen(end, i));
  let shownShare = 1;

  return {
    /**
     * @param {Float64Array} matrix (d, d) or (d, 2), row-major; there may be fewer handles than dimensions, the first ones
     * @param {import("./viewport.mjs").Viewport} now
     * @param {number} d
     */
    draw(matrix, now, d = p) {
      steering.see(now);
      const x0 = toLeft(now, 0);
      const y0 = toTop(now, 0);
      const stride = matrix.length / d;
      let lines = "";
      for (let i = 0; i < p; i++) {
        const x = matrix[i * stride];
        const y = stride > 1 ? matrix[i * stride + 1] : 0;
        at[2 * i] = x;
        at[2 * i + 1] = y;
        const left = toLeft(now, x);
        const top = toTop(now, y);
        lines += `M${x0.toFixed(1)} ${y0.toFixed(1)}L${left.toFixed(1)} ${top.toFixed(1)}`;
        if (i >= shown) continue;
        const length = Math.hypot(x, y);
        const style = ends[i].style;
        style.transform = `translate(${left.toFixed(1)}px,${top.toFixed(1)}px)`;
        const faint = length < SHORT && steering.dragged !== i;
        style.opacity = faint ? "0.25" : "1";
        ends[i].classList.toggle("gt-faint", faint);
        ends[i].classList.toggle("gt-left", standsLeft(x, left, names[i], now));
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
      return steering.dragged >= 0;
    },
  };
}

/**
 * Whether a name stands to the left of its handle's end: outward, unless it would be cut off there.
 *
 * @param {number} x data units @param {number} left the same in px @param {string} name
 * @param {{left: number, width: number}} plot px
 */
export function standsLeft(x, left, name, plot) {
  const width = Math.min(LONGEST, ROOM + LETTER * name.length);
  const outside = x < 0 ? left - width < plot.left : left + width > plot.left + plot.width;
  return x < 0 !== outside;
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

// @ts-check
/**
 * The handles of a tour frame: a line from the origin to where each unit vector goes, and at its end
 * a name to take hold of, by mouse, touch or keyboard.
 *
 * The lines are one SVG path; the names are buttons moved by `transform` alone, so that a frame costs
 * no layout of the page. Where there are more than `MANY`, only a few are shown: those that `choose` was told, or the longest.
 */

import { count, el } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";
import { createRoving } from "../core/roving.mjs";
import { longest, roomOfName } from "./chosen_handles.mjs";
import { createSteering } from "./handle_steering.mjs";
import { LETTER, LONGEST, createHandleNames } from "./handle_names.mjs";
import { NOTHING } from "./labels.mjs";
import { toLeft, toTop } from "./viewport.mjs";

export const SHORT = 0.06; // a handle shorter than this, or than a tenth of the picture where that is magnified for very many, is seen end-on: its name would only hide the points
export const MANY = 24; // handles: of more, a few are shown
export const FEW = 14;
const KEPT = 45; // pictures that a choice of the longest is kept for: names do not flicker
const LETTERS = 24; // of a name
const ROOM = 18; // px between the end of a line and the far edge of its name, less the letters

const NAME = "http://www.w3.org/2000/svg";

/**
 * @typedef {object} HandleEvents
 * @property {(i: number) => void} start a gesture begins: the moment to remember the view
 * @property {(i: number, x: number, y: number) => void} move the end of handle i goes to (x, y)
 * @property {() => void} end
 * @property {(held: boolean) => void} hold a handle is hovered or focused, or no longer
 */

/** @typedef {{i: number, name: string, color: string, muted: boolean}} HandleMark */

/**
 * @param {HTMLElement} layer an empty element over the plot
 * @param {string[]} names one a handle
 * @param {string[]} colors one a handle
 * @param {HandleEvents} events
 * @param {number} [letters] of a name that there is room for
 */
export function createHandles(layer, names, colors, events, letters = LETTERS) {
  const [p, many] = [names.length, names.length > MANY];
  const { svg, path } = makeLines();
  /** which handle each end is of, -1 for none */
  const which = Array.from({ length: many ? FEW : p }, (_, i) => (many ? -1 : i));
  const ends = which.map((i) => makeEnd(i, names, colors, letters));
  const short = names.map((name) => middle(name, letters));
  const note = el("div", { class: "gt-handles-note" });
  layer.replaceChildren(svg, ...ends, ...(many ? [note] : []));
  layer.style.opacity = layer.style.visibility = "";

  const at = new Float64Array(2 * p);
  const steering = createSteering(layer, at, events);
  ends.forEach((end, e) => steering.listen(end, () => which[e]));
  const [roving, written] = [createRoving(layer, ends), createHandleNames(ends)];
  let [told, drawn, shownShare] = [false, 0, 1]; // whether it is said which are shown; else these are chosen now and then
  let [muted, other] = plainLook();

  /** Give the ends to other handles; those that stay keep theirs. @param {readonly number[]} handles */
  function assign(handles) {
    const held = which.map((i, e) =>
      i >= 0 && (i === steering.dragged || ends[e] === document.activeElement) ? i : -1,
    );
    const wanted = [...new Set([...held.filter((i) => i >= 0), ...handles])].slice(0, FEW);
    const free = wanted.filter((i) => !which.includes(i));
    which.forEach((i, e) => {
      if (i >= 0 && wanted.includes(i)) return;
      which[e] = free.shift() ?? -1;
      dress(ends[e], which[e], names, colors, letters);
      written.forget(e);
    });
    ends.forEach((end, e) => end.classList.toggle("gt-muted", which[e] >= 0 && muted(which[e])));
    roving.settle();
    recolor();
    note.textContent = `${which.filter((i) => i >= 0).length} of ${count(p)} handles are shown`;
  }

  function recolor() {
    ends.forEach((end, e) => {
      const i = which[e];
      if (i >= 0) end.style.setProperty("--gt-color", other(i) ?? colors[i]);
    });
  }

  const handles = {
    /**
     * @param {Float64Array} matrix (d, d) or (d, 2), row-major; there may be fewer handles than dimensions, the first ones
     * @param {import("./viewport.mjs").Viewport} now
     * @param {number} d
     * @param {{left: number, top: number, width: number, height: number}} room px that names may stand in
     * @param {import("./labels.mjs").Around} around what others draw there
     */
    draw(matrix, now, d = p, room = now, around = NOTHING) {
      steering.see(now);
      const [x0, y0] = [toLeft(now, 0), toTop(now, 0)];
      const stride = matrix.length / d;
      if (many && !told && drawn++ % KEPT === 0) assign(longest(matrix, p, stride, FEW, roomOfName(now)));
      const least = many ? Math.min(SHORT, (now.x1 - now.x0) / 20) : SHORT;
      let lines = "";
      /** @type {(import("./handle_names.mjs").Named)[]} */
      const named = [];
      for (let e = 0; e < ends.length; e++) {
        const i = which[e];
        if (i < 0) continue;
        const [x, y] = [matrix[i * stride], stride > 1 ? matrix[i * stride + 1] : 0];
        [at[2 * i], at[2 * i + 1]] = [x, y];
        const [left, top] = [toLeft(now, x), toTop(now, y)];
        lines += `M${x0.toFixed(1)} ${y0.toFixed(1)}L${left.toFixed(1)} ${top.toFixed(1)}`;
        const { style } = ends[e];
        style.transform = `translate(${left.toFixed(1)}px,${top.toFixed(1)}px)`;
        const faint = Math.hypot(x, y) < least && steering.dragged !== i;
        style.opacity = faint ? "0.25" : "1";
        ends[e].classList.toggle("gt-faint", faint);
        const first = steering.dragged === i || ends[e] === document.activeElement;
        if (!faint)
          named.push({ e, x: left, y: top, name: short[i], left: standsLeft(x, left, short[i], room), first });
      }
      path.setAttribute("d", lines + written.write(named, room, around));
    },
    /** Mark the handles of classes that are hidden. @param {(i: number) => boolean} hidden */
    dim(hidden) {
      muted = hidden;
      ends.forEach((end, e) => end.classList.toggle("gt-muted", which[e] >= 0 && hidden(which[e])));
    },
    /** Where there are many: which are shown, the first of them. One in hand, or in focus, stays. @param {readonly number[]} handles */
    choose(handles) {
      told = true;
      if (many) assign(handles);
    },
    /** Other colours than their own. @param {(i: number) => string|null} color null: its own */
    recolor(color) {
      other = color;
      recolor();
    },
    /** Those that are shown. */
    get shown() {
      return which.filter((i) => i >= 0);
    },
    drawn: () => (shownShare > 0 ? written.drawn : NOTHING), // names and rings, for others to keep off
    /** What is shown of each, for a picture of them. @returns {HandleMark[]} */
    get marks() {
      return handles.shown.map((i) => ({ i, name: short[i], color: other(i) ?? colors[i], muted: muted(i) }));
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
  return handles;
}

/** Handles as they are by themselves: whether each is muted, and which other colour it has. @returns {[(i: number) => boolean, (i: number) => string|null]} */
const plainLook = () => [() => false, () => null];

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

/** One path for the lines of all handles. */
function makeLines() {
  const svg = document.createElementNS(NAME, "svg");
  svg.setAttribute("class", "gt-handle-lines");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(NAME, "path");
  svg.append(path);
  return { svg, path };
}

/** @param {number} i @param {string[]} names @param {string[]} colors @param {number} letters */
function makeEnd(i, names, colors, letters) {
  const end = document.createElement("button");
  end.type = "button";
  end.className = "gt-handle";
  end.append(document.createElement("span"));
  dress(end, i, names, colors, letters);
  return end;
}

/** @param {HTMLElement} end @param {number} i the handle that it is of, -1 for none @param {string[]} names @param {string[]} colors @param {number} letters */
function dress(end, i, names, colors, letters) {
  end.hidden = i < 0;
  if (i < 0) return;
  end.style.setProperty("--gt-color", colors[i]);
  end.setAttribute(
    "aria-label",
    `Handle of ${names[i]}. Drag it; or press Enter to take hold of it, and move it with the arrow keys.`,
  );
  const label = /** @type {HTMLElement} */ (end.firstElementChild);
  label.textContent = middle(names[i], letters);
  end.title = label.textContent === names[i] ? "" : names[i];
}

// @ts-check
/**
 * Names in a flat picture (t-SNE, UMAP), each at the median of its points and none over another: those of the reader's groups, and those of classes
 * where they are asked for. A click selects the points.
 */

import { el, part } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";
import { groupsOf } from "../state/kept_groups.mjs";
import { select } from "../state/selection.mjs";
import { createHandleNames } from "./handle_names.mjs";
import { medianOf } from "./held.mjs";
import { groupColor, groupColors } from "./palette.mjs";
import { toLeft, toTop } from "./viewport.mjs";

/** Which names are drawn: those of groups, of classes too, or none. @typedef {"groups"|"all"|"none"} Which */
export const WHICH = /** @type {readonly Which[]} */ (["groups", "all", "none"]);
const LETTERS = 24; // of a name in the picture
const MANY = 40; // classes of which no names are drawn: they would cover the points

/** @typedef {{name: string, color: string, own: boolean, indices: number[], c: number}} Named `own`: a group of the reader's, not a class; `c`: its place among these */

/** @param {import("../stage/stage.mjs").Stage} stage @param {import("../stage/tour_view.mjs").TourView} view */
export function createGroupNames(stage, view) {
  const layer = el("div", { class: "gt-names", role: "group", "aria-label": "Names in the picture" });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const lines = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("aria-hidden", "true");
  svg.append(lines);
  part(stage.root, "handles").after(layer);
  /** @type {Which} */
  let which = "groups";
  /** @type {Named[]} */
  let named = [];
  /** @type {HTMLElement[]} */
  let ends = [];
  let written = createHandleNames(ends);
  /** @type {unknown[]} points, groups and what was asked for that they are of */
  let of = [];

  /** @returns {Named[]} the reader's groups first: where there is no room it is classes that go without */
  function find() {
    if (!view.flat || which === "none") return [];
    const { ids, labels } = stage.points;
    const at = new Map(Array.from(ids, (id, i) => [id, i]));
    const own = groupsOf(view.run).map(({ name, color, ids: mine }, c) => {
      const indices = [...mine].flatMap((id) => at.get(id) ?? []);
      return { name, color: groupColor(color), own: true, indices, c };
    });
    const { classes } = view.run;
    if (which !== "all" || classes.length < 2 || classes.length > MANY) return own;
    const colors = groupColors(view.run);
    const all = classes.map((name, c) => ({ name, color: colors[c], own: false, indices: /** @type {number[]} */ ([]), c })); // prettier-ignore
    for (let i = 0; i < labels.length; i++) all[labels[i]]?.indices.push(i);
    return [...own, ...all];
  }

  /** Where each stands; without those of which no point is drawn. */
  const places = () =>
    named.flatMap((one, e) => {
      if (!one.own && view.hidden.has(one.c)) return [];
      const place = medianOf(one.indices, stage.positions, stage.visible);
      return place ? [{ ...one, e, name: middle(one.name, LETTERS), x: place[0], y: place[1] }] : [];
    });

  const names = {
    get which() {
      return which;
    },
    /** @param {Which} value */
    setWhich(value) {
      which = value;
      names.refresh();
    },
    /** Bring them up to date with groups, points and what is asked for. @returns {boolean} whether they are others now */
    refresh() {
      if (!view.ready) return false;
      const now = [stage.points, groupsOf(view.run), view.flat ? which : ""];
      if (now.every((one, i) => one === of[i])) return false;
      of = now;
      named = find();
      ends = named.map((one) => makeEnd(one, (event) => pick(one, event)));
      written = createHandleNames(ends);
      layer.replaceChildren(svg, ...ends);
      names.draw();
      return true;
    },
    draw() {
      const at = stage.viewport;
      if (!at || !named.length) return void lines.setAttribute("d", "");
      const there = places();
      const shown = new Set(there.map(({ e }) => e));
      ends.forEach((end, e) => (end.hidden = !shown.has(e)));
      const placed = there.map(({ e, name, x, y }) => {
        const [left, top] = [toLeft(at, x), toTop(at, y)];
        ends[e].style.transform = `translate(${left.toFixed(1)}px,${top.toFixed(1)}px)`;
        return { e, name, x: left, y: top, left: false };
      });
      lines.setAttribute("d", written.write(placed, at));
    },
    /** Where they are, for a picture. */
    marks: () => places().map(({ name, color, own, x, y }) => ({ name, color, own, x, y })),
    leave: () => layer.remove(),
  };

  /** @param {Named} one @param {MouseEvent} event */
  function pick({ indices, own, c }, { shiftKey, altKey }) {
    const ids = own ? groupsOf(view.run)[c].ids : indices.filter(stage.visible).map((i) => stage.points.ids[i]);
    select(view.run.run, ids, altKey ? "subtract" : shiftKey ? "add" : "new");
  }
  return names;
}

/** A mark, and its name. By keys the same is done in the legend and in the list of groups. @param {Named} named @param {(event: MouseEvent) => void} pick */
function makeEnd({ name, color, own }, pick) {
  const end = el("button", { type: "button", class: `gt-name ${own ? "gt-own" : ""}`, tabIndex: -1, title: `Select ${name} (Shift adds, Alt subtracts)`, onclick: pick },
    el("span")); // prettier-ignore
  end.style.setProperty("--gt-color", color);
  end.setAttribute("aria-label", `Select ${name}`);
  return end;
}

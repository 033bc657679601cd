// @ts-check
/** What a stage shows, in sentences for those who hear the page: asked for, never announced by itself. */

import { count } from "../core/dom.mjs";
import { groupNames } from "../data/groups.mjs";
import { clockOf } from "../data/tensors.mjs";
import { SHORT } from "../points/handles.mjs";
import { handlesOf } from "../stage/first_view.mjs";
import { selectedIds } from "../state/selection.mjs";
import { saidOfMissing } from "./pictured.mjs";

const SAID = 4; // handles that are named, the longest
const GROUPS = 3; // groups that a selection is told by, the largest
const WAYS = ["right", "upper right", "up", "upper left", "left", "lower left", "down", "lower right"];

/** Where a handle points, in words. @param {number} x @param {number} y up */
export const wayOf = (x, y) => WAYS[(Math.round(Math.atan2(y, x) / (Math.PI / 4)) + 8) % 8];

/** Which way a frame looks: its longest handles. @param {Float64Array} seen (p, 2) @param {readonly number[]} shown handles @param {string[]} names */
export function saidOfFrame(seen, shown, names) {
  const long = (/** @type {number} */ i) => Math.hypot(seen[2 * i], seen[2 * i + 1]);
  const told = shown.filter((i) => long(i) >= SHORT).sort((a, b) => long(b) - long(a));
  const some = told.slice(0, SAID).map((i) => `${names[i]} ${wayOf(seen[2 * i], seen[2 * i + 1])}`);
  const more = told.length - some.length;
  return some.length ? `Longest handles: ${some.join(", ")}${more ? `, and ${more} more` : ""}.` : "";
}

/** What is selected, by groups. @param {import("../stage/stage.mjs").Points} points @param {ReadonlySet<number>} chosen @param {string[]} names of groups */
export function saidOfSelection({ n, ids, labels, groups = labels }, chosen, names) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (let i = 0; i < n; i++) if (chosen.has(ids[i])) counts.set(groups[i], (counts.get(groups[i]) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1]);
  const total = ranked.reduce((sum, [, many]) => sum + many, 0);
  if (!total) return "None is selected.";
  const told = ranked.slice(0, GROUPS).map(([c, many]) => `${count(many)} ${names[c] ?? c}`);
  const rest = ranked.slice(GROUPS).reduce((sum, [, many]) => sum + many, 0);
  return `${count(total)} selected: ${[...told, ...(rest ? [`${count(rest)} ${rest === 1 ? "other" : "others"}`] : [])].join(", ")}.`;
}

/** @param {import("./tour_page.mjs").TourPage} page @param {import("../stage/stage.mjs").Stage} stage */
export function tellStage({ view, what }, stage) {
  if (!view.ready) return "No run is shown yet.";
  const { run, clock, coloring, turning } = view;
  const missing = saidOfMissing(view).join(", ");
  const unit = clockOf(run);
  const number = +clock.number.toFixed(2);
  const [first, last] = [run.epochs[0], run.epochs[run.epochs.length - 1]];
  const moving = [clock.playing && `${unit}s are playing`, turning.touring && "the tour is turning", view.states?.moving && "layers are playing"].filter(Boolean).join(", "); // prettier-ignore
  const frame = view.flat ? "" : saidOfFrame(view.seen, stage.shownHandles, handlesOf(run).names);
  return [
    `${stage.root.getAttribute("aria-label")}: ${run.title}, ${what}, ${unit} ${number} of ${first} to ${last}.`,
    `${count(stage.look.order.length)} of ${count(stage.points.n)} points are drawn${missing && ` (${missing})`}, coloured by ${coloring.title.toLowerCase()}.`,
    saidOfSelection(stage.points, selectedIds(run.run), groupNames(run)),
    frame,
    moving && `${moving[0].toUpperCase()}${moving.slice(1)}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

// @ts-check
/** What pages of points say of a picture that is taken away: its caption and its legend; a picture of stages. */

import { groupNames } from "../data/groups.mjs";
import { clockOf } from "../data/tensors.mjs";
import { filtersOf } from "../state/filters.mjs";
import { selectedIds } from "../state/selection.mjs";
import { count } from "../core/dom.mjs";
import { imageSize } from "../points/dot_look.mjs";
import { saidOfFilters } from "../points/filter_words.mjs";
import { MANY } from "../points/handles.mjs";
import { NEUTRAL, groupColors } from "../points/palette.mjs";
import { createTiles } from "../points/dots.mjs";
import { paintHandles } from "../picture/over_points.mjs";
import { viewInBox } from "../picture/sheet.mjs";
import { paintPoints } from "../picture/stage_part.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {ReturnType<typeof import("../stage/coloring.mjs").createColoring>} Coloring
 * @typedef {import("../picture/sheet.mjs").Entry} Entry
 * @typedef {import("../picture/sheet.mjs").Part} Part
 * @typedef {import("./tour_page.mjs").TourPage} TourPage
 * @typedef {{run: Announcement, coloring: Pick<Coloring, "by"|"title"|"hidden">, filtering: Pick<import("../stage/filtering.mjs").Filtering, "problemOf">}} Shown
 */

export const USUAL = 600; // px of the shorter side of a stage, for which dots have their size: a picture does not depend on the window
const FLATTEST = 0.6; // height by width of a picture that may have its own

/** How many points of a picture are selected, of those that are drawn. @param {{order: Uint32Array}} look @param {ArrayLike<number>} ids @param {ReadonlySet<number>} selected */
export const chosenIn = ({ order }, ids, selected) =>
  selected.size ? order.reduce((sum, i) => sum + Number(selected.has(ids[i])), 0) : 0;

/** Why points are missing from a picture: filters, and groups that the legend hides. @param {Shown} view @returns {string[]} */
export function saidOfMissing({ run, coloring, filtering }) {
  const names = groupNames(run);
  const hidden = [...coloring.hidden].filter((c) => c < names.length);
  const some =
    hidden.length <= 4 ? hidden.map((c) => names[c]).join(", ") : `${hidden.length} of ${names.length} groups`;
  return [...saidOfFilters(filtersOf(run.run), filtering.problemOf), ...(hidden.length ? [`without ${some}`] : [])];
}

/** What is said of points that are missing, of colours, of the selection and of shading. @param {Shown & {shaded: boolean}} view @param {number} chosen points that are drawn and selected @returns {string[]} */
export const saidOfPoints = (view, chosen) => [
  ...saidOfMissing(view),
  ...(view.coloring.by === "label" ? [] : [`colours: ${view.coloring.title}`]),
  ...(chosen ? [`${count(chosen)} selected`] : []),
  ...(view.shaded ? ["shaded by density"] : []),
];

/** The groups of which some points are drawn. @param {{look: {order: Uint32Array}, points: {labels: ArrayLike<number>, groups?: ArrayLike<number>}}[]} drawn */
export const groupsDrawn = (drawn) =>
  new Set(drawn.flatMap(({ look, points: { labels, groups = labels } }) => Array.from(look.order, (i) => groups[i])));

/** What the colours mean. @param {Announcement} run @param {Coloring} coloring @param {ReadonlySet<number>} drawn the groups of which something is left @returns {Entry[]} */
export function legendOf(run, coloring, drawn) {
  const { key } = coloring;
  if (key && "ramp" in key)
    return [{ ramp: key.ramp, ends: key.ends }, ...(key.missing ? [{ color: NEUTRAL, text: key.missing }] : [])];
  if (key && "swatches" in key)
    return [...key.swatches.map(([color, text]) => ({ color, text })), ...(key.more ? [{ text: key.more }] : [])];
  const [names, colors] = [groupNames(run), groupColors(run)];
  const meant = (/** @type {number} */ c) => (key ? !coloring.hidden.has(c) : drawn.has(c)); // with a key colours are not of the points' own groups
  const shown = names.map((_, c) => c).filter(meant);
  const told = coloring.out.length ? shown.filter((c) => coloring.out.includes(c)) : shown.slice(0, MANY);
  const more = shown.length - told.length;
  return [
    ...told.map((c) => ({ color: coloring.colorOf(c) ?? colors[c], text: names[c] })),
    ...(more ? [{ text: `and ${count(more)} more` }] : []),
    ...(key && "text" in key ? [{ text: coloring.title }] : []),
  ];
}

/** @param {import("../stage/stage.mjs").Stage[]} stages @param {Announcement} run */
const chosenOf = (stages, { run }) =>
  stages.reduce((sum, { look, points }) => sum + chosenIn(look, points.ids, selectedIds(run)), 0);

/** Where a tour page is, for a caption. @param {TourPage} page */
function captionOf({ view, what }) {
  const { run, clock, parts } = view;
  const unit = clockOf(run);
  const number = +clock.number.toFixed(2);
  const between = Number.isInteger(clock.at) ? "" : " (between recorded ones)";
  const stages = view.stages.filter((stage) => parts.includes(stage)); // points that are in two stages are counted once
  const drawn = stages.reduce((sum, stage) => sum + stage.look.order.length, 0);
  const said = saidOfPoints(view, chosenOf(stages, run));
  return [run.title, what, `${count(drawn)} points`, ...said, `${unit} ${number}${between}`].join(", "); // prettier-ignore
}

/**
 * The stages of a tour page as a sheet.
 *
 * @param {TourPage} page @param {import("../stage/by_hand.mjs").Hand} hand that has the time
 * @returns {import("../picture/take.mjs").Taken}
 */
export function takenFromTour(page, hand) {
  const { view } = page;
  const { run, states, clock, magnifier } = view;
  const stages = page.seenStages;
  const layer = states ? states.note.states[states.nearest].name : run.layer;
  return {
    run: run.run,
    stem: `${run.run}-${layer}-${clockOf(run)}-${Math.round(clock.number)}`,
    caption: () => captionOf(page),
    legend: () => legendOf(run, view.coloring, groupsDrawn(stages)),
    parts: [stages.map((stage) => stagePart(page, stage, !magnifier.following))],
    fit: (box) => hand.fit(box),
    rows: [],
    columns: stages.length > 1 ? stages.map(({ root }) => root.getAttribute("aria-label") ?? "") : [],
    points: Math.max(...stages.map((stage) => stage.look.order.length)),
    images: view.imagesOn,
    shaded: view.shaded,
    chosen: chosenOf(
      view.stages.filter((stage) => view.parts.includes(stage)),
      run,
    ),
  };
}

/** @param {TourPage} page @param {import("../stage/stage.mjs").Stage} stage @param {boolean} zoomed whether the reader has said what it shows @returns {Part} */
function stagePart(page, stage, zoomed) {
  const { view } = page;
  const tiles = createTiles();
  return {
    aspect() {
      const { width, height } = stage.viewport ?? { width: 1, height: 1 };
      return zoomed ? height / width : Math.max(FLATTEST, Math.min(1, height / width));
    },
    view: (box) => (zoomed && stage.viewport ? viewInBox(stage.viewport, box) : view.viewIn(box)),
    paint(pen, at, look) {
      const chosen = selectedIds(view.run.run);
      const { ids } = stage.points;
      const ratio = Math.min(at.width, at.height) / USUAL;
      const dots = { ...stage.look, positions: stage.positions, imageSize: imageSize(), chosen: (/** @type {number} */ i) => chosen.has(ids[i]) }; // prettier-ignore
      paintPoints(pen, at, dots, ratio, look, tiles);
      page.paintBetween(stage, pen, at, look);
      const share = look.names ? (view.states?.handles ?? 1) : 0;
      const drawn = paintHandles(pen, at, view.seen, stage.handleMarks, share, look);
      page.paintAbove(stage, pen, at, look, drawn);
    },
  };
}

/**
 * What can move in a film of a tour page.
 *
 * @param {TourPage} page @param {import("../stage/by_hand.mjs").Hand} hand
 * @returns {import("../picture/film.mjs").Film}
 */
export function filmOf({ view, telling }, hand) {
  const { run, states, clock } = view;
  return {
    hand,
    unit: clockOf(run),
    tour: view.flat ? null : hand.before.motion.tour,
    epochs: { names: run.epochs.map(String), at: clock.nearest, on: hand.before.motion.epochs },
    states: states && { names: states.note.states.map(({ name }) => name), at: states.nearest, on: hand.before.motion.states }, // prettier-ignore
    whole: view.flat ? null : () => telling.script(hand.before.matrix),
    turn: (on) => view.turning.tour(on),
  };
}

// @ts-check
/** What stands above each stage: of an embedding what it is, and how many of its points are taken for what they are. */

import { count, part, percent } from "../core/dom.mjs";
import { optionsOf } from "../core/page.mjs";
import { hasClasses } from "../data/groups.mjs";
import { pointsWord } from "../data/splits.mjs";
import { clockOf } from "../data/tensors.mjs";
import { short, wrongBy } from "../points/values.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../stage/stage.mjs").Stage} Stage
 */

/** @param {HTMLElement} box @param {string} text */
export function write(box, text) {
  if (box.textContent !== text) box.textContent = text;
}

/** How many points there are, of how many. @param {number} n @param {Announcement} run */
function howMany(n, run) {
  const part = run.embedding ?? run.alignment;
  return part ? `${count(n)} of ${count(part.of)} ${pointsWord(run, part.split)}` : `${count(n)} points`;
}

/** What people call the layer or method that is shown, as the page's select has it. @param {Announcement} run @param {string} select its id */
export const titleOf = ({ layer }, select) => optionsOf(select).find(({ value }) => value === layer)?.text ?? layer;

/** Say above a picture of an embedding what it is. @param {Stage[]} stages @param {Announcement} run @param {string} title of the method */
export function nameStages(stages, run, title) {
  if (!run.embedding) return;
  for (const { root } of stages) {
    const name = `${run.title}: ${title}`;
    root.setAttribute("aria-label", name);
    write(/** @type {HTMLElement} */ (root.querySelector(".gt-stage-title")), name);
    write(part(root, "figures"), howMany(run.embedding.n, run));
  }
}

/** Say whose points a stage has. @param {Stage[]} stages @param {Announcement} run */
export function nameSplits(stages, run) {
  for (const { root } of stages) {
    const word = pointsWord(run, String(root.dataset.gtSplit));
    const name = `${word[0].toUpperCase()}${word.slice(1)}`;
    root.setAttribute("aria-label", name);
    write(/** @type {HTMLElement} */ (root.querySelector(".gt-stage-title")), name);
  }
}

/** How far the outputs of a stage's points are from what they should be; null while it is not known. @param {import("../stage/tour_view.mjs").TourView} view @param {Stage} stage */
function howGood(view, stage) {
  const { run } = view;
  const { n, targets } = stage.points;
  if (!targets) return howMany(n, run);
  const given = view.givenOf(stage);
  if (!given) return null;
  const labels = run.task === "multilabel";
  let sum = 0;
  for (let i = 0; i < n; i++) sum += labels ? wrongBy(given, targets, i, true) : wrongBy(given, targets, i, false) ** 2;
  return `${howMany(n, run)}, ${labels ? `${percent(1 - sum / (n * given.k))} of labels right` : `root mean squared error ${short(Math.sqrt(sum / n))}`}`;
}

/**
 * @param {import("../stage/tour_view.mjs").TourView} view
 * @param {(stage: Stage) => string|null|undefined} own what a page says of a stage itself: null while it is not known, undefined to have it said here
 */
export function createFigures(view, own) {
  let shownAt = -1;

  /** Accuracy of the points of a stage; null while it is not known. @param {Stage} stage */
  function accuracy(stage) {
    const { run } = view;
    const { n, labels } = stage.points;
    if (!hasClasses(run)) return howGood(view, stage);
    const said = view.predictionsOf(stage);
    if (!said) return null;
    let right = 0;
    for (let i = 0; i < n; i++) right += said.predicted[i] === labels[i] ? 1 : 0;
    return `${howMany(n, run)}, ${((100 * right) / n).toFixed(1)} % correct`;
  }

  const figures = {
    /** Bring them up to date, if the epoch is another one. */
    show() {
      const at = view.clock.nearest;
      if (shownAt === at) return;
      shownAt = at;
      for (const stage of view.stages) {
        const other = own(stage);
        const text = other === undefined ? accuracy(stage) : other;
        if (text === null)
          shownAt = -1; // not here yet
        else write(part(stage.root, "figures"), text);
        if (text !== null && other === undefined)
          part(stage.root, "figures").title = `At ${clockOf(view.run)} ${view.run.epochs[at]}, the nearest recorded`;
      }
    },
    /** They are of another run, or more is known of them. */
    forget() {
      shownAt = -1;
    },
  };
  return figures;
}

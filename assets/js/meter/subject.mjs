// @ts-check
/**
 * What a meter, or a complete tour, is of: the motion from one epoch, step or layer to the next, the way from the first epoch to this one, what lies
 * between the class means of training and test points, or a still picture's positions. And its numbers: one displacement a point, in all
 * coordinates that the tour matrix is of.
 *
 * Of the points only those that are drawn count; of an attack's steps only those that are attacked, for the others do not move.
 */

import { pairPartner } from "../tour/meter.mjs";
import { clockOf } from "../data/tensors.mjs";

/**
 * @typedef {import("../stage/tour_view.mjs").TourView} TourView
 * @typedef {import("../stage/stage.mjs").Stage} Stage
 * @typedef {"epochs"|"since"|"states"|"means"|"positions"} Kind
 * @typedef {Kind|"auto"} Choice "auto": the motion while something moves, the positions while nothing does
 * @typedef {object} Subject
 * @property {Kind} kind
 * @property {number} fromEpoch @property {number} toEpoch indices of epochs; the same for what is of one epoch
 * @property {number} fromState @property {number} toState places among a network's states; 0 where there are none
 */

/** Words that a run of one layer does not need, and one of many does. @param {TourView} view */
const clock = (view) => clockOf(view.run);

/** A subject to be written over. @returns {Subject} */
export const emptySubject = () => ({ kind: "positions", fromEpoch: -1, toEpoch: -1, fromState: -1, toState: -1 });

/** @param {Subject} a @param {Subject} b */
export function sameSubject(a, b) {
  return (
    a.kind === b.kind &&
    a.fromEpoch === b.fromEpoch &&
    a.toEpoch === b.toEpoch &&
    a.fromState === b.fromState &&
    a.toState === b.toState
  );
}

/** Whether both splits have class means to compare. @param {TourView} view */
function hasMeans(view) {
  if (view.states) return Boolean(view.run.alignment?.opposite);
  return "train" in view.run.splits && "test" in view.run.splits && !view.run.embedding;
}

/** What there is to choose from. @param {TourView} view @returns {[Choice, string][]} */
export function choicesOf(view) {
  const { states, run } = view;
  const word = clock(view);
  /** @type {[Choice, string][]} */
  const found = [["auto", "As it is shown: motion, or the still picture"]];
  if (states) found.push(["states", "Motion to the next layer"]);
  if (run.epochs.length > 1) found.push(["epochs", `Motion to the next ${word}`]);
  if (run.epochs.length > 2)
    found.push(["since", run.attack ? "Clean to attacked, at this step" : `Motion from the first ${word} to this one`]);
  if (hasMeans(view)) found.push(["means", "Class means: training against test"]);
  found.push(["positions", "The still picture"]);
  return found;
}

/** The two places between which a clock is, or that it is to pass next; the last two at its end. @param {number} at @param {number} last @returns {[number, number]} */
function around(at, last) {
  const low = Math.max(0, Math.min(last - 1, Math.floor(at)));
  return [low, Math.min(last, low + 1)];
}

/** What a choice means now. @param {TourView} view @param {Choice} choice @param {Subject} out written @returns {Subject} out */
export function subjectOf(view, choice, out) {
  const { states, epoch, run } = view;
  const last = run.epochs.length - 1;
  const position = states?.position ?? 0;
  out.kind = choice === "auto" ? moving(view) : choice;
  out.fromEpoch = out.toEpoch = Math.round(epoch);
  out.fromState = out.toState = Math.round(position);
  if (out.kind === "epochs") [out.fromEpoch, out.toEpoch] = around(epoch, last);
  if (out.kind === "since") [out.fromEpoch, out.toEpoch] = [0, Math.ceil(epoch)];
  if (out.kind === "states") [out.fromState, out.toState] = around(position, (states?.count ?? 1) - 1);
  return out;
}

/** What moves now, if anything does. @param {TourView} view @returns {Kind} */
function moving({ states, epoch, playing }) {
  if (states && (states.playing || states.position % 1)) return "states";
  return playing || epoch % 1 ? "epochs" : "positions";
}

/** Whether a subject is one of displacements. @param {Subject} subject */
export const isMotion = ({ kind }) => kind === "epochs" || kind === "since" || kind === "states";

/** Where from and to, in words. @param {TourView} view @param {Subject} subject */
export function nameOf(view, { kind, fromEpoch, toEpoch, fromState, toState }) {
  const { run, states } = view;
  const state = (/** @type {number} */ i) => states?.note.states[i].name ?? "";
  if (kind === "states") return `${state(fromState)} → ${state(toState)}`;
  if (kind === "means") return "training − test means";
  if (kind === "positions") return "still picture";
  return `${clock(view)} ${run.epochs[fromEpoch]} → ${run.epochs[toEpoch]}`;
}

/** What is drawn of it, in a word that takes "of the". @param {Subject} subject */
export const wordOf = (subject) =>
  isMotion(subject) ? "motion" : subject.kind === "means" ? "differences" : "variance";

/** As part of a link: numbers of epochs, which a run keeps, and places of states. @param {TourView} view @param {Subject} subject */
export function writeSubject({ run }, { kind, fromEpoch, toEpoch, fromState, toState }) {
  return [kind, run.epochs[fromEpoch], run.epochs[toEpoch], fromState, toState].join("_");
}

/** @param {TourView} view @param {string} text @returns {Subject|null} null for what this run has not got */
export function readSubject(view, text) {
  const [kind, ...numbers] = text.split("_");
  const [fromEpoch, toEpoch] = numbers.slice(0, 2).map((one) => view.run.epochs.indexOf(Number(one)));
  const [fromState, toState] = numbers.slice(2).map(Number);
  const states = view.states?.count ?? 1;
  const known = choicesOf(view).some(([choice]) => choice === kind && choice !== "auto");
  if (!known || numbers.length !== 4 || fromEpoch < 0 || toEpoch < 0) return null;
  if (![fromState, toState].every((one) => Number.isInteger(one) && one >= 0 && one < states)) return null;
  return { kind: /** @type {Kind} */ (kind), fromEpoch, toEpoch, fromState, toState };
}

/** @param {TourView} view @param {Subject} subject @returns {[string, number, import("../data/tensors.mjs").Kind][]} slices: split, epoch, kind */
function needs(view, { fromEpoch, toEpoch, fromState, toState }) {
  /** @type {[string, number, import("../data/tensors.mjs").Kind][]} */
  const found = [];
  for (const { split } of view.stages) {
    for (const [epoch, state] of [[fromEpoch, fromState], [toEpoch, toState]]) found.push([split, epoch, view.states ? state : "slices"]); // prettier-ignore
  }
  return found;
}

/** Class means of the other split, by the tensors that they came with. @type {WeakMap<object, Float32Array>} */
const opposites = new WeakMap();

/** Fetch what a subject is of. @param {TourView} view @param {Subject} subject */
export async function fetchSubject(view, subject) {
  const { tensors, run } = view;
  await Promise.all(needs(view, subject).map(([split, epoch, kind]) => tensors.load(split, epoch, kind)));
  const opposite = subject.kind === "means" && run.alignment?.opposite;
  if (opposite && !opposites.has(tensors))
    opposites.set(tensors, /** @type {Float32Array} */ (await tensors.other(opposite.tensor)));
}

/**
 * Points of a stage that count, at most so many: evenly among them.
 *
 * @param {TourView} view @param {Stage} stage @param {Subject} subject @param {number} most
 * @returns {{indices: number[], of: number}}
 */
export function countedPoints(view, stage, { kind }, most) {
  const { attack } = view.run;
  const { n, labels, groups = labels } = stage.points;
  const hidden = view.hidden;
  const among = attack && (kind === "epochs" || kind === "since") ? attack.attacked : null;
  /** @type {number[]} */
  const all = [];
  for (let at = 0; at < (among?.length ?? n); at++) {
    const i = among ? among[at] : at;
    if (!hidden.has(groups[i])) all.push(i);
  }
  if (all.length <= most) return { indices: all, of: all.length };
  return { indices: Array.from({ length: most }, (_, k) => all[Math.floor((k * all.length) / most)]), of: all.length };
}

/**
 * Points at an epoch in a state, in the coordinates that the tour matrix is of.
 *
 * @param {TourView} view @param {string} split @param {number} epoch @param {number} state @param {ArrayLike<number>} indices
 * @param {Float64Array} out (indices, p), written
 * @returns {boolean} whether they have come
 */
export function rowsAt(view, split, epoch, state, indices, out) {
  const { states, tensors, run } = view;
  if (states) return states.rowsAt(tensors, split, epoch, state, indices, out);
  const slice = tensors.slice(split, epoch);
  if (!slice) return false;
  const { values, scale, offset } = slice;
  for (let i = 0, to = 0; i < indices.length; i++) {
    for (let from = indices[i] * run.p; from < (indices[i] + 1) * run.p; from++, to++)
      out[to] = (values[from] * scale + offset) / run.radius;
  }
  return true;
}

/** Half a step of the 16 bits in which a slice comes, in the units of `rowsAt`; 0 while it has not come. @param {TourView} view @param {string} split @param {number} epoch @param {number} state */
function rounding({ states, tensors, run }, split, epoch, state) {
  const slice = states ? tensors.slice(split, epoch, state) : tensors.slice(split, epoch);
  return slice ? Math.abs(slice.scale) / 2 / (states ? 1 : run.radius) : 0;
}

/**
 * How far points are from one place of a subject to the other. Who moved by no more than the rounding of both places is not known to have moved: these
 * displacements are 0, so that nobody ranks them.
 *
 * @param {TourView} view @param {string} split @param {Subject} subject @param {ArrayLike<number>} indices @param {Float64Array} out (indices, p), written
 * @returns {boolean} whether they have come
 */
export function displacements(view, split, { fromEpoch, toEpoch, fromState, toState }, indices, out) {
  const before = new Float64Array(out.length);
  if (!rowsAt(view, split, fromEpoch, fromState, indices, before)) return false;
  if (!rowsAt(view, split, toEpoch, toState, indices, out)) return false;
  const least = rounding(view, split, fromEpoch, fromState) + rounding(view, split, toEpoch, toState);
  const { p } = view.run;
  for (let start = 0; start < out.length; start += p) {
    let square = 0;
    for (let at = start; at < start + p; at++) {
      out[at] -= before[at];
      square += out[at] * out[at];
    }
    if (square <= p * least * least * (1 + 1e-9)) out.fill(0, start, start + p);
  }
  return true;
}

/** From every point to its partner. @param {Float64Array} rows (m, p) @param {number} m @param {number} p @param {Float64Array} out (m, p), written */
export function pairDifferences(rows, m, p, out) {
  for (let k = 0; k < m; k++) {
    const other = pairPartner(k, m);
    for (let j = 0; j < p; j++) out[k * p + j] = rows[other * p + j] - rows[k * p + j];
  }
}

/**
 * From the middle of each class among the test points to that among the training points.
 *
 * @param {TourView} view @param {Subject} subject
 * @returns {Float64Array|null} (classes, p), of the classes that are drawn and in both; null while they have not come
 */
export function meanDifferences(view, { fromEpoch: epoch, fromState: state }) {
  const { run, states, stages } = view;
  const own = classMeans(view, stages[0], epoch, state);
  const other = states ? oppositeMeans(view, epoch, state) : classMeans(view, stages[1], epoch, state);
  if (!own || !other) return null;
  const sign = stages[0].split === "train" ? 1 : -1;
  const rows = [];
  for (let c = 0; c < run.classes.length; c++) {
    if (view.hidden.has(c)) continue;
    const row = own.subarray(c * run.p, (c + 1) * run.p).map((x, j) => sign * (x - other[c * run.p + j]));
    if (row.every(Number.isFinite)) rows.push(...row);
  }
  return Float64Array.from(rows);
}

/** @param {TourView} view @param {Stage} stage @param {number} epoch @param {number} state @returns {Float64Array|null} (classes, p); not a number for no points */
function classMeans(view, stage, epoch, state) {
  const { p, classes } = view.run;
  const { n, labels } = stage.points;
  const rows = new Float64Array(n * p);
  if (
    !rowsAt(
      view,
      stage.split,
      epoch,
      state,
      Array.from({ length: n }, (_, i) => i),
      rows,
    )
  )
    return null;
  const means = new Float64Array(classes.length * p);
  const counts = new Float64Array(classes.length);
  for (let i = 0; i < n; i++) {
    counts[labels[i]]++;
    for (let j = 0; j < p; j++) means[labels[i] * p + j] += rows[i * p + j];
  }
  return means.map((sum, at) => sum / counts[Math.floor(at / p)]);
}

/** @param {TourView} view @param {number} epoch @param {number} state @returns {Float64Array|null} (classes, p) */
function oppositeMeans({ run, states, tensors }, epoch, state) {
  const vectors = opposites.get(tensors);
  if (!vectors || !states) return null;
  const size = run.classes.length * run.p;
  const start = (state * run.epochs.length + epoch) * size;
  const means = Float64Array.from(vectors.subarray(start, start + size));
  states.intoView(means, run.classes.length, state);
  return means;
}

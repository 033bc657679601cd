// @ts-check
/** What the frames of one stage have told so far, as numbers; who shows them is elsewhere. */

import { createMeter } from "../tour/meter.mjs";
import { seenAtStops } from "../tour/complete.mjs";
import {
  countedPoints,
  displacements,
  emptySubject,
  fetchSubject,
  isMotion,
  meanDifferences,
  pairDifferences,
  rowsAt,
  sameSubject,
} from "./subject.mjs";

const MOST_POINTS = 500; // that are measured
const MOST_NUMBERS = 65536; // of these, all coordinates of all points: fewer points where there are many dimensions

/**
 * @typedef {import("./subject.mjs").Subject} Subject
 * @typedef {object} Told
 * @property {Subject} of
 * @property {number} rho Spearman's ρ between lengths in all coordinates and in this frame; not a number where nothing can be ranked
 * @property {number} seen the same with the root mean square over the planes seen so far
 * @property {number|null} motion share of the squared motion (or difference of means) that this frame draws; null for a still picture
 * @property {number|null} variance share of the variance of the positions that this frame draws
 * @property {number} count displacements, or pairs, that are measured @property {number} points of so many
 * @property {number} turned about radians, since it began
 */

/** @param {import("../stage/tour_view.mjs").TourView} view @param {import("../stage/stage.mjs").Stage} stage */
export function createReading(view, stage) {
  const meter = createMeter();
  const spread = createMeter();
  const now = emptySubject();
  /** what the numbers are of, beside the subject @type {{run: any, hidden: any, naive: boolean, pictured: boolean}} */
  const of = { run: null, hidden: null, naive: false, pictured: false };
  let points = 0;
  let room = new Float64Array(0);
  /** a subject that was asked for, and of which run */
  const asked = emptySubject();
  /** @type {any} */
  let askedOf = null;

  /** @param {Subject} subject @returns {boolean} whether its numbers are here */
  function ensure(subject) {
    const naive = view.states?.naive ?? false;
    if (
      of.pictured &&
      sameSubject(now, subject) &&
      of.run === view.run &&
      of.hidden === view.hidden &&
      of.naive === naive
    )
      return true;
    Object.assign(now, subject);
    Object.assign(of, { run: view.run, hidden: view.hidden, naive, pictured: fill(subject) });
    if (!of.pictured && (askedOf !== view.run || !sameSubject(asked, subject))) fetch(subject);
    return of.pictured;
  }

  /** @param {Subject} subject */
  function fetch(subject) {
    Object.assign(asked, subject);
    askedOf = view.run;
    fetchSubject(view, subject).then(view.refresh, () => Object.assign(asked, emptySubject())); // whoever shows the picture says so
  }

  /** @param {Subject} subject @returns {boolean} whether it could be filled */
  function fill(subject) {
    const { p } = view.run;
    const most = Math.max(2, Math.min(MOST_POINTS, Math.floor(MOST_NUMBERS / p)));
    const { indices, of: all } = countedPoints(view, stage, subject, most);
    points = all;
    const m = indices.length;
    if (room.length !== m * p) room = new Float64Array(m * p);
    if (!rowsAt(view, stage.split, subject.toEpoch, subject.toState, indices, room)) return false;
    centre(spread.begin(m, p), m, p);
    spread.ready();
    if (subject.kind === "means") {
      const rows = meanDifferences(view, subject);
      if (!rows) return false;
      meter.begin(rows.length / p, p).set(rows);
    } else if (isMotion(subject)) {
      if (!displacements(view, stage.split, subject, indices, meter.begin(m, p))) return false;
    } else pairDifferences(room, m > 1 ? m : 0, p, meter.begin(m > 1 ? m : 0, p));
    meter.ready();
    return true;
  }

  /** @param {Float64Array} out @param {number} m @param {number} p */
  function centre(out, m, p) {
    out.set(room);
    for (let j = 0; j < p; j++) {
      let mean = 0;
      for (let i = 0; i < m; i++) mean += out[i * p + j] / m;
      for (let i = 0; i < m; i++) out[i * p + j] -= mean;
    }
  }

  let stops = new Float64Array(0);

  return {
    /** A picture was drawn. @param {Subject} subject */
    look(subject) {
      if (ensure(subject)) meter.look(view.seen);
    },

    /**
     * @param {Subject} subject
     * @param {import("./whole.mjs").Whole|null} whole a complete tour of it: then what was seen is what its stops have shown
     * @returns {Told|null} null while its numbers have not come
     */
    read(subject, whole) {
      if (!ensure(subject)) return null;
      const { seen: matrix } = view;
      const rho = meter.rho(meter.drawn(matrix));
      if (stops.length < meter.count) stops = new Float64Array(meter.count);
      const seen = meter.rho(
        whole ? seenAtStops(stops, whole.tour, meter.rows, meter.count, whole.visited) : meter.seen(matrix),
      );
      return {
        of: { ...subject }, rho, seen,
        motion: subject.kind === "positions" ? null : meter.share(matrix),
        variance: subject.kind === "means" ? null : spread.share(matrix),
        count: meter.count, points, turned: meter.turned,
      }; // prettier-ignore
    },
  };
}

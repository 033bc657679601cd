// @ts-check
/**
 * The frame and everything that turns it: the tour, turns to a view, a handle or a group of points that is pulled, and
 * the way back. A picture that is flat has the identity for its frame, and nothing turns it.
 */

import { dragHandle } from "../tour/drag.mjs";
import { createDrag } from "../tour/drag_points.mjs";
import { completeFrame, identity, randomView } from "../tour/frame.mjs";
import { createGeodesic } from "../tour/geodesic.mjs";
import { createGrandTour } from "../tour/grand_tour.mjs";
import { createGlide } from "./glide.mjs";

const HELD = 0.12; // of the tour's speed while a handle is hovered, so that it can be caught
const REMEMBERED = 100; // views to go back to
const TURN_SECONDS = 0.8; // per radian of a turn to another view
const SHORTEST_TURN = 0.25; // seconds
const LONGEST_TURN = 1.6; // seconds

/** @typedef {Parameters<typeof createDrag>[0]} Mode how a group of points is pulled */

export class Turning {
  #given;
  #seed;
  #p = 1;
  #speed = 1;
  #tour = createGrandTour({ p: 1, matrix: [1] });
  #touring = false;
  #holds = 0;
  #taken = 0;
  /** @type {{path: ReturnType<typeof createGeodesic>, glide: ReturnType<typeof createGlide>}|null} */
  #turn = null;
  /** points that the reader pulls @type {ReturnType<typeof createDrag>} */
  #pulled = null;
  /** the columns that were seen, (p, 2) each @type {Float64Array[]} */
  #past = [];
  /** @type {Float64Array[]} */
  #future = [];
  #room = new Float64Array(1);

  /** Whether there is nothing to turn. */
  flat = true;

  /**
   * @param {object} given
   * @param {number} given.seed of the tour
   * @param {(what: "view"|"motion") => void} given.changed "view" also when the frame is the same but can or cannot be taken back
   * @param {() => void} given.wake something moves: time is to pass
   * @param {() => boolean} given.abrupt whether other views are gone to at once
   */
  constructor(given) {
    this.#given = given;
    this.#seed = given.seed;
  }

  /** (p, p), row-major: the frame shown now. */
  get matrix() {
    return this.#tour.matrix;
  }
  /** (p, 2), row-major: the first two columns of the frame, which are all that is seen; cheaper than the whole. */
  get seen() {
    return this.#tour.seen;
  }
  /** What these are made of. @returns {import("../tour/grand_tour.mjs").Span} */
  get span() {
    return this.#tour.span;
  }
  get touring() {
    return this.#touring;
  }
  /** Whether the frame is on its way to a view. */
  get turning() {
    return this.#turn !== null;
  }
  /** Whether points are being pulled. */
  get pulling() {
    return this.#pulled !== null;
  }
  get moving() {
    return this.#touring || this.#turn !== null;
  }
  /** Another number whenever the reader has taken the frame in hand: dragged it, gone back, asked for a view, or had it tour. */
  get taken() {
    return this.#taken;
  }
  get canUndo() {
    return this.#past.length > 0;
  }
  get canRedo() {
    return this.#future.length > 0;
  }

  /** Another run: what was before is forgotten. @param {number} p @param {Float64Array|null} matrix (p, p), null for a flat picture */
  begin(p, matrix) {
    this.#p = p;
    this.flat = matrix === null;
    this.#room = new Float64Array(p * p);
    this.#tour = createGrandTour({ p, seed: this.#seed, speed: this.#speed, matrix: matrix ?? identity(p) });
    [this.#turn, this.#pulled, this.#past, this.#future] = [null, null, [], []];
    this.#touring &&= !this.flat;
    this.#taken++;
  }

  /**
   * Let time pass.
   *
   * @param {number} dt seconds @param {() => boolean} busy whether the reader has a handle in hand
   * @returns {boolean} whether the frame is another one
   */
  advance(dt, busy) {
    const turn = this.#turn;
    if (turn) {
      const u = turn.glide.advance(dt);
      if (turn.glide.done) this.#turn = null;
      if (turn.glide.done) this.#tour.setMatrix(turn.path.at(1, this.#room));
      else this.#tour.setSeen(turn.path.seenAt(u), turn.path.spanAt(u));
    } else if (this.#touring && !this.#pulled && !busy()) {
      this.#tour.move(dt * (this.#holds > 0 ? HELD : 1));
    } else return false;
    return true;
  }

  /** Keep this view, to come back to. */
  #remember() {
    this.#taken++;
    this.#past.push(this.seen.slice());
    if (this.#past.length > REMEMBERED) this.#past.shift();
    this.#future = [];
    this.#given.changed("view");
  }

  /** Turn to another frame along the shortest way. @param {Float64Array} matrix (p, p) */
  #turnTo(matrix) {
    const path = createGeodesic(this.matrix.slice(), matrix, this.#p);
    if (this.#given.abrupt()) this.#tour.setMatrix(path.at(1, this.#room));
    else {
      const seconds = Math.min(LONGEST_TURN, SHORTEST_TURN + TURN_SECONDS * path.angle);
      this.#turn = { path, glide: createGlide(0, 1, seconds) };
    }
    this.#given.wake();
    this.#given.changed("view");
  }

  /** @param {Float64Array[]} from @param {Float64Array[]} to */
  #travel(from, to) {
    const seen = from.pop();
    if (!seen) return;
    this.#taken++;
    to.push(this.seen.slice());
    this.tour(false);
    this.#turnTo(completeFrame(seen, this.#p));
  }

  undo() {
    this.#travel(this.#past, this.#future);
  }
  redo() {
    this.#travel(this.#future, this.#past);
  }

  /** Turn through all views, or stop. @param {boolean} on */
  tour(on) {
    if (on) this.#taken++;
    this.#touring = on && !this.flat;
    this.#given.wake();
    this.#given.changed("motion");
  }
  /** @param {number} factor 1 is a calm pace */
  setSpeed(factor) {
    this.#speed = factor;
    this.#tour.setSpeed(factor);
  }
  /** Go on along another path. @param {number} number */
  reseed(number) {
    this.#seed = number;
    this.#tour.reseed(number);
  }

  /** Turn to a view, remembering this one. @param {Float64Array} matrix (p, p) */
  lookAt(matrix) {
    if (this.flat) return;
    this.#remember();
    this.#turnTo(matrix);
  }
  /** Stand at a view, at once. @param {Float64Array} matrix (p, p) */
  put(matrix) {
    this.#turn = null;
    this.#tour.setMatrix(matrix);
    this.#given.changed("view");
  }
  /** @param {number} number another view for each */
  random(number) {
    this.lookAt(randomView(this.#p, number));
  }
  /**
   * Turn to a frame and stay there.
   *
   * @param {Float64Array} columns (p, 2): where the handles go @param {boolean} [kept] whether this view is one to come back to
   */
  lookAlong(columns, kept = true) {
    if (this.flat) return;
    if (kept) this.#remember();
    this.tour(false);
    this.#turnTo(completeFrame(columns, this.#p));
  }

  /** The same views in other axes. @param {((frame: Float64Array) => Float64Array)|null} become null where the frame is of these already */
  become(become) {
    this.#taken++;
    if (!become) return;
    this.#turn = null;
    this.#tour.setMatrix(become(this.matrix));
    [this.#past, this.#future] = [this.#past.map(become), this.#future.map(become)];
    this.#given.changed("view");
  }

  /** A handle is taken hold of. */
  take() {
    this.#remember();
    this.#turn = null;
  }
  /** Its end is moved. @param {number} i which handle @param {number} x @param {number} y */
  drag(i, x, y) {
    this.#room.set(this.matrix);
    dragHandle(this.#room, this.#p, i, x, y);
    this.#tour.setMatrix(this.#room);
    this.#given.changed("view");
  }
  /** A handle is hovered or focused, or no longer. @param {boolean} held */
  hold(held) {
    this.#holds = held ? this.#holds + 1 : 0;
  }

  /**
   * Take hold of some points, to pull them by `pullTo`; ends with `pullTo(null)`.
   *
   * @param {Mode} mode @param {Float64Array} rows (n, p), all points @param {number} n @param {number[]} indices of those that are pulled
   * @returns {boolean} whether they can be pulled
   */
  pull(mode, rows, n, indices) {
    this.#pulled = createDrag(mode, this.matrix.slice(), this.#p, rows, n, indices);
    if (!this.#pulled) return false;
    this.take();
    this.tour(false);
    return true;
  }
  /** @param {[number, number]|null} by from where they were taken hold of, in plot units; null lets them go */
  pullTo(by) {
    if (!by) this.#pulled = null;
    if (!by || !this.#pulled) return;
    this.#tour.setMatrix(this.#pulled.at(by[0], by[1], this.#room));
    this.#given.changed("view");
  }
}

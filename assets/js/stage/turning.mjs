// @ts-check
/**
 * The frame and everything that turns it: the tour, turns to a view, a handle or a group of points that is pulled, and
 * the way back. A picture that is flat has the identity for its frame, and nothing turns it.
 */

import { dragHandle } from "../tour/drag.mjs";
import { createDrag } from "../tour/drag_points.mjs";
import { createHistory } from "../state/history.mjs";
import { completeFrame, identity, randomView } from "../tour/frame.mjs";
import { createGeodesic } from "../tour/geodesic.mjs";
import { createGrandTour } from "../tour/grand_tour.mjs";
import { createGlide } from "./glide.mjs";

const HELD = 0.12; // of the tour's speed while a handle is hovered, so that it can be caught
const TURN_SECONDS = 0.8; // per radian of a turn to another view
const SHORTEST_TURN = 0.25; // seconds
const LONGEST_TURN = 1.6; // seconds

/** How long a turn to another view takes. @param {number} angle rad @returns {number} seconds */
export const secondsOfTurn = (angle) => Math.min(LONGEST_TURN, SHORTEST_TURN + TURN_SECONDS * angle);

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
  #history;
  #name;
  #room = new Float64Array(1);
  /** a view, (p, 2), as something that is come back to @type {import("../state/history.mjs").Source<Float64Array>} */
  #view = {
    now: () => this.seen.slice(),
    put: (seen) => {
      this.#taken++;
      this.tour(false);
      this.#turnTo(completeFrame(seen, this.#p));
    },
  };

  /** Whether there is nothing to turn. */
  flat = true;

  /**
   * @param {object} given
   * @param {number} given.seed of the tour
   * @param {(what: "view"|"motion") => void} given.changed "view" also when the frame is the same but can or cannot be taken back
   * @param {() => void} given.wake something moves: time is to pass
   * @param {() => boolean} given.abrupt whether other views are gone to at once
   * @param {import("../state/history.mjs").History} [given.history] in which views are remembered: one of its own where none is given
   * @param {string} [given.name] of its views in there
   */
  constructor(given) {
    this.#given = given;
    this.#seed = given.seed;
    this.#history = given.history ?? createHistory();
    this.#name = given.name ?? "view";
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
    return this.#history.canUndo;
  }
  get canRedo() {
    return this.#history.canRedo;
  }

  /** Another run: what was before is forgotten. @param {number} p @param {Float64Array|null} matrix (p, p), null for a flat picture */
  begin(p, matrix) {
    this.#p = p;
    this.flat = matrix === null;
    this.#room = new Float64Array(p * p);
    this.#tour = createGrandTour({ p, seed: this.#seed, speed: this.#speed, matrix: matrix ?? identity(p) });
    [this.#turn, this.#pulled] = [null, null];
    this.#history.forget(this.#name);
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
    this.#history.remember(this.#name, this.#view);
    this.#given.changed("view");
  }

  /** Turn to another frame along the shortest way. @param {Float64Array} matrix (p, p) */
  #turnTo(matrix) {
    const path = createGeodesic(this.matrix.slice(), matrix, this.#p);
    if (this.#given.abrupt()) this.#tour.setMatrix(path.at(1, this.#room));
    else {
      this.#turn = { path, glide: createGlide(0, 1, secondsOfTurn(path.angle)) };
    }
    this.#given.wake();
    this.#given.changed("view");
  }

  undo() {
    this.#history.undo();
  }
  redo() {
    this.#history.redo();
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
    this.#history.map(this.#name, become);
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

  /** Its views are not come back to any more. */
  leave() {
    this.#history.forget(this.#name);
  }
}

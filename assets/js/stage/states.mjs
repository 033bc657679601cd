// @ts-check
/**
 * The states of a network as a second clock beside the epochs: where the reader is between input and softmax, and
 * which tensors, seen through which matrix, make the picture there.
 *
 * All states of an aligned network share one frame, so that one tour matrix shows them all and the picture goes on
 * over a boundary. The naive picture shows each state in axes of its own: the turns between them are put back.
 */

import { createStateClock } from "./state_clock.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Loaded} Loaded
 * @typedef {ReturnType<typeof import("../data/tensors.mjs").openTensors>} Tensors
 * @typedef {{changed: (what: "state"|"motion") => void, abrupt: () => boolean}} Heard who hears of changes, and whether nothing is to glide
 * @typedef {object} Corner one state's part of the picture
 * @property {Float64Array} matrix (k, k) or (k, 2); its first two columns are read
 * @property {boolean} own whether that is the state's own, and not the frame that all share
 * @property {number} weight
 * @property {Loaded} a @property {Loaded} b two epochs @property {number} t from a (0) to b (1)
 */

export class States {
  #k;
  #turns;
  #clock;
  #firstOfClasses;
  #naive = false;
  /** what each of two states is seen through, when naive */
  #own;
  #heard;

  /**
   * @param {import("../data/layers.mjs").AlignmentNote} note
   * @param {Float64Array} turns (states, k, k)
   * @param {number} start
   * @param {Heard} heard
   */
  constructor(note, turns, start, heard) {
    this.note = note;
    this.#heard = heard;
    const { k, states } = note;
    this.#k = k;
    this.#turns = turns;
    this.#own = [new Float64Array(2 * k), new Float64Array(2 * k)];
    this.#firstOfClasses = states.findIndex((_, i) => states.slice(i).every((state) => state.classes));
    this.#clock = createStateClock(start, states.length - 1);
  }

  get position() {
    return this.#clock.at;
  }
  get nearest() {
    return Math.round(this.position);
  }
  get count() {
    return this.note.states.length;
  }
  get playing() {
    return this.#clock.playing;
  }
  get moving() {
    return this.#clock.moving;
  }
  get naive() {
    return this.#naive;
  }

  /** How much of the class handles shows here: nothing where the axes are no classes. */
  get handles() {
    if (this.#firstOfClasses < 0) return 0;
    return Math.min(1, Math.max(0, this.position - this.#firstOfClasses + 1));
  }

  /**
   * Let time pass.
   *
   * @param {number} dt seconds
   * @param {(position: number) => boolean} here whether the data there has come
   * @returns {boolean} whether the position is another one
   */
  advance(dt, here) {
    const was = this.playing;
    const moved = this.#clock.advance(dt, here);
    if (moved) this.#heard.changed("state");
    if (was && !this.playing) this.#heard.changed("motion");
    return moved;
  }
  /** Go from input to softmax, pausing at each state; from the start when at the end. @param {boolean} on */
  play(on) {
    this.#clock.play(on);
    this.#heard.changed("motion");
    this.#heard.changed("state");
  }
  /** @param {number} to with a fraction between two states @param {boolean} smooth */
  seek(to, smooth = false) {
    if (this.playing) this.play(false);
    this.#clock.seek(to, smooth && !this.#heard.abrupt());
    this.#heard.changed("state");
  }
  /** One state on or back. @param {number} by @param {boolean} smooth */
  step(by, smooth = true) {
    if (this.playing) this.play(false);
    this.#clock.step(by, smooth && !this.#heard.abrupt());
    this.#heard.changed("state");
  }

  /** The one or two states at hand, and their shares. @returns {[number, number][]} */
  #shares() {
    const low = Math.floor(this.position);
    const t = this.position - low;
    return t === 0 ? [[low, 1]] : [[low, 1 - t], [low + 1, t]]; // prettier-ignore
  }

  /** @param {Float64Array} matrix @param {number} state @param {number} slot */
  #seenThrough(matrix, state, slot) {
    if (!this.#naive) return matrix;
    const [k, turns, out] = [this.#k, this.#turns, this.#own[slot]];
    const turn = state * k * k;
    const stride = matrix.length / k;
    for (let i = 0; i < k; i++) {
      let x = 0;
      let y = 0;
      for (let j = 0; j < k; j++) {
        const value = turns[turn + j * k + i];
        x += value * matrix[j * stride];
        y += stride > 1 ? value * matrix[j * stride + 1] : 0;
      }
      out[2 * i] = x;
      out[2 * i + 1] = y;
    }
    return out;
  }

  /** The turns of one state. @param {number} state @returns {Float64Array} (k, k) */
  #turn(state) {
    const size = this.#k ** 2;
    return this.#turns.subarray(state * size, (state + 1) * size);
  }

  /**
   * Show the states each in its own axes, or all in those they share. The picture of the nearest state stays.
   *
   * @param {boolean} on
   * @returns {(frame: Float64Array) => Float64Array} what every frame (k, k), or its first two columns (k, 2), becomes
   */
  setNaive(on) {
    if (on === this.#naive) return (frame) => frame;
    this.#naive = on;
    const turn = this.#turn(this.nearest);
    return (frame) => product(turn, frame, this.#k, !on);
  }

  /** Which slices the picture at an epoch needs. @param {number} epoch index @param {number} [at] a position @returns {[number, number][]} epoch, state */
  needs(epoch, at = this.position) {
    const [low, high] = between(epoch);
    const found = new Set([Math.floor(at), Math.ceil(at)]);
    return [...found].flatMap((state) =>
      [...new Set([low, high])].map((one) => /** @type {[number, number]} */ ([one, state])),
    );
  }

  /**
   * @param {Tensors} tensors @param {string} split @param {number} epoch index @param {Float64Array} matrix (k, k) or (k, 2)
   * @returns {Corner[]|null} null until all of it is here
   */
  corners(tensors, split, epoch, matrix) {
    const [low, high, t] = between(epoch);
    const corners = [];
    for (const [slot, [state, weight]] of this.#shares().entries()) {
      const a = tensors.slice(split, low, state);
      const b = tensors.slice(split, high, state);
      if (!a || !b) return null;
      corners.push({ matrix: this.#seenThrough(matrix, state, slot), own: this.#naive, weight, a, b, t });
    }
    return corners;
  }

  /**
   * The points as they are now, in the coordinates that the tour matrix is of.
   *
   * @param {Tensors} tensors @param {string} split @param {number} epoch index @param {number} n
   * @returns {Float64Array} (n, k)
   * @throws {Error} while they have not come
   */
  rows(tensors, split, epoch, n) {
    const k = this.#k;
    const out = new Float64Array(n * k);
    const part = new Float64Array(n * k);
    const [low, high, t] = between(epoch);
    const all = Array.from({ length: n }, (_, i) => i);
    for (const [state, weight] of this.#shares()) {
      for (const [at, share] of [
        [low, 1 - t],
        [high, t],
      ]) {
        if (!share) continue;
        if (!this.rowsAt(tensors, split, at, state, all, part)) throw new Error("rows: these points have not come yet");
        for (let i = 0; i < n * k; i++) out[i] += weight * share * part[i];
      }
    }
    return out;
  }

  /**
   * Some points in one state at one epoch, in the coordinates that the tour matrix is of.
   *
   * @param {Tensors} tensors @param {string} split @param {number} epoch index @param {number} state
   * @param {ArrayLike<number>} indices of the points
   * @param {Float64Array} out (indices, k), written
   * @returns {boolean} whether they have come; else nothing is written
   */
  rowsAt(tensors, split, epoch, state, indices, out) {
    const k = this.#k;
    const slice = tensors.slice(split, epoch, state);
    if (!slice) return false;
    for (let i = 0, to = 0; i < indices.length; i++) {
      for (let from = indices[i] * k; from < (indices[i] + 1) * k; from++, to++)
        out[to] = slice.values[from] * slice.scale + slice.offset;
    }
    this.intoView(out, indices.length, state);
    return true;
  }

  /** From the shared axes to the coordinates that the tour matrix is of, in place. @param {Float64Array} rows (n, k) @param {number} n @param {number} state */
  intoView(rows, n, state) {
    if (this.#naive) rows.set(timesTransposed(rows, this.#turn(state), n, this.#k));
  }

  /**
   * Where some points are in one state at one epoch, in the picture.
   *
   * @param {Tensors} tensors @param {string} split @param {number} epoch index @param {number} state
   * @param {Float64Array} matrix (k, k) or (k, 2) @param {ArrayLike<number>} indices of the points
   * @param {Float32Array} out written from `start` on, x and y, a point every `stride` numbers
   * @param {number} start @param {number} stride
   * @param {number} [weight] with which it is added to what is there; without, it takes its place
   * @returns {boolean} whether it has come; else nothing is written
   */
  place(tensors, split, epoch, state, matrix, indices, out, start, stride, weight) {
    const k = this.#k;
    const slice = tensors.slice(split, epoch, state);
    if (!slice) return false;
    const seen = this.#seenThrough(matrix, state, 0);
    const columns = seen.length / k;
    const share = weight ?? 1;
    for (let i = 0; i < indices.length; i++) {
      let x = 0;
      let y = 0;
      for (let j = 0; j < k; j++) {
        const value = slice.values[indices[i] * k + j] * slice.scale + slice.offset;
        x += value * seen[j * columns];
        y += columns > 1 ? value * seen[j * columns + 1] : 0;
      }
      const at = start + i * stride;
      out[at] = share * x + (weight === undefined ? 0 : out[at]);
      out[at + 1] = share * y + (weight === undefined ? 0 : out[at + 1]);
    }
    return true;
  }

  /**
   * Where a few vectors are that each state has in each epoch, such as class means.
   *
   * @param {Float32Array} vectors (states, epochs, count, k) in the shared axes @param {number} epochs @param {number} count
   * @param {number} epoch index, with a fraction @param {Float64Array} matrix (k, k) or (k, 2)
   * @returns {Float32Array} (count, 2); not a number where a vector is none
   */
  placeVectors(vectors, epochs, count, epoch, matrix) {
    const k = this.#k;
    const out = new Float32Array(2 * count);
    const [low, high, t] = between(epoch);
    for (const [slot, [state, weight]] of this.#shares().entries()) {
      const seen = this.#seenThrough(matrix, state, slot);
      const columns = seen.length / k;
      for (const [at, share] of [
        [low, 1 - t],
        [high, t],
      ]) {
        if (!share) continue;
        for (let c = 0; c < count; c++) {
          const start = ((state * epochs + at) * count + c) * k;
          for (let j = 0; j < k; j++) {
            out[2 * c] += weight * share * vectors[start + j] * seen[j * columns];
            if (columns > 1) out[2 * c + 1] += weight * share * vectors[start + j] * seen[j * columns + 1];
          }
        }
      }
    }
    return out;
  }
}

/**
 * @param {import("../data/layers.mjs").AlignmentNote} note @param {Float64Array} turns (states, k, k)
 * @param {number} start @param {Heard} [heard]
 */
export const createStates = (note, turns, start, heard = { changed: () => {}, abrupt: () => false }) =>
  new States(note, turns, start, heard);

/** The one or two epochs. @param {number} epoch index, with a fraction @returns {[number, number, number]} and the share of the second */
const between = (epoch) => [Math.floor(epoch), Math.ceil(epoch), epoch - Math.floor(epoch)];

/** `turn frame`, or `turnᵀ frame`, of a frame or its first columns. @param {Float64Array} turn @param {Float64Array} frame @param {number} k @param {boolean} transposed */
function product(turn, frame, k, transposed) {
  const columns = frame.length / k;
  const out = new Float64Array(frame.length);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      const value = transposed ? turn[j * k + i] : turn[i * k + j];
      for (let c = 0; c < columns; c++) out[i * columns + c] += value * frame[j * columns + c];
    }
  }
  return out;
}

/** `rows turnᵀ`. @param {Float64Array} rows (n, k) @param {Float64Array} turn (k, k) @param {number} n @param {number} k */
function timesTransposed(rows, turn, n, k) {
  const out = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += rows[i * k + j] * turn[c * k + j];
      out[i * k + c] = sum;
    }
  }
  return out;
}

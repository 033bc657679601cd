/**
 * The tour: a smooth path through the orthogonal matrices with seeded random velocity, a function of time and seed alone.
 *
 * Sources: Asimov 1985, doi:10.1137/0906011; Li, Zhao and Scheidegger 2020, doi:10.23915/distill.00025.
 *
 * Velocity: Z(t) (p, 2) is a cubic B-spline through independent normal knots. The two columns of G that are seen turn towards the part of
 * the columns of Z that is orthogonal to both. The picture never spins in its own plane, and as Z has no preferred direction, neither has the tour.
 * Time: the state lives on a fixed grid; what is shown between grid points is the state with part of the next step. So 30 and 144 frames a second show
 * the same path. Each step is a product of two exact plane rotations, so the frame stays orthogonal however long the tour runs.
 * Cost: only the seen columns are moved, O(p) a step: where they go depends on no other. The hidden ones follow when the whole frame is asked for.
 * Between two knots all that the tour shows lies in ten directions, the view at the last knot and the four knots of the spline; `span` says how, so that
 * points are projected onto those once and a frame costs ten multiplications a point and axis, whatever p is.
 */
import { carryFrame, identity, starFrame } from "./frame.mjs";
import { normals } from "./random.mjs";

/** Seconds between grid points: short against the knots, long against a frame of a fast display. */
export const STEP = 1 / 30;
/** Grid steps between knots of the velocity: it takes 1.5 s to change its mind, which the eye can follow. */
export const STEPS_PER_KNOT = 45;
/** Radians a second by which a seen column turns for a velocity of unit size per dimension: a handle crosses the view in about 6 s. */
export const TURN_RATE = 0.6;
/** In two dimensions the only motion is a spin: radians a second, once around in half a minute. */
export const SPIN_RATE = (2 * Math.PI) / 30;
/** Knot k of the velocity is random stream FIRST_KNOT_STREAM + k; stream 0 is for whole frames. */
const FIRST_KNOT_STREAM = 1;
/** Pairs of directions in which the tour moves between two knots: the view at the last one, and the spline's four. */
const PAIRS = 5;
/** Views at knots that the hidden columns still have to follow; beyond, they are taken to the last of them in one turn. */
const PENDING = 64;

/**
 * @typedef {Float64Array} Pair two directions in data space, (p, 2) row-major; an array is never written again: another pair is another array
 * @typedef {object} Span how the seen columns are made of a few directions
 * @property {Pair[]} pairs @property {Float64Array} weights (2 pairs, 2), row-major: the seen columns are the directions, side by side, times it
 *
 * @typedef {object} GrandTour
 * @property {number} p dimensions
 * @property {Float64Array} matrix (p, p), row-major: the frame shown now, always the same array, brought up to date when it is asked for; change it
 *   through setMatrix only
 * @property {Float64Array} seen (p, 2), row-major: the first two columns of the frame shown now, always the same array
 * @property {Span} span what they are made of
 * @property {number} time seconds of tour time, which speed scales
 * @property {number} seed
 * @property {number} speed
 * @property {(dtSeconds: number) => Float64Array} move go on by real seconds times speed and return `seen`. Anything but a positive
 *   number does nothing. The caller bounds the step after a pause: the tour walks every grid step of it.
 * @property {(dtSeconds: number) => Float64Array} advance the same, but returns the whole matrix
 * @property {(m: ArrayLike<number>) => void} setMatrix go on from this orthogonal (p, p) frame, row-major, copied
 * @property {(columns: ArrayLike<number>, span?: Span) => void} setSeen go on from a frame with these first two columns (p, 2), row-major, copied; perhaps
 *   with what they are made of. The hidden columns are carried along
 * @property {(speed: number) => void} setSpeed 1 is nominal, 0 stands still; the path stays the same
 * @property {(seed: number) => void} reseed go on from here along the path of another seed, with time 0
 */

/**
 * @param {object} options
 * @param {number} options.p dimensions, at least 1
 * @param {number} [options.seed] integer: the same seed gives the same path from the same frame
 * @param {number} [options.speed] 1 is nominal
 * @param {ArrayLike<number>} [options.matrix] orthogonal (p, p), row-major, copied; starFrame(p) if not given
 * @returns {GrandTour}
 * @throws {RangeError} if p is not a positive integer or the matrix has another size
 */
export function createGrandTour({ p, seed = 0, speed = 1, matrix = undefined }) {
  if (!(Number.isInteger(p) && p > 0)) throw new RangeError(`createGrandTour: p must be a positive integer, got ${p}`);
  const whole = createWhole(p);
  const velocity = createVelocity(p);
  const state = createColumns(p); // at time `start`
  const shown = createColumns(p); // at time `time`
  const seen = new Float64Array(2 * p);
  /** @type {Span|null} of columns that were set with it */
  let given = null;
  /** @type {Pair} */
  let from = new Float64Array(2 * p); // the columns at the last knot, or as they were set
  let [time, start, step] = [0, 0, 0]; // `start` lies in grid step `step`

  /** From here on the span begins with these columns. @param {boolean} knot whether a knot was passed: the hidden columns stop there on their way */
  function begin(knot) {
    from = interleaved(state, p, new Float64Array(2 * p));
    if (knot) whole.pass(from);
    for (let c = 0; c < 2; c++) state[c].fill(0, p).fill(1, p + c, p + c + 1);
  }

  function settle() {
    start = time;
    begin(false);
    for (let c = 0; c < 2; c++) shown[c].set(state[c]);
    velocity.plan(state, seed, step);
  }

  /** @param {ArrayLike<number>} m (p, p) or (p, 2) */
  function take(m) {
    const stride = m.length / p;
    for (let i = 0; i < p; i++) {
      state[0][i] = seen[2 * i] = m[i * stride];
      state[1][i] = seen[2 * i + 1] = stride > 1 ? m[i * stride + 1] : 0;
    }
    whole.move();
    settle();
  }

  /** @param {ArrayLike<number>} m */
  function setMatrix(m) {
    if (m.length !== p * p) throw new RangeError(`setMatrix: the frame must hold ${p} × ${p} numbers, got ${m.length}`);
    given = null;
    take(m);
    whole.set(m); // to the bit
  }

  /** @param {number} dtSeconds */
  function move(dtSeconds) {
    const dt = dtSeconds * speed;
    if (!(dt > 0 && dt < Infinity)) return seen;
    given = null;
    time += dt;
    while (time >= (step + 1) * STEP) {
      step += 1;
      velocity.turn(state, state, step * STEP - start);
      start = step * STEP;
      orthonormalise(state, p);
      if (step % STEPS_PER_KNOT === 0) begin(true);
      velocity.plan(state, seed, step);
    }
    velocity.turn(shown, state, time - start);
    whole.move();
    return interleaved(shown, p, seen);
  }

  const tour = {
    p,
    seen,
    get matrix() {
      return whole.at(seen);
    },
    get span() {
      return given ?? { pairs: [from, ...velocity.knots], weights: weightsOf(shown, p) };
    },
    get time() {
      return time;
    },
    get seed() {
      return seed;
    },
    get speed() {
      return speed;
    },
    move,
    advance: (/** @type {number} */ dtSeconds) => (move(dtSeconds), tour.matrix),
    setMatrix,
    setSeen(/** @type {ArrayLike<number>} */ columns, /** @type {Span|undefined} */ span) {
      if (columns.length !== 2 * p)
        throw new RangeError(`setSeen: the columns must hold ${p} × 2 numbers, got ${columns.length}`);
      take(columns);
      given = span ?? null;
    },
    setSpeed(/** @type {number} */ value) {
      speed = value;
    },
    reseed(/** @type {number} */ value) {
      seed = value;
      time = 0;
      step = 0;
      setMatrix(tour.matrix);
    },
  };
  setMatrix(matrix ?? starFrame(p));
  return tour;
}

/** Two columns, each with its weights on the directions of the span behind its p entries: what is done to a column is done to these too. @param {number} p */
const createColumns = (p) => [new Float64Array(p + 2 * PAIRS), new Float64Array(p + 2 * PAIRS)];

/** @param {Float64Array[]} columns @param {number} p @param {Float64Array} out (p, 2), written */
function interleaved([x, y], p, out) {
  for (let i = 0; i < p; i++) {
    out[2 * i] = x[i];
    out[2 * i + 1] = y[i];
  }
  return out;
}

/** @param {Float64Array[]} columns @param {number} p */
function weightsOf([x, y], p) {
  const weights = new Float64Array(4 * PAIRS);
  for (let i = 0; i < 2 * PAIRS; i++) {
    weights[2 * i] = x[p + i];
    weights[2 * i + 1] = y[p + i];
  }
  return weights;
}

/** Take off what rounding has left, which would grow over hours. @param {Float64Array[]} columns @param {number} p */
function orthonormalise([x, y], p) {
  if (p < 3) return;
  normalise(x, p);
  add(y, -dot(x, y, p), x);
  normalise(y, p);
}

/** The whole frame, which follows its first two columns when it is asked for. @param {number} p */
function createWhole(p) {
  const base = identity(p); // as it was set, or at the last knot
  const shown = identity(p);
  let stale = false;
  /** @type {Float64Array[]} columns at the knots that have been passed since */
  let pending = [];
  return {
    /** @param {ArrayLike<number>} frame */
    set(frame) {
      base.set(frame);
      shown.set(frame);
      [pending, stale] = [[], false];
    },
    /** @param {Float64Array} columns (p, 2) */
    pass(columns) {
      if (pending.length >= PENDING) pending = [];
      pending.push(columns);
    },
    /** The columns are others now. */
    move() {
      stale = true;
    },
    /** @param {Float64Array} columns (p, 2) @returns {Float64Array} */
    at(columns) {
      if (!stale) return shown;
      for (const passed of pending) carryFrame(base, p, passed);
      [pending, stale] = [[], false];
      shown.set(base);
      return carryFrame(shown, p, columns);
    },
  };
}

/**
 * The velocity of one grid step: column c turns towards the unit vector u_c, the part of Z's column that is at right angles to both.
 * @param {number} p
 */
function createVelocity(p) {
  /** knot k at k % 4 @type {Pair[]} */
  const knots = Array.from({ length: PAIRS - 1 }, () => new Float64Array(2 * p));
  const held = [-1, -1, -1, -1]; // which knot of which seed each array holds
  let heldSeed = NaN;
  const [u0, u1, towards] = [0, 1, 2].map(() => new Float64Array(p + 2 * PAIRS));
  let rate0 = 0;
  let rate1 = 0;
  let overlap = 0; // u0 · u1

  /** Z at the middle of a grid step, by uniform cubic B-spline weights. @param {number} seed @param {number} step */
  function evaluate(seed, step) {
    const first = Math.floor(step / STEPS_PER_KNOT);
    const u = ((step % STEPS_PER_KNOT) + 0.5) / STEPS_PER_KNOT;
    const weights = [
      (1 - u) ** 3 / 6,
      (3 * u ** 3 - 6 * u * u + 4) / 6,
      (-3 * u ** 3 + 3 * u * u + 3 * u + 1) / 6,
      u ** 3 / 6,
    ];
    if (seed !== heldSeed) held.fill(-1);
    heldSeed = seed;
    u0.fill(0);
    u1.fill(0);
    for (let j = 0; j < 4; j++) {
      const knot = first + j;
      const slot = knot % 4;
      if (held[slot] !== knot) knots[slot] = normals(seed, FIRST_KNOT_STREAM + knot, 2 * p);
      held[slot] = knot;
      const [weight, values] = [weights[j], knots[slot]];
      for (let i = 0; i < p; i++) {
        u0[i] += weight * values[2 * i];
        u1[i] += weight * values[2 * i + 1];
      }
      u0[p + 2 + 2 * slot] = weight;
      u1[p + 3 + 2 * slot] = weight;
    }
  }

  return {
    knots,

    /** Fix the velocity of a grid step from the columns at its start. @param {Float64Array[]} columns @param {number} seed @param {number} step */
    plan(columns, seed, step) {
      if (p < 3) return;
      evaluate(seed, step);
      for (const u of [u0, u1]) for (const column of columns) add(u, -dot(column, u, p), column);
      const perDimension = TURN_RATE / Math.sqrt(p - 2); // the hidden space has p - 2 dimensions to be drawn to
      rate0 = perDimension * normalise(u0, p);
      rate1 = perDimension * normalise(u1, p);
      overlap = dot(u0, u1, p);
    },

    /**
     * Turn the columns by seconds of this velocity: first column 0 towards u0, then column 1 towards u1, which the first rotation has taken along.
     * @param {Float64Array[]} out may be the columns themselves @param {Float64Array[]} columns @param {number} dt
     */
    turn(out, columns, dt) {
      for (let c = 0; c < 2; c++) if (out[c] !== columns[c]) out[c].set(columns[c]);
      const [x, y] = out;
      if (p < 3) return spin(x, y, p, SPIN_RATE * dt);
      const [c0, s0] = [Math.cos(rate0 * dt), Math.sin(rate0 * dt)];
      const [c1, s1] = [Math.cos(rate1 * dt), Math.sin(rate1 * dt)];
      for (let i = 0; i < x.length; i++) {
        towards[i] = u1[i] + overlap * ((c0 - 1) * u0[i] - s0 * x[i]);
        x[i] = c0 * x[i] + s0 * u0[i];
        y[i] = c1 * y[i] + s1 * towards[i];
      }
    },
  };
}

/** The picture in its own plane, and its weights with it; one dimension has no such plane. @param {Float64Array} x @param {Float64Array} y @param {number} p @param {number} angle */
function spin(x, y, p, angle) {
  if (p < 2) return;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  for (let i = 0; i < x.length; i++) {
    const was = x[i];
    x[i] = c * was - s * y[i];
    y[i] = s * was + c * y[i];
  }
}

/** @param {Float64Array} x @param {Float64Array} y @param {number} p */
function dot(x, y, p) {
  let sum = 0;
  for (let i = 0; i < p; i++) sum += x[i] * y[i];
  return sum;
}

/** With their weights. @param {Float64Array} x written @param {number} factor @param {Float64Array} y */
function add(x, factor, y) {
  for (let i = 0; i < x.length; i++) x[i] += factor * y[i];
}

/** Scale to unit length, in place, the weights too; zero stays zero. @param {Float64Array} x @param {number} p @returns {number} the length before */
function normalise(x, p) {
  const length = Math.sqrt(dot(x, x, p));
  if (length > 0) for (let j = 0; j < x.length; j++) x[j] /= length;
  return length;
}

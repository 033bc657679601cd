/**
 * The tour: a smooth path through the orthogonal matrices with seeded random velocity, a function of time and seed alone.
 *
 * Sources: Asimov 1985, doi:10.1137/0906011; Li, Zhao and Scheidegger 2020, doi:10.23915/distill.00025.
 *
 * Velocity: Z(t) (p, 2) is a cubic B-spline through independent normal knots. The two columns of G that are seen turn towards the part of
 * the columns of Z that is orthogonal to both. The picture never spins in its own plane, and as Z has no preferred direction, neither has the tour.
 * Time: the state lives on a fixed grid; what is shown between grid points is the state with part of the next step. So 30 and 144 frames a second show
 * the same path. Each step is a product of two exact plane rotations, so the frame stays orthogonal however long the tour runs.
 * Cost: a step touches the matrix once to find the velocity and once to turn, O(p²), and allocates nothing.
 */
import { identity, starFrame } from "./frame.mjs";
import { normals } from "./random.mjs";
import { rotateColumns } from "./rotate.mjs";

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

/**
 * @typedef {object} GrandTour
 * @property {number} p dimensions
 * @property {Float64Array} matrix (p, p), row-major: the frame shown now, always the same array; change it through setMatrix only
 * @property {number} time seconds of tour time, which speed scales
 * @property {number} seed
 * @property {number} speed
 * @property {(dtSeconds: number) => Float64Array} advance go on by real seconds times speed and return matrix. Anything but a positive
 *   number does nothing. The caller bounds the step after a pause: the tour walks every grid step of it.
 * @property {(m: ArrayLike<number>) => void} setMatrix go on from this orthogonal (p, p) frame, row-major, copied
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
  const state = identity(p); // the frame at time `start`
  const shown = identity(p); // the frame at time `time`
  const velocity = createVelocity(p);
  let time = 0;
  let start = 0;
  let step = 0; // the grid step that `start` lies in

  /** @param {ArrayLike<number>} m */
  function setMatrix(m) {
    if (m.length !== p * p) throw new RangeError(`setMatrix: the frame must hold ${p} × ${p} numbers, got ${m.length}`);
    state.set(m);
    shown.set(m);
    start = time;
    velocity.plan(state, seed, step);
  }

  setMatrix(matrix ?? starFrame(p));
  return {
    p,
    matrix: shown,
    get time() {
      return time;
    },
    get seed() {
      return seed;
    },
    get speed() {
      return speed;
    },
    advance(dtSeconds) {
      const dt = dtSeconds * speed;
      if (!(dt > 0 && dt < Infinity)) return shown;
      time += dt;
      while (time >= (step + 1) * STEP) {
        step += 1;
        velocity.turn(state, state, step * STEP - start);
        start = step * STEP;
        velocity.plan(state, seed, step);
      }
      velocity.turn(shown, state, time - start);
      return shown;
    },
    setMatrix,
    setSpeed(value) {
      speed = value;
    },
    reseed(value) {
      seed = value;
      time = 0;
      step = 0;
      setMatrix(shown);
    },
  };
}

/**
 * The velocity of one grid step, in the frame's own coordinates: column c of G turns towards the unit vector G w_c, where w_c has no part
 * in the first two coordinates. So the turn is a product from the right with a matrix that differs from I by a few outer products.
 * @param {number} p
 */
function createVelocity(p) {
  const knots = [0, 1, 2, 3].map(() => new Float64Array(2 * p));
  const held = [-1, -1, -1, -1]; // which knot of which seed each array holds
  let heldSeed = NaN;
  const z = new Float64Array(2 * p);
  const w0 = new Float64Array(p);
  const w1 = new Float64Array(p);
  let rate0 = 0;
  let rate1 = 0;
  let overlap = 0; // w0 · w1

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
    z.fill(0);
    for (let j = 0; j < 4; j++) {
      const knot = first + j;
      const slot = knot % 4;
      if (held[slot] !== knot) normals(seed, FIRST_KNOT_STREAM + knot, 2 * p, knots[slot]);
      held[slot] = knot;
      for (let i = 0; i < 2 * p; i++) z[i] += weights[j] * knots[slot][i];
    }
  }

  return {
    /** Fix the velocity of a grid step from the frame at its start. @param {Float64Array} m @param {number} seed @param {number} step */
    plan(m, seed, step) {
      if (p < 3) return;
      evaluate(seed, step);
      w0.fill(0);
      w1.fill(0);
      for (let i = 0; i < p; i++) {
        const row = i * p;
        const z0 = z[2 * i];
        const z1 = z[2 * i + 1];
        for (let j = 2; j < p; j++) {
          w0[j] += z0 * m[row + j];
          w1[j] += z1 * m[row + j];
        }
      }
      const perDimension = TURN_RATE / Math.sqrt(p - 2); // the hidden space has p - 2 dimensions to be drawn to
      rate0 = perDimension * normalise(w0, p);
      rate1 = perDimension * normalise(w1, p);
      overlap = 0;
      for (let j = 2; j < p; j++) overlap += w0[j] * w1[j];
    },

    /**
     * Turn a frame by seconds of this velocity: first column 0 towards w0, then column 1 towards w1, each an exact rotation.
     * @param {Float64Array} out (p, p), may be m @param {Float64Array} m (p, p) @param {number} dt
     */
    turn(out, m, dt) {
      if (p < 3) {
        if (out !== m) out.set(m);
        rotateColumns(out, p, SPIN_RATE * dt);
        return;
      }
      const c0 = Math.cos(rate0 * dt);
      const s0 = Math.sin(rate0 * dt);
      const c1 = Math.cos(rate1 * dt);
      const s1 = Math.sin(rate1 * dt);
      for (let row = 0; row < p * p; row += p) {
        let dot0 = 0;
        let dot1 = 0;
        for (let j = 2; j < p; j++) {
          dot0 += m[row + j] * w0[j];
          dot1 += m[row + j] * w1[j];
        }
        const along0 = (c0 - 1) * dot0 - s0 * m[row];
        dot1 += along0 * overlap;
        const along1 = (c1 - 1) * dot1 - s1 * m[row + 1];
        out[row] = c0 * m[row] + s0 * dot0;
        out[row + 1] = c1 * m[row + 1] + s1 * dot1;
        for (let j = 2; j < p; j++) out[row + j] = m[row + j] + along0 * w0[j] + along1 * w1[j];
      }
    },
  };
}

/** Scale to unit length, in place; zero stays zero. @param {Float64Array} x @param {number} p @returns {number} the length before */
function normalise(x, p) {
  let sum = 0;
  for (let j = 0; j < p; j++) sum += x[j] * x[j];
  const length = Math.sqrt(sum);
  if (length > 0) for (let j = 0; j < p; j++) x[j] /= length;
  return length;
}

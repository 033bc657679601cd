/**
 * Drag points: a selection is pulled by its centroid, and the view follows in one of three ways.
 *
 *   rotate  the plane of the centroid turns: the centroid goes where the pointer is, as far as its length allows, and all else turns along.
 *   fit     the selected points should move, all others should stay: the orthogonal matrix that comes nearest to that.
 *   spread  however it is dragged, the view goes to the plane in which the selected points spread most; the length of the drag is how far.
 *
 * All are functions of the displacement since the gesture began, not of the last step: a gesture leaves no drift, its path does not matter, and
 * back where it began the view is what it was, bit for bit. What doesn't change during a gesture is computed once, when it begins.
 */
import { dragCentroid } from "./drag.mjs";
import { completeFrame, gramSchmidt, orthonormalError } from "./frame.mjs";
import { createGeodesic } from "./geodesic.mjs";
import { polarRotation } from "./polar.mjs";
import { principalPlane } from "./principal.mjs";

/** A frame that is off by more is put right. */
const OFF = 1e-9;
/** Share of the mean variance that is added to each direction's, see createFit: far below what is seen, far above rounding. */
const RIDGE = 1e-3;
/** A fit depends on a long displacement by its direction only; one of this many times the points' root mean square is as good as endless. */
const REACH = 100;
/** Plot units of drag that take `spread` all the way. */
const SPREAD_LENGTH = 0.5;

/**
 * A gesture: `at` writes the frame after the displacement (dx, dy) from where the gesture began, in data units, to out (p, p), and returns it.
 * A displacement that is not finite is none.
 * @typedef {{ at: (dx: number, dy: number, out: Float64Array) => Float64Array }} Drag
 */

/**
 * Begin to drag some points.
 * @param {"rotate" | "fit" | "spread"} mode
 * @param {ArrayLike<number>} g (p, p) orthogonal, row-major: the view when the gesture begins; kept as a copy
 * @param {number} p dimensions, at least 2
 * @param {ArrayLike<number>} points (n, p), row-major: all points; read now, not kept
 * @param {number} n points
 * @param {ArrayLike<number>} selected distinct rows of points
 * @returns {Drag | null} null where there is nothing to drag: no points (for spread: no two different ones), or some that are not finite
 * @throws {RangeError} if there is no such mode
 */
export function createDrag(mode, g, p, points, n, selected) {
  if (mode === "rotate") return createRotate(g, p, points, selected);
  if (mode === "fit") return createFit(g, p, points, n, selected);
  if (mode !== "spread")
    throw new RangeError(`createDrag: mode must be rotate, fit or spread, got ${JSON.stringify(mode)}`);
  const path = createSpread(g, p, points, selected);
  if (!path) return null;
  return {
    at(dx, dy, out) {
      const length = Math.hypot(dx, dy);
      return path.at(Number.isFinite(length) ? Math.min(1, length / SPREAD_LENGTH) : 0, out);
    },
  };
}

/**
 * Turn the plane of the centroid: see dragCentroid.
 * @param {ArrayLike<number>} g (p, p) @param {number} p @param {ArrayLike<number>} points (n, p) @param {ArrayLike<number>} selected
 * @returns {Drag | null}
 */
export function createRotate(g, p, points, selected) {
  const start = orthogonal(g, p);
  const c = centroidOf(points, p, selected);
  if (p < 2 || !c) return null;
  return {
    at(dx, dy, out) {
      out.set(start);
      dragCentroid(out, p, c, dx, dy);
      return orthonormalError(out, p) < OFF ? out : gramSchmidt(out, p);
    },
  };
}

/**
 * Move the selected points by (dx, dy) in the picture and leave the others where they are, as nearly as a rotation can.
 *
 * With D = (dx, dy, 0, ...) for the selected points and 0 for the others, that is the orthogonal G' with the least |W(X G' - (X G + D))|: orthogonal
 * Procrustes (Schönemann 1966, doi:10.1007/BF02289451), G' = the polar factor of XᵀW²(X G + D). All p view coordinates count, not only the two
 * that are seen: that has a closed form, and keeps what is hidden from being thrown about. As D is the same for all selected points,
 * that matrix is (S + c bᵀ) G, with S = XᵀW²X, c the weight of the selection times its centroid and b = G (dx, dy, 0, ...)ᵀ: only b changes
 * during a gesture, and moving the pointer costs one polar factor, however many points there are.
 *
 * Weights: the selected points weigh as much as all others together. With a weight for each point, ten among five hundred would hardly move.
 * Not centred: G turns about the origin, and cannot move all points alike. Centred points would not count such a move as one, so that others could be
 * thrown far in the name of staying where they are.
 * Ridge: S has no say in directions without data (fewer points than dimensions, a narrow layer). λ on its diagonal, which asks λ G of G', keeps them as
 * they are wherever the data leave it open.
 * Mirrored views are left out: when the selection is dragged through the origin the nearest orthogonal matrix may be one, and the
 * picture would jump. The nearest rotation gets there without.
 * @param {ArrayLike<number>} g (p, p) @param {number} p @param {ArrayLike<number>} points (n, p) @param {number} n @param {ArrayLike<number>} selected
 * @returns {Drag | null}
 */
export function createFit(g, p, points, n, selected) {
  const start = orthogonal(g, p);
  const c = centroidOf(points, p, selected);
  if (p < 2 || !c) return null;
  const share = selected.length < n ? 0.5 : 1;
  for (let i = 0; i < p; i++) c[i] *= share;
  const moments = weightedMoments(points, p, n, selected, share);
  let trace = 0;
  for (let i = 0; i < p; i++) trace += moments[i * p + i];
  if (!(trace > 0 && trace < Infinity)) return null;
  for (let i = 0; i < p; i++) moments[i * p + i] += (RIDGE * trace) / p;
  const farthest = REACH * Math.sqrt(trace);
  const wanted = new Float64Array(p * p);
  const rotation = new Float64Array(p * p);
  return {
    at(dx, dy, out) {
      out.set(start);
      const length = Math.hypot(dx, dy);
      if (!(length > 0 && length < Infinity)) return out;
      const held = length > farthest ? farthest / length : 1;
      wanted.set(moments);
      for (let j = 0; j < p; j++) {
        const b = held * dx * start[j * p] + held * dy * start[j * p + 1];
        for (let i = 0; i < p; i++) wanted[i * p + j] += c[i] * b;
      }
      polarRotation(rotation, wanted, p);
      out.fill(0);
      for (let i = 0; i < p; i++) {
        for (let k = 0; k < p; k++) {
          const weight = rotation[i * p + k];
          for (let j = 0; j < p; j++) out[i * p + j] += weight * start[k * p + j];
        }
      }
      return orthonormalError(out, p) < OFF ? out : gramSchmidt(out, p);
    },
  };
}

/**
 * The shortest way to the plane in which the selected points spread most. The plane may be shown from either side and turned at will: it is shown so
 * that the picture turns least, which makes the way a pure tilt. For points on a line, two points say, the plane holds that line and
 * the direction of the picture that need not turn for it.
 * @param {ArrayLike<number>} g (p, p) @param {number} p @param {ArrayLike<number>} points (n, p) @param {ArrayLike<number>} selected
 * @returns {import("./geodesic.mjs").Geodesic | null} null if there are no two different points
 */
export function createSpread(g, p, points, selected) {
  const start = orthogonal(g, p);
  const plane = principalPlane(points, p, selected);
  if (!plane) return null;
  completeLine(plane, start, p);
  turnLeast(plane, start, p);
  return createGeodesic(start, completeFrame(plane, p), p);
}

/** A copy of a frame, put right if it is off, from a link say. @param {ArrayLike<number>} g @param {number} p */
function orthogonal(g, p) {
  const m = Float64Array.from(g);
  return orthonormalError(m, p) < OFF ? m : gramSchmidt(m, p);
}

/** @param {ArrayLike<number>} points @param {number} p @param {ArrayLike<number>} selected @returns {Float64Array | null} (p,), null if not finite */
function centroidOf(points, p, selected) {
  const c = new Float64Array(p);
  for (let s = 0; s < selected.length; s++)
    for (let j = 0; j < p; j++) c[j] += points[selected[s] * p + j] / selected.length;
  return selected.length > 0 && c.every(Number.isFinite) ? c : null;
}

/**
 * Σ w x xᵀ over all points; the weights of the selected points sum to `share`, those of the others to the rest of one.
 * @param {ArrayLike<number>} points @param {number} p @param {number} n @param {ArrayLike<number>} selected @param {number} share
 */
function weightedMoments(points, p, n, selected, share) {
  const weights = new Float64Array(n).fill((1 - share) / Math.max(1, n - selected.length));
  for (let s = 0; s < selected.length; s++) weights[selected[s]] = share / selected.length;
  const moments = new Float64Array(p * p);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < p; i++) {
      const value = weights[row] * points[row * p + i];
      for (let j = 0; j <= i; j++) moments[i * p + j] += value * points[row * p + j];
    }
  }
  for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) moments[j * p + i] = moments[i * p + j];
  return moments;
}

/** Give a line its second direction: the one of the picture that is at a right angle to the line as it is seen. @param {Float64Array} plane (p, 2) @param {Float64Array} g @param {number} p */
function completeLine(plane, g, p) {
  for (let i = 0; i < p; i++) if (plane[2 * i + 1] !== 0) return;
  const [x, y] = inPicture(plane, g, p);
  const length = Math.hypot(x, y);
  for (let i = 0; i < p; i++) plane[2 * i + 1] = length > OFF ? (x * g[i * p + 1] - y * g[i * p]) / length : g[i * p];
}

/** Turn a plane's columns within the plane, or mirror them, until they are nearest to those of the frame. @param {Float64Array} plane (p, 2) @param {Float64Array} g @param {number} p */
function turnLeast(plane, g, p) {
  const [a, b, c, d] = inPicture(plane, g, p);
  const mirror = Math.hypot(a - d, b + c) > Math.hypot(a + d, c - b) + OFF ? -1 : 1;
  const angle = Math.atan2(c - mirror * b, a + mirror * d);
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  for (let i = 0; i < p; i++) {
    const first = plane[2 * i];
    const second = plane[2 * i + 1];
    plane[2 * i] = cosine * first + sine * second;
    plane[2 * i + 1] = mirror * (cosine * second - sine * first);
  }
}

/** Where a plane's two columns are seen: planeᵀ times the first two columns of the frame, (2, 2). @param {Float64Array} plane (p, 2) @param {Float64Array} g @param {number} p */
function inPicture(plane, g, p) {
  const seen = [0, 0, 0, 0];
  for (let i = 0; i < p; i++) for (let k = 0; k < 4; k++) seen[k] += plane[2 * i + (k >> 1)] * g[i * p + (k & 1)];
  return seen;
}

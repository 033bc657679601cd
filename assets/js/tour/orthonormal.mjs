/** Gram-Schmidt on rows, done twice (Giraud et al. 2005, doi:10.1007/s00211-005-0615-4: "twice is enough"). */

/** A row that keeps less than this share of its length, once what lies in the span of the rows before is taken off, counts as dependent. */
const DEPENDENT = 1e-10;

/**
 * Make the rows orthonormal, in place: row `first` keeps its direction, the others follow in their order.
 * A row that depends on those before it, is zero, or is not finite gets the direction of the unit vector farthest from them.
 * @param {Float64Array} m (rows, p), row-major
 * @param {number} rows at most p
 * @param {number} p dimensions
 * @param {number} [first] the row that goes first
 * @returns {Float64Array} m
 */
export function orthonormaliseRows(m, rows, p, first = 0) {
  for (let place = 0; place < rows; place++) {
    const row = rowAt(place, first) * p;
    const before = length(m, row, p);
    const kept =
      before > 0 && before < Infinity ? scale(m, row, p, 1 / before) && subtract(m, row, place, p, first) : 0;
    if (kept > DEPENDENT) {
      scale(m, row, p, 1 / kept);
    } else {
      m.fill(0, row, row + p);
      m[row + farthest(m, place, p, first)] = 1;
      scale(m, row, p, 1 / subtract(m, row, place, p, first));
    }
    scale(m, row, p, 1 / subtract(m, row, place, p, first));
  }
  return m;
}

/** Which row comes at this place when `first` goes first. @param {number} place @param {number} first */
function rowAt(place, first) {
  if (place === 0) return first;
  return place <= first ? place - 1 : place;
}

/**
 * Take off what lies in the span of the rows at the places before.
 * @param {Float64Array} m @param {number} row @param {number} place @param {number} p @param {number} first
 * @returns {number} the length that is left
 */
function subtract(m, row, place, p, first) {
  for (let earlier = 0; earlier < place; earlier++) {
    const other = rowAt(earlier, first) * p;
    let dot = 0;
    for (let k = 0; k < p; k++) dot += m[row + k] * m[other + k];
    for (let k = 0; k < p; k++) m[row + k] -= dot * m[other + k];
  }
  return length(m, row, p);
}

/**
 * The unit vector with the least part in the span of the rows at the places before.
 * @param {Float64Array} m @param {number} place @param {number} p @param {number} first
 */
function farthest(m, place, p, first) {
  let best = 0;
  let least = Infinity;
  for (let k = 0; k < p; k++) {
    let inside = 0;
    for (let earlier = 0; earlier < place; earlier++) inside += m[rowAt(earlier, first) * p + k] ** 2;
    if (inside < least - 1e-9) {
      least = inside; // the margin makes ties fall on the first, whatever the rounding
      best = k;
    }
  }
  return best;
}

/** @param {Float64Array} m @param {number} row @param {number} p */
function length(m, row, p) {
  let sum = 0;
  for (let k = 0; k < p; k++) sum += m[row + k] * m[row + k];
  return Math.sqrt(sum);
}

/** @param {Float64Array} m @param {number} row @param {number} p @param {number} factor @returns {number} 1, so that calls chain */
function scale(m, row, p, factor) {
  for (let k = 0; k < p; k++) m[row + k] *= factor;
  return 1;
}

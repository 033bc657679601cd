// @ts-check
/** Points along the two axes of a scatter: how far an axis reaches, and from which point to which the keys go. */

const ROOM = 0.05; // of an axis beyond its points

/** The range of an axis, with some room. @param {number[]} values @param {number} [from] that is in it */
export function rangeOf(values, from = Infinity) {
  if (!values.length) return /** @type {[number, number]} */ ([0, 1]);
  const [low, high] = [Math.min(from, ...values), Math.max(...values)];
  const room = ROOM * (high - low) || 0.5;
  return /** @type {[number, number]} */ ([low - room, high + room]);
}

/** Points by their place along an axis; equal ones as they come. @param {number[]} drawn indices @param {ArrayLike<number|null>} values */
export const orderAlong = (drawn, values) => [...drawn].sort((a, b) => Number(values[a]) - Number(values[b]) || a - b);

/**
 * The point that a key leads to; null for keys of no meaning here, or where there are no points.
 *
 * @param {string} key
 * @param {number[]} order of points
 * @param {number} from the point now; one that is not among them: the way begins at an end
 */
export function nextPoint(key, order, from) {
  const at = order.indexOf(from);
  const last = order.length - 1;
  if (last < 0) return null;
  if (key === "Home") return order[0];
  if (key === "End") return order[last];
  if (key === "ArrowRight" || key === "ArrowUp") return order[Math.min(last, at + 1)];
  if (key === "ArrowLeft" || key === "ArrowDown") return order[at < 0 ? last : Math.max(0, at - 1)];
  return null;
}

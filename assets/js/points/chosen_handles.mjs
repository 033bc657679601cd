// @ts-check
/** Which of very many handles are shown: those that were asked for, then those that matter most in the picture as it is. */

const NAME = [150, 18]; // px that a name takes: no other end is in its way

/**
 * How far apart the ends of two handles are, at least across or at least up, so that neither name lies on the other.
 *
 * @param {{kx: number, ky: number}} view pixels per data unit @returns {[number, number]}
 */
export const roomOfName = ({ kx, ky }) => [NAME[0] / kx, NAME[1] / ky];

/**
 * @param {object} now
 * @param {Float64Array} now.seen (p, 2): where the handles end
 * @param {readonly number[]} now.asked handles that the reader looks for or at; first, in their order
 * @param {Float64Array} now.selected (p,) points of each class that are selected
 * @param {Float64Array} now.inView (p,) points of each class that are drawn within the picture
 * @param {number} most
 * @param {readonly [number, number]} [apart] see `roomOfName`: one that lies on a handle before it is left out, unless it was asked for
 * @returns {number[]} asked; then by selected points, then by points in view, then the longest, which lie nearest to the picture
 */
export function handlesThatMatter({ seen, asked, selected, inView }, most, apart = [0, 0]) {
  const first = [...new Set(asked)].slice(0, most);
  const length = (/** @type {number} */ i) => seen[2 * i] ** 2 + seen[2 * i + 1] ** 2;
  const rest = Array.from(selected.keys()).filter((i) => !first.includes(i));
  rest.sort((a, b) => selected[b] - selected[a] || inView[b] - inView[a] || length(b) - length(a) || a - b);
  return thinned([...first, ...rest], seen, 2, most, apart, first.length);
}

/** The longest handles: those that lie nearest to the picture. @param {Float64Array} matrix @param {number} p @param {number} stride @param {number} most @param {readonly [number, number]} [apart] */
export function longest(matrix, p, stride, most, apart = [0, 0]) {
  const squares = Float64Array.from({ length: p }, (_, i) => matrix[i * stride] ** 2 + (stride > 1 ? matrix[i * stride + 1] ** 2 : 0)); // prettier-ignore
  const ranked = Array.from(squares.keys()).sort((a, b) => squares[b] - squares[a]);
  return thinned(ranked, matrix, stride, most, apart, 0);
}

/**
 * The first of a ranking whose names do not lie on one another.
 *
 * @param {number[]} ranked @param {Float64Array} ends (p, stride) @param {number} stride @param {number} most @param {readonly [number, number]} apart
 * @param {number} sure so many are in, whatever they lie on
 */
function thinned(ranked, ends, stride, most, [across, up], sure) {
  const chosen = ranked.slice(0, Math.min(sure, most));
  const at = (/** @type {number} */ i) => [ends[i * stride], stride > 1 ? ends[i * stride + 1] : 0];
  for (const i of ranked.slice(sure)) {
    if (chosen.length >= most) break;
    const [x, y] = at(i);
    const free = chosen.every((j) => Math.abs(at(j)[0] - x) >= across || Math.abs(at(j)[1] - y) >= up);
    if (free) chosen.push(i);
  }
  return chosen;
}

/**
 * Count a picture's points by class.
 *
 * @param {import("../stage/stage.mjs").Points} points @param {number} k classes
 * @param {((i: number, k: number) => boolean)|null} counts whether point i does, which is the k-th that is asked for; null where none does
 * @param {Uint32Array|null} [indices] of the points that are asked for; all without
 * @returns {Float64Array} (k,)
 */
export function countByClass({ n, labels }, k, counts, indices = null) {
  const sums = new Float64Array(k);
  if (!counts) return sums;
  for (let at = 0; at < (indices?.length ?? n); at++) {
    const i = indices ? indices[at] : at;
    if (labels[i] < k && counts(i, at)) sums[labels[i]]++;
  }
  return sums;
}

// @ts-check
/**
 * What is known of each attacked point at each step of an attack, and means of it over any of them; the images at a
 * step. Axis letters: e steps, m attacked points.
 */

/**
 * @typedef {import("./tensors.mjs").Announcement} Announcement
 * @typedef {import("./tensors.mjs").Slice} Slice
 * @typedef {import("./tensors.mjs").Tensor} Tensor
 * @typedef {import("../payloads.mjs").DetoursNote} DetoursNote
 * @typedef {import("../payloads.mjs").AttackNote} AttackNote
 * @typedef {{values: Uint8Array, scale: number, offset: number}} Change of all attacked points, (m, h, w, c); a pixel,
 *   from 0 to 1, is `value * scale + offset` above the clean one
 * @typedef {object} Curves means over some attacked points; NaN where nothing is known
 * @property {Float64Array} success (e,) shares
 * @property {Float64Array} source (e,) probability of the true class
 * @property {Float64Array|null} target (e,) probability of the target; null where there is none
 * @property {Float64Array[]} moved (states)(e,)
 */

/**
 * Fetch what is known of the attacked points.
 *
 * @param {ReturnType<typeof import("./tensors.mjs").openTensors>} tensors closing it ends what is under way here
 * @param {AttackNote} note
 * @param {Announcement} announcement of a run that is an attack
 */
export async function openAttack(tensors, note, announcement) {
  const [e, m] = [announcement.epochs.length, note.attacked.length];
  const states = /** @type {import("./layers.mjs").AlignmentNote} */ (announcement.alignment).states.length;
  agree("succeeded", note.succeeded.shape, [e, m]);
  agree("confidence", note.confidence.shape, [2, e, m]);
  agree("moved", note.moved.shape, [states, e, m]);
  const [split] = Object.values(announcement.splits);
  const [, h, w, c] = split.images?.shape ?? [0, 0, 0, 0];
  /** @type {Map<number, Change>} */
  const arrived = new Map();
  const [succeeded, confidence, moved] = await Promise.all(
    [note.succeeded, note.confidence, note.moved].map(tensors.other),
  );

  return {
    note, e, m, states, h, w, c,
    succeeded: /** @type {Uint8Array} */ (succeeded),
    confidence: /** @type {Float32Array} */ (confidence),
    moved: /** @type {Float32Array} */ (moved),
    /** The largest change of a value over all steps, pixels counting from 0 to 1. */
    largest: note.changes ? largestChange(note.changes) : 0,

    /** The change at a step, if it has arrived. @param {number} step an index */
    changed: (step) => arrived.get(step) ?? null,

    /** The change at a step. @param {number} step an index @returns {Promise<Change>} */
    async changes(step) {
      const slice = note.changes?.[step];
      if (!slice) throw new Error(`changes: no step ${step}; this attack has images of ${note.changes?.length ?? 0} steps`);
      const values = await tensors.other({ url: slice.url, shape: [m, h, w, c], dtype: "uint8" });
      if (!arrived.has(step)) arrived.set(step, { values, scale: slice.scale, offset: slice.offset });
      return /** @type {Change} */ (arrived.get(step));
    },
  }; // prettier-ignore
}

/** @typedef {Awaited<ReturnType<typeof openAttack>>} Attack */

/**
 * Means over attacked points. NaN is left out; where all are NaN, or there are no members, the mean is NaN.
 *
 * @param {Pick<Attack, "e"|"m"|"states"|"succeeded"|"confidence"|"moved"> & {note: Pick<AttackNote, "target">}} attack
 * @param {ArrayLike<number>|null} members indices below m; null: all
 * @returns {Curves}
 */
export function summary({ note, e, m, states, succeeded, confidence, moved }, members = null) {
  const over = members ?? Array.from({ length: m }, (_, i) => i);
  /** @param {ArrayLike<number>} values (…, e, m) @param {number} at which (e, m) of them */
  const means = (values, at) =>
    Float64Array.from({ length: e }, (_, step) => meanOver(values, (at * e + step) * m, over));
  return {
    success: means(succeeded, 0),
    source: means(confidence, 0),
    target: note.target === null ? null : means(confidence, 1),
    moved: Array.from({ length: states }, (_, state) => means(moved, state)),
  };
}

/** @param {ArrayLike<number>} values @param {number} from @param {ArrayLike<number>} members */
function meanOver(values, from, members) {
  let [sum, n] = [0, 0];
  for (let i = 0; i < members.length; i++) {
    const value = values[from + members[i]];
    if (Number.isNaN(value)) continue;
    sum += value;
    n++;
  }
  return n ? sum / n : NaN;
}

/** Of the distance of classes: a point that has gone farther is nearer to where other classes are than to its own place. */
const HALFWAY = 0.5;

/**
 * The first state in which points have moved at least half as far as classes are apart, at the last step.
 *
 * @param {Float64Array[]} moved (states)(e,)
 * @returns {number} its index, -1 for none
 */
export const takesHold = (moved) => moved.findIndex((curve) => curve[curve.length - 1] >= HALFWAY);

/** @param {Slice[]} changes @returns {number} the largest change of a value that they can hold */
export function largestChange(changes) {
  return Math.max(0, ...changes.flatMap(({ scale, offset }) => [Math.abs(offset), Math.abs(255 * scale + offset)]));
}

/**
 * The images of all points at a step: `clip(round(clean + 255 change))` of the attacked, the others as they are.
 *
 * @param {Uint8Array} out like `clean`; written
 * @param {Uint8Array} clean (n, h, w, c)
 * @param {ArrayLike<number>} attacked (m,) their places among the n
 * @param {Change} change
 */
export function imagesAt(out, clean, attacked, change) {
  const pixels = change.values.length / attacked.length;
  const moves = Float32Array.from({ length: 256 }, (_, value) => 255 * (value * change.scale + change.offset));
  out.set(clean);
  for (let i = 0; i < attacked.length; i++) {
    const [to, from] = [attacked[i] * pixels, i * pixels];
    for (let j = 0; j < pixels; j++) {
      out[to + j] = Math.max(0, Math.min(255, Math.round(clean[to + j] + moves[change.values[from + j]])));
    }
  }
  return out;
}

/**
 * One attacked point at a step, for its card.
 *
 * @param {Uint8Array} images (n, h, w, c) before the attack
 * @param {ArrayLike<number>} attacked (m,) places among the n
 * @param {Change} change
 * @param {number} member an index below m
 * @returns {{clean: Uint8Array, current: Uint8Array, change: Float32Array}} (h, w, c) each; the change counts from 0 to 1
 */
export function pointAt(images, attacked, change, member) {
  const pixels = change.values.length / attacked.length;
  const clean = images.subarray(attacked[member] * pixels, (attacked[member] + 1) * pixels);
  const values = change.values.subarray(member * pixels, (member + 1) * pixels);
  return {
    clean,
    current: imagesAt(new Uint8Array(pixels), clean, [0], { ...change, values }),
    change: Float32Array.from(values, (value) => value * change.scale + change.offset),
  };
}

/** @param {string} name @param {number[]} came @param {number[]} must */
function agree(name, came, must) {
  if (came.join() === must.join()) return;
  throw new Error(
    `openAttack: ${name} must have shape (${must.join(", ")}), got (${came.join(", ")}); reload the page`,
  );
}

// @ts-check
/** What is announced of a network's layers, see gt/serve/payloads.py; and how to say it. */

/**
 * @typedef {object} LayerState the data behind one layer of a network
 * @property {string} name
 * @property {string} title
 * @property {string} kind of the layer: "Conv2d"
 * @property {Family} family whose colour, `--gt-kind-<family>`, and glyph it has
 * @property {string} family_title what a reader calls it: "value by value"
 * @property {number[]} shape of one point
 * @property {number} width values of one point
 * @property {number} rank coordinates kept, at most k
 * @property {boolean} classes whether the coordinates are the classes
 * @property {number} scale its size at the reference epoch, in units of the layer
 * @property {number[]} scales its size in each epoch
 * @property {number[]} variance share of the variance kept, in each epoch
 * @property {(number|null)[]} separation share of the points nearest to their own class's centroid
 * @property {(number|null)[][]} separation_by_class the same of each class; null for no points
 * @property {import("./tensors.mjs").Slice[]} slices one an epoch, (n, k), in the axes of the last state, over `scale`
 *
 * @typedef {object} LayerTransition what lies between two neighbouring states
 * @property {string} kind of the layer
 * @property {string} how singular, pooling, diagonal, identity, value, softmax or procrustes
 * @property {number[]} sigma leading singular values at the reference epoch, falling
 * @property {number} exact coordinates that are scaled, exactly, by the layer's linear part at the reference epoch
 * @property {number[]|null} residual share of what is behind that no turn explains, in each epoch; procrustes alone
 * @property {[number, number][]|null} [moved] mean distance that a point moves, in plot units, in each epoch: aligned, naive
 *
 * @typedef {object} AlignmentNote an alignment of a run's layers
 * @property {string} name
 * @property {string} split
 * @property {number} n points in the picture …
 * @property {number} of … of this many in the split
 * @property {number} k coordinates
 * @property {number} reference number of the epoch that decided the bases
 * @property {number|null} seconds that it took
 * @property {string} command
 * @property {LayerState[]} states
 * @property {LayerTransition[]} transitions one fewer than states
 * @property {import("./tensors.mjs").Tensor} turns (states, k, k) float64
 * @property {Opposite|null} [opposite] where the classes of the other split lie
 *
 * @typedef {object} Opposite the middle of each class among the points of the other split
 * @property {string} split
 * @property {number} n its points
 * @property {import("./tensors.mjs").Tensor} tensor (states, epochs, classes, k) float32, in the axes of the last state
 *
 * @typedef {import("./tensors.mjs").Announcement & {alignment: AlignmentNote}} LayersAnnouncement
 * @typedef {"input"|"convolution"|"pooling"|"elementwise"|"linear"|"softmax"|"other"} Family
 */

/** @param {number[]} shape of one point @returns {string} "10×24×24" */
export const shapeText = (shape) => shape.join("×") || "1";

/** The state that a position is nearest to. @param {number} position @param {number} states how many */
export const nearestState = (position, states) => Math.max(0, Math.min(states - 1, Math.round(position)));

/**
 * The transition that is passed at a position, or that led to the state where it rests: that of the state's
 * own layer. At the input, which no layer made, it is the first.
 *
 * @param {number} position @param {number} transitions how many
 */
export const transitionAt = (position, transitions) =>
  Math.max(0, Math.min(transitions - 1, Math.ceil(position - 1e-6) - 1));

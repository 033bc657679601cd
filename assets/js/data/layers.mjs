// @ts-check
/** What is announced of a network's layers, and how to say it. */

/**
 * @typedef {import("../payloads.mjs").LayerState} LayerState
 * @typedef {import("../payloads.mjs").LayerTransition} LayerTransition
 * @typedef {import("../payloads.mjs").AlignmentNote} AlignmentNote
 * @typedef {import("../payloads.mjs").Opposite} Opposite
 * @typedef {import("./tensors.mjs").Announcement & import("../payloads.mjs").LayersAnnouncement} LayersAnnouncement
 * @typedef {LayerState["family"]} Family
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

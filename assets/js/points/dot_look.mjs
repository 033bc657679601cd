// @ts-check
/**
 * How large and how opaque points are: by how many there are, times what the reader has chosen. The same on the page, in
 * pictures and in videos, which all ask here.
 */

import { dotChoice } from "../state/dot_choice.mjs";

const FULL = 0.82; // opacity of a point, of as many as `MANY` at most
const MANY = 20000;
const LEAST = 0.45; // of however many
const [SMALLEST, PANEL, LARGEST] = [1, 1.6, 40]; // px of a dot; in a panel by itself; at most
const IMAGE = 20; // px of a point that is shown as its image

/** By how many points there are. @param {number} n @returns {number} diameter in CSS px: smaller where there are many */
export const usualSize = (n) => (n <= 2500 ? 5 : n <= MANY ? 3.5 : 2.5);

/** The same in a small panel. @param {number} n @param {number} width of the panel, px */
export const usualPanelSize = (n, width) =>
  Math.max(PANEL, Math.min(4, (width / 55) * Math.min(1, Math.sqrt(1500 / n))));

/** By how many points there are: of very many more shows through. @param {number} n @returns {number} 0 to 1 */
export const usualOpacity = (n) => Math.max(LEAST, n <= MANY ? FULL : FULL * Math.sqrt(MANY / n));

/** @param {number} px */
const chosenSize = (px) => Math.max(SMALLEST, Math.min(LARGEST, px * dotChoice().size));

/** Diameter of a dot in CSS px. @param {number} n points of the picture */
export const dotSize = (n) => chosenSize(usualSize(n));

/** The same in a panel. @param {number} n points of a panel @param {number} width of the panel, px */
export const panelDotSize = (n, width) => chosenSize(usualPanelSize(n, width));

/** Opacity of a point that is selected, or of all where none is. @param {number} n points of the picture */
export const dotOpacity = (n) => dotChoice().opacity ?? usualOpacity(n);

/** px of a point that is shown as its image. */
export const imageSize = () => IMAGE * dotChoice().size;

// @ts-check
/** Whether points are projected on the graphics card: where there is one, from so many values on that it is the quicker way. */

import { count } from "../core/dom.mjs";
import { ability } from "../gl/able.mjs";
import { canProject } from "../gl/cloud.mjs";
import { dotChoice } from "../state/dot_choice.mjs";

/** Values, points times coordinates, of as many the processor takes about a millisecond a frame. */
export const MANY_VALUES = 500_000;

/**
 * @param {number} values points times coordinates @param {boolean|null} chosen by the reader @param {boolean} hardware whether a graphics card draws
 */
export const isForCard = (values, chosen, hardware) => chosen ?? (hardware && values >= MANY_VALUES);

/** Whether so many points of so many coordinates are projected there. @param {number} n @param {number} p */
export const onCard = (n, p) => isForCard(n * p, dotChoice().projected, ability().hardware) && canProject(n, p);

/** What its switch means. */
export const ON_CARD = `Moves very many points on the graphics card: above ${count(MANY_VALUES)} values, points times coordinates. Without one that is slower.`;

/** What is said of it beside its switch. @param {boolean} on @param {boolean} chosen @param {boolean} able whether the browser can @param {boolean} hardware */
export function saidOfCard(on, chosen, able, hardware) {
  if (!able) return "not in this browser";
  if (chosen) return on ? "on" : "off";
  return hardware ? `above ${count(MANY_VALUES)}` : "no card found";
}

// @ts-check
/** Where `/training` leads: an epoch of its run in the Grand Tour. */

import { follow } from "../core/follow.mjs";
import { el } from "../core/dom.mjs";
import { pageAddress } from "../core/here.mjs";
import { writeLink } from "../state/link.mjs";

/**
 * The Grand Tour at an epoch, with what is selected.
 *
 * @param {string} base of all addresses @param {string} run @param {string} layer @param {number} epoch its number @param {number[]} ids
 * @param {Partial<import("../state/link.mjs").Shared>} more
 */
export function linkAt(base, run, layer, epoch, ids, more) {
  const shown = { layer, kind: /** @type {const} */ ("layer"), columns: null, hidden: [] };
  const { query } = writeLink({ run, ...shown, epoch, color: "label", images: false, ids, ...more });
  return pageAddress(base, "grand-tour", query);
}

/** @param {string} href @param {string} text */
export const linkTo = (href, text) =>
  el("a", { href, onclick: (/** @type {MouseEvent} */ event) => follow(event, href) }, text);

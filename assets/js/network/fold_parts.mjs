// @ts-check
/** A deep network's layers, one under the other: those of one part of it fold together. */

import { count, el } from "../core/dom.mjs";
import { named } from "../core/names.mjs";
import { blocksOf } from "./graph_layout.mjs";

const FEW = 26; // layers that need no folding
const NAME = 40; // letters

/**
 * @param {string[]} names of layers, in network order @param {HTMLElement[]} roots an element each
 * @returns {HTMLElement[]} what stands in the page: layers, and parts that hold their own
 */
export function foldParts(names, roots) {
  if (names.length < FEW) return roots;
  /** @type {HTMLElement[]} */
  const out = [];
  let at = 0;
  for (const { name, from, to } of blocksOf(names)) {
    out.push(...roots.slice(at, from));
    const head = el("summary", {}, el("strong", named(name, NAME)), el("span", {}, `${count(to - from + 1)} layers`));
    out.push(el("details", { class: "gt-block-part" }, head, ...roots.slice(from, to + 1)));
    at = to + 1;
  }
  return [...out, ...roots.slice(at)];
}

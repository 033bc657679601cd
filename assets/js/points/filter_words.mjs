// @ts-check
/** Filters in words: for their chips, and for whatever says which points a picture has left. */

import { middle } from "../core/names.mjs";
import { count } from "../core/dom.mjs";

const TOLD = 3; // filters that a caption has room for
const LETTERS = 44; // of each

/** @typedef {import("../state/filters.mjs").Filter} Filter */

/** What a filter lets through or hides. @param {Filter} filter */
export const wordsOf = ({ text, ids }) => (ids ? `${count(ids.size)} ${ids.size === 1 ? "point" : "points"}` : text);

/** Which filters have made a picture what it is, those first that were first; those that hide nothing here are none. @param {readonly Filter[]} list @param {(filter: Filter) => string} problemOf why one hides nothing; empty where it does */
export function saidOfFilters(list, problemOf) {
  const told = list
    .filter((one) => !problemOf(one))
    .map((one) => `${one.how} ${one.ids ? `${wordsOf(one)} picked by hand` : middle(one.text, LETTERS)}`);
  const more = told.length - TOLD;
  return more > 0 ? [...told.slice(0, TOLD), `and ${more} more ${more === 1 ? "filter" : "filters"}`] : told;
}

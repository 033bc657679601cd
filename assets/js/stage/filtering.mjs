// @ts-check
/** Which points of a picture the filters let through, found once for as long as filters and points are the same. */

import { matching, readSearch } from "../filter/matching.mjs";
import { filtersOf, onFilters } from "../state/filters.mjs";
import { onGroups } from "../state/kept_groups.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../state/filters.mjs").Filter} Filter
 * @typedef {import("../points/colorings.mjs").Said} Said
 * @typedef {import("./stage.mjs").Points} Points
 * @typedef {{split: string, points: Points}} Part points of one split
 * @typedef {(at: number, part: Part) => Said|null} SaidAt what the network says at the epoch of an index; null until it is here
 */

/**
 * @param {object} given
 * @param {() => Announcement} given.run that is shown
 * @param {SaidAt} given.saidAt
 * @param {() => void} given.changed the filters are others
 */
export function createFiltering({ run, saidAt, changed }) {
  /** @type {WeakMap<Points, {list: readonly Filter[], mask: Uint8Array|null}>} */
  let known = new WeakMap();
  let waits = false;

  /** What a filter is for, or why it says nothing here. @param {Filter} filter @returns {import("../filter/matching.mjs").Search|Error} */
  function searchOf({ text }) {
    try {
      const search = readSearch(text, run());
      if (!search.now) return search;
      const { unit, epochs } = run();
      return new Error(`it must name the ${unit} at which the network is asked, as in correct@${epochs[epochs.length - 1]}:no`); // prettier-ignore
    } catch (error) {
      return /** @type {Error} */ (error);
    }
  }

  /** Which points a filter lets through; null for all of them, undefined while it is not known. @param {Filter} filter @param {Part} part */
  function through(filter, part) {
    const { points, split } = part;
    const only = filter.how === "only";
    if (filter.ids) return Uint8Array.from(points.ids, (id) => (filter.ids?.has(id) === only ? 1 : 0));
    const search = searchOf(filter);
    if (search instanceof Error) return null;
    const found = matching(search, { ...points, split }, (at) => (at === null ? null : saidAt(at, part)));
    if (!found) return undefined;
    return only ? found : found.map((one) => 1 - one);
  }

  /** @param {Part} part @param {readonly Filter[]} list */
  function make(part, list) {
    /** @type {Uint8Array|null} */
    let mask = null;
    for (const filter of list) {
      const one = through(filter, part);
      if (one === undefined) waits = true;
      if (!one) continue;
      mask = mask ? mask.map((before, i) => before & one[i]) : one;
    }
    return mask;
  }

  const ends = [
    onFilters(() => {
      waits = false;
      changed();
    }),
    onGroups(() => {
      [waits, known] = [false, new WeakMap()]; // filters and colours may speak of them
      changed();
    }),
  ];

  return {
    /** Whether it is not known yet what the network says at an epoch that is asked about. */
    get waits() {
      return waits;
    },
    /** More is known of what the network says. */
    again() {
      if (!waits) return;
      waits = false;
      known = new WeakMap();
    },
    /** Which points are let through: 1 for each of them; null for all. @param {Part} part */
    maskOf(part) {
      const list = filtersOf(run().run);
      if (!list.length) return null;
      const before = known.get(part.points);
      if (before?.list === list) return before.mask;
      const mask = make(part, list);
      known.set(part.points, { list, mask });
      return mask;
    },
    /** Why a filter hides nothing here; empty where it does its work. @param {Filter} filter */
    problemOf(filter) {
      const search = filter.ids ? null : searchOf(filter);
      return search instanceof Error ? search.message : "";
    },
    leave() {
      for (const end of ends) end();
    },
  };
}

/** @typedef {ReturnType<typeof createFiltering>} Filtering */

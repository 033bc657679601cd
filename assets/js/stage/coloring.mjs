// @ts-check
/** What decides how points look: the colouring, hidden groups, and a group that is looked at. */

import { coloringOf } from "../points/colorings.mjs";
import { dotOpacity } from "../points/dot_look.mjs";
import { paintPoints } from "../points/paint.mjs";
import { NEUTRAL, classColors } from "../points/palette.mjs";

/**
 * @typedef {import("../points/colorings.mjs").ColorBy} ColorBy
 * @typedef {import("../points/colorings.mjs").Said} Said
 */

/** @param {{changed: (what: "colors") => void, wake: () => void}} given */
export function createColoring({ changed, wake }) {
  /** @type {ColorBy} */
  let by = "label";
  /** @type {ReadonlySet<number>} */
  let hidden = new Set();
  /** @type {number|null} a group looked at for as long as the pointer is on its legend entry */
  let preview = null;
  /** @type {readonly number[]} groups that were searched for */
  let out = [];
  /** @type {ReadonlySet<number>} groups that a question was about, till the reader's next action */
  let asked = new Set();
  let dirty = true;
  /** @type {import("../data/tensors.mjs").Announcement|null} */
  let run = null;

  const coloring = {
    get by() {
      return by;
    },
    get hidden() {
      return hidden;
    },
    /** Whether colours show what the network says, and so depend on the epoch. */
    get told() {
      return coloringOf(by, run).told;
    },
    /** What the colouring is called. */
    get title() {
      return run?.colorings.find(({ value }) => value === by)?.label ?? by;
    },
    /** What the colours mean; null where the legend says it. */
    get key() {
      return coloringOf(by, run).key;
    },
    /** Whether points are to be painted anew. */
    get dirty() {
      return dirty;
    },
    soil() {
      dirty = true;
      wake();
    },
    clean() {
      dirty = false;
    },

    /** @param {ColorBy} name */
    colorBy(name) {
      by = name;
      coloring.soil();
      changed("colors");
    },
    /** @param {Iterable<number>} groups */
    setHidden(groups) {
      hidden = new Set(groups);
      coloring.soil();
      changed("colors");
    },
    /** Groups that stand out from all others, in colours of their own: those that were searched for, ten at most. */
    get out() {
      return out;
    },
    /** The colour that a group has while some stand out; null while none does. @param {number} group */
    colorOf(group) {
      if (!out.length) return null;
      return out.includes(group) ? classColors(10)[out.indexOf(group)] : NEUTRAL;
    },
    /** @param {readonly number[]} groups none: all are alike */
    standOut(groups) {
      if (groups.length === out.length && groups.every((group, at) => group === out[at])) return;
      out = groups.slice(0, 10);
      coloring.soil();
      changed("colors");
    },
    /** Groups that a question was about; none for all. */
    get asked() {
      return asked;
    },
    /** Have a few groups seen before all others. @param {Iterable<number>} groups none: all are alike */
    mark(groups) {
      asked = new Set(groups);
      coloring.soil();
    },
    /** The group that is looked at; null for none. */
    get preview() {
      return preview;
    },
    /** Another run: all groups are drawn. @param {import("../data/tensors.mjs").Announcement} shown */
    begin(shown) {
      [hidden, out, asked, dirty] = [new Set(), [], new Set(), true];
      coloring.of(shown);
    },
    /** Whose points are coloured. @param {import("../data/tensors.mjs").Announcement} shown */
    of(shown) {
      run = shown;
      if (!run.colorings.some(({ value }) => value === by)) by = "label"; // it has no such colours
    },
    /** @param {number|null} group */
    setPreview(group) {
      preview = group;
      coloring.soil();
    },

    /** Whether a group's handle is to recede. @param {number} group */
    recedes: (group) =>
      hidden.has(group) ||
      (preview !== null && group !== preview && !out.includes(group)) ||
      (preview === null && asked.size > 0 && !asked.has(group)),

    /**
     * @param {import("./stage.mjs").Points} points @param {Said|null} said null where it is not known @param {number} k classes
     * @param {ReadonlySet<number>} chosen selected ids @param {Uint8Array|null} [through] 0 for what filters hide
     * @param {number} [opacity] of a point, by how many there are
     */
    paint: (points, said, k, chosen, through = null, opacity = dotOpacity(points.n)) =>
      paintPoints(points, { colorBy: by, run, said, k, hidden, preview, chosen, out, asked, through, opacity }),
  };
  return coloring;
}

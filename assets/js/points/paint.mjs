// @ts-check
/** Which colour each point has, how strongly, and what is drawn on top of what. */

import { COLORINGS, coloringOf, isByClass, standingOut } from "./colorings.mjs";
import { usualOpacity } from "./dot_look.mjs";
import { rgba } from "./palette.mjs";

/** @type {ReadonlySet<number>} */
const NONE = new Set();
const FAINT = 0.11; // of the opacity of others: of a point that is not selected while others are; see also `ground.mjs`

/**
 * @param {import("../stage/stage.mjs").Points} points
 * @param {object} how
 * @param {import("./colorings.mjs").ColorBy} how.colorBy
 * @param {import("../data/tensors.mjs").Announcement|null} [how.run] whose points they are; without, only the plain colourings are known
 * @param {import("./colorings.mjs").Said|null} how.said null where unknown
 * @param {number} how.k classes
 * @param {ReadonlySet<number>} how.hidden groups not drawn
 * @param {number|null} how.preview a group to bring out
 * @param {readonly number[]} [how.out] a few groups that stand out from all others, each in a colour of its own; none for all alike
 * @param {ReadonlySet<number>} [how.asked] groups to bring out before all others, selected or not; none for all alike
 * @param {ReadonlySet<number>} how.chosen selected ids
 * @param {Uint8Array|null} [how.through] 0 for what filters hide; null where there are none
 * @param {number} [how.opacity] of a point
 * @returns {{palette: Uint8Array, ids: Uint8Array, visible: Uint8Array, order: Uint32Array}}
 */
export function paintPoints(
  { n, ids: pointIds, labels, groups = labels, columns, targets },
  {
    colorBy,
    run = null,
    said,
    k,
    hidden,
    preview,
    chosen,
    out = [],
    asked = NONE,
    through = null,
    opacity = usualOpacity(n),
  },
) {
  const byClass = isByClass(colorBy);
  const plain = coloringOf(colorBy, run);
  const { entry, told, colors: colorsOf } = out.length && byClass ? standingOut(out, plain) : plain;
  const colors = colorsOf(k, groups !== labels);
  const last = colors.length - 1;
  const of = { n, ids: pointIds, labels, groups, k, columns, targets };
  const colored = told && !said && !(out.length && byClass) ? COLORINGS.label.entry : entry;
  const stands = new Set(out);
  const palette = new Uint8Array(8 * colors.length);
  colors.forEach((color, c) => {
    palette.set(rgba(color, opacity), 4 * c);
    palette.set(rgba(color, FAINT * opacity), 4 * (c + colors.length));
  });
  const ids = new Uint8Array(n);
  const visible = new Uint8Array(n);
  const any = chosen.size > 0;
  let drawn = 0;
  let above = 0;
  for (let i = 0; i < n; i++) {
    const group = groups[i];
    const color = colored(i, of, /** @type {import("./colorings.mjs").Said} */ (said), last);
    const some = asked.size ? asked : stands;
    const aside = preview !== null ? group !== preview : some.size > 0 && !some.has(group);
    const faint = aside || (preview === null && !asked.size && any && !chosen.has(pointIds[i]));
    ids[i] = (color % colors.length) + (faint ? colors.length : 0);
    visible[i] = hidden.has(group) || through?.[i] === 0 ? 0 : 1;
    drawn += visible[i];
    above += visible[i] && !faint ? 1 : 0;
  }
  const order = new Uint32Array(drawn);
  let low = 0;
  let high = drawn - above;
  for (let i = 0; i < n; i++) {
    if (!visible[i]) continue;
    if (ids[i] >= colors.length) order[low++] = i;
    else order[high++] = i;
  }
  return { palette, ids, visible, order };
}

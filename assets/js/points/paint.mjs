// @ts-check
/** Which colour each point has, how strongly, and what is drawn on top of what. */

import { ATTACKED, CONFIDENCE, NEUTRAL, VERDICTS, classColors, rgba } from "./palette.mjs";

const FULL = 0.82; // opacity of a point
const FAINT = 0.09; // of a point that is not selected while others are
const MOST = 84; // colours; three strengths of each fit into one palette

/**
 * @param {import("../stage/stage.mjs").Points} points
 * @param {object} how
 * @param {import("../stage/tour_view.mjs").ColorBy} how.colorBy
 * @param {{predicted: Uint16Array, confidence: Float32Array}|null} how.said null where unknown
 * @param {number} how.k classes
 * @param {ReadonlySet<number>} how.hidden groups not drawn
 * @param {number|null} how.preview a group to bring out
 * @param {ReadonlySet<number>} how.chosen selected ids
 * @returns {{palette: Uint8Array, ids: Uint8Array, visible: Uint8Array, order: Uint32Array}}
 */
export function paintPoints(
  { n, ids: pointIds, labels, groups = labels },
  { colorBy, said, k, hidden, preview, chosen },
) {
  const colors = colorsOf(colorBy, k, groups !== labels);
  const palette = new Uint8Array(8 * colors.length);
  colors.forEach((color, c) => {
    palette.set(rgba(color, FULL), 4 * c);
    palette.set(rgba(color, FAINT), 4 * (c + colors.length));
  });
  const ids = new Uint8Array(n);
  const visible = new Uint8Array(n);
  const any = chosen.size > 0;
  let drawn = 0;
  let above = 0;
  for (let i = 0; i < n; i++) {
    const label = labels[i];
    const group = groups[i];
    let color = group;
    if (said && colorBy === "prediction") color = Math.min(said.predicted[i], colors.length - 1);
    else if (said && colorBy === "verdict") color = said.predicted[i] === label ? 0 : 1;
    else if (said && colorBy === "confidence") {
      color = Math.min(CONFIDENCE.length - 1, Math.floor(said.confidence[i] * CONFIDENCE.length));
    }
    const faint = preview !== null ? group !== preview : any && !chosen.has(pointIds[i]);
    ids[i] = (color % colors.length) + (faint ? colors.length : 0);
    visible[i] = hidden.has(group) ? 0 : 1;
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

/** @param {import("../stage/tour_view.mjs").ColorBy} colorBy @param {number} k @param {boolean} attacked whether some points are */
function colorsOf(colorBy, k, attacked) {
  if (colorBy === "verdict") return VERDICTS;
  if (colorBy === "confidence") return CONFIDENCE;
  const classes = classColors(k);
  if (colorBy === "prediction") return [...classes.slice(0, MOST - 1), NEUTRAL];
  return attacked ? [...classes.slice(0, MOST - 1), ATTACKED] : classes.slice(0, MOST);
}

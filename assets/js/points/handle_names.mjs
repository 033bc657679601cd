// @ts-check
/** The names at the ends of handles, each where it lies over no other, see labels.mjs; written only where they have changed. */

import { HEIGHT, NOTHING, placeLabels, ringAt } from "./labels.mjs";

export const LETTER = 8; // px, about the width of a letter of a name
export const LONGEST = 190; // px, where the style cuts a name off
const TYPE = 13; // px of the type of which a letter is that wide

/** @typedef {import("./labels.mjs").End & {e: number}} Named an end that shows its name, and which of the elements it is */

/** px that a name takes, about. @param {string} text */
const widthOf = (text) => Math.min(LONGEST, LETTER * text.length + 8);

/** @param {HTMLElement[]} ends the name of each is its first child */
export function createHandleNames(ends) {
  /** where names stood in the last picture @type {Map<string, number>} */
  const stood = new Map();
  /** what was last written at each end: text and place */
  const written = ends.map(() => "");
  /** how large their type is, of the usual size; and in a picture how wide that was found */
  let [type, seenAt] = [1, 0];
  /** what is drawn, for others to keep off @type {import("./labels.mjs").Around} */
  let drawn = NOTHING;

  /** @param {number} e @param {string} text none to show none @param {number} dx px @param {number} dy */
  function put(e, text, dx, dy) {
    const now = `${text} ${dx} ${dy}`;
    if (written[e] === now) return;
    written[e] = now;
    const name = /** @type {HTMLElement} */ (ends[e].firstElementChild);
    name.hidden = !text;
    if (!text) return;
    if (name.textContent !== text) name.textContent = text;
    name.style.transform = `translate(${dx}px,${dy}px)`;
  }

  return {
    /**
     * @param {Named[]} named @param {{left: number, top: number, width: number, height: number}} plot px that names may stand in
     * @param {import("./labels.mjs").Around} [around] what others have drawn there
     * @returns {string} the lines that lead to names farther off, as a path
     */
    write(named, plot, around = NOTHING) {
      if (seenAt !== plot.width && ends.length) {
        seenAt = plot.width; // type is larger where the stage is presented
        type = parseFloat(getComputedStyle(/** @type {Element} */ (ends[0].firstElementChild)).fontSize) / TYPE || 1;
      }
      const high = type * HEIGHT;
      const bare = new Set(named.map(({ e }) => e));
      let lines = "";
      drawn = { names: [], rings: named.map(ringAt) };
      for (const { of, text, dx, dy, width, led } of placeLabels(
        named,
        plot,
        (one) => type * widthOf(one),
        stood,
        high,
        around,
      )) {
        const { e, x, y } = named[of[0]];
        bare.delete(e);
        put(e, text, dx, dy);
        drawn.names.push([x + dx, y + dy, x + dx + width, y + dy + high]);
        const [left, top] = [x + dx + width / 2, y + dy + (dy < 0 ? high : 0)];
        if (led) lines += `M${x.toFixed(1)} ${y.toFixed(1)}L${left.toFixed(1)} ${top.toFixed(1)}`;
      }
      for (const e of bare) put(e, "", 0, 0);
      return lines;
    },
    /** Where names and rings are in the picture. */
    get drawn() {
      return drawn;
    },
    /** An end has become another handle's. @param {number} e */
    forget(e) {
      written[e] = "";
    },
  };
}

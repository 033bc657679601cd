// @ts-check
/** What stories are told by a page that has no stages which turn: what it shows, in words, and as a picture where it can be drawn. */

import { enrol } from "../story/shown.mjs";
import { viewAddress } from "./links.mjs";

/**
 * @typedef {{run: string, uid: string, title: string}} Of
 * @typedef {object} Told
 * @property {string} name its path
 * @property {string} base prefix under which the app is served
 * @property {{now: () => void}} address
 * @property {() => Of|null} of the run; null while none is shown
 * @property {() => string} title of what it shows, as it says it @property {() => string} alt
 * @property {() => HTMLElement|null} stage where places of notes are counted in
 * @property {() => Promise<string|null>} [picture]
 * @property {Pick<import("../story/shown.mjs").Canvas, "place"|"find">} [notes] where they point to, where that is more than places of the stage
 */

/** @param {import("../core/page.mjs").Page} page @param {Told} told @returns {ReturnType<typeof enrol>} */
export function enrolSimply(page, { name, base, address, of, title, alt, stage, picture, notes }) {
  const enrolled = enrol({
    page: name,
    root: page.root,
    of,
    query: () => viewAddress(address, base, /** @type {Of} */ (of())),
    said: () => ({ title: title(), alt: alt() }),
    picture,
    canvases() {
      const root = stage();
      if (!root) return [];
      return [
        {
          root,
          place(at) {
            const [x, y] = Array.isArray(at.place) ? at.place : [NaN, NaN];
            return Number.isFinite(x) ? [x * root.clientWidth, y * root.clientHeight] : null;
          },
          room: () => ({ left: 0, top: 0, width: root.clientWidth, height: root.clientHeight }),
          find: (x, y) => ({ place: [within(x / root.clientWidth), within(y / root.clientHeight)] }),
          ...notes,
        },
      ];
    },
  });
  page.onLeave(enrolled.leave);
  return enrolled;
}

/** @param {number} v */
const within = (v) => Math.min(1, Math.max(0, +v.toFixed(4)));

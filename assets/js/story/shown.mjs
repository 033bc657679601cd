// @ts-check
/** What is shown now, as stories need it: the page that is open says it here, and hears nothing of stories itself. */

/**
 * @typedef {import("../payloads.mjs").StoryNote["at"]} At what a note points at
 * @typedef {object} Canvas a stage on which a note can be drawn
 * @property {HTMLElement} root which places are counted in
 * @property {(at: At) => [number, number]|null} place px from its left and its top; null where that is not in it, or not drawn
 * @property {(x: number, y: number) => At} find what lies at a place
 * @property {() => {left: number, top: number, width: number, height: number}} room px where a text may stand
 *
 * @typedef {object} Shown
 * @property {string} page its path
 * @property {HTMLElement} root
 * @property {() => {run: string, uid: string, title: string}|null} of the run; null while none is shown
 * @property {() => Promise<string>} query what stands behind the "?" of its address now, once all of that is kept
 * @property {() => {title: string, alt: string}} said a title, and what it says to those who hear it
 * @property {() => Canvas[]} canvases
 * @property {() => Promise<() => void>} [still] have what moves stand still, as a view of it does; the function that is returned has it move on
 * @property {() => Promise<string|null>} [picture] a data: address
 * @property {(query: string) => boolean} [becomes] whether it can go over to another view: not where that is another picture
 * @property {(query: string) => Promise<void>} [become] go over to it
 */

/** @type {Shown|null} */
let now = null;
/** @type {Set<(what: "page"|"settled"|"drawn") => void>} */
const listeners = new Set();

/** @param {"page"|"settled"|"drawn"} what */
const tell = (what) => {
  for (const listener of [...listeners]) listener(what);
};

/** The page that is open; null where it has no views. */
export const shownNow = () => (now?.root.isConnected ? now : null);

/**
 * Say that a page is open.
 *
 * @param {Shown} shown
 * @returns {{settled: () => void, drawn: () => void, leave: () => void}} tells that it shows what it was asked for; that it was drawn anew; that it is left
 */
export function enrol(shown) {
  now = shown;
  tell("page");
  const mine = (/** @type {"settled"|"drawn"} */ what) => () => now === shown && tell(what);
  return {
    settled: mine("settled"),
    drawn: mine("drawn"),
    leave() {
      if (now === shown) now = null;
    },
  };
}

/** @param {(what: "page"|"settled"|"drawn") => void} listener @returns {() => void} ends it */
export function onShown(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

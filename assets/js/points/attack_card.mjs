// @ts-check
/** An attacked image: before the attack, now, and what lies between them, amplified until it can be seen. */

import { el } from "../core/dom.mjs";
import { thumbnail } from "./thumbnail.mjs";

/**
 * By how much a change is amplified: the largest of 1, 2, 5, 10, 20, 50, … with which no change over the whole attack
 * leaves the range around mid-grey.
 *
 * @param {number} epsilon of the attack, pixels counting from 0 to 1
 * @param {string} norm "L∞" or "L2"; epsilon bounds each value in the first alone
 * @param {number} largest change of a value over all steps; 0 for unknown
 */
export function factorFor(epsilon, norm, largest) {
  const most = norm === "L∞" && (epsilon < largest || !largest) ? epsilon : largest;
  if (!(most > 0)) return 1;
  const room = (0.5 / most) * (1 + 1e-6); // 0.05 fills it ten times, rounded or not
  let factor = 1;
  for (let i = 1; ; i++) {
    const next = [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3);
    if (next > room || i > 30) return factor;
    factor = next;
  }
}

/** @param {Float32Array} change pixels counting from 0 to 1 @param {number} factor @returns {Uint8Array} around mid-grey */
export const amplified = (change, factor) =>
  Uint8Array.from(change, (x) => Math.max(0, Math.min(255, Math.round(127.5 + 255 * factor * x))));

/**
 * Three pictures side by side.
 *
 * @param {object} given one image each, (h, w, c)
 * @param {Uint8Array} given.clean
 * @param {Uint8Array|null} given.current null while it is on its way
 * @param {Float32Array|null} given.change pixels counting from 0 to 1; null likewise
 * @param {number} given.h
 * @param {number} given.w
 * @param {number} given.c
 * @param {number} given.factor see `factorFor`
 * @param {string} [given.label] what it is an image of, read aloud
 */
export function changePictures({ clean, current, change, h, w, c, factor, label = "the point" }) {
  /** @param {Uint8Array|null} values @param {string} caption @param {string} said */
  const picture = (values, caption, said) =>
    el(
      "figure",
      { class: "gt-change-picture" },
      values
        ? thumbnail({ values, h, w, c }, 0, said)
        : el("div", { class: "gt-thumb gt-change-waiting", style: `aspect-ratio:${w}/${h}` }),
      el("figcaption", {}, caption),
    );
  return el(
    "div",
    { class: "gt-change" },
    picture(clean, "clean", `Image of ${label} before the attack`),
    picture(current, "now", `Image of ${label} at this step`),
    picture(
      change && amplified(change, factor),
      `change × ${factor}`,
      `What was changed, ${factor} times amplified, around mid-grey`,
    ),
  );
}

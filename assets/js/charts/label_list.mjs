// @ts-check
/** The list of labels to look at: each example with its image, what it is called, what it is taken for, its score, and a button that selects it. */

import { scoreText } from "../data/cartography.mjs";
import { el, icon, percent } from "../core/dom.mjs";
import { createLongList } from "../core/long_list.mjs";
import { middle } from "../core/names.mjs";
import { onPointed } from "../core/pointed.mjs";
import { thumbnail } from "../points/thumbnail.mjs";

const ROW = 52; // px
const LETTERS = 22; // of a name in a row; its tooltip has the whole

/** @typedef {import("../data/cartography.mjs").Examples} Examples */

/**
 * @param {HTMLElement} box
 * @param {object} given
 * @param {(split: string) => import("../points/thumbnail.mjs").Images|null} given.images null while they are on their way
 * @param {(id: number, too: boolean) => void} given.pick
 * @param {(id: number|null) => void} given.mark
 * @param {(i: number) => HTMLElement} given.link to where an example is seen, with its name
 */
export function createLabelList(box, { images, pick, mark, link }) {
  /** @type {{examples: Examples, order: string, classes: string[]}|null} */
  let shown = null;
  /** @type {ReadonlySet<number>} */
  let chosen = new Set();
  const list = createLongList(box, { height: ROW, label: "Labels to look at", make });

  /** @param {number} at */
  function make(at) {
    const { examples, order, classes } = /** @type {NonNullable<typeof shown>} */ (shown);
    const i = examples.orders[order][at];
    const id = examples.ids[i];
    const { labels, taken, values } = examples;
    const name = (/** @type {number} */ c) => (c < classes.length ? classes[c] : "undecided");
    const short = (/** @type {number} */ c) => middle(name(c), LETTERS);
    const sure = percent(values.sure[i]);
    const agrees = labels[i] === taken[i];
    const taking = agrees ? [` is taken for it, ${sure}`] : [" taken for ", el("b", {}, short(taken[i])), `, ${sure}`];
    const title = `Point ${id}: labelled ${name(labels[i])}, taken for ${name(taken[i])} with a mean probability of ${sure}`;
    const select = `Select point ${id} (Shift: too)`;
    const said = { type: "button", class: "btn btn-sm gt-button gt-bordered", title: select, "aria-label": select };
    const button = el("button", said, icon("bullseye"));
    button.addEventListener("click", (event) => pick(id, event.shiftKey));
    const row = el(
      "div",
      { class: "gt-label-row", title },
      el("span", { class: "gt-thumb-place" }),
      el("span", { class: "gt-label-said" }, el("b", {}, short(labels[i])), ...taking),
      el("span", { class: "gt-label-score" }, el("b", {}, scoreText(order, examples, i)), link(i)),
      button,
    );
    onPointed(
      row,
      () => mark(id),
      () => mark(null),
    );
    row.addEventListener("focusin", () => mark(id));
    row.addEventListener("focusout", () => mark(null));
    picture(row, i);
    press(row, id);
    return row;
  }

  /** @param {HTMLElement} row @param {number} i */
  function picture(row, i) {
    const { examples } = /** @type {NonNullable<typeof shown>} */ (shown);
    const place = row.querySelector(".gt-thumb-place:empty");
    const from = images(examples.splitOf(i));
    if (place && from) place.append(thumbnail(from, examples.inSplit[i], `Point ${examples.ids[i]}`));
  }

  /** @param {HTMLElement} row @param {number} id */
  function press(row, id) {
    row.classList.toggle("gt-chosen", chosen.has(id));
    row.querySelector("button")?.setAttribute("aria-pressed", String(chosen.has(id)));
  }

  /** @param {(row: HTMLElement, i: number) => void} act */
  function each(act) {
    if (shown) for (const [at, row] of list.rows) act(row, shown.examples.orders[shown.order][at]);
  }

  return {
    /** @param {Examples} examples @param {string} order @param {string[]} classes */
    show(examples, order, classes) {
      shown = { examples, order, classes };
      box.scrollTop = 0;
      list.show(examples.n);
    },
    /** @param {ReadonlySet<number>} now ids */
    choose(now) {
      chosen = now;
      each((row, i) => press(row, shown ? shown.examples.ids[i] : 0));
    },
    /** Images have come. */
    fill: () => each(picture),
  };
}

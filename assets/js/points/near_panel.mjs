// @ts-check
/** Neighbours as strips of images (or names), each with how near it is; and how they are asked for. */

import { AMONG, COUNTS, METRICS } from "../data/neighbours.mjs";
import { stateByKey } from "../core/arrow_keys.mjs";
import { count, el, termMark } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";
import { onPointed } from "../core/pointed.mjs";
import { thumbnail } from "./thumbnail.mjs";

const LETTERS = 9; // of a name below an image

/**
 * @typedef {import("../data/neighbours.mjs").NearSettings} NearSettings
 * @typedef {object} Tile one neighbour
 * @property {number} id
 * @property {string} name of its class; "" where it has none
 * @property {string} short how near it is, below its image @property {string} said the same in a sentence, and the rest
 * @property {boolean} marked whether it is lost
 * @property {import("./thumbnail.mjs").Images|null} images @property {number} index into them
 * @typedef {{said: string, tiles: Tile[]}} Strip
 * @typedef {object} Shown
 * @property {Strip} data @property {string[]} hints on what was compared
 * @property {string|null} compared how many of them the picture keeps; null where that is not asked
 * @property {Strip|null} picture those that it makes up
 */

/** A distance for people. @param {number} far */
export const shortDistance = (far) => {
  if (far === 0) return "0";
  return far >= 1e-3 && far < 1e4 ? far.toPrecision(3) : far.toExponential(1);
};

/**
 * @param {HTMLElement} box
 * @param {object} events
 * @param {(settings: Partial<NearSettings>) => void} events.set another choice was made
 * @param {(id: number|null) => void} events.point at one of them, null for none
 * @param {(id: number, add: boolean) => void} events.pick
 * @param {() => void} events.again the picture has moved on, and is to be looked at anew
 */
export function createNearPanel(box, { set, point, pick, again }) {
  const form = el("div", { class: "gt-near-form", hidden: true });
  const body = el("div", { class: "gt-near-body" });
  const moved = el("p", { class: "gt-near-moved", hidden: true }, "The picture has moved since. ");
  const anew = el("button", { type: "button", class: "btn btn-sm gt-button", onclick: again }, "Look again");
  moved.append(anew);
  box.replaceChildren(form, body, moved);
  let pointing = false;

  function unpoint() {
    if (pointing) point(null);
    pointing = false;
  }

  /** @param {Tile} tile */
  function button(tile) {
    const picture = tile.images
      ? thumbnail(tile.images, tile.index, "")
      : el("span", { class: "gt-near-id" }, String(tile.id));
    picture.setAttribute("aria-hidden", "true");
    const name = tile.name ? el("span", { class: "gt-near-name" }, middle(tile.name, LETTERS)) : null;
    const made = el(
      "button",
      {
        type: "button",
        class: tile.marked ? "gt-near-tile gt-near-lost" : "gt-near-tile",
        title: tile.said,
        "aria-label": tile.said,
        "data-gt-id": String(tile.id),
        tabIndex: -1,
      },
      picture,
      el("span", { class: "gt-near-far" }, tile.short),
      name,
    );
    const at = () => {
      pointing = true;
      point(tile.id);
    };
    onPointed(made, at, unpoint);
    made.addEventListener("focus", () => made.matches(":focus-visible") && at());
    made.addEventListener("blur", unpoint);
    made.addEventListener("click", (event) => pick(tile.id, event.shiftKey));
    return made;
  }

  /** A strip is one stop of the Tab key, with arrows inside. @param {Strip} shown @param {string} name */
  function strip({ said, tiles }, name) {
    const all = tiles.map(button);
    const row = el("div", { class: "gt-near-strip", role: "group", "aria-label": name }, ...all);
    if (all.length) all[0].tabIndex = 0;
    row.addEventListener("keydown", (event) => {
      const from = all.findIndex((one) => one === event.target);
      const to = from < 0 ? null : stateByKey(event.key, from, all.length - 1);
      if (to === null) return;
      event.preventDefault();
      event.stopPropagation(); // the page's own arrows
      all[from].tabIndex = -1;
      all[to].tabIndex = 0;
      all[to].focus();
    });
    return el("div", {}, el("p", { class: "gt-near-said" }, said), all.length ? row : null);
  }

  /** Put something into the body; what had the focus there has it again. @param {Node[]} children */
  function fill(children) {
    const focused = body.contains(document.activeElement);
    unpoint();
    body.replaceChildren(...children);
    if (focused) /** @type {HTMLElement|null} */ (body.querySelector('[tabindex="0"]'))?.focus();
  }

  return {
    /** Nobody's neighbours are asked for, or they cannot be said. @param {string} text @param {boolean} asked whether there is something to choose */
    say(text, asked) {
      form.hidden = !asked && !form.contains(document.activeElement); // who is in it stays there
      moved.hidden = true;
      fill([el("p", { class: "gt-hint" }, text)]);
    },
    /** @param {Shown} shown */
    show({ data, hints, compared, picture }) {
      form.hidden = false;
      fill([
        strip(data, "Nearest in the data"),
        ...hints.map((line) => el("p", { class: "gt-hint" }, line)),
        ...(compared ? [el("p", { class: "gt-hint" }, compared, termMark("lost-false"))] : []),
        ...(picture ? [strip(picture, "Near in the picture, not in the data")] : []),
      ]);
    },
    /** Whether the picture has moved since it was looked at. @param {boolean} on */
    stale(on) {
      moved.hidden = !on;
    },
    /** What can be chosen, and what is. @param {NearSettings} now @param {string[]} layers @param {string[]} splits */
    offer({ metric, k, split, layer }, layers, splits) {
      const choices = [
        choice("Distance", METRICS, metric, (value) => set({ metric: /** @type {NearSettings["metric"]} */ (value) })),
        choice("How many", COUNTS.map((one) => [String(one), `${one} nearest`]), String(k), (value) => set({ k: Number(value) })),
        splits.length > 1 ? choice("Among", AMONG, split, (value) => set({ split: /** @type {NearSettings["split"]} */ (value) })) : null,
        layers.length > 1
          ? choice("Neighbours at", [["", "This layer"], ...layers.map((one) => /** @type {[string, string]} */ ([one, one]))], layer, (value) => set({ layer: value }))
          : null,
      ]; // prettier-ignore
      form.replaceChildren(...choices.filter((one) => one !== null));
    },
  };
}

/** @param {string} label @param {[string, string][]} options @param {string} value @param {(value: string) => void} chosen */
function choice(label, options, value, chosen) {
  const select = el("select", { class: "form-select form-select-sm", "aria-label": label, title: label });
  for (const [key, text] of options) select.append(el("option", { value: key }, text));
  select.value = value;
  select.addEventListener("change", () => chosen(select.value));
  return select;
}

/** How many, and of what. @param {number} n @param {string} one @param {string} [many] */
export const some = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

// @ts-check
/** The selected points: how many of each class, predicted against true, and what they look like. */

import { UNDECIDED } from "../data/predictions.mjs";
import { SPLITS } from "../data/splits.mjs";
import { count, el } from "../core/dom.mjs";
import { named } from "../core/names.mjs";
import { thumbnail } from "./thumbnail.mjs";

const MOST = 60; // thumbnails
const MOST_CLASSES = 20; // that are listed, those with most points
const LETTERS = 30; // of a name in a list
const SHORT = 14; // of a name beside a row
const WIDEST = 12; // classes that a confusion table still fits

/**
 * @typedef {object} Chosen one selected point
 * @property {number} id
 * @property {string} split
 * @property {number} index into the images of its split
 * @property {number} label
 * @property {number} predicted -1 where the layer does not tell, the number of classes where undecided
 */

/**
 * @param {HTMLElement} box
 * @param {Chosen[]} chosen those in the picture
 * @param {number} elsewhere how many are selected and not in it
 * @param {string[]} classes
 * @param {Record<string, import("./thumbnail.mjs").Images|null>} images by split
 * @param {boolean} opened whether they are of no network, so that they have no split worth a word
 * @param {object} events
 * @param {() => void} events.clear
 * @param {(c: number, predicted: number) => void} events.cell keep the points of one cell
 * @param {() => void} events.needImages thumbnails are wanted and have not been fetched
 * @param {() => void} [events.only] hide the rest @param {() => void} [events.without] hide these
 * @param {() => void} [events.invert] select what is shown and not selected @param {() => void} [events.wrong] keep those that are predicted wrongly
 */
export function showSelection(box, chosen, elsewhere, classes, images, opened, events) {
  if (!chosen.length && !elsewhere) {
    const hint = "Draw a lasso around points, or click one. Shift adds, Alt subtracts, Esc clears.";
    box.replaceChildren(el("p", { class: "gt-hint" }, hint));
    return;
  }
  const splits = opened ? [] : SPLITS.filter((split) => chosen.some((one) => one.split === split)); // those of two runs are none
  const parts = splits.map((s) => `${count(chosen.filter((one) => one.split === s).length)} ${s}`);
  const clear = el(
    "button",
    { type: "button", class: "btn btn-sm gt-button", title: "Clear the selection (Esc)" },
    "Clear",
  );
  clear.addEventListener("click", events.clear);
  const points = chosen.length === 1 ? "point" : "points";
  const head = el("div", { class: "gt-selection-head" },
    el("strong", {}, `${count(chosen.length)} ${points}`), el("span", {}, parts.join(", ")), clear); // prettier-ignore
  const others = elsewhere
    ? [
        el(
          "p",
          { class: "gt-hint" },
          `${elsewhere === 1 ? "1 selected point is" : `${count(elsewhere)} selected points are`} not in this picture.`,
        ),
      ]
    : [];
  const more = actions(chosen, events);
  if (!chosen.length) return box.replaceChildren(head, ...others, ...more);
  const tiles = thumbnails(chosen, classes, images, opened, events.needImages);
  box.replaceChildren(head, ...more, ...others, confusion(chosen, classes, events.cell), ...(tiles ? [tiles] : []));
}

/** What can be done with a selection. @param {Chosen[]} chosen @param {Parameters<typeof showSelection>[6]} events */
function actions(chosen, { only, without, invert, wrong }) {
  const wrongs = chosen.filter(({ label, predicted }) => predicted >= 0 && predicted !== label).length;
  /** @type {[string, string, (() => void)|undefined][]} */
  const all = [
    ["Isolate", "Hide the rest", only],
    ["Exclude", "Hide these", without],
    ["Invert", "Select what is shown and not selected", invert],
    [`Wrong (${count(wrongs)})`, "Keep those that the network takes for something else now", wrongs ? wrong : undefined],
  ];
  const buttons = all.flatMap(([text, title, act]) =>
    act ? [el("button", { type: "button", class: "btn btn-sm gt-button", title, onclick: act }, text)] : [],
  );
  return buttons.length ? [el("div", { class: "gt-selection-acts" }, ...buttons)] : [];
} // prettier-ignore

/** @param {Chosen[]} chosen @param {string[]} classes @param {(c: number, predicted: number) => void} cell */
function confusion(chosen, classes, cell) {
  const k = classes.length;
  const told = chosen.every((one) => one.predicted >= 0);
  const truths = [...new Set(chosen.map((one) => one.label))].sort((a, b) => a - b);
  const said = told ? [...new Set(chosen.map((one) => one.predicted))].sort((a, b) => a - b) : [];
  if (!told || k > WIDEST || said.length > WIDEST) {
    const sizes = new Map(truths.map((c) => [c, 0]));
    for (const { label } of chosen) sizes.set(label, (sizes.get(label) ?? 0) + 1);
    const first = truths.sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0) || a - b).slice(0, MOST_CLASSES);
    const rows = first.map((c) =>
      el("li", {}, el("span", named(classes[c], LETTERS)), el("span", {}, count(sizes.get(c) ?? 0))),
    );
    const rest = truths.length - first.length;
    const more = rest ? el("p", { class: "gt-hint" }, `and ${count(rest)} more`) : null;
    return el("div", {}, el("ul", { class: "gt-counts" }, ...rows), more);
  }
  const most = Math.max(...truths.map((c) => Math.max(...said.map((q) => size(c, q)))));
  /** @param {number} c @param {number} q */
  function size(c, q) {
    return chosen.filter((one) => one.label === c && one.predicted === q).length;
  }
  const table = el("table", { class: "gt-confusion" });
  table.append(el("caption", {}, "Rows true, columns predicted"));
  const name = (/** @type {number} */ c) => classes[c] ?? UNDECIDED;
  const short = (/** @type {number} */ c) => el("abbr", { title: name(c) }, classes[c]?.slice(0, 3) ?? "?");
  const header = el("tr", {}, el("td", {}));
  for (const q of said) header.append(el("th", { scope: "col" }, short(q)));
  table.append(el("thead", {}, header));
  const body = el("tbody", {});
  for (const c of truths) {
    const row = el("tr", {}, el("th", { scope: "row", ...named(classes[c], SHORT) }));
    for (const q of said) {
      const n = size(c, q);
      const entry = el("td", {
        class: c === q ? "gt-right" : "gt-mistaken",
        style: `--gt-share:${(n / most).toFixed(3)}`,
      });
      if (n) {
        const what = `${n} of true ${classes[c]}, predicted ${name(q)}: select only these`;
        entry.append(
          el("button", { type: "button", title: what, "aria-label": what, onclick: () => cell(c, q) }, count(n)),
        );
      }
      row.append(entry);
    }
    body.append(row);
  }
  table.append(body);
  return el("div", { class: "gt-confusion-scroll" }, table);
}

/**
 * @param {Chosen[]} chosen @param {string[]} classes
 * @param {Record<string, import("./thumbnail.mjs").Images|null>} images @param {boolean} opened @param {() => void} needImages
 */
function thumbnails(chosen, classes, images, opened, needImages) {
  const some = chosen.slice(0, MOST);
  if (!(some[0].split in images)) return null;
  if (some.some((one) => !images[one.split])) {
    needImages();
    return el("p", { class: "gt-hint" }, "Fetching the images…");
  }
  const tiles = some.map((one) => {
    const text = `${classes[one.label]}${one.predicted >= 0 && one.predicted !== one.label ? `, taken for ${classes[one.predicted] ?? UNDECIDED}` : ""}`;
    const wrong = one.predicted >= 0 && one.predicted !== one.label;
    const from = /** @type {import("./thumbnail.mjs").Images} */ (images[one.split]);
    const tile = thumbnail(from, one.index, text);
    tile.title = `${text} (${one.id}${opened ? "" : `, ${one.split}`})`;
    tile.classList.toggle("gt-thumb-wrong", wrong);
    return tile;
  });
  const note = `${count(some.length)} of ${count(chosen.length)}`;
  return el("div", {}, el("div", { class: "gt-thumbs" }, ...tiles), el("p", { class: "gt-hint" }, note));
}

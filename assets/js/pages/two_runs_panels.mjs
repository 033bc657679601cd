// @ts-check
/** What stands beside two runs: what was compared and how, how they answer, how alike their layers are. */

import { WAYS, disagreed } from "../data/two_runs.mjs";
import { UNDECIDED } from "../data/predictions.mjs";
import { howOf } from "../core/keys.mjs";
import { count, el, percent, termMark } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";
import { short } from "../points/values.mjs";
import { thumbnail } from "../points/thumbnail.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../data/two_runs.mjs").TwoRunsNote} TwoRunsNote
 * @typedef {import("../data/two_runs.mjs").Way} Way
 * @typedef {import("../points/gestures.mjs").How} How
 */

const TILES = 14; // images of each way of answering
const LETTERS = 24; // of a run's name in a button

/** @param {string} text */
const line = (text) => el("p", { class: "gt-hint" }, text);

/** @param {Announcement} run @returns {TwoRunsNote} */
export const noteOf = (run) => /** @type {TwoRunsNote} */ (run.two);

/** How the two came into one frame, in sentences that hold at every epoch. @param {Announcement} run @returns {string[]} */
export function saidOfFrame(run) {
  const { a, b, n, said, named, widths, held, scale, kept } = noteOf(run);
  const some = [`${count(n)} points that both have.`, ...said];
  if (named) return [...some, `At ${run.layer} the axes mean the same in both runs: nothing is turned.`];
  const wide = widths.some((width, i) => held[i] < 1 || width > run.p);
  if (wide)
    some.push(
      `At ${run.layer} each has its ${run.p} leading principal coordinates, of ${widths.map(count).join(" and ")}: ${held.map(percent).join(" and ")} of the variance.`,
    );
  else if (widths[0] !== widths[1]) some.push(`At ${run.layer} ${a.called} has ${count(widths[0])} values and ${b.called} ${count(widths[1])}; the narrower has zeros behind.`); // prettier-ignore
  if (kept) some.push(kept);
  if (scale !== null) some.push(`${b.called}'s cloud is ${short(scale)} times as large; the picture leaves it so.`);
  return some;
}

/** Of which epochs the picture is, and what the turn leaves there. @param {Announcement} run @param {number} at index */
export function saidOfEpoch(run, at) {
  const { a, b, left, best } = noteOf(run);
  const own = run.unit === "percent" || a.unit !== b.unit;
  const when = own ? `Shown: ${a.called} at ${a.unit} ${a.epochs[at]}, ${b.called} at ${b.unit} ${b.epochs[at]}. ` : "";
  if (!left || !best) return when.trim();
  return `${when}${b.called} is turned by one turn for all ${run.unit === "percent" ? "moments" : `${run.unit}s`}. At ${run.unit} ${run.epochs[at]} it leaves ${percent(left[at])} of both clouds' squared size (0 %: the same, 100 %: nothing in common); the best turn of this one alone would leave ${percent(best[at])}.`;
}

/** @param {HTMLElement} box */
export function createFacts(box) {
  const epoch = line("");
  return {
    /** @param {Announcement} run */
    of(run) {
      box.replaceChildren(...saidOfFrame(run).map(line), epoch);
    },
    /** @param {Announcement} run @param {number} at */
    show(run, at) {
      const text = saidOfEpoch(run, at);
      if (epoch.textContent !== text) epoch.textContent = text;
    },
  };
}

/** On how many points two runs agree, and would by chance. @param {Announcement} run @param {number} at */
export function saidOfAnswers(run, at) {
  const { agreement, n } = noteOf(run);
  if (!agreement) return "These points have no one class each, so no answers are compared.";
  const one = agreement[at];
  const many = disagreed(one);
  return `At ${run.unit} ${run.epochs[at]} the two give different answers for ${count(many)} of ${count(n)} points (${percent(many / n)}). Two networks that give each class's answers as often, and independently of each other, would for about ${count(Math.round(one.expected))}.`;
}

/** What a way of answering is called. @param {Way} way @param {TwoRunsNote} note */
function wordsOf(way, { a, b }) {
  const [first, second] = [a, b].map(({ called }) => middle(called, LETTERS));
  return {
    only_a: `Only ${first} is right`,
    only_b: `Only ${second} is right`,
    other_wrong: "Both wrong, two answers",
    same_wrong: "Both wrong, one answer",
  }[way];
}

/**
 * @param {HTMLElement} box
 * @param {object} given
 * @param {(indices: number[], how: How) => void} given.select
 * @param {(index: number) => void} given.point at a point, -1 for none
 */
export function createAnswers(box, { select, point }) {
  /** @param {Announcement} run @param {number} i @param {{a: ArrayLike<number>, b: ArrayLike<number>, labels: ArrayLike<number>, images: import("../points/thumbnail.mjs").Images|null, ids: ArrayLike<number>}} of */
  function tile(run, i, { a, b, labels, images, ids }) {
    const name = (/** @type {number} */ c) => run.classes[c] ?? UNDECIDED;
    const note = noteOf(run);
    const text = `${name(labels[i])}: ${note.a.called} says ${name(a[i])}, ${note.b.called} ${name(b[i])} (${ids[i]})`;
    const button = el("button", {
      type: "button", class: "gt-answer", title: text, "aria-label": text,
      onclick: (/** @type {MouseEvent} */ event) => select([i], howOf(event)),
      onpointerenter: () => point(i), onpointerleave: () => point(-1), onfocus: () => point(i), onblur: () => point(-1),
    }); // prettier-ignore
    button.append(images ? thumbnail(images, i, "") : `${ids[i]}`);
    for (const canvas of button.querySelectorAll("canvas")) canvas.setAttribute("aria-hidden", "true");
    return button;
  }

  return {
    /**
     * @param {Announcement} run @param {number} at index of the epoch
     * @param {Record<Way, number[]>|null} apart null while it is not known who says what
     * @param {Parameters<typeof tile>[2]|null} of
     */
    show(run, at, apart, of) {
      const note = noteOf(run);
      const said = line(saidOfAnswers(run, at));
      if (!note.agreement) return box.replaceChildren(said);
      const { agreement } = note;
      const rows = WAYS.map((way) => {
        const indices = apart?.[way] ?? [];
        const n = agreement[at][way];
        const what = `${wordsOf(way, note)}: ${count(n)}`;
        const button = el("button", {
          type: "button", class: "btn btn-sm gt-button gt-answers-of", disabled: !indices.length,
          title: "Select them (Shift adds, Alt subtracts)", "data-gt-way": way,
          onclick: (/** @type {MouseEvent} */ event) => select(indices, howOf(event)),
        }, el("span", {}, wordsOf(way, note)), el("b", {}, count(n))); // prettier-ignore
        button.setAttribute("aria-label", `${what}, select them`);
        const tiles = of ? indices.slice(0, TILES).map((i) => tile(run, i, of)) : [];
        const more = indices.length > tiles.length && tiles.length ? [el("span", { class: "gt-hint" }, `and ${count(indices.length - tiles.length)} more`)] : []; // prettier-ignore
        return el("div", { class: "gt-answers-row" }, button, el("div", { class: "gt-answers-tiles" }, ...tiles, ...more)); // prettier-ignore
      });
      const saved = box.closest("main")?.querySelector('[data-gt-action="csv"]'); // a file has none
      const how = "CSV, in “Take it with you”, saves the selected points with what both say of them.";
      box.replaceChildren(said, ...rows, ...(saved ? [line(how)] : []));
    },
  };
}

/**
 * All layers as a table.
 *
 * @param {HTMLElement} box @param {Announcement} run @param {import("../payloads.mjs").TwoRunsAnswer} answer
 * @param {(layer: string) => void} choose
 */
export function showLayers(box, run, { text, layers = [] }, choose) {
  const head = [
    el("th", { scope: "col" }, "Layer"),
    el("th", { scope: "col" }, "CKA (chance)", termMark("cka")),
    el("th", { scope: "col" }, "Procrustes (chance)", termMark("procrustes")),
  ];
  const rows = layers.map((one) => {
    const open = el("button", { type: "button", class: "gt-layer-open", title: `Show ${one.layer}`, onclick: () => choose(one.layer) }, middle(one.layer, LETTERS)); // prettier-ignore
    const mark = one.kept ? "†" : one.held < 1 ? "*" : "";
    const cells = [
      [one.cka.toFixed(2), one.cka_chance.toFixed(2)],
      [`${one.distance.toFixed(2)}${mark}`, one.distance_chance.toFixed(2)],
    ];
    const title = `${one.cka_as_good} of ${one.of} shuffles reach this CKA, ${one.distance_as_good} are as near`;
    return el(
      "tr",
      { title },
      el("th", { scope: "row" }, open),
      ...cells.map(([is, chance]) => el("td", {}, is, el("span", {}, ` (${chance})`))),
    );
  });
  const notes = [
    layers.some((one) => one.held < 1) && "* in the 32 leading principal coordinates of each",
    layers.some((one) => one.kept) && "† of the coordinates that are kept of a wide layer",
  ].filter(Boolean);
  const { b } = noteOf(run);
  const explained = `${text} CKA: 1 for alike. Procrustes: 0 for alike, 1 for nothing in common. Chance: the median of 20 shuffles of ${b.called}'s points.${notes.length ? ` ${notes.join("; ")}.` : ""}`;
  box.replaceChildren(
    el("div", { class: "gt-layers-scroll", tabIndex: 0, role: "region", "aria-label": "How alike the layers are" },
      el("table", { class: "gt-layers-alike" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows))),
    line(explained),
  ); // prettier-ignore
}

// @ts-check
/** The form that asks for a view: which two groups to tell apart, which motion to see. The server answers. */

import { el, termMark } from "../core/dom.mjs";

/** @typedef {{kind: string, word: string, title: string, says: string}} Kind what can be asked, the term that explains it, and what it finds, in a sentence */

const CHANCE = /As good as \d+ of \d+ searches/; // what an answer says of chance, once that has been found

/** @param {string} clock @param {boolean} plain whether groups are classes @returns {Kind[]} */
const kindsFor = (clock, plain) => [
  { kind: "classes", word: "fisher", title: plain ? "Two classes apart" : "Two groups apart", says: "The plane in which their middles lie farthest apart for their spread." }, // prettier-ignore
  { kind: "every-class", word: "lda-index", title: "All classes apart", says: "The plane with the largest LDA index: classes far apart, each close together." }, // prettier-ignore
  { kind: "selection", word: "fisher", title: "The selection apart from the rest", says: "The plane that tells what is selected from all other points." }, // prettier-ignore
  { kind: "hidden", word: "what-is-hidden", title: "Keep what I see, show what is hidden", says: "Keeps the axis of this view that shows most, and turns in the direction with most of what is hidden. Again for more." }, // prettier-ignore
  { kind: "outliers", word: "kurtosis", title: "Outliers", says: "Directions along which few points lie far out (large kurtosis); these are selected." }, // prettier-ignore
  {
    kind: "holes",
    word: "holes",
    title: "An empty middle",
    says: "Least like a normal cloud, by the holes index: points around, none within.",
  },
  { kind: "mass", word: "central-mass", title: "Most in the middle, few far out", says: "Least like a normal cloud, by the central mass index." }, // prettier-ignore
  { kind: "movers-epochs", word: "movers", title: `What moves most between two ${clock}s`, says: "The plane that shows most of how the 50 farthest points move." }, // prettier-ignore
  { kind: "movers-layers", word: "movers", title: "What moves most between two layers", says: "The plane that shows most of how the 50 farthest points move." }, // prettier-ignore
  {
    kind: "gap",
    word: "gap",
    title: "Training against test",
    says: "The plane in which the classes' middles differ most between the splits.",
  },
];

/**
 * @param {HTMLElement} box
 * @param {object} given
 * @param {string[]} given.classes @param {boolean} given.plain whether the points have one of these each @param {number[]} given.epochs @param {string} given.clock what these are: "epoch" or "step"
 * @param {string[]} given.states of the network; one where only a layer is shown
 * @param {boolean} given.gap whether the other split's means are known
 * @param {(question: Record<string, any>) => void} given.ask
 */
export function createFindView(box, { classes, plain, epochs, clock, states, gap, ask }) {
  /** @type {Record<string, boolean>} */
  const possible = {
    gap, classes: classes.length > 1, "every-class": plain && classes.length > 2,
    "movers-epochs": epochs.length > 1, "movers-layers": states.length > 1,
  }; // prettier-ignore
  const kinds = kindsFor(clock, plain).filter((one) => possible[one.kind] ?? true);
  const kind = choice("View", kinds.map((one) => [one.kind, one.title]), kinds[0].kind); // prettier-ignore
  const named = (/** @type {(string|number)[]} */ list) =>
    list.map((name, i) => /** @type {[string, string]} */ ([String(i), String(name)]));
  const last = epochs.length - 1;
  /** @type {Record<string, [HTMLSelectElement, HTMLSelectElement]>} */
  const pairs = {
    classes: [
      choice(plain ? "One class" : "One group", named(classes), "0"),
      choice(plain ? "Other class" : "Other group", named(classes), String(Math.min(1, classes.length - 1))),
    ],
    "movers-epochs": [choice(`From ${clock}`, named(epochs), "0"), choice(`To ${clock}`, named(epochs), String(last))],
    "movers-layers": [
      choice("From layer", named(states), "0"),
      choice("To layer", named(states), String(states.length - 1)),
    ],
  };
  const go = el("button", { type: "submit", class: "btn btn-sm btn-primary gt-find-go" }, "Find");
  const place = el("div", { class: "gt-find-pair" });
  const says = el("p", { class: "gt-hint gt-find-says" });
  const said = el("p", { class: "gt-find-said", hidden: true });
  const form = el("form", { class: "gt-find", "aria-label": "Find a view" }, kind, place, says, go, said);
  const show = () => {
    place.replaceChildren(...(pairs[kind.value] ?? []));
    const chosen = kinds.find((one) => one.kind === kind.value) ?? kinds[0];
    says.replaceChildren(chosen.says, termMark(chosen.word));
  };
  kind.addEventListener("change", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const two = (pairs[kind.value] ?? []).map((one) => Number(one.value));
    if (kind.value === "classes") ask({ kind: "classes", classes: two });
    else if (kind.value === "movers-epochs") ask({ kind: "movers-epochs", epochs: two.map((i) => epochs[i]) });
    else if (kind.value === "movers-layers") ask({ kind: "movers-layers", states: two });
    else ask({ kind: kind.value });
  });
  show();
  box.replaceChildren(form);

  return {
    /** Say beside the button what came of it; the same is said on the stage. @param {string} text none while it is searched for, or to say nothing @param {boolean} busy whether an answer is awaited */
    tell(text, busy) {
      go.textContent = busy ? "Searching…" : "Find";
      go.setAttribute("aria-busy", String(busy));
      go.title = busy ? "Esc waits no longer for it" : "";
      said.replaceChildren(text, ...(CHANCE.test(text) ? [termMark("chance")] : []));
      said.hidden = !text;
    },
  };
}

/** @param {string} label @param {[string, string][]} options @param {string} value */
function choice(label, options, value) {
  const select = el("select", { class: "form-select form-select-sm", "aria-label": label });
  for (const [key, text] of options) select.append(el("option", { value: key }, text));
  select.value = value;
  return select;
}

// @ts-check
/** The form that asks for a view: which two groups to tell apart, which motion to see. The server answers. */

import { el } from "../core/dom.mjs";

/** @param {string} clock @param {boolean} plain whether groups are classes @returns {[string, string][]} */
const kindsFor = (clock, plain) => [
  ["classes", plain ? "Two classes apart" : "Two groups apart"],
  ["selection", "The selection apart from the rest"],
  ["movers-epochs", `What moves most between two ${clock}s`],
  ["movers-layers", "What moves most between two layers"],
  ["gap", "Training against test"],
];

/**
 * @param {HTMLElement} box
 * @param {object} given
 * @param {string[]} given.classes @param {boolean} given.plain whether the points have one of these each @param {number[]} given.epochs @param {string} given.clock what these are: "epoch" or "step" @param {string[]} given.states
 * @param {boolean} given.gap whether the other split's means are known
 * @param {(question: Record<string, any>) => void} given.ask
 */
export function createFindView(box, { classes, plain, epochs, clock, states, gap, ask }) {
  const kinds = kindsFor(clock, plain).filter(
    ([kind]) => (gap || kind !== "gap") && (classes.length > 1 || kind !== "classes"),
  );
  const kind = choice("View", kinds, kinds[0][0]);
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
  const form = el("form", { class: "gt-find", "aria-label": "Find a view" }, kind, place, go);
  const show = () => place.replaceChildren(...(pairs[kind.value] ?? []));
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
}

/** @param {string} label @param {[string, string][]} options @param {string} value */
function choice(label, options, value) {
  const select = el("select", { class: "form-select form-select-sm", "aria-label": label });
  for (const [key, text] of options) select.append(el("option", { value: key }, text));
  select.value = value;
  return select;
}

// @ts-check
/**
 * Three charts over the steps of an attack, one under another: how many are taken for what was asked for, what the
 * network thinks of them, and how far they have moved in each layer. A selection is set against the other attacked
 * points.
 */

import { nearestState } from "../data/layers.mjs";
import { summary, takesHold } from "../data/attack.mjs";
import { count, el, percent } from "../core/dom.mjs";
import { classColors } from "../points/palette.mjs";
import { onWidth } from "./small_chart.mjs";
import { createStepChart, labelRoom, numberAt, stepText } from "./step_chart.mjs";

const HIGH = 104; // px
const HIGHER = 168; // px, of the chart with a line for each layer
const LEAST_TOP = 1.08; // of its scale: 1 is in it

const UNDERSTATED = "Measured in the coordinates that are drawn: motion in others is not counted.";
const WHY =
  "An alignment keeps the directions from which the next layer takes most and those in which clean points differ most. An attack may also move points in others, above all in wide early layers: in units of the layer they then move further than is drawn.";

/** @param {number} x 0..1 */
const share = (x) => (Number.isNaN(x) ? "unknown" : x === 0 || x === 1 ? `${100 * x} %` : percent(x));
/** @param {number} x */
const distance = (x) => (Number.isNaN(x) ? "unknown" : x.toFixed(2));

/**
 * Where an attack takes hold: a place in the network, and how far points end there from their places.
 *
 * @param {Float64Array[]} moved (states)(e,)
 * @param {{name: string}[]} states
 * @returns {[string, string]}
 */
export function holdText(moved, states) {
  const at = takesHold(moved);
  const final = moved.map((curve) => curve[curve.length - 1]);
  if (at >= 0) return [`at ${states[at].name}`, final[at].toFixed(2)];
  const farthest = final.reduce((best, x, i) => (x > (final[best] ?? -1) ? i : best), -1);
  return [
    "nowhere",
    farthest < 0 ? "no distance is known" : `farthest: ${final[farthest].toFixed(3)} in ${states[farthest].name}`,
  ];
}

/**
 * @param {HTMLElement} box
 * @param {object} given
 * @param {import("../data/attack.mjs").AttackNote} given.note
 * @param {{name: string}[]} given.states of the alignment
 * @param {number[]} given.steps their numbers
 * @param {import("../data/attack.mjs").Attack} given.attack
 * @param {(step: number) => void} given.seek an index into the steps
 * @param {string[]} [given.classes] names, for their colours
 */
export function createAttackCurves(box, { note, states, steps, attack, seek, classes = [] }) {
  const colors = classColors(classes.length);
  const colorOf = (/** @type {string|null} */ name, /** @type {string} */ otherwise) =>
    colors[classes.indexOf(name ?? "")] ?? otherwise;
  const source = note.source ?? "true class";
  const right = labelRoom(["selected", source, note.target ?? "", ...states.map((state) => state.name)]);
  const point = (/** @type {number|null} */ step) => {
    under = step;
    show();
  };
  const shared = { right, steps, seek, point };
  const success = createStepChart({ ...shared, title: "Success rate", high: HIGH, text: share, tick: whole });
  const confidence = createStepChart({ ...shared, title: "Confidence", high: HIGH, text: share, tick: whole });
  const moved = createStepChart({
    ...shared,
    title: "Distance moved",
    high: HIGHER,
    text: distance,
    tick: (x) => String(x),
    ticks: 4,
  });
  const charts = [success, confidence, moved];
  const at = el("strong", {});
  const who = el("span", { class: "gt-curves-who" });
  const holds = el("p", { class: "gt-curve-holds" });
  const ends = [states[0], states[states.length - 1]].map((state) => el("span", {}, state.name));
  const ramp = el(
    "div",
    { class: "gt-network-ramp", "aria-hidden": "true" },
    ends[0],
    el("span", { class: "gt-network-ramp-bar" }),
    ends[1],
  );
  const rule = el("div", { class: "gt-rule-key" }, "1: as far as classes are apart");
  success.element.append(definition(note.meanings.success));
  confidence.element.append(
    definition(note.meanings.source_confidence, note.target === null ? "" : note.meanings.target_confidence),
  );
  moved.element.append(
    ...(states.length > 1 ? [ramp] : []),
    rule,
    holds,
    el("p", { class: "gt-hint" }, UNDERSTATED),
    definition(note.meanings.moved, WHY),
  );
  const root = el(
    "div",
    { class: "gt-curves" },
    el("p", { class: "gt-curves-head" }, at, who),
    ...charts.map((chart) => chart.element),
  );
  box.replaceChildren(root);

  let position = 0;
  /** @type {number|null} the pointer's step */
  let under = null;
  let current = states.length - 1;
  const all = summary(attack);
  let strong = all;
  /** @type {import("../data/attack.mjs").Curves|null} */
  let faint = null;

  function lookSimple() {
    success.look({
      top: 1, rule: null,
      series: [{ name: "", label: faint ? "selected" : "", color: "var(--bs-body-color)", values: strong.success, others: faint && faint.success, followed: true }],
    }); // prettier-ignore
    const series = [
      {
        name: source,
        label: source,
        color: colorOf(note.source, "var(--gt-quiet)"),
        values: strong.source,
        others: faint && faint.source,
        followed: true,
      },
    ];
    if (strong.target && note.target !== null) {
      series.push({
        name: note.target,
        label: note.target,
        color: colorOf(note.target, "var(--gt-accent)"),
        values: strong.target,
        others: faint && faint.target,
        followed: true,
      });
    }
    confidence.look({ top: 1, rule: null, series });
  }

  function lookMoved() {
    let top = LEAST_TOP;
    for (const curve of [...strong.moved, ...(faint?.moved[current] ? [faint.moved[current]] : [])]) {
      for (const x of curve) if (x > top) top = x; // NaN is not
    }
    const series = states.map(({ name }, i) => ({
      name, label: i === current ? name : "", color: rampColor(states.length > 1 ? i / (states.length - 1) : 1),
      values: strong.moved[i], others: i === current && faint ? faint.moved[i] : null, followed: i === current,
    })); // prettier-ignore
    series.push(...series.splice(current, 1)); // above the others
    moved.look({ top, rule: 1, series });
  }

  function say() {
    const [where, far] = holdText(strong.moved, states);
    if (!faint) {
      const why =
        where === "nowhere"
          ? "in no layer do points end half as far from their places as classes are apart"
          : "the first layer in which points end half as far from their places as classes are apart";
      holds.replaceChildren("Takes hold ", el("strong", {}, where), `: ${why} (${far})`);
      return;
    }
    const [elsewhere, there] = holdText(faint.moved, states);
    holds.replaceChildren(
      "Takes hold ",
      el("strong", {}, where),
      ` for the selected (${far}), ${elsewhere} for the others (${there})`,
    );
  }

  function show() {
    at.textContent = `Step ${stepText(numberAt(steps, under ?? position))}`;
    for (const chart of charts) chart.show(position, under);
  }

  /** @param {ArrayLike<number>|null} members @param {ArrayLike<number>|null} others */
  function split(members, others) {
    const divided = members !== null && members.length > 0;
    strong = divided ? summary(attack, members) : all;
    faint = divided && others?.length ? summary(attack, others) : null;
    who.replaceChildren(
      ...(divided
        ? [
            el("span", { class: "gt-who-selected" }, `${count(members.length)} selected`),
            ...(faint && others ? [el("span", { class: "gt-who-others" }, `${count(others.length)} others`)] : []),
          ]
        : [`mean of ${count(attack.m)} ${attack.m === 1 ? "point" : "points"}`]),
    );
    lookSimple();
    lookMoved();
    say();
    show();
  }
  split(null, null);
  onWidth(root, (width) => {
    for (const chart of charts) chart.resize(width);
    show();
  });

  return {
    /** @param {number} step an index into the steps, fractions between two; may be called in every frame */
    show(step) {
      if (step === position) return;
      position = step;
      show();
    },
    /** @param {number} at 0 … states - 1; the nearest state's line is emphasised */
    state(at) {
      const nearest = nearestState(at, states.length);
      if (nearest === current) return;
      current = nearest;
      lookMoved();
      show();
    },
    /**
     * Set some attacked points against the others; null: all are one.
     *
     * @param {ArrayLike<number>|null} members indices among the attacked
     * @param {ArrayLike<number>|null} others
     */
    split,
  };
}

/** A number of a scale of shares. @param {number} x */
const whole = (x) => (x === 1 ? "100 %" : String(Math.round(100 * x)));

/** Along the network, from its input (0) to its output (1). @param {number} at */
const rampColor = (at) =>
  `color-mix(in oklab, var(--gt-network-last) ${(100 * at).toFixed(1)}%, var(--gt-network-first))`;

/** @param {...string} texts */
const definition = (...texts) =>
  el(
    "details",
    { class: "gt-curve-definition" },
    el("summary", {}, "What this is"),
    ...texts.filter(Boolean).map((text) => el("p", {}, text)),
  );

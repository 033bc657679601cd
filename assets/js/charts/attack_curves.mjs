// @ts-check
/**
 * Three charts over the steps of an attack, one under another: how many are taken for what was asked for, what the
 * network thinks of them, and how far they have moved in each layer. A selection is set against the other attacked
 * points.
 */

import { nearestState } from "../data/layers.mjs";
import { summary } from "../data/attack.mjs";
import { count, el, percent } from "../core/dom.mjs";
import { named } from "../core/names.mjs";
import { classColors } from "../points/palette.mjs";
import { confidenceLook, holdSentence, movedLook, successLook } from "./attack_looks.mjs";
import { onWidth } from "./small_chart.mjs";
import { createStepChart } from "./step_chart.mjs";
import { labelRoom, numberAt, stepText } from "./step_values.mjs";

const LETTERS = 20; // of a state's name at an end of the ramp
const HIGH = 104; // px
const HIGHER = 168; // px, of the chart with a line for each layer

const UNDERSTATED = "Measured in the coordinates that are drawn: motion in others is not counted.";
const WHY =
  "An alignment keeps the directions from which the next layer takes most and those in which clean points differ most. An attack may also move points in others, above all in wide early layers: in units of the layer they then move further than is drawn.";

/** @param {number} x 0..1 */
const share = (x) => (Number.isNaN(x) ? "unknown" : x === 0 || x === 1 ? `${100 * x} %` : percent(x));
/** @param {number} x */
const distance = (x) => (Number.isNaN(x) ? "unknown" : x.toFixed(2));

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
  const lined = (/** @type {string|null} */ name, /** @type {string} */ text, /** @type {string} */ otherwise) => ({
    name: text,
    color: colors[classes.indexOf(name ?? "")] ?? otherwise,
  });
  const source = lined(note.source, note.source ?? "true class", "var(--gt-quiet)");
  const target = note.target === null ? null : lined(note.target, note.target, "var(--gt-accent)");
  const right = labelRoom(["selected", source.name, note.target ?? "", ...states.map((state) => state.name)]);
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
  success.element.append(definition(note.meanings.success));
  confidence.element.append(
    definition(note.meanings.source_confidence, note.target === null ? "" : note.meanings.target_confidence),
  );
  moved.element.append(
    ...(states.length > 1 ? [makeRamp(states)] : []),
    el("div", { class: "gt-rule-key" }, "1: as far as classes are apart"),
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

  const lookMoved = () => moved.look(movedLook(strong, faint, states, current));

  function show() {
    at.textContent = `Step ${stepText(numberAt(steps, under ?? position))}`;
    for (const chart of charts) chart.show(position, under);
  }

  /** @param {ArrayLike<number>|null} members @param {ArrayLike<number>|null} others */
  function split(members, others) {
    const divided = members !== null && members.length > 0;
    strong = divided ? summary(attack, members) : all;
    faint = divided && others?.length ? summary(attack, others) : null;
    who.replaceChildren(...makeWho(attack.m, divided ? members.length : null, faint && others ? others.length : 0));
    success.look(successLook(strong, faint));
    confidence.look(confidenceLook(strong, faint, source, target));
    lookMoved();
    const [where, more] = holdSentence(strong, faint, states);
    holds.replaceChildren("Takes hold ", el("strong", {}, where), more);
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

/** From the colour of the input to that of the output. @param {{name: string}[]} states */
const makeRamp = (states) =>
  el(
    "div",
    { class: "gt-network-ramp", "aria-hidden": "true" },
    el("span", named(states[0].name, LETTERS)),
    el("span", { class: "gt-network-ramp-bar" }),
    el("span", named(states[states.length - 1].name, LETTERS)),
  );

/** Whose curves they are. @param {number} m attacked points @param {number|null} selected null: all are one @param {number} others */
const makeWho = (m, selected, others) =>
  selected === null
    ? [`mean of ${count(m)} ${m === 1 ? "point" : "points"}`]
    : [
        el("span", { class: "gt-who-selected" }, `${count(selected)} selected`),
        ...(others ? [el("span", { class: "gt-who-others" }, `${count(others)} others`)] : []),
      ];

/** @param {...string} texts */
const definition = (...texts) =>
  el(
    "details",
    { class: "gt-curve-definition" },
    el("summary", {}, "What this is"),
    ...texts.filter(Boolean).map((text) => el("p", {}, text)),
  );

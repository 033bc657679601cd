// @ts-check
/**
 * The numbers beside the picture of the layers: of the state that is nearest, how much of it is seen and how large it
 * is; over all states, how well the classes are apart; of the layer that is passed, its singular values.
 *
 * `show` may be called in every frame; the elements are made once, and written when the state, the layer or the
 * epoch is another one.
 */

import { nearestState, shapeText, transitionAt } from "../data/layers.mjs";
import { splitWord } from "../data/splits.mjs";
import { count, el, percent, termMark } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";
import { classColors } from "../points/palette.mjs";
import { set, svg } from "../core/svg.mjs";

// px of a chart's own grid, which is drawn as wide as its panel
const WIDE = 256;
const HIGH = 128;
const LEFT = 36;
const RIGHT = 8;
const TOP = 10;
const FOOT = 18;
const BARS_HIGH = 60;
const SHORT = 18; // letters of a name in a chart

/** A number of three digits. @param {number} x */
export const short = (x) => (Math.abs(x) >= 1000 ? count(Math.round(x)) : String(Number(x.toPrecision(3))));

/** How much of a state is seen. @param {import("../data/layers.mjs").LayerState} state @param {number} epoch an index */
export function keptText(state, epoch) {
  const all = count(state.width);
  if (state.rank >= state.width)
    return state.width === 1 ? "Its one coordinate is kept" : `All ${all} coordinates are kept`;
  const verb = state.rank === 1 ? "keeps" : "keep";
  const text = `${count(state.rank)} of ${all} coordinates ${verb} ${percent(state.variance[epoch])} of the variance`;
  return state.kept ? `${text}. In the recording it is ${state.kept}` : text;
}

/**
 * Over what a state is drawn.
 *
 * @param {import("../data/layers.mjs").LayerState} state
 * @param {number} epoch an index
 * @param {number} reference number of the epoch that decided
 * @param {string} [clock] what it counts: "epoch" or "step"
 */
export function scaleText(state, epoch, reference, clock = "epoch") {
  if (state.classes && state.scale === 1) return "Drawn as it is: probabilities";
  if (state.scales[epoch] === 0) return `All points are in one place in this ${clock}`;
  return `Drawn over ${short(state.scale)}, its size at ${clock} ${reference}; now ${short(state.scales[epoch])}`;
}

/**
 * How a layer is aligned. Pairs of directions come from the weights of one epoch, the reference: only there are points
 * scaled along them exactly. In an attack the weights are the same in every step.
 *
 * @param {import("../data/layers.mjs").LayerTransition} transition
 * @param {number} rank coordinates that are seen behind it
 * @param {number} epoch an index
 * @param {string} elsewhere "epoch 98" where another one than the reference is shown, with other weights; else empty
 */
export function howText({ how, exact, residual, role }, rank, epoch, elsewhere) {
  switch (how) {
    case "singular":
      return `Singular vectors of the layer${scaledText(exact, rank, elsewhere)}`;
    case "pooling":
      return "Pooling in closed form: the bases of average-pooling";
    case "diagonal":
      return `Each value scaled by itself${scaledText(exact, rank, elsewhere)}`;
    case "identity":
      return elsewhere
        ? `Every value was the one before at ${elsewhere}: nothing is turned`
        : "Every value is the one before: nothing is turned";
    case "value":
      return "Value by value: nothing is turned";
    case "addition":
      return `${addedText(role)}: exact in all ${rank === 1 ? "" : `${rank} `}coordinates, nothing is turned`;
    case "concatenation":
      return `A concatenation, exact in ${countedText(exact, rank)}: coordinates stay, those of the other inputs come beside them at right angles`;
    case "softmax":
      return "Softmax: the axes are the classes, nothing is turned";
    default:
      return `By the points alone${elsewhere && ` of ${elsewhere}`} (Procrustes): ${residual === null ? "an unknown share" : percent(residual[epoch])} unexplained`;
  }
}

/** What an addition does to the points. @param {import("../payloads.mjs").LayerTransition["role"]} role */
function addedText(role) {
  if (role === "skip") return "A sum: each point moves by what the branch adds";
  return role === "branch" ? "A sum: what was there before the branch is added" : "A sum with another branch";
}

/** How many coordinates are scaled exactly, and at which epoch. @param {number} exact @param {number} rank @param {string} elsewhere */
function scaledText(exact, rank, elsewhere) {
  const which = countedText(exact, rank);
  return elsewhere
    ? ` at ${elsewhere}: its weights scale ${which} exactly, those of now need not`
    : `, ${which} scaled exactly`;
}

/** How many of a state's coordinates. @param {number} exact @param {number} rank */
function countedText(exact, rank) {
  const all = rank === 1 ? "its one coordinate" : `all ${rank} coordinates`;
  return exact >= rank ? all : `${exact} of ${rank} coordinates`;
}

/** @param {[number, number]} moved aligned, naive */
export const movedText = ([aligned, naive]) =>
  `In all coordinates kept, points move on average ${aligned.toFixed(2)} times the size of the state aligned, ${naive.toFixed(2)} naive`;

/**
 * A line through what is known; one that is interrupted where nothing is.
 *
 * @param {(number|null)[]} values @param {(i: number) => number} x @param {(value: number) => number} y
 */
export function lineThrough(values, x, y) {
  let path = "";
  values.forEach((value, i) => {
    if (value === null || value === undefined) return;
    const before = i ? values[i - 1] : null;
    path += `${before === null || before === undefined ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  return path;
}

/**
 * @param {HTMLElement} box
 * @param {import("../data/layers.mjs").AlignmentNote} note
 * @param {string[]} classes
 * @param {number[]} epochs their numbers
 * @param {string} [clock] what its slider counts: "epoch" or "step"
 * @param {boolean} [attack] whether these are the steps of an attack, all of one network
 * @param {boolean} [plain] whether the groups are classes
 */
export function createNumbers(box, note, classes, epochs, clock = "epoch", attack = false, plain = true) {
  const { states, transitions } = note;
  const name = el("h3", { class: "gt-numbers-name" });
  const shape = el("span", { class: "gt-numbers-shape" });
  const bar = el("span", { class: "gt-numbers-bar", "aria-hidden": "true" }, el("span", {}));
  const [kept, scale] = [el("span", {}), el("span", {})];
  const told = groupsThere(note, classes);
  const what = plain ? "class" : "group";
  const chart = makeSeparation(note, classes);
  const layer = el("h3", { class: "gt-numbers-name" });
  const passed = el("span", { class: "gt-numbers-shape" });
  const how = el("span", {});
  const howMark = termMark("scaled");
  const sigma = makeSigma();
  const whose = el("span", {});
  const whoseRow = el("p", { class: "gt-hint" }, whose, termMark("sigma"));
  const moved = makeMoved();
  box.classList.add("gt-numbers");
  box.replaceChildren(
    el(
      "section",
      {},
      el("div", { class: "gt-numbers-head" }, name, shape),
      bar,
      marked(kept, "kept"),
      marked(scale, "drawn-over"),
    ),
    el(
      "section",
      {},
      el("div", { class: "gt-numbers-head" }, el("h3", {}, `Nearest to their own ${what}`)),
      chart.element,
      el(
        "p",
        { class: "gt-hint" },
        `Of the ${count(note.n)} ${splitWord(note.split)} points, in the coordinates kept: those whose nearest ${what} centroid is their own; thin lines the ${plain ? "classes" : "groups"}, the strong one all.`,
      ),
    ),
    el(
      "section",
      {},
      el("div", { class: "gt-numbers-head" }, layer, passed),
      el("p", {}, how, howMark),
      sigma.element,
      whoseRow,
      moved.element,
    ),
  );
  if (!told.length) box.children[1].remove(); // one group is nearest to its own centroid whatever comes
  let [shown, passing, at] = [-1, -1, -1];

  return {
    /** @param {number} position 0 … states - 1 @param {number} epoch an index; the nearest one is shown */
    show(position, epoch) {
      const state = nearestState(position, states.length);
      const transition = transitionAt(position, transitions.length);
      const now = Math.max(0, Math.min(states[0].scales.length - 1, Math.round(epoch)));
      if (state !== shown || now !== at) {
        name.textContent = states[state].name;
        shape.textContent = `${states[state].kind} ${shapeText(states[state].shape)}`;
        const share = states[state].rank >= states[state].width ? 1 : states[state].variance[now];
        bar.style.setProperty("--gt-share", String(share));
        kept.textContent = keptText(states[state], now);
        scale.textContent = scaleText(states[state], now, note.reference, clock);
        chart.show(state, now);
      }
      if ((transition !== passing || now !== at) && transitions.length) {
        const one = transitions[transition];
        layer.textContent = states[transition + 1].name;
        passed.textContent = `from ${states[transition].name}`;
        const decided = `${clock} ${note.reference}`;
        howMark.hidden = one.how !== "singular" && one.how !== "diagonal";
        how.textContent = howText(
          one,
          states[transition + 1].rank,
          now,
          !attack && epochs[now] !== note.reference ? decided : "",
        );
        if (transition !== passing) {
          // singular values that are all one are no news: such a layer turns and stretches nothing
          const seen = one.how === "identity" || one.how === "softmax" ? [] : one.sigma;
          sigma.show(seen);
          whose.textContent = !attack ? `Singular values of its weights at ${decided}` : "";
          whoseRow.hidden = !seen.length || attack || one.how === "pooling"; // a pooling has no weights
        }
        moved.show(one.moved?.[now] ?? null);
      }
      [shown, passing, at] = [state, transition, now];
    },
  };
}

/** Groups that have points; none where there is but one. @param {import("../data/layers.mjs").AlignmentNote} note @param {string[]} classes */
function groupsThere({ states }, classes) {
  const there = classes.filter((_, c) => states[0].separation_by_class.some((row) => row[c] !== null));
  return there.length > 1 ? there : [];
}

/** The share of points nearest to their own class, over the states. @param {import("../data/layers.mjs").AlignmentNote} note @param {string[]} classes */
function makeSeparation({ states }, classes) {
  const colors = classColors(classes.length);
  const x = (/** @type {number} */ i) =>
    LEFT + ((WIDE - LEFT - RIGHT) * (states.length > 1 ? i : 0.5)) / Math.max(1, states.length - 1);
  const y = (/** @type {number} */ share) => TOP + (HIGH - TOP - FOOT) * (1 - share);
  const grid = [0, 0.5, 1].flatMap((share) => [
    svg("line", { x1: LEFT, x2: WIDE - RIGHT, y1: y(share), y2: y(share), class: "gt-grid-line" }),
    svg("text", { x: LEFT - 5, y: y(share) + 3.5, "text-anchor": "end" }, share === 1 ? "100 %" : `${100 * share}`),
  ]);
  const ends = [0, states.length - 1].map((i) =>
    svg(
      "text",
      { x: i ? WIDE - RIGHT : LEFT, y: HIGH - 4, "text-anchor": i ? "end" : "start" },
      middle(states[i].name, SHORT),
    ),
  );
  const lines = classes.map((name, c) =>
    svg("path", { class: "gt-class-line", stroke: colors[c] }, svg("title", {}, name)),
  );
  const all = svg("path", { class: "gt-all-line" });
  const mark = svg("line", { y1: TOP - 4, y2: HIGH - FOOT, class: "gt-mark-line" });
  const dot = svg("circle", { r: 4, class: "gt-mark-dot" });
  const value = svg("text", { class: "gt-mark-text" });
  const element = svg(
    "svg",
    { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "gt-number-chart", role: "img" },
    ...grid,
    mark,
    ...lines,
    all,
    dot,
    value,
    ...(states.length > 1 ? ends : ends.slice(1)),
  );
  let drawn = -1;

  return {
    element,
    /** @param {number} state @param {number} epoch */
    show(state, epoch) {
      if (epoch !== drawn) {
        lines.forEach((line, c) =>
          line.setAttribute(
            "d",
            lineThrough(
              states.map((one) => one.separation_by_class[epoch]?.[c] ?? null),
              x,
              y,
            ),
          ),
        );
        all.setAttribute(
          "d",
          lineThrough(
            states.map((one) => one.separation[epoch]),
            x,
            y,
          ),
        );
        drawn = epoch;
      }
      const share = states[state].separation[epoch];
      const right = x(state) > WIDE / 2; // the figure stands where the strip has more room
      set(mark, { x1: x(state), x2: x(state) });
      set(dot, { cx: x(state), cy: y(share ?? 0), visibility: share === null ? "hidden" : "visible" });
      set(value, { x: x(state) + (right ? -6 : 6), y: HIGH - FOOT - 6, "text-anchor": right ? "end" : "start" });
      value.textContent = share === null ? "no points" : `${middle(states[state].name, SHORT)} ${percent(share)}`;
      const [first, final] = [states[0], states[states.length - 1]].map((one) => one.separation[epoch]);
      const said = (/** @type {number|null} */ s) => (s === null ? "unknown" : percent(s));
      element.setAttribute(
        "aria-label",
        `Points nearest to their own class’s centroid: ${said(share)} at ${states[state].name}, ${said(first)} at ${states[0].name}, ${said(final)} at ${states[states.length - 1].name}`,
      );
    },
  };
}

/** Leading singular values of a layer, a bar each. */
function makeSigma() {
  const bars = svg("g", { class: "gt-sigma-bars" });
  const base = BARS_HIGH - FOOT;
  const most = svg("text", { x: LEFT - 5, y: TOP + 4, "text-anchor": "end" });
  const first = svg("text", { x: LEFT, y: BARS_HIGH - 4 }, "σ₁");
  const final = svg("text", { y: BARS_HIGH - 4, "text-anchor": "end" });
  const zero = svg("text", { x: LEFT - 5, y: base + 3.5, "text-anchor": "end" }, "0");
  const line = svg("line", { x1: LEFT, x2: WIDE - RIGHT, y1: base, y2: base, class: "gt-grid-line" });
  const element = svg(
    "svg",
    { viewBox: `0 0 ${WIDE} ${BARS_HIGH}`, class: "gt-number-chart", role: "img" },
    line,
    bars,
    most,
    zero,
    first,
    final,
  );

  return {
    element,
    /** @param {number[]} sigma falling; none where there are none */
    show(sigma) {
      element.toggleAttribute("hidden", sigma.length === 0);
      if (!sigma.length) return;
      const largest = sigma[0] || 1;
      const step = Math.min(24, (WIDE - LEFT - RIGHT) / sigma.length);
      bars.replaceChildren(
        ...sigma.map((value, i) => {
          const height = ((base - TOP) * value) / largest;
          return svg(
            "rect",
            { x: LEFT + i * step, y: base - height, width: Math.max(1, step - 1.5), height },
            svg("title", {}, `σ${subscript(i + 1)} = ${short(value)}`),
          );
        }),
      );
      most.textContent = short(sigma[0]);
      final.setAttribute("x", String(LEFT + sigma.length * step - 1.5));
      final.textContent = sigma.length > 1 ? `σ${subscript(sigma.length)} = ${short(sigma[sigma.length - 1])}` : "";
      first.textContent = sigma.length * step > 70 || sigma.length === 1 ? "σ₁" : "";
      element.setAttribute(
        "aria-label",
        `Leading ${sigma.length} singular values of the layer, from ${short(sigma[0])} down to ${short(sigma[sigma.length - 1])}`,
      );
    },
  };
}

/** A text with a mark that says what it means. @param {HTMLElement} text @param {string} word */
const marked = (text, word) => el("p", {}, text, termMark(word));

/** How far points move, aligned and naive, as two bars. */
function makeMoved() {
  const rows = ["Aligned", "Naive"].map((what) => {
    const bar = el("span", { class: "gt-moved-bar" }, el("span", {}));
    const value = el("span", { class: "gt-moved-value" });
    return { bar, value, row: el("div", { class: "gt-moved-row" }, el("span", {}, what), bar, value) };
  });
  const drawing = el("div", { "aria-hidden": "true" }, ...rows.map(({ row }) => row));
  const text = el("p", {});
  const element = el("div", { class: "gt-moved" }, drawing, text);

  return {
    element,
    /** @param {[number, number]|null} moved aligned, naive */
    show(moved) {
      element.hidden = moved === null;
      if (!moved) return;
      const most = Math.max(...moved) || 1;
      rows.forEach(({ bar, value }, i) => {
        bar.style.setProperty("--gt-share", String(moved[i] / most));
        value.textContent = moved[i].toFixed(2);
      });
      text.textContent = movedText(moved);
    },
  };
}

/** @param {number} n */
const subscript = (n) => String(n).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);

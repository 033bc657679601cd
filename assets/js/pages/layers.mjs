// @ts-check
/**
 * What `/layers` has beyond the pages of one layer: the strip of the network, states that play, points that can be
 * pulled and pinned, views that are found, trails. It wires widgets to the view, as the driver does.
 */

import { clockOf } from "../data/tensors.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { el, part, toast } from "../core/dom.mjs";
import { createFindView } from "../stage/find_view.mjs";
import { createNumbers } from "../charts/layer_numbers.mjs";
import { createMeans } from "../points/means.mjs";
import { spreadColumns } from "../stage/named_views.mjs";
import { createNegation } from "../method/negation.mjs";
import { createStrip } from "../network/network_strip.mjs";
import { createGroups } from "../points/groups.mjs";
import { createPaths } from "../points/paths.mjs";
import { createScaleBar } from "../charts/scale_bar.mjs";
import { whenLeft } from "../core/loop.mjs";
import { noUpdate, setProps } from "./dash.mjs";

/**
 * @typedef {import("../data/layers.mjs").AlignmentNote} AlignmentNote
 * @typedef {import("../stage/tour_view.mjs").TourView} TourView
 * @typedef {import("../stage/stage.mjs").Stage} Stage
 * @typedef {{columns: [number, number][], text: string, ids: number[], nonce: number, error?: string}} Answer see gt/state.py
 */

const PATIENCE_MS = 15_000; // for a view to be found

/** Who waits for an answer of the server. @type {((answer: Answer) => void)|null} */
let awaiting = null;

/** A view that was asked for has been found. @param {Answer|null} answer */
export function showAnswer(answer) {
  if (answer) awaiting?.(answer);
  return noUpdate();
}

/**
 * @param {HTMLElement} page @param {TourView} view @param {Stage} stage
 * @param {import("./driver.mjs").Buttons} buttons @param {import("./driver.mjs").Mount} mount
 * @returns {import("./driver.mjs").Extras}
 */
export function createLayers(page, view, stage, buttons, mount) {
  /** @type {ReturnType<typeof createStrip>|null} */
  let strip = null;
  /** @type {ReturnType<typeof createNumbers>|null} */
  let numbers = null;
  let nonce = 0;
  /** whether a named view has said already what to see */
  let quiet = false;
  const text = part(page, "view-text");
  const paths = createPaths(stage, view);
  const means = createMeans(stage, view);
  const groups = createGroups(page, stage, view);
  const scaleBar = createScaleBar(stage, view);
  const negation = page.querySelector('[data-gt-part="negation"]');
  if (negation) createNegation(/** @type {HTMLElement} */ (negation));

  const endSelection = onSelection(() => {
    groups.refresh();
    paths.refresh();
    view.refresh();
  });
  /** @param {Answer} answer */
  const take = (answer) => {
    if (answer.nonce !== nonce || !page.isConnected) return;
    nonce = 0;
    if (answer.error) return toast(answer.error, "error");
    const { p, run } = view.run;
    if (answer.columns.length !== p) return;
    view.lookAlong(Float64Array.from(answer.columns.flat()));
    view.follow();
    if (answer.ids.length) select(run, answer.ids);
    if (!quiet) say(answer.text);
  };
  awaiting = take;
  whenLeft(page, () => {
    endSelection();
    groups.leave();
    if (awaiting === take) awaiting = null;
  });

  /** @param {string} sentence */
  function say(sentence) {
    for (const chip of page.querySelectorAll(".gt-chip-part")) chip.setAttribute("aria-pressed", "false");
    text.textContent = sentence;
    text.hidden = !sentence;
  }

  /** @param {Record<string, any>} question @param {boolean} silent whether a named view says already what to see */
  function ask(question, silent = false) {
    const { states, run } = view;
    if (!states) return;
    const ids = [...selectedIds(run.run)];
    if (question.kind === "selection" && !question.ids && !ids.length) {
      say("");
      return toast("Select points first: by lasso, or a number in the legend", "error");
    }
    quiet = silent;
    if (!silent) say("");
    const mine = (nonce = Date.now());
    setTimeout(() => {
      if (nonce === mine && page.isConnected) toast("The server has not answered yet; is it still there?", "error");
    }, PATIENCE_MS);
    showMeans(question.kind === "gap");
    const where = { state: states.position, epoch: view.epochNumber, ids, naive: states.naive };
    setProps(mount.ids.question, { data: { run: run.run, alignment: run.layer, ...where, ...question, nonce } });
  }

  /** @param {boolean} on */
  function showMeans(on) {
    means.set(on);
    buttons.press("means", means.on, means.on ? "check2" : "square");
  }

  /** Where the picture is. */
  function titleOf() {
    const { position = 0, note } = view.states ?? {};
    if (!note || position === 0) return "The input";
    const [low, high] = [note.states[Math.floor(position)], note.states[Math.ceil(position)]];
    return low === high ? `Behind ${low.name}` : `${low.name} → ${high.name}`;
  }

  function showState() {
    const { states } = view;
    if (!states) return;
    const { position } = states;
    strip?.show(position);
    numbers?.show(position, Math.round(view.epoch));
    const heading = /** @type {HTMLElement} */ (stage.root.querySelector(".gt-stage-title"));
    const said = titleOf();
    if (heading.textContent !== said) heading.textContent = said;
    buttons.choose("naive", states.naive ? "naive" : "aligned");
    page.dataset.gtNaive = states.naive ? "yes" : "no";
  }

  /** @param {import("../stage/named_views.mjs").NamedView} named @param {number} stop */
  function goTo(named, stop) {
    const { run, states } = view;
    if (!states) return;
    const place = (/** @type {string|undefined} */ name) =>
      Math.max(
        0,
        states.note.states.findIndex((one) => one.name === name),
      );
    const numbered = named.handles.map((name) => run.classes.indexOf(name));
    view.play(false);
    select(run.run, []);
    view.setNaive(false);
    view.follow();
    view.setHidden(
      named.show.length ? run.classes.map((_, c) => c).filter((c) => !named.show.includes(run.classes[c])) : [],
    );
    if (named.columns) view.lookAlong(Float64Array.from(named.columns.flat()));
    else if (numbered.length) view.lookAlong(spreadColumns(run.p, numbered));
    const epoch = named.epochs[stop];
    const state = place(named.states?.[stop]);
    const numbers = (/** @type {string[]} */ names) => names.map((name) => run.classes.indexOf(name));
    const where = { state: named.found ? place(named.found) : state, epoch };
    if (named.pair) ask({ kind: "classes", classes: numbers(named.pair), ...where }, true);
    if (named.apart) {
      const { ids, labels } = stage.points;
      const wanted = numbers(named.apart);
      ask({ kind: "selection", ids: Array.from(ids).filter((_, i) => wanted.includes(labels[i])), ...where }, true);
    }
    view.setEpoch(run.epochs.indexOf(epoch), true);
    view.setState(state, true);
  }

  return {
    reactions: {
      state: showState,
      view: showState,
      epoch: () => numbers?.show(view.states?.position ?? 0, Math.round(view.epoch)),
      motion() {
        const on = Boolean(view.states?.playing);
        buttons.press("play-states", on, on ? "pause-fill" : "play-fill");
      },
    },
    actions: {
      "play-states": () => view.playStates(!view.states?.playing),
      "state-back": () => view.stepState(-1),
      "state-on": () => view.stepState(1),
      naive: (value) => view.setNaive(value ? value === "naive" : !view.states?.naive),
      drag(value) {
        groups.setMode(value);
        buttons.choose("drag", value);
      },
      pin: () => groups.pin(),
      trails(value) {
        paths.setAlong(value);
        buttons.choose("trails", value);
      },
      means: () => showMeans(!means.on),
    },
    keys: { ",": ["state-back"], ".": ["state-on"], p: ["play-states"], a: ["naive"] },
    drawn(at) {
      paths.draw();
      means.draw();
      scaleBar.draw();
      groups.draw(at);
    },
    refreshed: () => groups.refresh(),
    firstEpoch: (run) => Math.max(0, run.epochs.indexOf(/** @type {AlignmentNote} */ (run.alignment).reference)),
    firstState(query, run) {
      const asked = new URLSearchParams(query).get("state");
      const { states } = /** @type {AlignmentNote} */ (run.alignment);
      if (asked && Number.isFinite(Number(asked))) return Number(asked); // a layer may be called "1"
      return Math.max(
        0,
        states.findIndex((state) => state.name === asked),
      );
    },
    shown(run, query) {
      const note = /** @type {AlignmentNote} */ (run.alignment);
      nonce = 0; // what was asked for was another picture's
      strip = createStrip(part(page, "strip"), {
        states: note.states,
        seek: (to, smooth) => view.setState(to, smooth),
      });
      numbers = createNumbers(part(page, "numbers"), note, run.classes, run.epochs, clockOf(run));
      createFindView(part(page, "find"), {
        classes: run.classes, epochs: run.epochs, clock: clockOf(run), states: note.states.map((state) => state.name),
        gap: Boolean(note.opposite), ask,
      }); // prettier-ignore
      for (const button of page.querySelectorAll('[data-gt-action="means"]'))
        /** @type {HTMLElement} */ (button).hidden = !note.opposite;
      if (new URLSearchParams(query).get("naive") === "1") view.setNaive(true, true);
      groups.shown();
      showMeans(false);
      page.querySelector('[data-gt-part="origin"]')?.replaceChildren(...origin(note, run));
      showState();
    },
    begin: () => view.playStates(true),
    showMe() {
      view.setNaive(false);
      view.setState(0);
      view.playStates(true);
    },
    what: () => `${titleOf()}${view.states?.naive ? ", naive" : ""}`,
    link: () => ({
      state: String(+(view.states?.position ?? 0).toFixed(3)),
      ...(view.states?.naive && { naive: "1" }),
    }),
    goTo,
  };
}

/** How the picture was made, in a sentence. @param {AlignmentNote} note @param {import("../data/tensors.mjs").Announcement} run */
function origin(note, run) {
  const took = note.seconds ? `, in ${note.seconds} s` : "";
  const split = note.split === "test" ? "test" : "training";
  return [
    `${note.n.toLocaleString("en")} of ${note.of.toLocaleString("en")} ${split} points, ${run.epochs.length} ${clockOf(run)}s, at most ${note.k} coordinates a layer. ` +
      `Bases from the weights and points of ${clockOf(run)} ${note.reference}${took}: `,
    note.command ? el("code", {}, note.command) : "how is not recorded.",
  ];
}

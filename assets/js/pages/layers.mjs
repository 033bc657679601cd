// @ts-check
/**
 * `/layers`: what it has beyond the pages of one layer: the strip of the network, states that play, points that can be
 * pulled in several ways, views that are found, trails.
 */

import { hasClasses } from "../data/groups.mjs";
import { splitWord } from "../data/splits.mjs";
import { clockOf } from "../data/tensors.mjs";
import { onSelection, select } from "../state/selection.mjs";
import { history } from "../state/history.mjs";
import { tellUnread } from "../core/unread.mjs";
import { setProps } from "../core/dash.mjs";
import { el, termMark, toast } from "../core/dom.mjs";
import { createNumbers } from "../charts/layer_numbers.mjs";
import { createScaleBar } from "../charts/scale_bar.mjs";
import { createNegation } from "../method/negation.mjs";
import { createStrip } from "../network/network_strip.mjs";
import { createAdded } from "../points/added.mjs";
import { createMeans } from "../points/means.mjs";
import { createPaths } from "../points/paths.mjs";
import { paintScale } from "../picture/over_points.mjs";
import { hiddenBut, spreadColumns } from "../stage/named_views.mjs";
import { KEYS } from "./keys.mjs";
import { write } from "./stage_headings.mjs";
import { TourPage } from "./tour_page.mjs";

/**
 * @typedef {import("../data/layers.mjs").AlignmentNote} AlignmentNote
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../stage/named_views.mjs").NamedView} NamedView
 * @typedef {import("../stage/stage.mjs").Stage} Stage
 */

/** When which way to pull is of use. @type {Record<import("../stage/turning.mjs").Mode, string>} */
const WHEN = {
  rotate:
    "Turns everything together about the middle, as one would turn a globe: to bring a group to where it can be seen.",
  fit: "Moves the group and keeps all other points as much as a turn can: to pull a group out of a crowd.",
  spread: "The farther you pull, the more the picture shows how the group itself varies: to look inside a cluster.",
};

/** Along what selected points are followed back. */
const ALONG = ["layers", "epochs"];

export class LayersPage extends TourPage {
  static keys = [...TourPage.keys, KEYS.state, KEYS.states, KEYS.naive];

  /** @type {ReturnType<typeof createStrip>|null} */
  #strip = null;
  /** @type {ReturnType<typeof createNumbers>|null} */
  #numbers = null;
  #paths;
  #means;
  #added;
  #scaleBar;
  /** @type {import("../stage/turning.mjs").Mode} how pulled points move */
  #mode = "rotate";
  /** the state to be at once another path is here @type {string|null} */
  #going = null;

  /** @param {HTMLElement} root @param {Stage[]} stages one @param {import("./tour_page.mjs").Mount} mount */
  constructor(root, stages, mount) {
    super(root, stages, mount);
    const { view } = this;
    this.stage = stages[0];
    this.#paths = createPaths(this.stage, view);
    this.#means = createMeans(this.stage, view);
    this.#added = createAdded(this.stage, view);
    this.#scaleBar = createScaleBar(this.stage, view);
    const negation = /** @type {HTMLElement|null} */ (root.querySelector('[data-gt-part="negation"]'));
    if (negation) createNegation(negation);
    this.stage.root.querySelector(".gt-stage-title")?.after(termMark("behind"));
    Object.assign(this.actions, this.#ownActions());
    const selected = onSelection(() => {
      this.#paths.refresh();
      view.refresh();
    });
    this.onLeave(selected);
  }

  /** @returns {import("../core/page.mjs").Actions} */
  #ownActions() {
    const { view } = this;
    return {
      "play-states": () => view.states?.play(!view.states.playing),
      "state-back": () => view.states?.step(-1),
      "state-on": () => view.states?.step(1),
      naive: (value) => view.setNaive(value ? value === "naive" : !view.states?.naive),
      drag: (value) => this.#pullBy(/** @type {import("../stage/turning.mjs").Mode} */ (value)),
      trails: (value) => {
        this.#trail(value);
        if (this.#paths.missing) toast(this.#paths.missing);
      },
      means: () => this.#showMeans(!this.#means.on),
      added: () => this.#showAdded(!this.#added.on),
    };
  }

  /** How pulled points move from now on. @param {import("../stage/turning.mjs").Mode} mode */
  #pullBy(mode) {
    this.#mode = mode;
    this.grouped.setMode(mode);
    this.part("drag-text").textContent = WHEN[mode];
    this.mark("drag", mode);
    this.address.later();
  }

  /** Where selected points are followed back to from now on. @param {string} along */
  #trail(along) {
    this.#paths.setAlong(along);
    this.mark("trails", along);
    this.address.later();
  }

  /** @param {boolean} on */
  #showMeans(on) {
    this.#means.set(on);
    this.press("means", this.#means.on, this.#means.on ? "check2" : "square");
    this.address.later();
  }

  /** @param {boolean} on */
  #showAdded(on) {
    this.#added.set(on);
    this.press("added", on, on ? "check2" : "square");
    this.address.later();
  }

  /** @param {import("./tour_page.mjs").Change} what @param {unknown} [detail] */
  changed(what, detail) {
    super.changed(what, detail);
    const { states, clock } = this.view;
    if (what === "state" || what === "view") this.#showState();
    if (what === "epoch") this.#numbers?.show(states?.position ?? 0, clock.nearest);
    if (what !== "motion") return;
    const on = Boolean(states?.playing);
    this.press("play-states", on, on ? "pause-fill" : "play-fill");
  }

  /** Where the picture is. */
  get #place() {
    const { position = 0, note } = this.view.states ?? {};
    if (!note || (position === 0 && note.states[0].kind === "Input")) return "The input";
    const [low, high] = [note.states[Math.floor(position)], note.states[Math.ceil(position)]];
    return low === high ? `Behind ${low.name}` : `${low.name} → ${high.name}`;
  }

  #showState() {
    const { states, clock } = this.view;
    if (!states) return;
    const { position } = states;
    this.#strip?.show(position);
    this.#numbers?.show(position, clock.nearest);
    write(/** @type {HTMLElement} */ (this.stage.root.querySelector(".gt-stage-title")), this.#place);
    this.mark("naive", states.naive ? "naive" : "aligned");
    this.root.dataset.gtNaive = states.naive ? "yes" : "no";
  }

  /** @param {NamedView} named @param {number} epoch @param {number} [stop] */
  goTo(named, epoch, stop = 0) {
    this.telling.naming(named, stop);
    const { view } = this;
    const { run, states } = view;
    if (!states) return;
    const numbers = (/** @type {string[]} */ names) => names.map((name) => run.classes.indexOf(name));
    const place = (/** @type {string|undefined} */ name) =>
      Math.max(0, states.note.states.findIndex((one) => one.name === name)); // prettier-ignore
    view.clock.play(false);
    view.setNaive(false);
    view.magnifier.follow();
    history.together(() => {
      select(run.run, []);
      this.hide(hiddenBut(named.show, run.classes));
      if (named.columns) view.turning.lookAlong(Float64Array.from(named.columns.flat()));
      else if (named.handles.length) view.turning.lookAlong(spreadColumns(run.p, numbers(named.handles)));
    });
    const at = named.epochs[stop];
    const state = place(named.states?.[stop]);
    const where = { state: named.found ? place(named.found) : state, epoch: at };
    const looked = named.looked?.[stop]; // what a server would find, where there is none
    if (looked) view.turning.lookAlong(Float64Array.from(looked.columns.flat()));
    if (looked?.ids.length) select(run.run, looked.ids);
    if (named.pair) this.finding?.ask({ kind: "classes", classes: numbers(named.pair), ...where }, true);
    if (named.moved) this.finding?.ask({ kind: "movers-epochs", epochs: named.moved, state: where.state }, true);
    if (named.apart) {
      const { ids, labels } = this.stage.points;
      const wanted = numbers(named.apart);
      const apart = Array.from(ids).filter((_, i) => wanted.includes(labels[i]));
      this.finding?.ask({ kind: "selection", ids: apart, ...where }, true);
    }
    view.clock.seek(run.epochs.indexOf(at), true);
    view.states?.seek(state, true);
  }

  /** @param {Stage} stage */
  drawn(stage) {
    this.#paths.draw();
    this.#means.draw();
    this.#added.draw();
    this.#scaleBar.draw();
    super.drawn(stage);
  }
  /** @param {Stage} stage @param {import("./tour_page.mjs").Pen} pen @param {import("./tour_page.mjs").Viewport} at @param {import("./tour_page.mjs").Look} look */
  paintBetween(stage, pen, at, look) {
    super.paintBetween(stage, pen, at, look);
    this.#paths.paint(pen, at);
    this.#means.paint(pen, at, look.ground);
    this.#added.paint(pen, at);
  }
  /** @param {Stage} stage @param {import("./tour_page.mjs").Pen} pen @param {import("./tour_page.mjs").Viewport} at @param {import("./tour_page.mjs").Look} look @param {import("../points/labels.mjs").Around} around */
  paintAbove(stage, pen, at, look, around) {
    super.paintAbove(stage, pen, at, look, around);
    paintScale(pen, at, this.#scaleBar.lengthIn(at), look);
  }
  get pullsSelection() {
    return true;
  }
  /** @param {Announcement} run */
  firstEpoch(run) {
    return Math.max(0, run.epochs.indexOf(/** @type {AlignmentNote} */ (run.alignment).reference));
  }
  /** @param {string} query @param {Announcement} run */
  firstState(query, run) {
    const going = this.#going;
    this.#going = null;
    if (going !== null) return Math.max(0, placeOf(run, going));
    const asked = new URLSearchParams(query).get("state");
    const { states } = /** @type {AlignmentNote} */ (run.alignment);
    const numbered = Boolean(asked) && Number.isFinite(Number(asked)); // a layer may be called "1"
    const at = numbered ? Number(asked) : states.findIndex((state) => state.name === asked);
    const there = Math.max(0, Math.min(states.length - 1, at));
    if (asked !== null && at !== there) tellUnread(["state"]);
    return there;
  }

  /** Take another path through the network. @param {Record<string, string>} path @param {string} state where to be on it */
  #walk(path, state) {
    const { run } = this.view;
    this.#going = state;
    this.view.states?.play(false);
    setProps(this.mount.ids.path, { data: { run: run.run, alignment: run.layer, path } });
  }

  /** @param {Announcement} run @param {string} query */
  shown(run, query) {
    const { view } = this;
    const note = /** @type {AlignmentNote} */ (run.alignment);
    this.#strip = createStrip(this.part("strip"), {
      note,
      seek: (to, smooth) => view.states?.seek(to, smooth),
      choose: (path, state) => this.#walk(path, state),
    });
    this.#numbers = createNumbers(
      this.part("numbers"),
      note,
      run.classes,
      run.epochs,
      clockOf(run),
      Boolean(run.attack),
      hasClasses(run),
    );
    for (const button of this.buttons("means")) button.hidden = !note.opposite || run.classes.length < 2;
    const sums = note.graph?.ways.some(({ how }) => how === "addition") ?? false;
    for (const button of this.buttons("added")) button.hidden = !sums;
    const asked = new URLSearchParams(query);
    if (!sums || asked.get("added") === "1") this.#showAdded(sums);
    if (asked.get("naive") === "1") view.setNaive(true, true);
    const [pull, along] = [asked.get("pull"), asked.get("trails")];
    const odd = ["added", "naive", "means"].filter((name) => asked.has(name) && asked.get(name) !== "1");
    tellUnread([
      ...odd,
      ...(pull && !(pull in WHEN) ? ["pull"] : []),
      ...(along && !ALONG.includes(along) ? ["trails"] : []),
    ]);
    this.#pullBy(pull && pull in WHEN ? /** @type {keyof typeof WHEN} */ (pull) : this.#mode);
    if (along && ALONG.includes(along)) this.#trail(along);
    this.#showMeans(asked.get("means") === "1" && Boolean(note.opposite) && run.classes.length > 1);
    this.root.querySelector('[data-gt-part="origin"]')?.replaceChildren(...origin(note, run));
    this.#showState();
  }

  /** @param {URLSearchParams} asked */
  becoming(asked) {
    const { view } = this;
    const { run, states } = view;
    const [pull, along] = [asked.get("pull") ?? "rotate", asked.get("trails") ?? "off"];
    view.setNaive(asked.get("naive") === "1");
    if (pull in WHEN) this.#pullBy(/** @type {keyof typeof WHEN} */ (pull));
    if (along === "off" || ALONG.includes(along)) this.#trail(along);
    this.#showMeans(asked.get("means") === "1" && Boolean(run.alignment?.opposite) && run.classes.length > 1);
    this.#showAdded(asked.get("added") === "1");
    states?.seek(this.firstState(asked.toString(), run), true);
  }

  /** @param {Announcement} run */
  findable(run) {
    const note = /** @type {AlignmentNote} */ (run.alignment);
    const gap = Boolean(note.opposite) && run.classes.length > 1;
    return { states: note.states.map((state) => state.name), gap };
  }
  /** @param {import("./finding.mjs").Question} question */
  asked(question) {
    this.#showMeans(question.kind === "gap");
  }
  begin() {
    this.view.states?.play(true);
  }
  showMe() {
    this.view.setNaive(false);
    this.view.states?.seek(0);
    this.view.states?.play(true);
  }
  get what() {
    return `${this.#place}${this.view.states?.naive ? ", naive" : ""}`;
  }
  /** @returns {Record<string, string>} */
  linked() {
    const { position = 0, naive = false } = this.view.states ?? {};
    const path = this.view.states?.note.path ?? {};
    return {
      state: String(+position.toFixed(3)),
      ...(naive && { naive: "1" }),
      ...(this.#mode !== "rotate" && { pull: this.#mode }),
      ...(this.#paths.along !== "off" && { trails: this.#paths.along }),
      ...(this.#means.on && { means: "1" }),
      ...(this.#added.on && { added: "1" }),
      ...(Object.keys(path).length && { path: JSON.stringify(path) }),
    };
  }
}

/** Where on the path a state is, -1 for nowhere. @param {Announcement} run @param {string} name */
const placeOf = (run, name) =>
  /** @type {AlignmentNote} */ (run.alignment).states.findIndex((state) => state.name === name);

/** How the picture was made, in a sentence. @param {AlignmentNote} note @param {Announcement} run */
function origin(note, run) {
  const took = note.seconds ? `, in ${note.seconds} s` : "";
  return [
    `${note.n.toLocaleString("en")} of ${note.of.toLocaleString("en")} ${splitWord(note.split)} points, ${run.epochs.length} ${clockOf(run)}s, at most ${note.k} coordinates a layer. ` +
      `Bases from the weights and points of ${clockOf(run)} ${note.reference}${took}: `,
    note.command ? el("code", {}, note.command) : "how is not recorded.",
  ];
}

// @ts-check
/**
 * `/two-runs`: the same points as two runs have them, in one frame: side by side, or b as rings over a with arrows; when they
 * are apart, what they answer, how alike their layers are, and the plane that shows most of the difference.
 */

import { answersApart } from "../data/two_runs.mjs";
import { groupColors } from "../points/palette.mjs";
import { createSecondCloud } from "../points/second_cloud.mjs";
import { short } from "../points/values.mjs";
import { createWhenApart } from "../charts/when_apart.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { setProps } from "../core/dash.mjs";
import { count, part, percent, toast } from "../core/dom.mjs";
import { howOf } from "../core/keys.mjs";
import { write } from "./stage_headings.mjs";
import { UNDECIDED } from "../data/predictions.mjs";
import { USUAL } from "./pictured.mjs";
import { TourPage } from "./tour_page.mjs";
import { createAsking } from "./two_runs_asking.mjs";
import { createAnswers, createFacts, noteOf, showLayers } from "./two_runs_panels.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../stage/stage.mjs").Stage} Stage
 * @typedef {import("../payloads.mjs").TwoRunsAnswer} Answer
 */

export class TwoRunsPage extends TourPage {
  #cloud;
  #asking;
  #facts;
  #answers;
  /** @type {ReturnType<typeof createWhenApart>|null} */
  #when = null;
  /** epoch, and whether who says what is known, that the answers on the page are of */
  #told = "";

  /** @param {HTMLElement} root @param {Stage[]} stages a and b @param {import("./tour_page.mjs").Mount} mount */
  constructor(root, stages, mount) {
    super(root, stages, mount);
    const [a, b] = stages;
    this.#cloud = createSecondCloud(a, b, this.view);
    this.#asking = createAsking(mount.ids.asked, (kind, answer) => this.#take(kind, answer));
    this.#facts = createFacts(this.part("two-facts"));
    this.#answers = createAnswers(this.part("two-answers"), {
      select: (indices, how) => select(this.view.run.run, indices.map((i) => a.points.ids[i]), how),
      point: (index) => this.point(this.view.stages[0], index),
    }); // prettier-ignore
    Object.assign(this.actions, this.#ownActions());
    this.onLeave(
      () => this.#asking.leave(),
      () => this.#cloud.leave(),
      onSelection(() => this.#sayArrows()),
    );
  }

  /** @returns {import("../core/page.mjs").Actions} */
  #ownActions() {
    return {
      overlay: (value) => this.#overlay(value === "over"),
      "ask-plane": () => this.#ask("plane"),
      "ask-layers": () => this.#ask("layers"),
      csv: () => this.#ask("csv"),
    };
  }

  get #note() {
    return noteOf(this.view.run);
  }
  get #nearest() {
    return this.view.clock.nearest;
  }

  // ---- side by side, or overlaid

  /** @param {boolean} on */
  #overlay(on) {
    this.root.dataset.gtOverlay = on ? "yes" : "no";
    this.#cloud.set(on);
    this.mark("overlay", on ? "over" : "beside");
    this.#nameStages();
    this.refigure();
    this.#sayArrows();
    this.view.fit();
    this.address.later();
  }

  #nameStages() {
    const { a, b } = this.#note;
    const over = this.#cloud.on;
    const names = [over ? `${a.called} (dots) and ${b.called} (rings)` : a.called, b.called];
    this.view.stages.forEach(({ root }, i) => {
      root.setAttribute("aria-label", names[i]);
      const title = /** @type {HTMLElement} */ (root.querySelector(".gt-stage-title"));
      write(title, names[i]);
      title.title = names[i];
      part(root, "handles").setAttribute("aria-label", `Handles, ${names[i]}`);
    });
  }

  /** Say which arrows are drawn. */
  #sayArrows() {
    if (!this.view.ready) return;
    const { a, b } = this.#note;
    const box = this.part("two-arrows");
    if (!this.#cloud.on) return write(box, "");
    const { points, some, many } = this.#cloud.arrows;
    const whose = some ? "selected points" : "points that are drawn";
    const text = many
      ? `No arrows: ${count(many)} ${whose} are too many. Select up to 1,000, or hide classes.`
      : `Arrows lead from ${a.called} to ${b.called}, for the ${count(points.length)} ${whose}.`;
    write(box, text);
  }

  /** What of the picture is seen: overlaid, all is on the first stage. */
  get seenStages() {
    return this.#cloud.on ? this.view.stages.slice(0, 1) : this.view.stages;
  }
  /** @param {Stage} stage */
  drawn(stage) {
    if (stage === this.view.stages[0]) this.#cloud.draw();
    super.drawn(stage);
  }
  /** @param {Stage} stage @param {import("./tour_page.mjs").Pen} pen @param {import("./tour_page.mjs").Viewport} at @param {import("./tour_page.mjs").Look} look */
  paintBetween(stage, pen, at, look) {
    super.paintBetween(stage, pen, at, look);
    if (stage === this.view.stages[0])
      this.#cloud.paint(pen, at, look.ground, (look.dots * Math.min(at.width, at.height)) / USUAL);
  }
  /** @param {Stage} stage */
  inspected(stage) {
    const first = stage === this.view.stages[0] && this.#cloud.on;
    return { ...super.inspected(stage), arrows: first ? this.#cloud.arrows.points : null };
  }
  /** Both are right where one stage shows both. @param {Stage} _stage */
  figures(_stage) {
    const { agreement, n } = this.#note;
    if (!this.#cloud.on) return undefined;
    if (!agreement) return `${count(n)} points`;
    const { both, only_a, only_b } = agreement[this.#nearest];
    return `${count(n)} points, ${percent((both + only_a) / n)} and ${percent((both + only_b) / n)} correct`;
  }

  // ---- what is shown

  /** Points are counted once, though both stages have them. @param {boolean} said */
  sources(said) {
    return super.sources(said).slice(0, 1);
  }

  /** @param {Announcement} run @param {string} asked */
  shown(run, asked) {
    super.shown(run, asked);
    const query = new URLSearchParams(asked);
    const { apart } = noteOf(run);
    const { classes, epochs, unit, layer } = run;
    this.#asking.forget();
    this.#told = "";
    for (const name of /** @type {const} */ (["two-plane", "two-layers"])) this.part(name).replaceChildren();
    this.#facts.of(run);
    this.#when = createWhenApart(this.part("two-timeline"), {
      apart, classes, epochs, unit, layer, colors: groupColors(run),
      choose: (c, at, event) => this.#goWhere(c, at, event),
    }); // prettier-ignore
    this.#overlay(this.#cloud.on || query.get("overlay") === "1");
    this.#showEpoch();
  }

  /** @param {URLSearchParams} query */
  becoming(query) {
    if (this.#cloud.on !== (query.get("overlay") === "1")) this.#overlay(!this.#cloud.on);
  }

  /** Go to an epoch, and select a class there. @param {number|null} c null for no class @param {number} at @param {MouseEvent} event */
  #goWhere(c, at, event) {
    this.view.clock.play(false);
    this.view.clock.seek(at, true);
    if (c !== null) this.selectGroup(c, howOf(event));
  }

  /** @param {import("./tour_page.mjs").Change} what @param {unknown} [detail] */
  changed(what, detail) {
    super.changed(what, detail);
    if (!this.view.ready || !this.view.run.two) return;
    if (what === "epoch" || what === "said") this.#showEpoch();
    if (what === "colors") this.#sayArrows();
  }
  #showEpoch() {
    const { run } = this.view;
    this.#facts.show(run, this.#nearest);
    this.#when?.show(this.#nearest);
    this.#showAnswers();
  }
  #showAnswers() {
    const { stages, run, playing } = this.view;
    const [a, b] = stages.map((stage) => this.view.predictionsOf(stage));
    const [{ split, points }] = stages;
    const images = this.images.of(split);
    const known = Boolean(a && b);
    const told = `${this.#nearest} ${known} ${Boolean(images)} ${playing}`;
    if (told === this.#told) return;
    this.#told = told;
    const { labels, ids } = points;
    const apart = a && b && answersApart(a.predicted, b.predicted, labels);
    const of = a && b && !playing ? { a: a.predicted, b: b.predicted, labels, ids, images } : null;
    this.#answers.show(run, this.#nearest, apart, of);
    if (known && !playing) this.images.fetch([split]);
  }
  /** @param {Parameters<TourPage["refreshed"]>} tallied */
  refreshed(...tallied) {
    super.refreshed(...tallied);
    this.#showAnswers();
    this.#sayArrows();
  }

  /** What both networks say of a point, and how far apart it is. @param {Stage} stage @param {number} index */
  moreOf(stage, index) {
    const { stages, run, clock } = this.view;
    const note = this.#note;
    const other = stages[1 - stages.indexOf(stage)];
    const said = this.view.predictionsOf(other);
    const name = stage === stages[0] ? note.b.called : note.a.called;
    /** @type {[string, string][]} */
    const more = [];
    if (said) more.push([`In ${name}`, `${run.classes[said.predicted[index]] ?? UNDECIDED}, ${percent(said.confidence[index])}`]); // prettier-ignore
    const far = this.#apart(index);
    if (far !== null) more.push(["Apart", `${short(far)} at ${run.layer}, ${run.unit} ${run.epochs[clock.nearest]}`]);
    return { more };
  }
  /** How far a point's two places are apart, in all coordinates, at the epoch that is nearest; null until they are here. @param {number} index */
  #apart(index) {
    const { run, tensors, clock } = this.view;
    const [a, b] = ["a", "b"].map((split) => tensors.slice(split, clock.nearest));
    if (!a || !b) return null;
    let sum = 0;
    for (let j = index * run.p; j < (index + 1) * run.p; j++)
      sum += (a.values[j] * a.scale + a.offset - b.values[j] * b.scale - b.offset) ** 2;
    return Math.sqrt(sum);
  }
  /** The rings of b, where they are over the points of a. @param {Stage} stage */
  second(stage) {
    return stage === this.view.stages[0] ? this.#cloud.rings : null;
  }
  /** A ring is a point of b, whose own stage is not seen then. @param {Stage} stage @param {number} index @param {number} x @param {number} y @param {boolean} [second] */
  hovered(stage, index, x, y, second) {
    const [, other] = this.view.stages;
    super.hovered(second ? other : stage, index, x, y);
    if (second) stage.ring(index, other.positions);
  }
  /** @param {Stage} stage @param {number} index */
  describe(stage, index) {
    const found = super.describe(stage, index);
    if (!found) return null;
    const { a, b } = this.#note;
    const one = stage === this.view.stages[0] ? a : b;
    return { ...found, about: { ...found.about, split: one.called } };
  }

  // ---- what is asked

  /** @param {"plane"|"layers"|"csv"} kind */
  #ask(kind) {
    const { run } = this.view;
    const ids = kind === "csv" ? [...selectedIds(run.run)] : [];
    if (kind === "csv" && !ids.length) return toast("Select points first: the CSV holds the selection");
    if (kind === "plane") write(this.part("two-plane"), "Looking for it…");
    if (kind === "layers") this.part("two-layers").textContent = "Measuring…";
    const { a, b } = this.#note;
    const points = /** @type {HTMLSelectElement} */ (document.getElementById(this.mount.ids.points)).value;
    this.#asking.ask({ kind, a: a.name, b: b.name, layer: run.layer, points, number: run.epochs[this.#nearest], ids }); // prettier-ignore
  }

  /** @param {string} kind @param {Answer} answer */
  #take(kind, answer) {
    const { run, turning, magnifier } = this.view;
    if (answer.error) {
      if (kind !== "csv") this.part(kind === "plane" ? "two-plane" : "two-layers").textContent = "";
      return toast(answer.error, "error");
    }
    if (kind === "layers")
      return showLayers(this.part("two-layers"), run, answer, (layer) => setProps(this.mount.ids.layer, { value: layer })); // prettier-ignore
    if (kind !== "plane" || answer.columns?.length !== run.p) return;
    turning.tour(false);
    turning.lookAlong(Float64Array.from(answer.columns.flat()));
    magnifier.follow();
    write(this.part("two-plane"), answer.text);
  }

  get inFile() {
    const { a, b } = this.#note;
    const split = /** @type {HTMLSelectElement} */ (document.getElementById(this.mount.ids.points)).value;
    return { run: a.name, beside: b.name, layer: this.view.run.layer, ...(split !== "all" && { split }) };
  }
  /** @returns {Record<string, string>} */
  linked() {
    const { a, b } = this.#note;
    const points = /** @type {HTMLSelectElement|null} */ (document.getElementById(this.mount.ids.points))?.value;
    return {
      a: a.name,
      b: b.name,
      ...(points && points !== "all" && { split: points }),
      ...(this.#cloud.on && { overlay: "1" }),
    };
  }
  get what() {
    const { a, b } = this.#note;
    const { layer } = this.view.run;
    return this.#cloud.on ? `${layer}, dots: ${a.called}, rings: ${b.called}` : layer;
  }
  showMe() {
    this.view.clock.seek(0);
    this.view.clock.play(true);
    this.#overlay(true);
  }
}

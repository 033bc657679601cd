// @ts-check
/**
 * `/adversarial`: what it has beyond `/layers`: the steps of an attack as the clock, the images of each step, the way of
 * each attacked point from its clean place, curves over the steps, and detours.
 */

import { openAttack, pointAt } from "../data/attack.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { changePictures, factorFor } from "../points/attack_card.mjs";
import { createAttackCurves } from "../charts/attack_curves.mjs";
import { createDetours } from "../charts/detours.mjs";
import { el } from "../core/dom.mjs";
import { tellProblem } from "../core/page.mjs";
import { createAttackImages } from "../points/attack_images.mjs";
import { createPairs } from "../points/pairs.mjs";
import { ATTACKED } from "../points/palette.mjs";
import { LayersPage } from "./layers.mjs";

/**
 * @typedef {import("../data/attack.mjs").AttackNote} AttackNote
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../stage/stage.mjs").Stage} Stage
 */

export class AdversarialPage extends LayersPage {
  /** @type {Awaited<ReturnType<typeof openAttack>>|null} */
  #attack = null;
  /** @type {ReturnType<typeof createAttackCurves>|null} */
  #curves = null;
  /** @type {ReturnType<typeof createDetours>|null} */
  #detours = null;
  #pairs;
  #images;
  /** place among the attacked, of each point @type {Int32Array} */
  #placeOf = new Int32Array(0);
  #generation = 0;

  /** @param {HTMLElement} root @param {Stage[]} stages one @param {import("./tour_page.mjs").Mount} mount */
  constructor(root, stages, mount) {
    super(root, stages, mount);
    this.#pairs = createPairs(this.stage, this.view);
    this.#images = createAttackImages(this.stage, this.view, { attack: () => this.#here, arrived: () => this.again() });
    this.actions.pairs = () => {
      this.#pairs.set(!this.#pairs.on);
      this.press("pairs", this.#pairs.on, this.#pairs.on ? "check2" : "square");
    };
    this.onLeave(
      onSelection(() => this.#followSelection()),
      () => this.#images.leave(),
      () => this.#generation++,
    );
  }

  get #note() {
    return /** @type {AttackNote} */ (this.view.run.attack);
  }
  /** What is here of the attack that the picture shows: between two attacks there is nothing. */
  get #here() {
    return this.#attack?.note === this.view.run.attack ? this.#attack : null;
  }

  #followSelection() {
    const { ready, run } = this.view;
    if (!ready || !run.attack) return;
    this.#pairs.refresh();
    const chosen = selectedIds(run.run);
    const { ids } = this.stage.points;
    const { attacked } = this.#note;
    const all = attacked.map((_, i) => i);
    const members = all.filter((i) => chosen.has(ids[attacked[i]]));
    const others = all.filter((i) => !members.includes(i));
    this.#curves?.split(members.length ? members : null, members.length ? others : null);
    this.#detours?.show(chosen);
    this.view.refresh();
  }

  /** Clean, current and what lies between, beside each other. @param {Stage} _stage @param {number} index */
  moreOf(_stage, index) {
    const attack = this.#here;
    const which = this.#placeOf[index];
    if (which < 0 || !attack) return {};
    const { run, clock } = this.view;
    const { attacked, target, norm, epsilon } = this.#note;
    const fooled = attack.succeeded[clock.nearest * attacked.length + which];
    /** @type {[string, string][]} */
    const more = [
      ["Aim", target === null ? "any other class" : target],
      ["Fooled", fooled ? "yes" : "not yet"],
    ];
    const known = this.#images.at(clock.nearest);
    if (!known) return { more };
    const { h, w, c, largest } = attack;
    const pictures = changePictures({
      ...pointAt(known.clean, attacked, known.change, which), h, w, c,
      factor: factorFor(epsilon, norm, largest),
      label: run.classes[this.stage.points.labels[index]],
    }); // prettier-ignore
    return { pictures, more };
  }

  /** How many are fooled at this step. */
  figures() {
    const attack = this.#here;
    if (!attack) return null;
    const { attacked, target } = this.#note;
    const start = this.view.clock.nearest * attacked.length;
    let fooled = 0;
    for (let i = 0; i < attacked.length; i++) fooled += attack.succeeded[start + i];
    const as = target === null ? "taken for another class" : `taken for ${target}`;
    return `${fooled} of ${attacked.length} adversarial ${as}`;
  }

  /** @param {Announcement} run */
  async #load(run) {
    const mine = ++this.#generation;
    const { attacked } = this.#note;
    [this.#attack, this.#curves, this.#detours] = [null, null, null];
    this.#images.begin();
    this.#placeOf = new Int32Array(this.stage.points.n).fill(-1);
    attacked.forEach((index, i) => (this.#placeOf[index] = i));
    try {
      const opened = await openAttack(this.view.tensors, this.#note, run);
      if (mine !== this.#generation) return;
      this.#attack = opened;
    } catch (error) {
      if (mine === this.#generation) tellProblem(error);
      return;
    }
    this.#drawCharts(run, this.#attack);
    this.#followSelection();
    this.refigure();
    this.#images.show();
  }

  /** @param {Announcement} run @param {Awaited<ReturnType<typeof openAttack>>} attack */
  #drawCharts(run, attack) {
    const { view } = this;
    const note = this.#note;
    const ids = note.attacked.map((index) => this.stage.points.ids[index]);
    this.#curves = createAttackCurves(this.part("curves"), {
      note,
      states: /** @type {import("../data/layers.mjs").AlignmentNote} */ (run.alignment).states,
      steps: run.epochs,
      attack,
      seek: (step) => view.clock.seek(step),
      classes: run.classes,
    });
    this.#detours = createDetours(this.part("detours"), {
      note,
      ids,
      colors: ids.map(() => ATTACKED),
      select: (chosen, how) => select(run.run, chosen, how),
      hover: (i) => this.point(this.stage, i < 0 ? -1 : note.attacked[i]),
      tool: () => view.pointing.tool,
      how: () => view.pointing.how,
    });
    this.#curves.show(view.epoch);
    this.#curves.state(view.states?.position ?? 0);
  }

  /** @param {import("./tour_page.mjs").Change} what @param {unknown} [detail] */
  changed(what, detail) {
    super.changed(what, detail);
    if (what === "epoch") this.#curves?.show(this.view.epoch);
    if (what === "state") this.#curves?.state(this.view.states?.position ?? 0);
    if (what === "epoch" || what === "colors") this.#images.show();
  }
  /** @param {Stage} stage */
  drawn(stage) {
    super.drawn(stage);
    this.#pairs.draw();
  }
  /** @param {Stage} stage @param {import("./tour_page.mjs").Pen} pen @param {import("./tour_page.mjs").Viewport} at @param {import("./tour_page.mjs").Look} look */
  paintBetween(stage, pen, at, look) {
    this.#pairs.paint(pen, at);
    super.paintBetween(stage, pen, at, look);
  }
  /** @param {Stage} stage @param {number} index @param {number} x @param {number} y */
  hovered(stage, index, x, y) {
    super.hovered(stage, index, x, y);
    this.#detours?.mark(index < 0 ? -1 : this.#placeOf[index]);
  }

  /** @param {Announcement} run @param {string} query */
  shown(run, query) {
    super.shown(run, query);
    this.#pairs.refresh();
    this.part("about").replaceChildren(...about(this.#note));
    const pace = /** @type {HTMLSelectElement|null} */ (document.getElementById(this.mount.ids.pace));
    if (pace) this.view.clock.setRate(Number(pace.value));
    this.#load(run);
  }
  begin() {
    this.view.clock.play(true);
  }
  showMe() {
    const { clock, states } = this.view;
    clock.seek(0);
    this.view.states?.seek((states?.count ?? 1) - 1);
    clock.play(true);
  }
  firstEpoch() {
    return 0;
  }
  /** @param {string} query @param {Announcement} run */
  firstState(query, run) {
    const count = run.alignment?.states.length ?? 1;
    return new URLSearchParams(query).has("state") ? super.firstState(query, run) : count - 1;
  }
  /** @param {Announcement} run @returns {number[]} */
  firstHandles(run) {
    const { source, target } = /** @type {AttackNote} */ (run.attack);
    if (source === null || target === null) return [];
    return [target, source].map((name) => run.classes.indexOf(name));
  }
}

/** What was done, in a sentence. @param {AttackNote} note */
function about(note) {
  const points = note.attacked.length === 1 ? "point" : "points";
  const who = note.source === null ? `${points} of all classes` : `${points} of class ${note.source}`;
  const of = ` of ${note.of_title || "an unknown network"}`;
  const aim = note.target === null ? "any other class" : note.target;
  const weights = note.epoch === null ? "" : `, ${note.of_unit} ${note.epoch}`;
  return [
    `${note.attacked.length} ${who}${of}${weights}, pushed towards ${aim}: ${note.method}, ε = ${note.epsilon} (${note.norm}; ` +
      `pixels count from 0 to 1), ${note.steps} steps of ${note.step}. `,
    ...(note.command ? [el("code", {}, note.command)] : []),
  ];
}

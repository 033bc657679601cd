// @ts-check
/**
 * A tour view: one frame and one clock of epochs, shown on one stage or several side by side. A picture that is flat
 * already (an announcement without axes) has the identity for its frame, and nothing turns it. A network whose states are
 * aligned has a second clock, of states (see states.mjs), and is otherwise like any other.
 *
 * It wires what moves to what is drawn: the clock, what turns the frame, the magnifier, the colouring and the slices are
 * modules of their own, which the page moves directly; the view owns the animation loop and draws when one of them has changed.
 * The page around it hears of changes through `changed`. Nothing here goes through Dash.
 *
 * Longer than our files are: half of it is names (types, getters of one line), and what is left is one frame and the
 * state that it reads, which a second file could only pass on.
 */

import { hasClassHandles, hasClasses } from "../data/groups.mjs";
import { history } from "../state/history.mjs";
import { onSelection, selectedIds } from "../state/selection.mjs";
import { createLoop, whenLeft } from "../core/loop.mjs";
import { reduced } from "../core/motion.mjs";
import { register, unregister } from "../core/registry.mjs";
import { NOTHING } from "../points/colorings.mjs";
import { imageSize } from "../points/dot_look.mjs";
import { onCard } from "../points/on_card.mjs";
import { shades } from "../points/shading.mjs";
import { onOtherGround } from "../points/ground.mjs";
import { onDotChoice } from "../state/dot_choice.mjs";
import { createChoosing } from "./choosing.mjs";
import { createColoring } from "./coloring.mjs";
import { createEpochClock } from "./epoch_clock.mjs";
import { timeInHand } from "./by_hand.mjs";
import { boxInSight } from "./extent.mjs";
import { createFiltering } from "./filtering.mjs";
import { handlesOf, hasManyHandles, homeFrame, reachOf } from "./first_view.mjs";
import { inspection } from "./inspection.mjs";
import { createMagnifier } from "./magnifier.mjs";
import { openRun } from "./opening.mjs";
import { createPointImages } from "./point_images.mjs";
import { createPointing } from "./pointing.mjs";
import { projectStages, rowsOf } from "./projecting.mjs";
import { createSaid } from "./said.mjs";
import { createSlices } from "./slices.mjs";
import { Turning } from "./turning.mjs";
import { viewAround } from "../points/viewport.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {ReturnType<typeof import("../data/tensors.mjs").openTensors>} Tensors
 * @typedef {import("./stage.mjs").Stage} Stage
 * @typedef {"epoch"|"state"|"motion"|"colors"|"view"|"zoom"|"loading"|"said"|"error"} Change
 * @typedef {object} Shown the run that is shown
 * @property {Tensors} tensors
 * @property {import("./states.mjs").States|null} states the layers of an aligned network; null for any other picture
 * @property {import("./slices.mjs").Slices} slices @property {import("./said.mjs").Said} said
 * @typedef {object} Given
 * @property {HTMLElement} root the loop lives while it is in the document
 * @property {Stage[]} stages
 * @property {number} seed of the tour
 * @property {boolean} still nothing moves until asked, and changes of view are immediate
 * @property {(what: Change, detail?: unknown) => void} changed
 * @property {(stage: Stage, index: number, x: number, y: number, second?: boolean) => void} [hovered] `second`: of the cloud over it
 * @property {(stage: Stage) => import("../points/hits.mjs").Cloud|null} [second] the cloud over a stage's own
 * @property {(stage: Stage, index: number, picked: boolean) => void} [walked] keys have led to a point, -1 where there is none; without, there is no way by keys
 * @property {(stage: Stage) => void} [drawn] after each picture, for what is drawn above it
 * @property {(stage: Stage) => object} [told] what others know of a stage, for `inspect`
 */

/** @typedef {{width: number, height: number, free: [number, number, number, number]}} Room px, and of them those that stay free at the top, right, bottom and left */

/** What there is room for in all stages alike; null while there is no picture. @param {Stage[]} stages @returns {Room|null} */
function frameOfStages(stages) {
  const views = stages.map((stage) => stage.viewport).filter((view) => view !== null);
  if (!views.length) return null;
  const [width, height] = [Math.min(...views.map((v) => v.width)), Math.min(...views.map((v) => v.height))];
  const free = /** @type {[number, number, number, number]} */ (
    [0, 1, 2, 3].map((side) => Math.max(...stages.map((stage) => stage.free[side])))
  );
  return { width, height, free };
}

export class TourView {
  #given;
  #loop;
  /** @type {(() => void)[]} */
  #ends = [];
  /** @type {Shown|null} */
  #shown = null;
  #ready = false;
  #drawn = 0;
  #generation = 0;
  /** what waits for the first picture of a run: the bytes that it does not need @type {(() => void)|null} */
  #afterPicture = null;
  #dirty = true;
  #waiting = false;
  /** whether what is kept in sight goes by some of the points */
  #roughly = false;
  /** whether pictures are made by hand */
  #inHand = false;
  #images;
  #choosing = createChoosing();
  /** the epoch that the colours are of */
  #nearest = 0;

  /** Those that are shown: the ones that the run has points for. @type {Stage[]} */
  stages;

  /** @param {Given} given */
  constructor(given) {
    const { root, stages, seed, still } = given;
    this.#given = given;
    this.stages = stages;
    this.#loop = createLoop(root, (dt) => this.#frame(dt));
    const wake = () => this.#loop.wake();
    const changed = (/** @type {Change} */ what) => this.#heard(what);
    this.clock = createEpochClock({ changed, wake, abrupt: reduced });
    this.turning = new Turning({ seed, changed, wake, abrupt: () => still && reduced(), history });
    this.magnifier = createMagnifier({ changed, wake, abrupt: reduced });
    this.coloring = createColoring({ changed, wake });
    this.pointing = createPointing(stages.map((stage) => stage.root));
    this.#images = createPointImages({
      changed: () => {
        this.coloring.soil();
        this.#tell("colors");
      },
      failed: (error) => this.#fail(error),
    });
    this.refresh = this.refresh.bind(this);
    const repaint = () => {
      this.coloring.soil();
      this.#tell("colors");
    };
    this.filtering = createFiltering({
      run: () => this.run,
      saidAt: (at, part) => this.saidAt(at, part),
      changed: repaint,
    });
    this.#ends.push(
      onSelection(repaint),
      onDotChoice(repaint),
      onOtherGround(this.coloring.soil),
      this.filtering.leave,
      whenLeft(root, () => this.dispose()),
    );
    for (const stage of stages) this.#attend(stage);
  }

  /** Hear what is done on a stage. @param {Stage} stage */
  #attend(stage) {
    const { pointing, magnifier } = this;
    const { walked } = this.#given;
    stage.listen({
      picture: () => {
        const now = this.#ready && stage.viewport;
        const second = this.#given.second?.(stage) ?? null;
        if (!now) return null;
        return {
          view: now,
          get positions() {
            return stage.positions;
          },
          visible: stage.visible,
          second,
        };
      },
      tool: () => pointing.tool,
      how: () => pointing.how,
      hover: (index, x, y, second) => this.#given.hovered?.(stage, index, x, y, second),
      of: () => stage.root.getAttribute("aria-label") ?? stage.name,
      walked: walked && ((index, picked) => walked(stage, index, picked)),
      pick: (indices, as) => pointing.pick(this.run.run, stage.points, indices, as),
      zoom: magnifier.about,
      pan: magnifier.pan,
    });
    stage.gd.on("plotly_afterplot", this.refresh);
    register(stage.name, () => this.#inspect(stage));
  }

  /** @param {Change} what @param {unknown} [detail] */
  #tell(what, detail) {
    if (!this.#inHand || what === "error") this.#given.changed(what, detail);
  }

  /** Something that is drawn has changed. @param {Change} what */
  #heard(what) {
    if (what === "epoch" || what === "state" || what === "view") this.#dirty = true;
    const { nearest } = this.clock;
    if (nearest !== this.#nearest && this.coloring.told) this.coloring.soil();
    this.#nearest = nearest;
    this.#loop.wake();
    this.#tell(what);
  }

  /** @param {unknown} error */
  #fail(error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    this.#tell("error", error);
  }

  /** Who hears of the clock of states. */
  #heardOfStates = { changed: (/** @type {"state"|"motion"} */ what) => this.#heard(what), abrupt: reduced };

  /** Keep what is drawn in sight: points, and handles as far as they show; of very many that is not asked for. @param {number} dt seconds, 0 for at once @param {Room|null} [frame] */
  #follow(dt, frame = frameOfStages(this.stages)) {
    const { run, states, seen } = this;
    if (!frame) return;
    const none = !run.axes || hasManyHandles(run);
    const share = none ? 0 : (states?.handles ?? 1);
    const handles = { seen, count: none ? 0 : handlesOf(run).names.length, share };
    this.magnifier.advance(dt, boxInSight(this.#spread(), handles), { ...frame, names: share, reach: reachOf(run) });
  }

  /** Where the points are: while they move some of very many will do, all when they have come to rest. */
  #spread() {
    const { clock, turning, stages } = this;
    const moving = clock.moving || turning.moving || this.#dragging();
    this.#roughly = moving && stages.some((stage) => stage.sampled);
    return moving ? stages.map((stage) => stage.spread) : stages;
  }

  /** Whether the reader has a handle in hand. */
  #dragging = () => this.stages.some((stage) => stage.dragging);

  /** @param {number} dt seconds @returns {boolean} whether something still moves */
  #frame(dt) {
    const shown = this.#shown;
    if (!this.#ready || !shown || this.#inHand) return false;
    const { clock, turning, magnifier, stages } = this;
    const { states } = shown;
    clock.advance(dt, shown.slices.here);
    states?.advance(dt, (at) => shown.slices.here(clock.at, at));
    if (this.coloring.dirty) this.#paint(shown); // first: what is hidden is not kept in sight
    magnifier.pass(dt);
    if (magnifier.following && !magnifier.held && !turning.pulling && !this.#dragging()) this.#follow(dt);
    if (turning.advance(dt, this.#dragging)) this.#dirty = true;
    if (magnifier.moved || stages.some((stage) => stage.askew())) this.#setAxes();
    if (this.#dirty) this.#show(shown);
    const moving = clock.moving || turning.moving || Boolean(states?.moving) || magnifier.going;
    return moving || this.#roughly || this.#dirty;
  }

  #setAxes() {
    const { x, y, k } = this.magnifier.zoom;
    this.magnifier.settle();
    for (const stage of this.stages) stage.frameOn(x, y, reachOf(this.run) / k);
    this.#dirty = true;
  }

  /** @param {Shown} shown */
  #paint({ said }) {
    const { coloring, run, filtering } = this;
    const chosen = selectedIds(run.run);
    const classes = hasClassHandles(run);
    const before = this.shaded;
    const painted = this.stages.map((stage) => {
      const known = coloring.told ? this.#toldOf(stage, said) : null;
      return coloring.paint(stage.points, known, run.classes.length, chosen, filtering.maskOf(stage));
    });
    this.#drawn = Math.max(0, ...painted.map(({ order }) => order.length));
    const { shaded, projected } = this;
    for (const [i, stage] of this.stages.entries()) {
      const made = painted[i];
      stage.paint(made.palette, made.ids, made.visible, made.order, { shaded, projected });
      stage.dimHandles((c) => classes && coloring.recedes(c));
      if (hasManyHandles(run)) stage.colorHandles((c) => (classes ? coloring.colorOf(c) : null));
    }
    this.#choosing.anew();
    coloring.clean();
    this.#dirty = true;
    if (shaded !== before) this.#tell("colors"); // by how many are drawn now
  }

  /** Project and draw every stage; keeps the old picture until the data of the new one is here. @param {Shown} shown */
  #show(shown) {
    const { run, seen, stages } = this;
    const here = shown.slices.here(this.epoch);
    if (here === this.#waiting) {
      this.#waiting = !here;
      this.#tell("loading", this.#waiting);
    }
    if (here) this.#project(shown);
    else shown.slices.fetch(this.epoch).then((come) => come && this.#come());
    if (here && hasManyHandles(run)) this.#choosing.look(this);
    for (const stage of stages) {
      stage.draw(seen, imageSize(), run.p);
      this.#given.drawn?.(stage);
    }
    this.#dirty = false;
    if (!here || !this.#afterPicture) return;
    const then = this.#afterPicture;
    this.#afterPicture = null;
    then();
  }

  /** @param {Shown} shown */
  #project({ tensors, states }) {
    const { stages, magnifier } = this;
    projectStages(stages, tensors, states, this.epoch, this.turning, this.clock.playing);
    if (magnifier.following && this.#afterPicture) this.#follow(0);
  }

  /** What was waited for is here. */
  #come() {
    if (this.coloring.told) this.coloring.soil();
    this.refresh();
  }

  /**
   * Show a run. Keeps epoch, frame and classes where they fit.
   *
   * @param {Tensors} tensors
   * @param {Stage[]} stages those of the given stages whose split the run has, see `Stage.splitOf`
   * @param {number} start index of the first epoch to show
   * @param {Float64Array|null} matrix of no use to a flat picture
   * @param {number} [state] of an aligned network, where to begin
   */
  async load(tensors, stages, start, matrix, state = 0) {
    const mine = ++this.#generation;
    this.#inHand = false;
    this.#close();
    this.#images.begin();
    const run = tensors.announcement;
    const splits = stages.map((stage) => stage.splitOf(run));
    const { states, points } = await openRun(tensors, splits, start, state, this.#heardOfStates);
    if (mine !== this.#generation) return;
    this.#ready = false;
    stages.forEach((stage, i) => (stage.split = splits[i]));
    this.stages = stages;
    this.#shown = this.#wire(tensors, splits, states);
    this.#begin(run, start, matrix);
    const framed = await Promise.all(stages.map((stage, i) => this.#fill(stage, points[i])));
    if (mine !== this.#generation) return;
    this.magnifier.settle(!framed.every(Boolean));
    this.#ready = true;
    this.coloring.soil();
    if (this.#images.on) await this.setImages(true);
    this.#afterPicture = () => this.#fetchRest();
    this.refresh();
    for (const what of /** @type {Change[]} */ (["epoch", "state", "view", "colors", "motion", "zoom"]))
      this.#tell(what);
  }

  /** @param {Tensors} tensors @param {string[]} splits @param {import("./states.mjs").States|null} states @returns {Shown} */
  #wire(tensors, splits, states) {
    const failed = (/** @type {unknown} */ error) => this.#fail(error);
    const slices = createSlices({ tensors, splits, states, wake: this.#loop.wake, failed });
    const arrived = () => {
      if (this.coloring.told || this.filtering.waits) this.coloring.soil();
      this.filtering.again();
      this.#tell("said");
    };
    const said = createSaid({
      tensors,
      arrived,
      failed,
      waits: () => !slices.streams,
      ahead: () => this.clock.playing,
    });
    return { tensors, states, slices, said };
  }

  /** @param {Announcement} run @param {number} start @param {Float64Array|null} matrix */
  #begin(run, start, matrix) {
    this.clock.begin(run.epochs, start);
    this.#nearest = this.clock.nearest;
    this.turning.begin(run.p, run.axes ? (matrix ?? homeFrame(run)) : null);
    this.magnifier.begin();
    this.coloring.begin(run);
  }

  /** @param {Stage} stage @param {import("./stage.mjs").Points} points */
  #fill(stage, points) {
    const { run, turning } = this;
    const { names, colors } = handlesOf(run);
    const events = {
      start: () => turning.take(),
      move: (/** @type {number} */ i, /** @type {number} */ x, /** @type {number} */ y) => turning.drag(i, x, y),
      end: this.#loop.wake,
      hold: (/** @type {boolean} */ held) => turning.hold(held),
    };
    return stage.load(points, names, colors, events, reachOf(run));
  }

  /** The first picture is there: what it did not need. */
  #fetchRest() {
    performance.mark("gt-first-picture");
    const shown = /** @type {Shown} */ (this.#shown);
    shown.slices.stream(
      () => this.epoch,
      (at) => {
        if (this.#waiting && Math.abs(at - this.epoch) < 1) this.#dirty = true;
        this.#loop.wake();
        this.#tell("loading", this.#waiting);
      },
    );
    if (this.coloring.told || this.filtering.waits) this.coloring.soil();
    this.filtering.again();
    this.#tell("said");
  }

  get run() {
    return /** @type {Announcement} */ (this.#shown?.tensors.announcement);
  }
  get tensors() {
    return /** @type {Tensors} */ (this.#shown?.tensors);
  }
  get ready() {
    return this.#ready;
  }
  /** An index into the run's epochs, with a fraction. */
  get epoch() {
    return this.clock.at;
  }
  get playing() {
    return this.clock.playing;
  }
  /** Whether what the picture of now is made of has not come yet: what is drawn is an older one. */
  get waiting() {
    return this.#waiting;
  }
  get matrix() {
    return this.turning.matrix;
  }
  /** (p, 2), row-major: the columns of the frame that are seen. */
  get seen() {
    return this.turning.seen;
  }
  get touring() {
    return this.turning.touring;
  }
  /** Whether there is nothing to turn. */
  get flat() {
    return this.turning.flat;
  }
  /** Groups that are not drawn. */
  get hidden() {
    return this.coloring.hidden;
  }
  /** The clock of states, of a network that has been aligned. */
  get states() {
    return this.#shown?.states ?? null;
  }
  get imagesOn() {
    return this.#images.on;
  }
  /** Points of the stage that has most. */
  get most() {
    return Math.max(0, ...this.stages.map(({ points }) => points.n));
  }
  /** Whether dots are shaded by density: on all stages alike, so that they can be compared. */
  get shaded() {
    return !this.imagesOn && shades(this.#drawn);
  }
  /** Whether points are projected on the graphics card; what a network's states show is put together here. */
  get projected() {
    return !this.imagesOn && !this.states && onCard(this.most, this.run.p);
  }
  /** Points that are drawn in the stage that has most of them. */
  get drawn() {
    return this.#drawn;
  }

  /** @param {Stage} stage @returns {import("./said.mjs").Predictions|null} at the epoch nearest to now; null until it is here */
  predictionsOf(stage) {
    return this.#shown?.said.of(stage.split, this.clock.nearest) ?? null;
  }

  /** @param {Stage} stage @returns {import("../points/values.mjs").Given|null} what `predictionsOf` is where points have no one class */
  givenOf(stage) {
    return this.#shown?.said.given(stage.split, this.clock.nearest) ?? null;
  }

  /** What the network says of a stage's points, of whatever task; null until it is here. @param {Stage} stage @returns {import("../points/colorings.mjs").Said|null} */
  saidOf(stage) {
    const given = this.givenOf(stage);
    return this.predictionsOf(stage) ?? (given && { ...NOTHING, given });
  }

  /** Points of the splits that are shown, each once: two runs have the same. @returns {import("./filtering.mjs").Part[]} */
  get parts() {
    return this.#shown && this.run.two ? this.stages.slice(0, 1) : this.stages;
  }
  /** Index of the epoch that is nearest to what is shown. */
  get nearest() {
    return this.clock.nearest;
  }

  /** What the network says of a split's points at the epoch of an index; null until it is here, which is told. @param {number} at @param {import("./filtering.mjs").Part} part */
  saidAt(at, { split }) {
    const said = this.#shown?.said;
    const given = said?.given(split, at);
    return said?.of(split, at) ?? (given ? { ...NOTHING, given } : null);
  }

  /** What colours go by. @param {Stage} stage @param {import("./said.mjs").Said} said @returns {import("../points/colorings.mjs").Said|null} */
  #toldOf(stage, said) {
    if (hasClasses(this.run)) return this.predictionsOf(stage) ?? said.lastOf(stage.split);
    const given = this.givenOf(stage) ?? said.lastGivenOf(stage.split);
    return given && { ...NOTHING, given };
  }

  /**
   * Each state in its own axes, or all in those that they share.
   *
   * @param {boolean} on
   * @param {boolean} [there] whether the frame is one of that kind already, as it came in a link
   */
  setNaive(on, there = false) {
    if (!this.states || this.states.naive === on) return;
    const become = this.states.setNaive(on);
    this.turning.become(there ? null : become);
    this.refresh();
  }

  /**
   * Take hold of some points, to pull them by `turning.pullTo`.
   *
   * @param {import("./turning.mjs").Mode} mode @param {Stage} stage @param {number[]} indices
   * @returns {boolean} whether they can be pulled
   */
  pullPoints(mode, stage, indices) {
    const { states, epoch } = this;
    const { n } = stage.points;
    if (this.flat || !this.#shown?.slices.here(epoch)) return false;
    const rows = states ? states.rows(this.tensors, stage.split, epoch, n) : rowsOf(this.tensors, stage.split, epoch, n); // prettier-ignore
    return this.turning.pull(mode, rows, n, indices);
  }

  /** All handles equally long, everything in sight. */
  reset() {
    if (this.flat) return;
    this.turning.lookAt(homeFrame(this.run));
    this.fit();
  }
  /** All that is drawn in sight, and kept so. */
  fit() {
    this.magnifier.follow();
  }

  /** Show points as their images. @param {boolean} on @returns {Promise<void>} */
  setImages(on) {
    return this.#images.set(on, this.tensors, this.stages);
  }

  /** Draw the same picture once more: what lies above it has changed. */
  refresh() {
    this.#dirty = true;
    this.#loop.wake();
  }
  /** Draw now, for whoever reads the canvases in this very task: images are not kept longer. */
  redraw() {
    const shown = /** @type {Shown} */ (this.#shown);
    if (this.coloring.dirty) this.#paint(shown);
    this.#show(shown);
  }
  /** Take time in hand: nothing moves by itself from now on, and pictures are made one by one, which the stages do not draw. */
  takeTime() {
    const shown = /** @type {Shown} */ (this.#shown);
    this.#inHand = true;
    return timeInHand(this, {
      ...shown,
      follow: (dt, frame) => this.#follow(dt, frame),
      paint: () => this.#paint(shown),
      release: () => {
        this.#inHand = false;
        this.coloring.soil();
        this.refresh();
        for (const what of /** @type {Change[]} */ (["epoch", "state", "view", "motion", "zoom"])) this.#tell(what);
      },
    });
  }
  /** What a box of another size shows of a stage, as the magnifier has it. @param {{left: number, top: number, width: number, height: number}} box px @returns {import("../points/viewport.mjs").Viewport} */
  viewIn(box) {
    const { x, y, k } = this.magnifier.zoom;
    return viewAround(box, x, y, reachOf(this.run) / k);
  }
  /** End lassos and boxes under way. @returns {boolean} whether there was one */
  cancelGesture() {
    return this.stages.map((stage) => stage.cancelGesture()).some(Boolean);
  }

  /** @param {Stage} stage */
  #inspect(stage) {
    if (!this.#ready) throw new Error(`inspect: stage "${stage.name}" shows no run yet`);
    const { run, states, clock, turning, matrix } = this;
    const layer = states ? states.note.states[states.nearest].name : run.layer;
    const playing = clock.moving || turning.moving || Boolean(states?.moving);
    const { points, positions, way } = stage;
    const { p, radius } = run;
    return {
      ...inspection({
        run: run.run, layer, epoch: clock.number, playing, points, p, matrix, positions, radius, loop: this.#loop, ...way,
      }),
      ...(states && { state: states.position, naive: states.naive, handles: states.handles }),
      radius,
      images: stage.imagesOn,
      waiting: this.#waiting,
      bytes: this.tensors.bytes,
      ...this.#given.told?.(stage),
    }; // prettier-ignore
  }

  /** Nothing is heard any more of the run that is shown. */
  #close() {
    this.#shown?.slices.close();
    this.#shown?.said.close();
    this.#shown?.tensors.close();
  }

  dispose() {
    this.#generation++;
    this.#loop.stop();
    this.turning.leave();
    for (const end of this.#ends) end();
    this.#close();
    for (const stage of this.#given.stages) {
      unregister(stage.name);
      stage.dispose();
    }
  }
}

// @ts-check
/**
 * A page of pictures (`/grand-tour`, `/tsne`, `/umap`, `/embedding`): the controls around one stage or two that share one tour, or show a
 * picture that is flat already. What a page has beyond that it says by overriding (`layers.mjs`, `adversarial.mjs`).
 */

import { groupNames, hasClasses } from "../data/groups.mjs";
import { canGrow, ownCopy } from "../data/growth.mjs";
import { nearestEpoch } from "../data/epochs.mjs";
import { clockOf, openTensors } from "../data/tensors.mjs";
import { history } from "../state/history.mjs";
import { selectedIds } from "../state/selection.mjs";
import { readLink } from "../state/link.mjs";
import { liveRun, liveSoon } from "../state/live.mjs";
import { part } from "../core/dom.mjs";
import { forgetUnread } from "../core/unread.mjs";
import { plotted, setProps } from "../core/dash.mjs";
import { here } from "../core/here.mjs";
import { reduced } from "../core/motion.mjs";
import { leave, leftAt, tellProblem } from "../core/page.mjs";
import { createEpochSlider, createSpeedSlider } from "../charts/epoch_slider.mjs";
import { createTelling } from "../meter/telling.mjs";
import { coloringNames } from "../points/colorings.mjs";
import { dotOpacity, dotSize } from "../points/dot_look.mjs";
import { showKey } from "../points/legend.mjs";
import { groupColors } from "../points/palette.mjs";
import { canProject } from "../gl/cloud.mjs";
import { SHADED, aloneOpacity, shades } from "../points/shading.mjs";
import { toLeft, toTop } from "../points/viewport.mjs";
import { createFindView } from "../stage/find_view.mjs";
import { hiddenBut, showNamedViews, spreadColumns } from "../stage/named_views.mjs";
import { Stage } from "../stage/stage.mjs";
import { TourView } from "../stage/tour_view.mjs";
import { firstTool } from "../stage/pointing.mjs";
import { createFinding } from "./finding.mjs";
import { KEYS } from "./keys.mjs";
import { createRunAddress, groupAsked, hiddenAsked, selectAsked } from "./links.mjs";
import { createNearby } from "./nearby.mjs";
import { chosenColoring, offerColorings } from "./offered_colorings.mjs";
import { PointsPage } from "./points_page.mjs";
import { createTourGroups } from "./tour_groups.mjs";
import { createFigures, nameSplits, nameStages, titleOf } from "./stage_headings.mjs";
import { tellStage } from "./stage_words.mjs";
import { showFirstView, tourActions } from "./tour_actions.mjs";
import { createStoried } from "./storied.mjs";
import { frameOf, linkTo, resume, tellLack } from "./tour_link.mjs";
import { sayUnit } from "./units.mjs";
import { watchTour } from "./watching_tour.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../stage/named_views.mjs").NamedView} NamedView
 * @typedef {import("../stage/tour_view.mjs").Change} Change
 * @typedef {import("../payloads.mjs").PageMount} Mount
 * @typedef {import("../points/pens.mjs").Pen} Pen
 * @typedef {import("../points/viewport.mjs").Viewport} Viewport
 * @typedef {import("../picture/look.mjs").Look} Look
 * @typedef {{run: string, layer: string, query: string}} Left how a page was left
 * @typedef {{pictures?: Node|null, more?: [string, string][]}} MoreOfPoint
 */

const LIVE_SOON_MS = 400; // to wait for what is said of runs that are being recorded, before the first picture

/** What there is to do only where a picture can be turned. */
const TURNING = new Set(["tour", "reseed", "random", "reset", "matrix"]);

/** @extends {PointsPage<Stage>} */
export class TourPage extends PointsPage {
  /** whether nothing was shown yet */
  #fresh = true;
  /** whether what is shown is what was asked for */
  #settled = false;
  #resting = false;
  /** what was announced last, as text */
  #announced = "";
  /** the epoch that the selection's panel is of */
  #panelAt = -1;
  /** @type {[NamedView, number]|null} a view to go to when its layer has come */
  #next = null;
  #figures;
  /** the form that asks for a view @type {ReturnType<typeof createFindView>|null} */
  #form = null;
  #slider;
  #still;

  /** Keys that it hears. @type {import("../core/keys.mjs").KeyRow[]} */
  static keys = [
    KEYS.play, KEYS.step, KEYS.tour, KEYS.whole, KEYS.stop, KEYS.random, KEYS.reseed, KEYS.reset, KEYS.fit, KEYS.undo,
    KEYS.tool, KEYS.clear, KEYS.images, KEYS.search, KEYS.group, KEYS.tell,
  ]; // prettier-ignore

  /**
   * @template {typeof TourPage} T
   * @this {T}
   * @param {HTMLElement} root @param {HTMLElement[]} roots of the stages @param {Mount} mount
   * @returns {Promise<InstanceType<T>>}
   */
  static async open(root, roots, mount) {
    const stages = await Promise.all(
      roots.map(async (one) => {
        const { gd, Plotly } = await plotted(one);
        return new Stage(one, gd, Plotly, /** @type {string} */ (one.dataset.gtSplit));
      }),
    );
    const page = new this(root, stages, mount);
    page.hear(this.keys);
    return /** @type {InstanceType<T>} */ (page);
  }

  /** @param {HTMLElement} root @param {Stage[]} stages all that the page has @param {Mount} mount */
  constructor(root, stages, mount) {
    super(root, () => this.view);
    const query = new URLSearchParams(here().location.search);
    this.mount = mount;
    this.all = stages;
    this.#still = query.get("play") === "0" || reduced();
    this.view = new TourView({
      root,
      stages,
      seed: Number(query.get("seed") ?? 1) || 0,
      still: this.#still,
      changed: (what, detail) => this.changed(what, detail),
      hovered: (stage, index, x, y, second) => this.hovered(stage, index, x, y, second),
      second: (stage) => this.second(stage),
      walked: (stage, index, picked) => this.walked(stage, index, picked),
      drawn: (stage) => this.drawn(stage),
      told: (stage) => this.inspected(stage),
    });
    const { clock, turning } = this.view;
    this.telling = createTelling(root, this.view, stages);
    this.#slider = createEpochSlider(this.part("epoch"), { seek: (index) => clock.seek(index), spaced: clock.space });
    createSpeedSlider(this.part("speed"), (factor) => turning.setSpeed(factor));
    this.#figures = createFigures(this.view, (stage) => this.figures(stage));
    this.watching = watchTour(this);
    Object.assign(this.actions, tourActions(this));
    for (const stage of stages) this.#describe(stage);
    const stands = () => this.#settled && !this.view.clock.gliding; // on its way somewhere, the address says where to
    this.address = createRunAddress(this, mount.base, () => (stands() ? new URLSearchParams(this.link()) : null), () => this.view.run); // prettier-ignore
    this.nearby = createNearby(this);
    this.finding = mount.ids.question
      ? createFinding(
          root,
          this.view,
          mount.ids.question,
          (question) => this.asked(question),
          (text, busy) => this.#form?.tell(text, busy),
        )
      : null;
    this.onLeave(() => this.finding?.leave());
    this.grouped = createTourGroups(this, stages, this.pullsSelection);
    this.storied = createStoried(this);
    this.onLeave(() => this.#keep());
    this.actions.tool(firstTool());
    this.actions.how("new");
  }

  // ---- what other pages say instead

  /** A stage was drawn. @param {Stage} stage */
  drawn(stage) {
    this.telling.drawn(stage);
    if (stage.walking >= 0) stage.ring(stage.walking);
    this.grouped?.draw(stage);
    this.nearby?.drawn();
    this.storied?.drawn();
    this.address.later();
  }
  /** Index of the epoch at which to begin, where nothing says another: the newest of a run that is being recorded. @param {Announcement} run */
  firstEpoch(run) {
    return canGrow(run) && liveRun(run.run)?.live ? run.epochs.length - 1 : 0;
  }
  /** The state at which an aligned network begins. @param {string} _query @param {Announcement} _run @returns {number|undefined} */
  firstState(_query, _run) {
    return undefined;
  }
  /** Classes whose handles are spread over the picture at first; none for all. @param {Announcement} _run @returns {number[]} */
  firstHandles(_run) {
    return [];
  }
  /** It is going over to another view of the same picture, of which the page says more. @param {URLSearchParams} _query of that view */
  becoming(_query) {}
  /** A run is there. @param {Announcement} _run @param {string} _query that it was opened by */
  shown(_run, _query) {}
  /** What views can be found of. @param {Announcement} run @returns {{states: string[], gap: boolean}} */
  findable(run) {
    return {
      states: [run.layer],
      gap: hasClasses(run) && run.classes.length > 1 && Object.keys(run.splits).length > 1,
    };
  }
  /** A view is asked for. @param {import("./finding.mjs").Question} _question */
  asked(_question) {}
  /** It is new, and may move by itself. */
  begin() {
    this.view.turning.tour(true);
    if (!(this.watching.live && this.view.clock.newest)) this.view.clock.play(true);
  }
  /** What is added to a link. @returns {Record<string, string>} */
  linked() {
    return {};
  }
  /** Whether what is selected can be pulled, without being made a group. */
  get pullsSelection() {
    return false;
  }
  /** What a file of the page is of. @returns {import("./page_file.mjs").Of} */
  get inFile() {
    const { run, layer } = this.view.run;
    return { run, layer };
  }
  /** What is shown, for people. */
  get what() {
    const { run, states } = this.view;
    if (run.embedding) return titleOf(run, this.mount.ids.layer);
    return states ? states.note.states[states.nearest].name : run.layer;
  }
  /** Whether what is shown is what was asked for. */
  get settled() {
    return this.#settled;
  }
  /** Show what the page's line on what to look for speaks of. */
  showMe() {
    showFirstView(this);
  }
  /** What is known here of a stage, for `inspect`. @param {Stage} stage @returns {object} */
  inspected(stage) {
    return this.telling.inspect(stage);
  }
  /** The stages that are seen, for a picture of them. */
  get seenStages() {
    return this.view.stages;
  }
  /** What stands in a stage's heading instead of how many are correct; null while it is not known. @param {Stage} _stage @returns {string|null|undefined} */
  figures(_stage) {
    return undefined;
  }
  /** What the hover card says besides. @param {Stage} _stage @param {number} _index @returns {MoreOfPoint} */
  moreOf(_stage, _index) {
    return {};
  }

  // ---- a picture of it, for whoever takes it away

  /** Draw what lies between the points and the handles. @param {Stage} _stage @param {Pen} _pen @param {Viewport} _at @param {Look} _look */
  paintBetween(_stage, _pen, _at, _look) {}
  /** Draw what lies above the handles. @param {Stage} stage @param {Pen} pen @param {Viewport} at @param {Look} look @param {import("../points/labels.mjs").Around} around what the handles have drawn */
  paintAbove(stage, pen, at, look, around) {
    this.grouped.paint(stage, pen, at, look, around);
    this.storied.paint(stage, pen, at, look);
  }

  // ---- what the view says

  /** @param {Change} what @param {unknown} [detail] */
  changed(what, detail) {
    if (what === "error") return tellProblem(detail);
    if (what === "loading") this.part("loading").textContent = detail ? `Fetching this ${clockOf(this.view.run)}…` : "";
    if (what === "epoch") this.#showEpoch();
    if (what === "motion") this.#showMotion();
    if (what === "colors") this.#showColors();
    if (what === "zoom") this.#showZoom();
    if (what !== "said") return;
    this.#figures.show();
    this.later();
    this.again();
  }

  #showEpoch() {
    const { clock } = this.view;
    this.#slider.show(clock.at, clock.number);
    this.watching.moved();
    this.#figures.show();
    if (this.#panelAt !== clock.nearest) this.later();
  }
  #showMotion() {
    const { playing, touring } = this.view;
    this.press("play", playing, playing ? "pause-fill" : "play-fill");
    this.press("tour", touring, touring ? "pause-fill" : "play-fill");
    this.part("loading").setAttribute("aria-live", playing ? "off" : "polite");
    this.address.later();
  }
  #showColors() {
    this.#showKey();
    this.mark("points", this.view.imagesOn ? "images" : "dots");
    this.later();
  }
  #showZoom() {
    const { magnifier } = this.view;
    for (const button of this.buttons("zoom")) {
      button.hidden = !magnifier.zoomed;
      const text = button.querySelector("span");
      if (text) text.textContent = "Fit again"; // by how much it is magnified says nothing: the picture follows its points
    }
  }

  /** @param {boolean} said */
  sources(said) {
    this.#panelAt = this.view.clock.nearest;
    return this.view.stages.map((stage) => {
      return {
        split: stage.split,
        points: stage.points,
        said: said ? this.view.predictionsOf(stage) : null,
        given: said ? this.view.givenOf(stage) : null,
      };
    });
  }
  refreshed() {
    this.enable("csv", selectedIds(this.view.run.run).size > 0);
    this.#tellStages();
    if (this.view.coloring.by === "groups") this.#showKey();
    this.grouped.refresh();
    this.nearby?.refreshed();
  }

  told() {
    return this.view.stages.map((stage) => tellStage(this, stage)).join(" ");
  }
  /** Describe a stage to those who hear it, anew whenever it gets the focus. @param {Stage} stage */
  #describe(stage) {
    const text = part(stage.root, "told");
    text.id = `${stage.name}-told`;
    part(stage.root, "touch").setAttribute("aria-describedby", text.id);
    stage.root.addEventListener("focusin", () => (text.textContent = tellStage(this, stage)), { capture: true });
  }
  /** Say in the stages, where it can be read, what they show, now that they rest. */
  #tellStages() {
    if (!this.view.ready || this.view.playing || this.view.touring) return;
    for (const stage of this.view.stages) part(stage.root, "told").textContent = tellStage(this, stage);
  }
  /** What colours mean, where the legend does not say it. */
  #showKey() {
    const { coloring, shaded } = this.view;
    showKey(this.part("key"), coloring.key, shaded ? SHADED : "");
  }
  dots() {
    const { most: n, drawn, run, states, projected } = this.view;
    const shaded = shades(drawn);
    const card = states ? null : { on: projected, able: canProject(n, run.p) };
    return { size: dotSize(n), opacity: shaded ? aloneOpacity() : dotOpacity(n), shaded, card };
  }

  /** More is known of what the headings say. */
  refigure() {
    this.#figures.forget();
    this.#figures.show();
  }

  // ---- what the pointer does

  /** What lies over a stage's own points, and is pointed at like them. @param {Stage} _stage @returns {import("../points/hits.mjs").Cloud|null} */
  second(_stage) {
    return null;
  }
  /** @param {Stage} stage @param {number} index -1 for no point @param {number} x @param {number} y @param {boolean} [_second] */
  hovered(stage, index, x, y, _second) {
    this.hover.show(stage, index, x, y);
    stage.ring(index);
  }
  /** Point at a point, as the pointer does. @param {Stage} stage @param {number} index -1 for none */
  point(stage, index) {
    const at = stage.viewport;
    if (index < 0 || !at) return this.hovered(stage, -1, 0, 0);
    this.hovered(stage, index, toLeft(at, stage.positions[2 * index]), toTop(at, stage.positions[2 * index + 1]));
  }
  /** More is known of the point that is pointed at. */
  again() {
    this.hover.again();
  }

  /** @param {Stage} stage @param {number} index */
  describe(stage, index) {
    const { run, clock } = this.view;
    if (!stage.viewport) return null;
    const of = this.aboutPoint(stage.points, stage.split, index, this.view.saidOf(stage));
    const { more = [], ...besides } = this.moreOf(stage, index);
    const about = {
      ...of,
      epoch: run.epochs[clock.nearest],
      clock: clockOf(run),
      ...besides,
      more: [...of.more, ...more],
    };
    return { about, box: stage.gd.getBoundingClientRect() };
  }

  // ---- keys, links, named views

  /** @param {string} action */
  meant(action) {
    return action === "play" && this.telling.busy ? "stop-play" : action;
  }
  /** @param {string} action */
  possible(action) {
    return super.possible(action) && this.view.ready && !this.#resting && !(this.view.flat && TURNING.has(action));
  }

  /** The view as a link, but for the selection, which is one for all pages. @param {boolean} [framed] whether it says where the handles are */
  link(framed = true) {
    return linkTo(
      this.view,
      { ...this.linked(), ...this.telling.link(), ...this.nearby?.link(), ...this.grouped.link() },
      framed,
    );
  }

  /** Keep how the page was left. */
  #keep() {
    const { ready, run } = this.view;
    if (ready) leave(this.mount.page, { run: run.run, layer: run.layer, query: this.link() });
  }

  /** @param {NamedView} named @param {number} epoch @param {number} [stop] which of its buttons */
  goTo(named, epoch, stop = 0) {
    this.telling.naming(named, stop);
    const { run, clock, turning } = this.view;
    if (run.layer !== named.layer) {
      this.#next = [named, epoch]; // once that layer is here
      return setProps(this.mount.ids.layer, { value: named.layer });
    }
    clock.play(false);
    history.together(() => {
      this.hide(hiddenBut(named.show, run.classes));
      turning.lookAlong(spreadColumns(run.p, named.handles.map((name) => run.classes.indexOf(name)))); // prettier-ignore
    });
    clock.seek(nearestEpoch(run.epochs, epoch), true);
  }

  // ---- what Dash calls

  /** @param {import("../points/colorings.mjs").ColorBy} color @param {number} pace epochs a second */
  chooseLook(color, pace) {
    const { clock, coloring, ready } = this.view;
    clock.setRate(pace);
    if (ready && color !== coloring.by) coloring.colorBy(color);
  }

  /** Nothing is to be shown for now: stand still, hear no keys. */
  rest() {
    this.#resting = true;
    if (!this.view.ready) return;
    this.view.clock.play(false);
    this.view.turning.tour(false);
  }

  /** Epochs have come since, which are shown like the others. */
  grown() {
    const { run } = this.view;
    this.#slider.setEpochs(run.epochs, clockOf(run));
    this.#showEpoch();
  }

  /** @param {Announcement} announced */
  async show(announced) {
    const { view, telling } = this;
    const said = JSON.stringify(announced);
    if (said === this.#announced && this.#settled && !this.#resting) return; // told again, as when a browser goes back: what glides goes on
    this.#announced = said;
    const run = ownCopy(announced);
    [this.#resting, this.#settled] = [false, false];
    if (this.#fresh) await liveSoon(LIVE_SOON_MS);
    const stages = this.#stagesFor(run);
    const same = view.ready && view.run.run === run.run;
    const whole = same && Number.isInteger(view.clock.number);
    const { query, link, back } = this.#queryFor(run, same);
    const asked = readLink(query, run.axes && run.p, coloringNames(run));
    if (!link) forgetUnread();
    tellLack(run, asked);
    this.#dress(run, stages);
    const near = asked.epoch === null ? this.firstEpoch(run) : nearestEpoch(run.epochs, asked.epoch);
    const start = whole ? Math.round(near) : near; // another method may have but every second epoch
    try {
      const spread = this.firstHandles(run);
      const frame = frameOf(asked.columns ?? (spread.length ? spreadColumns(run.p, spread) : null), run.p);
      const tensors = openTensors(run, this.mount.base);
      this.images.begin(onlyShown(run, stages), (split) => tensors.part(split, "images"));
      await view.load(tensors, stages, Math.floor(start), frame, this.firstState(query, run));
    } catch (error) {
      return tellProblem(error);
    }
    if (view.run !== run) return; // another run was asked for meanwhile
    if (start % 1) view.clock.seek(start);
    await this.#restore(asked, link);
    telling.shown();
    const mayMove = this.#fresh && !this.#still && !back;
    this.shown(run, query);
    this.#offerViews(run);
    this.nearby?.shown(query);
    this.grouped.shown(query);
    if (!same) telling.restore(query);
    if (mayMove && asked.motion) resume(view, asked.motion);
    else if (mayMove && asked.epoch === null) this.begin();
    this.#settle(run);
  }

  /** The stages that a run has points for; the others are hidden. @param {Announcement} run */
  #stagesFor(run) {
    const stages = this.all.filter((stage) => run.splits[stage.splitOf(run)]);
    for (const stage of this.all) stage.root.hidden = !stages.includes(stage);
    this.root.dataset.gtFlat = run.axes ? "no" : "yes";
    return stages;
  }

  /** What says how a run is to be shown: what is shown now, else the address, else how the page was left. @param {Announcement} run @param {boolean} same */
  #queryFor(run, same) {
    const before = /** @type {Left|null} */ (leftAt(this.mount.page));
    const link = !same && this.#fresh ? here().location.search : "";
    const back = !same && !link && before?.run === run.run && before.layer === run.layer ? before.query : "";
    return { query: same ? this.link(this.view.run.p === run.p) : link || back, link, back };
  }

  /** Dress the page for a run. @param {Announcement} run @param {Stage[]} stages */
  #dress(run, stages) {
    this.#figures.forget();
    nameStages(stages, run, titleOf(run, this.mount.ids.layer));
    if (this.mount.page === "grand-tour") nameSplits(stages, run);
    this.root.dataset.gtOpened = String(run.opened); // no network, and no layers of one
    this.root.dataset.gtStill = String(run.opened && run.epochs.length === 1); // nothing to play
    this.showLegend(run, groupNames(run), groupColors(run));
    offerColorings(this.mount.ids.color, run);
    this.#slider.setEpochs(run.epochs, clockOf(run));
    sayUnit(this.root, clockOf(run));
    const go = (/** @type {[NamedView, number, number]} */ ...to) => this.goTo(...to);
    if (this.root.querySelector('[data-gt-part="views"]'))
      showNamedViews(this.part("views"), this.part("view-text"), run.views ?? [], go, clockOf(run));
  }

  /** Have views asked for; what was asked before was another picture's. @param {Announcement} run */
  #offerViews(run) {
    const { finding } = this;
    if (!finding) return;
    finding.forget();
    const { classes, epochs } = run;
    const of = { classes, plain: hasClasses(run), epochs, clock: clockOf(run), ...this.findable(run) };
    this.#form = createFindView(this.part("find"), { ...of, ask: finding.ask });
  }

  /** Colours, hidden groups, images and selection, as a link says. @param {ReturnType<typeof readLink>} asked @param {string} link */
  async #restore(asked, link) {
    const { coloring, run } = this.view;
    const color = /** @type {import("../points/colorings.mjs").ColorBy|null} */ (asked.color);
    coloring.setHidden(hiddenAsked(asked, groupNames(run).length));
    if (this.#fresh && color) setProps(this.mount.ids.color, { value: color });
    const chosen = color ?? chosenColoring(this.mount.ids.color, run); // it may have been while nothing was shown yet
    if (chosen) coloring.colorBy(chosen);
    if (asked.images) await this.view.setImages(true);
    if (asked.zoom) this.view.magnifier.set(asked.zoom);
    else if (asked.sight) this.view.magnifier.put(asked.sight, true);
    if (!link) return;
    await groupAsked(this.mount.base, run, asked.groups); // before filters, which may speak of them
    await selectAsked(this.mount.base, run.run, asked);
  }

  /** A run is there, whole. @param {Announcement} run */
  #settle(run) {
    [this.#fresh, this.#settled] = [false, true];
    this.address.later();
    leave(this.mount.page, { run: run.run, layer: run.layer, query: "" });
    if (!run.attack) setProps(this.mount.ids.chosenRun, { data: run.run }); // the other pages show no attacks
    this.refresh();
    this.storied.settled();
    this.watching.now();
    if (!this.#next) return;
    const [named, epoch] = this.#next;
    this.#next = null;
    this.goTo(named, epoch);
  }
}

/** The splits of a run that are shown. @param {Announcement} run @param {Stage[]} stages */
function onlyShown(run, stages) {
  const names = stages.map((stage) => stage.splitOf(run));
  return Object.fromEntries(names.map((name) => [name, run.splits[name]]));
}

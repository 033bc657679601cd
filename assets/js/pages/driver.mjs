// @ts-check
/**
 * What drives a page of pictures (`/grand-tour`, `/tsne`, `/umap`): the controls around one stage or two
 * that share one tour, or show a picture that is flat already. Buttons say what they want by
 * `data-gt-action`; keys do the same things.
 *
 * Longer than our files are, because it only wires: every control, once, to the view; each widget it wires
 * has a file of its own.
 */

import { UNDECIDED } from "../data/predictions.mjs";
import { clockOf, openTensors } from "../data/tensors.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { completeFrame } from "../tour/frame.mjs";
import { createCard } from "../points/card.mjs";
import { count, part, percent, toast } from "../core/dom.mjs";
import { createEpochSlider, createSpeedSlider } from "../charts/epoch_slider.mjs";
import { createLegend, showKey } from "../points/legend.mjs";
import { readLink, writeLink } from "../state/link.mjs";
import { whenLeft } from "../core/loop.mjs";
import { showNamedViews, spreadColumns } from "../stage/named_views.mjs";
import { showSelection } from "../points/selection_panel.mjs";
import { groupColors } from "../points/palette.mjs";
import { createStage } from "../stage/stage.mjs";
import { createTelling } from "../meter/telling.mjs";
import { copy, numpyText, picture, save } from "../stage/take_away.mjs";
import { createTourView, reduced } from "../stage/tour_view.mjs";
import { toLeft, toTop } from "../points/viewport.mjs";
import { plotted, setProps } from "./dash.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../stage/named_views.mjs").NamedView} NamedView
 * @typedef {{page: string, ids: Record<string, string>, base: string}} Mount see gt/state.py
 * @typedef {object} Buttons how the page's buttons are shown
 * @property {(action: string, on: boolean, icon: string) => void} press
 * @property {(action: string, value: string) => void} choose one of several
 * @property {(stage: import("../stage/stage.mjs").Stage, index: number) => void} point at a point, as the pointer does; -1 for none
 * @property {() => void} again what is said of the point that is pointed at: more is known of it
 * @property {() => void} figures bring the stages' headings up to date
 * @typedef {object} Extras what a page has beyond what all have
 * @property {Record<string, (detail?: any) => void>} [reactions] to changes of the view, after the driver's own
 * @property {Record<string, (value: string) => void>} [actions] of its buttons, and instead of the driver's
 * @property {Record<string, [string, string?]>} [keys]
 * @property {(stage: import("../stage/stage.mjs").Stage) => void} [drawn] after each picture
 * @property {() => void} [refreshed] legend and selection were brought up to date
 * @property {(run: Announcement) => number} [firstEpoch] index, where nothing says another
 * @property {(query: string, run: Announcement) => number} [firstState] of an aligned network
 * @property {(run: Announcement, query: string) => void} [shown] it is there
 * @property {() => void} [begin] it is new, and may move by itself
 * @property {() => Record<string, string>} [link] what it adds to a link
 * @property {(named: NamedView, stop: number) => void} [goTo] a named view's stop
 * @property {() => string} [what] is shown, for people
 * @property {() => void} [showMe] what the page's line on what to look for speaks of
 * @property {(stage: import("../stage/stage.mjs").Stage, index: number) => void} [hovered] a point, or none: -1
 * @property {(stage: import("../stage/stage.mjs").Stage) => string|null} [figures] in the stage's heading, instead of how many are correct
 * @property {(run: Announcement) => number[]} [firstHandles] classes that are spread over the picture at first; none for all
 * @property {(stage: import("../stage/stage.mjs").Stage, index: number) => {pictures?: Node|null, more?: [string, string][]}} [card] what it
 *   says of a point
 */

/** How each page was left, for when the reader comes back. @type {Map<string, {run: string, layer: string, query: string}>} */
const left = new Map();

/** @type {Record<string, string>} */
const SPLITS = { train: "training", test: "test" };

const LOOK_MS = 2500; // at the first stop of a named view, before its next one

/** What there is to do only where a picture can be turned. */
const TURNING = new Set(["tour", "reseed", "random", "reset", "undo", "redo", "matrix"]);

/** How a page was left last. @param {string} page its name */
export const leftAt = (page) => left.get(page) ?? null;

/**
 * @param {HTMLElement} page @param {HTMLElement[]} roots @param {Mount} mount
 * @param {(view: import("../stage/tour_view.mjs").TourView, stages: import("../stage/stage.mjs").Stage[], buttons: Buttons) => Extras} extend
 */
export async function createDriver(page, roots, mount, extend = () => ({})) {
  const query = new URLSearchParams(location.search);
  const still = query.get("play") === "0" || reduced();
  const card = createCard(page);
  const stages = await Promise.all(
    roots.map(async (root) => {
      const { gd, Plotly } = await plotted(root);
      return createStage(root, gd, Plotly, /** @type {string} */ (root.dataset.gtSplit));
    }),
  );
  /** @type {Record<string, import("../points/thumbnail.mjs").Images|null>} */
  let images = {};
  /** @type {ReturnType<typeof createLegend>} */
  let legend;
  /** @type {import("../stage/stage.mjs").Stage[]} */
  let shown = stages;
  let fresh = true;
  let resting = false;
  let panelAt = -1;
  let figuresAt = -1;
  /** @type {[NamedView, number]|null} a view to go to when its layer has come */
  let next = null;
  let pending = 0;
  /** @type {[import("../stage/stage.mjs").Stage, number, number, number]|null} */
  let over = null;

  const slider = createEpochSlider(part(page, "epoch"), { seek: (index) => view.setEpoch(index) });
  createSpeedSlider(part(page, "speed"), (factor) => view.setSpeed(factor));
  /** @type {import("../stage/tour_view.mjs").TourView} */
  const view = createTourView({
    root: page,
    stages,
    seed: Number(query.get("seed") ?? 1) || 0,
    still,
    changed(what, detail) {
      reactions[what]?.(detail);
      more.reactions?.[what]?.(detail);
    },
    hovered,
    drawn(stage) {
      more.drawn?.(stage);
      telling.drawn(stage);
    },
    told: (stage) => telling.inspect(stage),
  });
  const telling = createTelling(page, view, stages);
  /** @type {Extras} */
  let more = {};

  /** @type {Record<string, (detail?: any) => void>} */
  const reactions = {
    epoch() {
      slider.show(view.epoch, view.epochNumber);
      showFigures();
      if (panelAt !== Math.round(view.epoch)) later();
    },
    motion() {
      press("play", view.playing, view.playing ? "pause-fill" : "play-fill");
      press("tour", view.touring, view.touring ? "pause-fill" : "play-fill");
    },
    colors() {
      showKey(part(page, "key"), view.coloredBy);
      for (const button of all("points")) {
        button.setAttribute("aria-pressed", String((button.dataset.gtValue === "images") === view.imagesOn));
      }
      later();
    },
    view() {
      for (const button of all("undo")) /** @type {HTMLButtonElement} */ (button).disabled = !view.canUndo;
      for (const button of all("redo")) /** @type {HTMLButtonElement} */ (button).disabled = !view.canRedo;
    },
    zoom() {
      for (const button of all("zoom")) {
        button.hidden = !view.zoomed;
        const text = button.querySelector("span");
        if (text) text.textContent = `Reset zoom (${view.zoomFactor.toFixed(1)}×)`;
      }
    },
    said() {
      showFigures();
      later();
      if (over) hovered(...over);
    },
    loading(waiting) {
      part(page, "loading").textContent = waiting ? `Fetching this ${clockOf(view.run)}…` : "";
    },
    error(problem) {
      toast(problem instanceof Error ? problem.message : String(problem), "error");
    },
  };

  /** @param {string} action @returns {HTMLElement[]} */
  const all = (action) =>
    [...page.querySelectorAll(`[data-gt-action="${action}"]`)].map((b) => /** @type {HTMLElement} */ (b));

  /** @param {string} action @param {boolean} on @param {string} iconName */
  function press(action, on, iconName) {
    for (const button of all(action)) {
      button.setAttribute("aria-pressed", String(on));
      const mark = button.querySelector(".gt-icon");
      if (mark) mark.className = `gt-icon gt-icon-${iconName}`;
    }
  }

  /** Bring legend and selection up to date, once, before the next picture. */
  function later() {
    pending ||= requestAnimationFrame(() => {
      pending = 0;
      if (page.isConnected && view.ready) refresh();
    });
  }

  function refresh() {
    const { run } = view;
    const chosen = selectedIds(run.run);
    panelAt = Math.round(view.epoch);
    const totals = groupsOf(run).map(() => 0);
    const counts = totals.slice();
    /** @type {import("../points/selection_panel.mjs").Chosen[]} */
    const points = [];
    for (const stage of shown) {
      const { n, ids, labels, groups = labels } = stage.points;
      const said = chosen.size ? view.predictionsOf(stage) : null;
      for (let i = 0; i < n; i++) {
        totals[groups[i]]++;
        if (!chosen.has(ids[i])) continue;
        counts[groups[i]]++;
        points.push({
          id: ids[i],
          split: stage.split,
          index: i,
          label: labels[i],
          predicted: said ? said.predicted[i] : -1,
        });
      }
    }
    legend.show(totals, chosen.size ? counts : null);
    showSelection(part(page, "selection"), points, chosen.size - points.length, run.classes, images, {
      clear: () => select(run.run, []),
      cell(c, q) {
        select(
          run.run,
          points.filter((one) => one.label === c && one.predicted === q).map((one) => one.id),
        );
      },
      needImages: fetchImages,
    });
    for (const button of all("csv")) /** @type {HTMLButtonElement} */ (button).disabled = !chosen.size;
    more.refreshed?.();
  }

  async function fetchImages() {
    const { run, tensors } = view;
    for (const stage of shown) {
      const tensor = run.splits[stage.split].images;
      if (!tensor || images[stage.split]) continue;
      try {
        const values = /** @type {Uint8Array} */ (await tensors.part(stage.split, "images"));
        if (view.run !== run) return;
        const [, h, w, c] = tensor.shape;
        images[stage.split] = { values, h, w, c };
      } catch (error) {
        return reactions.error(error);
      }
    }
    if (over) hovered(...over);
    later();
  }

  /** Accuracy of the points that are shown, in the stages' headings. */
  function showFigures() {
    const at = Math.round(view.epoch);
    if (figuresAt === at) return;
    figuresAt = at;
    const { embedding } = view.run;
    for (const stage of shown) {
      const figures = more.figures?.(stage);
      if (figures !== undefined) {
        if (figures === null) figuresAt = -1;
        else write(part(stage.root, "figures"), figures);
        continue;
      }
      const said = view.predictionsOf(stage);
      if (!said) {
        figuresAt = -1; // not here yet
        continue;
      }
      const { n, labels } = stage.points;
      let right = 0;
      for (let i = 0; i < n; i++) right += said.predicted[i] === labels[i] ? 1 : 0;
      const share = embedding ? `${((100 * right) / n).toFixed(1)} %` : percent(right / n);
      write(part(stage.root, "figures"), `${howMany(n)}, ${share} correct`);
      part(stage.root, "figures").title = `At ${clockOf(view.run)} ${view.run.epochs[at]}, the nearest recorded`;
    }
  }

  function refigure() {
    figuresAt = -1;
    showFigures();
  }

  /** How many points there are, of how many. @param {number} n @param {Announcement} run */
  function howMany(n, { embedding, alignment } = view.run) {
    const part = embedding ?? alignment;
    return part ? `${count(n)} of ${count(part.of)} ${SPLITS[part.split]} points` : `${count(n)} points`;
  }

  /** What people call the layer or method that is shown, as the page's select has it. */
  function titleOf({ layer } = view.run) {
    return optionsOf(mount.ids.layer).find((option) => option.value === layer)?.text ?? layer;
  }

  /** Say above a picture of an embedding what it is. @param {Announcement} run */
  function nameStages(run) {
    if (!run.embedding) return;
    for (const stage of shown) {
      const name = `${run.title}: ${titleOf(run)}`;
      stage.root.setAttribute("aria-label", name);
      write(/** @type {HTMLElement} */ (stage.root.querySelector(".gt-stage-title")), name);
      write(part(stage.root, "figures"), howMany(run.embedding.n, run));
    }
  }

  /** @param {import("../stage/stage.mjs").Stage} stage @param {number} index @param {number} x @param {number} y */
  function hovered(stage, index, x, y) {
    over = index < 0 ? null : [stage, index, x, y];
    more.hovered?.(stage, index);
    const ring = part(stage.root, "ring");
    ring.hidden = index < 0;
    if (index < 0) return card.hide();
    const at = stage.viewport;
    if (!at) return;
    const [px, py] = [stage.positions[2 * index], stage.positions[2 * index + 1]];
    ring.style.transform = `translate(${toLeft(at, px)}px,${toTop(at, py)}px)`;
    const { run } = view;
    if (run.splits[stage.split].images && !images[stage.split]) fetchImages();
    const said = view.predictionsOf(stage);
    const box = stage.gd.getBoundingClientRect();
    card.show(
      {
        id: stage.points.ids[index],
        split: stage.split,
        label: run.classes[stage.points.labels[index]],
        predicted: said ? (run.classes[said.predicted[index]] ?? UNDECIDED) : null,
        confidence: said ? said.confidence[index] : 0,
        epoch: run.epochs[Math.round(view.epoch)],
        clock: clockOf(run),
        ...more.card?.(stage, index),
        images: images[stage.split] ?? null,
        index,
      },
      box.left + x,
      box.top + y,
    );
  }

  /** @param {import("../stage/stage.mjs").Stage} stage @param {number} index */
  function point(stage, index) {
    const at = stage.viewport;
    if (index < 0 || !at) return hovered(stage, -1, 0, 0);
    hovered(stage, index, toLeft(at, stage.positions[2 * index]), toTop(at, stage.positions[2 * index + 1]));
  }

  /** Select the points of a group. @param {number} c @param {import("../points/gestures.mjs").How|null} key what a held key says */
  function selectClass(c, key) {
    const ids = shown.flatMap(({ points: { ids, labels, groups = labels } }) =>
      Array.from(ids).filter((_, i) => groups[i] === c),
    );
    select(view.run.run, ids, key ?? view.how);
  }

  /** @param {NamedView} named @param {number} epoch @param {number} [stop] which of its buttons */
  function goTo(named, epoch, stop = 0) {
    telling.naming(named, stop);
    if (more.goTo) return more.goTo(named, stop);
    const { run } = view;
    const number = (/** @type {string} */ name) => run.classes.indexOf(name);
    if (run.layer !== named.layer) {
      next = [named, epoch]; // once that layer is here
      return setProps(mount.ids.layer, { value: named.layer });
    }
    view.play(false);
    view.setHidden(
      named.show.length ? run.classes.map((_, c) => c).filter((c) => !named.show.includes(run.classes[c])) : [],
    );
    view.lookAlong(spreadColumns(run.p, named.handles.map(number)));
    view.setEpoch(nearestEpoch(run.epochs, epoch), true);
  }

  /** The view as a link. @param {boolean} framed whether it says where the handles are */
  function linkNow(framed = true) {
    const { run, matrix } = view;
    const columns = new Float64Array(2 * run.p);
    for (let i = 0; i < run.p; i++) columns.set(matrix.subarray(i * run.p, i * run.p + Math.min(2, run.p)), 2 * i);
    const { query: text, selectionLeftOut } = writeLink({
      run: run.run,
      layer: run.layer,
      kind: run.embedding ? "method" : run.alignment ? "alignment" : "layer",
      epoch: view.epochNumber,
      columns: framed && run.p > 1 && !view.flat ? columns : null,
      hidden: [...view.hidden],
      color: view.coloredBy,
      images: view.imagesOn,
      ids: [...selectedIds(run.run)],
    });
    const added = new URLSearchParams({ ...more.link?.(), ...telling.link() }).toString();
    return { query: added ? `${text}&${added}` : text, selectionLeftOut };
  }

  async function copyLink() {
    const { query: text, selectionLeftOut } = linkNow();
    const address = `${location.origin}${location.pathname}?${text}`;
    if (!(await copy(address))) return toast(`The browser does not let this page copy. The link: ${address}`, "error");
    toast(
      selectionLeftOut
        ? "Link copied; the selection is too large for a link and was left out"
        : "Link to this view copied",
    );
  }

  async function savePicture() {
    const { run } = view;
    const { states } = view;
    const layer = states ? states.note.states[states.nearest].name : run.layer;
    const what = more.what?.() ?? (run.embedding ? titleOf() : layer);
    const caption = `${run.title}, ${what}, ${clockOf(run)} ${+view.epochNumber.toFixed(2)}`;
    view.redraw();
    const names = !states ? (run.axes ?? []) : states.handles > 0 ? run.classes : [];
    const blob = await picture(shown, view.matrix, names, caption, run.p);
    save(blob, `${run.run}-${layer}-${clockOf(run)}-${Math.round(view.epochNumber)}.png`);
  }

  function askForCsv() {
    const { run } = view;
    const ids = [...selectedIds(run.run)];
    if (!ids.length) return toast("Select points first: the CSV holds the selection");
    const epoch = run.epochs[Math.round(view.epoch)];
    setProps(mount.ids.csv, { data: { run: run.run, layer: run.layer, epoch, ids, nonce: Date.now() } });
  }

  /** What the page says to look for: the first named view, one stop after the other; else all epochs. */
  function showMe() {
    if (more.showMe) return more.showMe();
    const stops = [...(page.querySelector(".gt-chip")?.children ?? [])];
    if (!stops.length) {
      view.setEpoch(0);
      view.tour(true);
      return view.play(true);
    }
    const { run } = view;
    stops.forEach((stop, i) => {
      setTimeout(() => page.isConnected && view.run === run && /** @type {HTMLElement} */ (stop).click(), i * LOOK_MS);
    });
  }

  /** @type {Record<string, (value: string) => void>} */
  const actions = {
    "show-me": showMe,
    play: () => view.play(!view.playing),
    tour: () => view.tour(!view.touring),
    "step-back": () => view.step(-1),
    "step-on": () => view.step(1),
    reseed() {
      view.reseed(1 + Math.floor(Math.random() * 1e6));
      if (!view.touring) view.tour(true);
    },
    random: () => view.randomView(1 + Math.floor(Math.random() * 1e6)),
    reset: () => view.reset(),
    undo: () => view.undo(),
    redo: () => view.redo(),
    fit: () => view.fit(),
    zoom: () => (view.states ? view.follow() : view.setZoom(0, 0, 1)),
    tool(value) {
      view.setTool(/** @type {import("../points/gestures.mjs").Tool} */ (value));
      choose("tool", value);
    },
    how(value) {
      view.setHow(/** @type {import("../points/gestures.mjs").How} */ (value));
      choose("how", value);
    },
    points: (value) => view.setImages(value === "images"),
    link: copyLink,
    async matrix() {
      const done = await copy(numpyText(view.matrix, view.run.p));
      toast(done ? "Matrix copied as numpy text" : "The browser does not let this page copy", done ? "info" : "error");
    },
    png: () => savePicture().catch(reactions.error),
    csv: askForCsv,
    clear: () => telling.end() || view.cancelGesture() || select(view.run.run, []),
    ...telling.actions,
  };

  /** @param {string} action @returns {boolean} whether it can be done with the picture that is shown */
  const possible = (action) => action in actions && view.ready && !resting && !(view.flat && TURNING.has(action));

  /** @param {string} action @param {string} value */
  function choose(action, value) {
    for (const button of all(action)) button.setAttribute("aria-pressed", String(button.dataset.gtValue === value));
  }

  const KEYS = /** @type {Record<string, [string, string?]>} */ ({
    " ": ["play"], ArrowLeft: ["step-back"], ArrowRight: ["step-on"], t: ["tour"], s: ["show-all"], j: ["stop-back"], k: ["stop-on"], f: ["fit"], r: ["random"], n: ["reseed"],
    0: ["reset"], Home: ["reset"], Escape: ["clear"], l: ["tool", "lasso"], b: ["tool", "box"], v: ["tool", "look"],
  }); // prettier-ignore

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!view.ready || resting || document.querySelector("dialog[open], [aria-modal=true]")) return;
    if (target.matches("select, textarea, input:not([type=range])")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const modified = event.ctrlKey || event.metaKey;
    if (modified && (key === "z" || key === "y")) {
      if (!possible("undo")) return;
      event.preventDefault();
      actions[key === "y" || event.shiftKey ? "redo" : "undo"]("");
      return;
    }
    if (modified || event.altKey) return;
    if (key === "i") return actions.points(view.imagesOn ? "dots" : "images");
    if (key === " " && target.closest("button, a, summary")) return; // Space presses what has the focus
    const known = key === " " && telling.busy ? ["stop-play"] : (more.keys?.[key] ?? KEYS[key]);
    if (!known || !possible(known[0])) return;
    event.preventDefault();
    actions[known[0]](known[1] ?? "");
  }

  more = extend(view, stages, { press, choose, point, again: () => over && hovered(...over), figures: refigure });
  Object.assign(actions, more.actions);

  page.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest("[data-gt-action]"));
    const action = button?.dataset.gtAction ?? "";
    if (button && possible(action)) actions[action](button.dataset.gtValue ?? "");
  });
  document.addEventListener("keydown", onKey);
  const endSelection = onSelection(later);
  whenLeft(page, () => {
    document.removeEventListener("keydown", onKey);
    endSelection();
    cancelAnimationFrame(pending);
    if (view.ready) left.set(mount.page, { run: view.run.run, layer: view.run.layer, query: linkNow().query });
  });
  actions.tool(matchMedia("(pointer: coarse)").matches ? "look" : "lasso");
  actions.how("new");

  return {
    /** @param {import("../stage/tour_view.mjs").ColorBy} color @param {number} pace */
    chooseLook(color, pace) {
      view.setEpochRate(pace);
      if (view.ready && color !== view.coloredBy) view.colorBy(color);
    },

    /** Nothing is to be shown for now: stand still, hear no keys. */
    rest() {
      resting = true;
      if (!view.ready) return;
      view.play(false);
      view.tour(false);
    },

    /** @param {Announcement} run */
    async show(run) {
      resting = false;
      const missing = stages.filter((stage) => !run.splits[stage.splitOf(run)]);
      for (const stage of stages) stage.root.hidden = missing.includes(stage);
      shown = stages.filter((stage) => !missing.includes(stage));
      page.dataset.gtFlat = run.axes ? "no" : "yes";
      const same = view.ready && view.run.run === run.run;
      const whole = same && Number.isInteger(view.epochNumber);
      const before = leftAt(mount.page);
      const link = !same && fresh ? location.search : "";
      const back = !same && !link && before?.run === run.run && before.layer === run.layer ? before.query : "";
      const query = same ? linkNow(view.run.p === run.p).query : link || back;
      const shared = readLink(query, run.axes && run.p);
      for (const problem of shared.problems) toast(problem, "error");
      figuresAt = -1;
      const splits = shown.map((stage) => stage.splitOf(run)).filter((split) => run.splits[split].images);
      images = Object.fromEntries(splits.map((split) => [split, null]));
      nameStages(run);
      legend = createLegend(part(page, "legend"), {
        classes: groupsOf(run),
        colors: groupColors(run),
        preview: (c) => view.setPreview(c),
        hidden: () => view.hidden,
        hide: (classes) => view.setHidden(classes),
        select: selectClass,
      });
      slider.setEpochs(run.epochs, clockOf(run));
      const views = run.views ?? [];
      if (page.querySelector('[data-gt-part="views"]'))
        showNamedViews(part(page, "views"), part(page, "view-text"), views, goTo, clockOf(run));
      const near = shared.epoch === null ? (more.firstEpoch?.(run) ?? 0) : nearestEpoch(run.epochs, shared.epoch);
      const start = whole ? Math.round(near) : near; // another method may have but every second epoch
      try {
        const spread = more.firstHandles?.(run) ?? [];
        const frame = matrixOf(shared.columns ?? (spread.length ? spreadColumns(run.p, spread) : null), run.p);
        await view.load(openTensors(run, mount.base), shown, Math.floor(start), frame, more.firstState?.(query, run));
      } catch (error) {
        return reactions.error(error);
      }
      if (view.run !== run) return; // another run was asked for meanwhile
      if (start % 1) view.setEpoch(start);
      view.setHidden(shared.hidden.filter((c) => c < groupsOf(run).length));
      if (fresh && shared.color) setProps(mount.ids.color, { value: shared.color });
      if (shared.color) view.colorBy(/** @type {import("../stage/tour_view.mjs").ColorBy} */ (shared.color));
      if (shared.images) await view.setImages(true);
      if (link && shared.ids) select(run.run, shared.ids);
      telling.shown();
      const moving = fresh && !still && !back && shared.epoch === null;
      more.shown?.(run, query);
      if (!same) telling.restore(query);
      if (moving && more.begin) more.begin();
      else if (moving) {
        view.tour(true);
        view.play(true);
      }
      fresh = false;
      left.set(mount.page, { run: run.run, layer: run.layer, query: "" });
      if (!run.attack) setProps(mount.ids.chosenRun, { data: run.run }); // the other pages show no attacks
      refresh();
      if (next) {
        const [named, epoch] = next;
        next = null;
        goTo(named, epoch);
      }
    },
  };
}

/** What the legend tells apart: classes, and attacked points. @param {Announcement} run */
const groupsOf = ({ classes, attack }) => [...classes, ...(attack ? ["adversarial"] : [])];

/** The choices of a select. @param {string} id @returns {HTMLOptionElement[]} */
export const optionsOf = (id) => [.../** @type {HTMLSelectElement} */ (document.getElementById(id)).options];

/** @param {HTMLElement} box @param {string} text */
function write(box, text) {
  if (box.textContent !== text) box.textContent = text;
}

/** @param {Float64Array|null} columns @param {number} p */
function matrixOf(columns, p) {
  try {
    return columns && completeFrame(columns, p);
  } catch (error) {
    toast(`The link's frame was left out: ${error instanceof Error ? error.message : error}`, "error");
    return null;
  }
}

/** @param {number[]} epochs ascending numbers @param {number} number @returns {number} an index, with the fraction between two */
function nearestEpoch(epochs, number) {
  const last = epochs.length - 1;
  const after = epochs.findIndex((epoch) => epoch >= number);
  if (after === 0) return 0;
  if (after < 0) return last;
  return after - (epochs[after] - number) / (epochs[after] - epochs[after - 1]);
}

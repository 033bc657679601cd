// @ts-check
/**
 * `/grand-tour`: the controls around two stages that share one tour. Buttons say what they want by
 * `data-gt-action`; keys do the same things.
 *
 * Longer than our files are, because it only wires: every control, once, to the view; each widget it wires
 * has a file of its own.
 */

import { UNDECIDED } from "../data/predictions.mjs";
import { openTensors } from "../data/tensors.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { completeFrame } from "../tour/frame.mjs";
import { createCard } from "../view/card.mjs";
import { count, part, percent, toast } from "../view/dom.mjs";
import { createEpochSlider, createSpeedSlider } from "../view/epoch_slider.mjs";
import { createLegend, showKey } from "../view/legend.mjs";
import { readLink, writeLink } from "../view/link.mjs";
import { whenLeft } from "../view/loop.mjs";
import { showNamedViews, spreadColumns } from "../view/named_views.mjs";
import { webglAvailable } from "../view/scene.mjs";
import { showSelection } from "../view/selection_panel.mjs";
import { createStage } from "../view/stage.mjs";
import { copy, numpyText, picture, save } from "../view/take_away.mjs";
import { createTourView, reduced } from "../view/tour_view.mjs";
import { toLeft, toTop } from "../view/viewport.mjs";
import { noUpdate, plotted, setProps } from "./dash.mjs";
import { sayNoWebgl } from "./notices.mjs";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../view/named_views.mjs").NamedView} NamedView
 * @typedef {{ids: Record<string, string>, base: string, views: Record<string, NamedView[]>}} Mount
 */

/** Pages that are mounted, and what drives them. @type {WeakMap<Element, Awaited<ReturnType<typeof mountPage>>>} */
const mounted = new WeakMap();
/** @type {WeakMap<Element, Promise<any>>} */
const mounting = new WeakMap();

/** How the page was left, for when the reader comes back. @type {{run: string, layer: string, query: string}|null} */
let left = null;

/**
 * Show the announced layer of a run; mounts the page when it is new.
 *
 * @param {Announcement|null} announcement
 * @param {Mount} mount
 * @param {unknown} _selection restored by the shell
 * @param {string|null} chosenRun the run of before a reload
 */
export async function showTour(announcement, mount, _selection, chosenRun) {
  const page = /** @type {HTMLElement|null} */ (document.querySelector('[data-gt-page="grand-tour"]'));
  if (!page || !announcement) return noUpdate();
  const roots = [...page.querySelectorAll("[data-gt-stage]")].map((root) => /** @type {HTMLElement} */ (root));
  if (!webglAvailable()) {
    roots.forEach(sayNoWebgl);
    return noUpdate();
  }
  const first = !mounting.has(page);
  if (first) {
    const asked = page.dataset.gtAskedRun || left?.run || chosenRun;
    const choices = [.../** @type {HTMLSelectElement} */ (document.getElementById(mount.ids.run)).options];
    mounting.set(page, mountPage(page, roots, mount));
    if (asked && asked !== announcement.run && choices.some((choice) => choice.value === asked)) {
      setProps(mount.ids.run, { value: asked }); // comes back here with that run
      return noUpdate();
    }
  }
  const driver = await mounting.get(page);
  mounted.set(page, driver);
  if (page.isConnected) await driver.show(announcement);
  return noUpdate();
}

/**
 * Colours and pace, chosen in selects.
 *
 * @param {import("../view/tour_view.mjs").ColorBy} color
 * @param {string} pace epochs a second
 */
export function chooseLook(color, pace) {
  const page = document.querySelector('[data-gt-page="grand-tour"]');
  const driver = page && mounted.get(page);
  if (driver) driver.chooseLook(color, Number(pace));
  return noUpdate();
}

/** @param {HTMLElement} page @param {HTMLElement[]} roots @param {Mount} mount */
async function mountPage(page, roots, mount) {
  const query = new URLSearchParams(location.search);
  const still = query.get("play") === "0" || reduced();
  const card = createCard(page);
  const stages = await Promise.all(
    roots.map(async (root) => {
      const { gd, Plotly } = await plotted(root);
      return createStage(root, gd, Plotly, /** @type {string} */ (root.dataset.gtSplit));
    }),
  );
  /** @type {Record<string, import("../view/thumbnail.mjs").Images|null>} */
  let images = {};
  /** @type {ReturnType<typeof createLegend>} */
  let legend;
  /** @type {import("../view/stage.mjs").Stage[]} */
  let shown = stages;
  let fresh = true;
  let panelAt = -1;
  let figuresAt = -1;
  /** @type {[NamedView, number]|null} a view to go to when its layer has come */
  let next = null;
  let pending = 0;
  /** @type {[import("../view/stage.mjs").Stage, number, number, number]|null} */
  let over = null;

  const slider = createEpochSlider(part(page, "epoch"), { seek: (index) => view.setEpoch(index) });
  createSpeedSlider(part(page, "speed"), (factor) => view.setSpeed(factor));
  /** @type {import("../view/tour_view.mjs").TourView} */
  const view = createTourView({
    root: page,
    stages,
    seed: Number(query.get("seed") ?? 1) || 0,
    still,
    changed: (what, detail) => reactions[what]?.(detail),
    hovered,
  });

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
    loading(waiting) {
      part(page, "loading").textContent = waiting ? "Fetching this epoch…" : "";
    },
    error(problem) {
      toast(problem instanceof Error ? problem.message : String(problem), "error");
    },
  };

  /** @param {string} action @returns {HTMLElement[]} */
  const all = (action) => [...page.querySelectorAll(`[data-gt-action="${action}"]`)].map((b) => /** @type {HTMLElement} */ (b));

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
    const totals = run.classes.map(() => 0);
    const counts = run.classes.map(() => 0);
    /** @type {import("../view/selection_panel.mjs").Chosen[]} */
    const points = [];
    for (const stage of shown) {
      const { n, ids, labels } = stage.points;
      const said = chosen.size ? view.predictionsOf(stage) : null;
      for (let i = 0; i < n; i++) {
        totals[labels[i]]++;
        if (!chosen.has(ids[i])) continue;
        counts[labels[i]]++;
        points.push({ id: ids[i], split: stage.split, index: i, label: labels[i], predicted: said ? said.predicted[i] : -1 });
      }
    }
    legend.show(totals, chosen.size ? counts : null);
    showSelection(part(page, "selection"), points, run.classes, images, {
      clear: () => select(run.run, []),
      cell(c, q) {
        select(run.run, points.filter((one) => one.label === c && one.predicted === q).map((one) => one.id));
      },
      needImages: fetchImages,
    });
    for (const button of all("csv")) /** @type {HTMLButtonElement} */ (button).disabled = !points.length;
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
    for (const stage of shown) {
      const said = view.predictionsOf(stage);
      if (!said) {
        figuresAt = -1; // not here yet
        continue;
      }
      const { n, labels } = stage.points;
      let right = 0;
      for (let i = 0; i < n; i++) right += said.predicted[i] === labels[i] ? 1 : 0;
      const text = `${count(n)} points, ${percent(right / n)} correct`;
      const box = part(stage.root, "figures");
      if (box.textContent !== text) box.textContent = text;
    }
  }

  /** @param {import("../view/stage.mjs").Stage} stage @param {number} index @param {number} x @param {number} y */
  function hovered(stage, index, x, y) {
    over = index < 0 ? null : [stage, index, x, y];
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
        images: images[stage.split] ?? null,
        index,
      },
      box.left + x,
      box.top + y,
    );
  }

  /** @param {NamedView} named @param {number} epoch */
  function goTo(named, epoch) {
    const { run } = view;
    const number = (/** @type {string} */ name) => run.classes.indexOf(name);
    if (run.layer !== named.layer) {
      next = [named, epoch]; // once that layer is here
      return setProps(mount.ids.layer, { value: named.layer });
    }
    view.play(false);
    view.setHidden(named.show.length ? run.classes.map((_, c) => c).filter((c) => !named.show.includes(run.classes[c])) : []);
    view.lookAlong(spreadColumns(run.p, named.handles.map(number)));
    view.setEpoch(nearestEpoch(run.epochs, epoch), true);
  }

  function linkNow() {
    const { run, matrix } = view;
    const columns = new Float64Array(2 * run.p);
    for (let i = 0; i < run.p; i++) columns.set(matrix.subarray(i * run.p, i * run.p + Math.min(2, run.p)), 2 * i);
    return writeLink({
      run: run.run,
      layer: run.layer,
      epoch: view.epochNumber,
      columns: run.p > 1 ? columns : null,
      hidden: [...view.hidden],
      color: view.coloredBy,
      images: view.imagesOn,
      ids: [...selectedIds(run.run)],
    });
  }

  async function copyLink() {
    const { query: text, selectionLeftOut } = linkNow();
    const address = `${location.origin}${location.pathname}?${text}`;
    if (!(await copy(address))) return toast(`The browser does not let this page copy. The link: ${address}`, "error");
    toast(selectionLeftOut ? "Link copied; the selection is too large for a link and was left out" : "Link to this view copied");
  }

  async function savePicture() {
    const { run } = view;
    const caption = `${run.title}, ${run.layer}, epoch ${+view.epochNumber.toFixed(2)}`;
    view.redraw();
    const blob = await picture(shown, view.matrix, run.p, run.classes, caption);
    save(blob, `${run.run}-${run.layer}-epoch-${Math.round(view.epochNumber)}.png`);
  }

  function askForCsv() {
    const { run } = view;
    const ids = [...selectedIds(run.run)];
    if (!ids.length) return toast("Select points first: the CSV holds the selection");
    const epoch = run.epochs[Math.round(view.epoch)];
    setProps(mount.ids.csv, { data: { run: run.run, layer: run.layer, epoch, ids, nonce: Date.now() } });
  }

  /** @type {Record<string, (value: string) => void>} */
  const actions = {
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
    zoom: () => view.setZoom(0, 0, 1),
    tool(value) {
      view.setTool(/** @type {import("../view/gestures.mjs").Tool} */ (value));
      choose("tool", value);
    },
    how(value) {
      view.setHow(/** @type {import("../view/gestures.mjs").How} */ (value));
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
    clear: () => view.cancelGesture() || select(view.run.run, []),
  };

  /** @param {string} action @param {string} value */
  function choose(action, value) {
    for (const button of all(action)) button.setAttribute("aria-pressed", String(button.dataset.gtValue === value));
  }

  const KEYS = /** @type {Record<string, [string, string?]>} */ ({
    " ": ["play"], ArrowLeft: ["step-back"], ArrowRight: ["step-on"], t: ["tour"], r: ["random"], n: ["reseed"],
    0: ["reset"], Home: ["reset"], Escape: ["clear"], l: ["tool", "lasso"], b: ["tool", "box"], v: ["tool", "look"],
  }); // prettier-ignore

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!view.ready || document.querySelector("dialog[open]")) return;
    if (target.matches("select, textarea, input:not([type=range])")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const modified = event.ctrlKey || event.metaKey;
    if (modified && (key === "z" || key === "y")) {
      event.preventDefault();
      actions[key === "y" || event.shiftKey ? "redo" : "undo"]("");
      return;
    }
    if (modified || event.altKey) return;
    if (key === "i") return actions.points(view.imagesOn ? "dots" : "images");
    if (key === " " && target.closest("button, a, summary")) return; // Space presses what has the focus
    const known = KEYS[key];
    if (!known) return;
    event.preventDefault();
    actions[known[0]](known[1] ?? "");
  }

  page.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest("[data-gt-action]"));
    if (button && view.ready) actions[button.dataset.gtAction ?? ""]?.(button.dataset.gtValue ?? "");
  });
  document.addEventListener("keydown", onKey);
  const endSelection = onSelection(later);
  whenLeft(page, () => {
    document.removeEventListener("keydown", onKey);
    endSelection();
    cancelAnimationFrame(pending);
    if (view.ready) left = { run: view.run.run, layer: view.run.layer, query: linkNow().query };
  });
  actions.tool(matchMedia("(pointer: coarse)").matches ? "look" : "lasso");
  actions.how("new");

  return {
    /** @param {import("../view/tour_view.mjs").ColorBy} color @param {number} pace */
    chooseLook(color, pace) {
      view.setEpochRate(pace);
      if (view.ready && color !== view.coloredBy) view.colorBy(color);
    },

    /** @param {Announcement} run */
    async show(run) {
      const missing = stages.filter((stage) => !run.splits[stage.split]);
      for (const stage of stages) stage.root.hidden = missing.includes(stage);
      shown = stages.filter((stage) => !missing.includes(stage));
      const same = view.ready && view.run.run === run.run && view.run.p === run.p;
      const back = left?.run === run.run && left.layer === run.layer ? left.query : "";
      const shared = readLink(same ? linkNow().query : fresh && location.search ? location.search : back, run.p);
      for (const problem of shared.problems) toast(problem, "error");
      figuresAt = -1;
      images = Object.fromEntries(shown.filter((s) => run.splits[s.split].images).map((s) => [s.split, null]));
      legend = createLegend(part(page, "legend"), {
        classes: run.classes,
        preview: (c) => view.setPreview(c),
        hidden: () => view.hidden,
        hide: (classes) => view.setHidden(classes),
      });
      slider.setEpochs(run.epochs);
      showNamedViews(part(page, "views"), part(page, "view-text"), mount.views[run.run] ?? [], goTo);
      const start = shared.epoch === null ? 0 : nearestEpoch(run.epochs, shared.epoch);
      try {
        await view.load(openTensors(run, mount.base), shown, Math.floor(start), matrixOf(shared.columns, run.p));
      } catch (error) {
        return reactions.error(error);
      }
      if (view.run !== run) return; // another run was asked for meanwhile
      if (start % 1) view.setEpoch(start);
      view.setHidden(shared.hidden.filter((c) => c < run.classes.length));
      if (fresh && shared.color) setProps(mount.ids.color, { value: shared.color });
      if (shared.color) view.colorBy(/** @type {import("../view/tour_view.mjs").ColorBy} */ (shared.color));
      if (shared.images) await view.setImages(true);
      if (fresh && shared.ids) select(run.run, shared.ids);
      const moving = fresh && !still && !back && shared.epoch === null;
      if (moving) {
        view.tour(true);
        view.play(true);
      }
      fresh = false;
      left = { run: run.run, layer: run.layer, query: "" };
      setProps(mount.ids.chosenRun, { data: run.run });
      refresh();
      if (next) {
        const [named, epoch] = next;
        next = null;
        goTo(named, epoch);
      }
    },
  };
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

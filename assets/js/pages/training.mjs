// @ts-check
/** `/training`: one epoch in all charts, the confusion at it, and the selection in everything. */

import { accuracyOf, cellRows, confusion, rightByClass } from "../data/confusion.mjs";
import { hasClasses } from "../data/groups.mjs";
import { SPLITS, splitWord } from "../data/splits.mjs";
import { nearestOf } from "../data/network.mjs";
import { openTensors } from "../data/tensors.mjs";
import { saidOfNone } from "../data/epochs.mjs";
import { confusedMost, idsWhere, readPoints, selectedCells, selectedPoints } from "../data/training.mjs";
import { readLink } from "../state/link.mjs";
import { history } from "../state/history.mjs";
import { onSpacing } from "../state/spacing.mjs";
import { isJust, onSelection, select, selectedIds } from "../state/selection.mjs";
import { el, toast } from "../core/dom.mjs";
import { forgetUnread, tellUnread } from "../core/unread.mjs";
import { here } from "../core/here.mjs";
import { noUpdate, plotted, setProps } from "../core/dash.mjs";
import { follow } from "../core/follow.mjs";
import { Page, choose, createMounts, elements, pageNamed, tellProblem } from "../core/page.mjs";
import { register, unregister } from "../core/registry.mjs";
import { createClassSearch } from "../charts/class_search.mjs";
import { createCurve } from "../charts/curve.mjs";
import { createEpochCursor } from "../charts/epoch_cursor.mjs";
import { emphasise } from "../charts/emphasis.mjs";
import { createEventSearch } from "../charts/event_search.mjs";
import { createEpochSlider } from "../charts/epoch_slider.mjs";
import { axisOf, spaceChart } from "../charts/spaced_axis.mjs";
import { WIDEST, createMatrix } from "../charts/matrix.mjs";
import { lossText, overall, shareText } from "../charts/read_off.mjs";
import { stillOf } from "../picture/still.mjs";
import { PICTURE } from "../story/checked.mjs";
import { createSplitImages } from "../points/split_images.mjs";
import { showSelection } from "../points/selection_panel.mjs";
import { thumbnail } from "../points/thumbnail.mjs";
import { spreadColumns } from "../stage/named_views.mjs";
import { saveSelection } from "./csv.mjs";
import { KEYS } from "./keys.mjs";
import { savePage } from "./page_file.mjs";
import { createPointGroups } from "./point_groups.mjs";
import { createRunAddress, groupAsked, selectAsked } from "./links.mjs";
import { Labels } from "./training_labels.mjs";
import { linkAt, linkTo } from "./training_links.mjs";
import { takenFromCurves } from "./training_picture.mjs";
import { enrolSimply } from "./storied_simply.mjs";
import { sayUnit } from "./units.mjs";
import { announceAnew, watchRun } from "./watching.mjs";

const NAME = "training"; // of the page, and what `inspect` is asked for

/**
 * @typedef {import("../data/training.mjs").Report} Report
 * @typedef {import("../data/training.mjs").Points} Points
 * @typedef {import("../payloads.mjs").Mount} Mount
 * @typedef {{box: HTMLElement, strip: boolean, gd: any}} Chart
 */

const pages = createMounts(async (root, /** @type {Mount} */ mount) => {
  const boxes = elements(root, ".gt-epochs-chart");
  const graphs = await Promise.all(boxes.map((box) => plotted(box)));
  const charts = boxes.map((box, i) => ({ box, strip: box.classList.contains("gt-when"), gd: graphs[i].gd }));
  return new TrainingPage(root, mount, charts, graphs[0].Plotly);
});

/**
 * Show what the server found in a training; mounts the page when it is new.
 *
 * @param {Report|import("../payloads.mjs").Failed|null} said @param {Mount} mount @param {unknown} _selection restored by the shell
 * @param {string|null} chosenRun the run of before
 */
export async function showTraining(said, mount, _selection, chosenRun) {
  const root = pageNamed(NAME);
  if (!root || !said) return noUpdate();
  const first = !pages.has(root);
  const opening = pages.open(root, mount);
  if (first && !root.dataset.gtAskedRun) choose(mount.ids.run, chosenRun, "failed" in said ? undefined : said.run); // comes back here with that run
  const page = await opening;
  if (root.isConnected && !("failed" in said)) await page.show(said);
  return noUpdate();
}

/** what is known of labels, by the page, which may come before the page is there @type {WeakMap<Element, import("../payloads.mjs").LabelsReport>} */
const known = new WeakMap();

/** Show which labels to look at. @param {import("../payloads.mjs").LabelsReport|import("../payloads.mjs").Failed|null} said */
export async function showLabels(said) {
  const root = pageNamed(NAME);
  if (!root || !said || "failed" in said) return noUpdate();
  known.set(root, said);
  await (await pages.get(root))?.labels.show(said);
  return noUpdate();
}

/** Put the list of labels into another order. @param {string} order */
export async function orderLabels(order) {
  (await pages.get(pageNamed(NAME)))?.labels.order(order);
  return noUpdate();
}

class TrainingPage extends Page {
  /** @type {Report|null} */
  #said = null;
  /** asked for last, perhaps still on its way @type {Report|null} */
  #latest = null;
  /** by split @type {Record<string, Points>} */
  #points = {};
  /** by split @type {Record<string, ReturnType<typeof createMatrix>>} */
  #matrices = {};
  /** of all classes, where the charts have some of them @type {ReturnType<typeof createClassSearch>|null} */
  #search = null;
  /** @type {ReturnType<typeof openTensors>|null} */
  #tensors = null;
  /** @type {ReturnType<typeof createEpochCursor>|null} */
  #cursor = null;
  /** the cell clicked last @type {{c: number, q: number}|null} */
  #cell = null;
  /** the class that was searched last @type {number|null} */
  #asked = null;
  #at = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #drawing;
  #groups;
  #images;
  #later;
  #slider;
  #curve;
  #watching;
  #address;
  #storied;
  /** what the page was opened by, until its first run is shown @type {string} */
  #query = here().location.search;

  /** @param {HTMLElement} root @param {Mount} mount @param {Chart[]} charts in the order of the page @param {any} Plotly */
  constructor(root, mount, charts, Plotly) {
    super(root);
    this.Plotly = Plotly;
    this.mount = mount;
    this.charts = charts;
    const [loss, accuracy] = charts.filter(({ strip }) => !strip);
    this.loss = loss;
    this.accuracy = accuracy;
    this.#curve = createCurve(this.accuracy.box, this.accuracy.gd);
    this.#slider = createEpochSlider(this.part("epoch"), { seek: (at) => this.#said && this.#choose(Math.round(at)) });
    this.onLeave(onSpacing(() => this.#space()));
    this.#later = this.soon(() => this.#said && this.#draw());
    this.#images = createSplitImages({ arrived: () => this.#fillThumbnails(), failed: () => {} }); // they are a help, no more
    this.actions = this.#ownActions();
    this.#groups = createPointGroups(this, () => ({ run: this.said }), {
      sources: () => Object.values(this.#points).map((points) => ({ points })),
      changed: this.#later,
    });
    this.hear([KEYS.step, KEYS.undo, KEYS.clear, KEYS.group]);
    for (const name of ["pointerover", "focusin"])
      root.addEventListener(name, (event) => this.#emphasise(event.target, true));
    for (const name of ["pointerout", "focusout"])
      root.addEventListener(name, (event) => this.#emphasise(event.target, false));
    for (const { gd } of charts) {
      gd.on("plotly_afterplot", this.#later); // another run's curves arrive after what is said of them
      gd.on("plotly_afterplot", () => this.#said && spaceChart(Plotly, gd, this.#said.epochs, this.#said.unit));
      this.onLeave(() => gd.removeListener?.("plotly_afterplot", this.#later));
    }
    this.#watching = watchRun(this, {
      shown: () => this.#said && { run: this.#said.run, epochs: this.#said.epochs, unit: this.#said.unit, made: "" },
      grow: async ({ name }) => announceAnew(mount.ids.run, name),
      newest: () => this.#newest,
      follow: () => this.#choose(Infinity),
    });
    this.#address = createRunAddress(
      this,
      mount.base,
      () => this.#addressed(),
      () => this.#said,
    );
    this.#storied = enrolSimply(this, {
      name: NAME,
      base: mount.base,
      address: this.#address,
      of: () => (this.#said === this.#latest ? this.#said : null),
      title: () => `The training at ${this.said.unit} ${this.said.epochs[this.#at]}`,
      alt: () => elements(this.part("readout"), "strong, span").map(({ textContent }) => textContent).join(": "), // prettier-ignore
      stage: () => this.root,
      picture: () => this.#still(),
    });
    this.labels = new Labels(this, mount.base, (split) => this.#images.of(split), {
      query: new URLSearchParams(this.#query),
      changed: () => this.#address.later(),
    });
    const already = known.get(root);
    if (already) this.labels.show(already);
    register(NAME, () => this.#inspect());
    this.onLeave(onSelection(this.#later), () => this.#end());
  }

  /** A small picture of the curves at the epoch; null where none are seen. */
  async #still() {
    const named = { Loss: this.loss, Accuracy: this.accuracy };
    const seen = Object.entries(named).flatMap(([name, { box, gd }]) => (box.offsetWidth ? [{ name, gd }] : []));
    if (!seen.length) return null;
    return stillOf(await takenFromCurves(this.Plotly, seen, this.said, this.#xs()[this.#at]), PICTURE);
  }

  /** What the server found. */
  get said() {
    return /** @type {Report} */ (this.#said);
  }
  /** How many classes there are. */
  get k() {
    return this.said.classes.length;
  }

  /** @param {string} action */
  possible(action) {
    return super.possible(action) && this.#said !== null;
  }

  /** @returns {import("../core/page.mjs").Actions} */
  #ownActions() {
    /** @type {import("../core/page.mjs").Action} */
    const selectOf = (_, button, how) => select(this.said.run, (button && this.#idsOf(button)) ?? [], how);
    return {
      "show-first": () => {
        this.#goToEvent(0);
        this.part("strip").scrollIntoView({ block: "center", behavior: "instant" });
      },
      "select-event": (value, _, how) => this.#goToEvent(Number(value), how),
      "select-ranking": selectOf,
      class: selectOf,
      "step-back": () => this.#choose(this.#at - 1),
      "step-on": () => this.#choose(this.#at + 1),
      clear: () => select(this.said.run, []),
      csv: () => saveSelection(this.mount.ids.csv, this.said, this.said.layer, this.said.epochs[this.#at]),
      file: (_, button) => savePage(NAME, this.mount.base, this.#address, this.#inFile, button),
      group: (_, button) => this.#groups.make(button !== undefined),
      undo: () => history.undo(),
      redo: () => history.redo(),
    };
  }

  /** What a file of the page is of. @returns {import("./page_file.mjs").Of} */
  get #inFile() {
    const { run, split } = this.said;
    return { run, ...(split !== "all" && { split }) };
  }

  /** @param {number} index of an epoch */
  #choose(index) {
    this.#at = Math.max(0, Math.min(this.said.epochs.length - 1, index));
    this.#cursor?.choose(this.#at);
    this.#watching.moved();
    this.#address.later();
    this.#later();
  }
  /** What the address says; null while another run is on its way. */
  #addressed() {
    if (!this.#said || this.#said !== this.#latest) return null;
    const { run, epochs, split } = this.#said;
    const query = new URLSearchParams({ run, epoch: String(epochs[this.#at]) });
    if (split !== "all") query.set("of", split);
    this.labels.address(query);
    return query;
  }
  /** Whether the newest epoch is chosen. */
  get #newest() {
    return this.#at === this.said.epochs.length - 1;
  }

  /** Draw what follows from the epoch and the selection. */
  #draw() {
    const { said, k } = this;
    const at = this.#at;
    this.#slider.show(at, said.epochs[at]);
    const chosen = selectedIds(said.run);
    this.enable("csv", chosen.size > 0);
    this.#groups.refresh();
    const tables = Object.entries(this.#points).flatMap(([split, points]) => {
      if (!points.predicted) return [];
      const table = confusion(points.predicted, points.labels, k, at);
      this.#matrices[split].show(table, k > WIDEST ? table : selectedCells(points, k, at, chosen));
      return [table];
    });
    this.#search?.show(rightByClass(tables, k));
    this.#showSelectedCurve(chosen);
    this.#showReadout();
    this.#showPair();
    this.#showPressed();
    clearTimeout(this.#drawing);
    this.#drawing = setTimeout(() => this.root.isConnected && this.#showChosen(selectedIds(said.run))); // its images after this paint
  }

  /** What the curves say at the epoch under the pointer, or at the chosen one. */
  #showReadout() {
    const index = this.#cursor?.hovered ?? this.#at;
    const values = { loss: overall(this.loss, index, lossText), accuracy: overall(this.accuracy, index, shareText) };
    if (this.#curve.values) values.accuracy.push(`${shareText(this.#curve.values[index])} selected`);
    const parts = Object.entries(values).filter(([, said]) => said.length).map(([name, said]) => `${name} ${said.join(", ")}`); // prettier-ignore
    this.part("readout").replaceChildren(
      el("strong", {}, `${this.said.unit === "step" ? "Step" : "Epoch"} ${this.said.epochs[index]}`),
      el("span", {}, parts.join("; ") || "nothing was measured"),
      linkTo(this.#hrefAt(index), "Open in the Grand Tour"),
    );
  }

  /** The Grand Tour at an epoch, with what is selected. @param {number} index @param {Partial<import("../state/link.mjs").Shared>} [more] */
  #hrefAt(index, more = {}) {
    const { run, epochs } = this.said;
    return linkAt(this.mount.base, run, this.said.layer, epochs[index], [...selectedIds(run)], more);
  }

  /** A class and another one side by side; there must be two. @param {number} c @param {number} q */
  #columnsOf(c, q) {
    return this.k > 1 && hasClasses(this.said) ? spreadColumns(this.k, [c, q]) : null;
  }
  /** The class that one is confused with most. @param {number} c */
  #besideOf(c) {
    return confusedMost(this.#points, this.k, this.#at, c);
  }

  /** The pair of classes of the cell that was clicked, and where it is seen. */
  #showPair() {
    const { k, said } = this;
    const box = this.part("pair");
    if (!hasClasses(said))
      return box.replaceChildren("Nothing is taken for anything else: points of this run have no one class.");
    const what =
      k > WIDEST
        ? "True class → what it is taken for, and how many points; the most frequent first."
        : "Rows are true classes, columns what they are taken for, in numbers of points.";
    if (!this.#cell) return box.replaceChildren(`${what} Click one to select them.`);
    const { c } = this.#cell;
    const q = this.#cell.q === c || this.#cell.q === k ? this.#besideOf(c) : this.#cell.q;
    const names = k > 1 ? `${said.classes[c]} and ${said.classes[q]}` : said.classes[c];
    const link = linkTo(this.#hrefAt(this.#at, { columns: this.#columnsOf(c, q) }), `See ${names} in the Grand Tour`);
    link.className = "btn btn-sm gt-button gt-bordered";
    box.replaceChildren(link);
  }

  /** @param {ReadonlySet<number>} chosen */
  #showChosen(chosen) {
    const box = this.part("selection");
    const { run, classes } = this.said;
    const hint = hasClasses(this.said)
      ? "Press a class, an event or a number in a matrix: its points are selected here and on every other page."
      : "Press a group: its points are selected here and on every other page.";
    if (!chosen.size) return box.replaceChildren(el("p", { class: "gt-hint" }, hint));
    const there = selectedPoints(this.#points, this.#at, chosen);
    showSelection(box, there, chosen.size - there.length, classes, this.#images.all, false, {
      clear: () => select(run, []),
      cell(c, q) {
        const kept = there.filter(({ label, predicted }) => label === c && predicted === q);
        select(run, kept.map(({ id }) => id)); // prettier-ignore
      },
      needImages: () => this.#images.fetch(),
    });
  }

  /** Mark the events, classes and rankings that are selected as a whole. */
  #showPressed() {
    const { events, listed, epochs } = this.said;
    for (const button of elements(this.root, "[data-gt-action][aria-pressed]")) {
      const at = Number(button.dataset.gtValue);
      const event = button.dataset.gtAction === "select-event" ? (events[at] ?? listed[at]) : null;
      const now = !event || event.epoch === epochs[this.#at];
      button.setAttribute("aria-pressed", String(now && this.#isSelected(this.#idsOf(button))));
    }
  }

  /** The points that a button stands for. @param {HTMLElement} button @returns {number[]|undefined} */
  #idsOf({ dataset: { gtAction, gtValue = "" } }) {
    if (gtAction === "select-event") return this.#idsOfEvent(Number(gtValue));
    if (gtAction === "select-ranking") return this.said.examples[gtValue];
    if (gtAction === "class") return idsWhere(this.#points, (label) => label === Number(gtValue));
    return undefined;
  }

  /** The points of an event; of one beyond those that the server has sought a plane for, all of its classes. @param {number} at */
  #idsOfEvent(at) {
    const { events, listed, split } = this.said;
    if (events[at] || !listed[at]) return events[at]?.ids;
    const points = Object.entries(this.#points).filter(([name]) => split === "all" || name === split);
    return idsWhere(Object.fromEntries(points), (label) => listed[at].classes.includes(label));
  }

  /** Where an event is seen happening: from the epoch before it on. @param {number} at */
  #hrefOfEvent(at) {
    const { events, listed, epochs } = this.said;
    if (events[at]) return events[at].href;
    const { epoch, classes } = listed[at];
    const columns = classes.length === 1 ? this.#columnsOf(classes[0], this.#besideOf(classes[0])) : null;
    const before = Math.max(0, epochs.indexOf(epoch) - 1);
    return this.#hrefAt(before, { ids: this.#idsOfEvent(at), columns, motion: ["epochs"] });
  }

  /** Whether just these points are selected. @param {number[]|undefined} ids */
  #isSelected(ids) {
    return isJust(selectedIds(this.said.run), ids ?? []);
  }

  /** How many of the selected points are right, epoch by epoch. @param {ReadonlySet<number>} chosen */
  #showSelectedCurve(chosen) {
    const { epochs } = this.said;
    const rowsOf = (/** @type {number[]} */ ids) =>
      chosen.size ? [...ids.keys()].filter((i) => chosen.has(ids[i])) : [];
    const parts = Object.values(this.#points).flatMap(({ ids, labels, predicted }) =>
      predicted ? [{ labels, predicted, rows: rowsOf(ids) }] : [],
    );
    this.#curve.show(this.#xs(), accuracyOf(parts, epochs.length));
  }

  /** Images have come: of the selection, and of the examples. */
  #fillThumbnails() {
    this.#later();
    this.labels.fill();
    for (const place of elements(this.root, "[data-gt-thumb]:empty")) {
      const [split, id] = (place.dataset.gtThumb ?? "").split(":");
      const index = this.#points[split]?.at.get(Number(id));
      const from = this.#images.of(split);
      if (from && index !== undefined) place.append(thumbnail(from, index, `Point ${id}`));
    }
  }

  /** @param {number} index of an event @param {import("../points/gestures.mjs").How} [how] what a held key says */
  #goToEvent(index, how = "new") {
    const { events, listed, epochs, run } = this.said;
    const event = events[index] ?? listed[index];
    if (!event) return toast("Nothing stands out in this training");
    this.#choose(epochs.indexOf(event.epoch));
    select(run, this.#idsOfEvent(index) ?? [], how);
  }

  /** Have one class's lines stand out. @param {EventTarget|null} target @param {boolean} on */
  #emphasise(target, on) {
    const chip = /** @type {Element} */ (target).closest?.('[data-gt-action="class"]');
    if (!(chip instanceof HTMLElement) || !this.#said) return;
    emphasise(this.charts.filter(({ strip }) => !strip), on ? Number(chip.dataset.gtValue) : null); // prettier-ignore
  }

  #inspect() {
    const tables = Object.entries(this.#points).flatMap(([split, { labels, predicted }]) =>
      predicted ? [[split, [...confusion(predicted, labels, this.k, this.#at)]]] : [],
    );
    return {
      run: this.#said?.run,
      epoch: this.#at,
      hovered: this.#cursor?.hovered ?? null,
      curve: this.#curve.values,
      n: Object.values(this.#points).reduce((sum, { ids }) => sum + ids.length, 0),
      selected: this.#said ? [...selectedIds(this.#said.run)].sort((a, b) => a - b) : [],
      confusion: Object.fromEntries(tables),
    };
  }

  /** @param {Report} report */
  async show(report) {
    this.#latest = report;
    const opened = openTensors(/** @type {any} */ (report), this.mount.base);
    const wanted = () => this.root.isConnected && this.#latest === report;
    /** @type {Record<string, Points>} */
    let read;
    try {
      read = await readPoints(report, opened.other);
    } catch (error) {
      if (wanted()) tellProblem(error);
      return;
    }
    if (!wanted()) return opened.close(); // another was asked for meanwhile
    const same = this.#said?.run === report.run;
    const newest = same && this.#newest;
    this.#tensors?.close();
    this.#cursor?.end();
    [this.#said, this.#points, this.#tensors] = [report, read, opened];
    this.#images.begin(report.splits, (split) => opened.other(/** @type {any} */ (report.splits[split].images)));
    if (!same) this.#cell = this.#asked = null;
    if (same) this.#ask(this.#asked); // the charts of other points came without it
    if (!same || newest) this.#at = report.epochs.length - 1;
    const asked = readLink(this.#query, null, []);
    this.#tell(report, asked);
    this.#query = "";
    if (asked.epoch !== null) this.#at = report.epochs.indexOf(nearestOf(report.epochs, asked.epoch));
    this.#dress(report);
    this.#choose(this.#at);
    await groupAsked(this.mount.base, report, asked.groups); // before filters, which may speak of them
    await selectAsked(this.mount.base, report.run, asked);
    history.show(report.run);
    setProps(this.mount.ids.chosenRun, { data: report.run });
    this.#watching.now();
    this.#storied.settled();
    await this.#images.fetch();
  }

  /** Say what the address asks for and the run has not. @param {Report} report @param {ReturnType<typeof readLink>} asked */
  #tell({ epochs, unit, split }, { epoch, unread }) {
    if (!this.#query) return forgetUnread();
    const of = new URLSearchParams(this.#query).get("of") ?? split;
    const lack = saidOfNone(epochs, epoch, unit, false);
    tellUnread(of === split ? unread : [...unread, "of"], lack ? [lack] : []);
  }

  /** @param {Report} report */
  #dress(report) {
    this.root.style.setProperty("--gt-classes", String(report.classes.length));
    const find = this.part("class-search");
    find.hidden = report.classes.length <= WIDEST;
    /** @param {number} c @param {import("../points/gestures.mjs").How} how */
    const choose = (c, how) => {
      this.#ask(c);
      select(report.run, idsWhere(this.#points, (label) => label === c), how); // prettier-ignore
    };
    this.#showEvents(report);
    this.#search = find.hidden ? null : createClassSearch(find, report.classes, choose, report.unit);
    for (const split of SPLITS) {
      const figure = /** @type {HTMLElement} */ (this.root.querySelector(`figure[data-gt-split="${split}"]`));
      figure.hidden = !this.#points[split]?.predicted;
    }
    this.#matrices = Object.fromEntries(
      Object.keys(this.#points)
        .filter((split) => this.#points[split].predicted)
        .map((split) => [split, this.#matrixOf(split, report)]),
    );
    this.root.dataset.gtImages = Object.values(report.splits).some(({ images }) => images) ? "yes" : "no";
    this.root.dataset.gtPredicts = hasClasses(report) ? "yes" : "no";
    this.part("taken-title").textContent = hasClasses(report) ? "Which is taken for which" : `One ${report.unit}`;
    this.part("moved-text").textContent = report.moved;
    const accuracy = /** @type {HTMLElement} */ (this.root.querySelector('[data-gt-of="accuracy"]'));
    accuracy.hidden = report.task === "regression" || report.task === "none";
    const nothing =
      report.task === "none" && !this.loss.gd.data?.some((/** @type {any} */ { y }) => y?.some(Number.isFinite));
    /** @type {HTMLElement} */ (this.loss.box.closest("figure")).hidden = nothing;
    this.part("curves-title").textContent = accuracy.hidden ? "Loss" : "Loss and accuracy";
    this.#slider.setEpochs(report.epochs, report.unit);
    sayUnit(this.root, report.unit);
    this.#space();
  }

  /** Where there are very many events, a list with a search in the place of all of them. @param {Report} report */
  #showEvents(report) {
    const all = this.part("all-events");
    const few = /** @type {HTMLElement} */ (this.root.querySelector(".gt-events"));
    [all.hidden, few.hidden] = [!report.listed.length, report.listed.length > 0];
    if (all.hidden) return all.replaceChildren();
    createEventSearch(all, report, {
      href: (at) => this.#hrefOfEvent(at),
      pressed: (at) => this.#isSelected(this.#idsOfEvent(at)) && report.listed[at].epoch === report.epochs[this.#at],
    });
  }

  /** Have the server give a class a row and lines of its own, where charts have some of very many. @param {number|null} label */
  #ask(label) {
    this.#asked = label;
    if (label !== null) setProps(this.mount.ids.asked, { data: { run: this.said.run, label } });
  }

  /** Where the epochs are along the charts. */
  #xs() {
    const { epochs, unit } = this.said;
    return axisOf(epochs, unit);
  }

  /** Charts and cursor, spaced as the slider is. */
  #space() {
    if (!this.#said) return;
    const { epochs, unit } = this.#said;
    for (const { gd } of this.charts) spaceChart(this.Plotly, gd, epochs, unit);
    this.#cursor?.end();
    this.#cursor = createEpochCursor(this.charts, this.#xs(), {
      over: () => this.#showReadout(),
      click: (index, chart, event) => this.#open(index, chart, event),
    });
    this.#cursor.choose(this.#at);
    this.#later();
  }

  /** @param {string} split @param {Report} report */
  #matrixOf(split, { classes, run }) {
    return createMatrix(this.part(`confusion-${split}`), classes, splitWord(split), (c, q, how) => {
      const { ids, labels, predicted } = this.#points[split];
      if (!predicted) return;
      this.#cell = { c, q };
      select(run, cellRows(predicted, labels, this.#at, c, q).map((row) => ids[row]), how); // prettier-ignore
    });
  }

  /** @param {number} index @param {{gd: any, strip?: boolean}} chart @param {MouseEvent} event */
  #open(index, { gd, strip }, event) {
    if (matchMedia("(pointer: coarse)").matches) return this.#choose(index); // a finger has not seen the epoch before
    if (!strip) return follow(event, this.#hrefAt(index));
    const { yaxis } = gd._fullLayout;
    const row = Math.round(yaxis.p2d(event.clientY - gd.getBoundingClientRect().top - yaxis._offset));
    const c = gd.data[0].meta.classes[row];
    if (c === undefined) return;
    const { events, epochs } = this.said;
    const here = events.filter((one) => one.epoch === epochs[index] && one.classes.includes(c));
    const found = here.find((one) => one.classes.length === 1) ?? here[0]; // its own rather than that of most classes
    const ids = idsWhere(this.#points, (label) => label === c);
    follow(event, found?.href ?? this.#hrefAt(index, { ids, columns: this.#columnsOf(c, this.#besideOf(c)) }));
  }

  #end() {
    clearTimeout(this.#drawing);
    this.#cursor?.end();
    this.#curve.end();
    this.#tensors?.close();
    unregister(NAME);
  }
}

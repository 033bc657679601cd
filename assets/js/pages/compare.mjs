// @ts-check
/** `/compare`: presets, rows, columns and the controls around the grid of panels. */

import { clockOf, openTensors } from "../data/tensors.mjs";
import { onSpacing } from "../state/spacing.mjs";
import { select, selectedIds } from "../state/selection.mjs";
import { readLink } from "../state/link.mjs";
import { part } from "../core/dom.mjs";
import { painted } from "../core/motion.mjs";
import { forgetUnread, tellUnread } from "../core/unread.mjs";
import { noUpdate, plotted, setProps } from "../core/dash.mjs";
import { here } from "../core/here.mjs";
import { choose, createMounts, leave, leftAt, optionsOf, pageNamed, tellProblem } from "../core/page.mjs";
import { spaceChart } from "../charts/spaced_axis.mjs";
import { createTransition } from "../charts/transition.mjs";
import { webglAvailable } from "../gl/scene.mjs";
import { coloringNames } from "../points/colorings.mjs";
import { showKey } from "../points/legend.mjs";
import { classColors } from "../points/palette.mjs";
import { SHADED } from "../points/shading.mjs";
import { openTaking } from "../picture/dialog.mjs";
import { stillOf } from "../picture/still.mjs";
import { PICTURE } from "../story/checked.mjs";
import { GridView } from "../stage/grid_view.mjs";
import { spreadColumns } from "../stage/named_views.mjs";
import { firstTool } from "../stage/pointing.mjs";
import { layOut, sayDrawn, showRowChoices } from "./compare_grid.mjs";
import { readQuery } from "./compare_link.mjs";
import { findInGrid, placeInGrid } from "./compare_notes.mjs";
import { filmOfGrid, takenFromGrid } from "./compare_picture.mjs";
import { markHighlights, showHighlights, showPresets } from "./compare_presets.mjs";
import { saveSelection } from "./csv.mjs";
import { KEYS } from "./keys.mjs";
import { copyAddress, createRunAddress, groupAsked, hiddenAsked, selectAsked } from "./links.mjs";
import { sayNoWebgl } from "./notices.mjs";
import { chosenColoring, offerColorings } from "./offered_colorings.mjs";
import { savePage } from "./page_file.mjs";
import { PointsPage } from "./points_page.mjs";
import { enrolSimply } from "./storied_simply.mjs";
import { inUnit, sayUnit } from "./units.mjs";
import { announceAnew, watchRun } from "./watching.mjs";

const NAME = "compare";
const TOUR = "grand-tour"; // the row that has a frame

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../stage/grid_rows.mjs").Tensors} Tensors
 * @typedef {import("../stage/grid_panel.mjs").Panel} Panel
 * @typedef {import("./compare_presets.mjs").Preset} Preset
 * @typedef {import("../payloads.mjs").Comparison} Comparison
 * @typedef {import("../payloads.mjs").CompareMount} Mount
 * @typedef {{run: string, epochs: number[], rows: string[]}} Left how the page was left
 */

const pages = createMounts(async (root, /** @type {Mount} */ mount) => {
  const { gd, Plotly } = await plotted(part(root, "wrap"));
  return new ComparePage(root, mount, gd, Plotly);
});

/**
 * Show a run's comparison; mounts the page when it is new.
 *
 * @param {Comparison|import("../payloads.mjs").Failed|null} said
 * @param {Mount} mount
 * @param {unknown} _selection restored by the shell
 * @param {string|null} chosenRun the run of before
 */
export async function showComparison(said, mount, _selection, chosenRun) {
  const root = pageNamed(NAME);
  if (!root || !said) return noUpdate();
  if (!webglAvailable()) return sayNoWebgl(part(root, "wrap"));
  const first = !pages.has(root);
  const opening = pages.open(root, mount);
  const asked = root.dataset.gtAskedRun || leftAt(NAME)?.run || chosenRun;
  if (first && choose(mount.ids.run, asked, "failed" in said ? undefined : said.run)) return noUpdate(); // comes back here with that run
  const page = await opening;
  if ("failed" in said)
    page.giveUp(); // the page says why
  else if (root.isConnected) await page.show(said);
  return noUpdate();
}

/**
 * Colours, the measure that the lines show, and the run that is asked for.
 *
 * @param {import("../points/colorings.mjs").ColorBy} color
 * @param {string} measure
 * @param {string} run
 */
export async function chooseComparison(color, measure, run) {
  const page = await pages.get(pageNamed(NAME));
  page?.choose(color, measure, run);
  return noUpdate();
}

/** @param {import("../charts/transition.mjs").Motion|null} motion @param {Mount} mount */
export async function showTransition(motion, mount) {
  const page = await pages.get(pageNamed(NAME));
  if (motion) await page?.showTransition(motion, mount.base);
  return noUpdate();
}

/** @extends {PointsPage<Panel>} */
class ComparePage extends PointsPage {
  #query = new URLSearchParams(here().location.search);
  /** @type {Comparison|null} */
  #said = null;
  /** tensors of the rows that are embeddings @type {Map<string, Tensors>} */
  #opened = new Map();
  /** @type {Tensors|null} */
  #outputs = null;
  /** names of those that are shown @type {string[]} */
  #rows = [];
  /** numbers of the columns @type {number[]} */
  #epochs = [];
  /** @type {Preset|null} */
  #preset = null;
  /** chosen for a run that is on its way @type {Preset|null} */
  #next = null;
  #fresh = true;
  #transition;
  #watching;
  #address;
  #storied;

  /** @param {HTMLElement} root @param {Mount} mount @param {any} gd @param {any} Plotly */
  constructor(root, mount, gd, Plotly) {
    super(root, () => this.view, true);
    this.mount = mount;
    this.wrap = this.part("wrap");
    this.grid = this.part("grid");
    this.view = new GridView({
      wrap: this.wrap,
      grid: this.grid,
      gd,
      Plotly,
      seed: Number(this.#query.get("seed") ?? 1) || 0,
      changed: (what, detail) => this.#changed(what, detail),
      drawn: () => this.#storied?.drawn(),
      walked: (panel, index, picked) => this.walked(panel, index, picked),
      hovered: (panel, index, x, y) => this.#hovered(panel, index, x, y),
    });
    plotted(/** @type {HTMLElement} */ (root.querySelector(".gt-lines"))).then(
      ({ gd: lines }) => this.#spaceLines(lines, Plotly),
      () => {},
    ); // the page was left
    const { pointing, coloring } = this.view;
    /** @type {HTMLElement|null} */
    const stage = root.querySelector('[data-gt-stage="compare-transition"]'); // a file has none
    this.#transition =
      stage &&
      createTransition(stage, Plotly, {
        hidden: () => coloring.hidden,
        classes: () => this.run.classes,
        run: () => this.run.run,
        clock: () => clockOf(this.run),
        mark: (id) => this.view.mark(id),
        tool: () => (pointing.tool === "look" ? "lasso" : pointing.tool),
      });
    this.#watching = watchRun(this, {
      shown: () =>
        this.#said && {
          run: this.run.run,
          uid: this.run.uid,
          epochs: this.run.epochs,
          unit: clockOf(this.run),
          made: "",
        },
      renew: () => announceAnew(mount.ids.run, this.run.run),
      newest: () => false,
      follow: () => {},
    });
    this.#address = createRunAddress(this, mount.base, () => this.#addressed(), () => this.run); // prettier-ignore
    this.#storied = enrolSimply(this, {
      name: NAME,
      base: mount.base,
      address: this.#address,
      of: () => (this.#addressed() ? this.run : null),
      title: () => `Compare, ${clockOf(this.run)}s ${this.#epochs.join(", ")}`,
      alt: () => this.told(),
      stage: () => this.wrap,
      picture: () => this.#still(),
      notes: {
        place: (at) => placeInGrid(this.view, this.wrap, at),
        find: (x, y) => findInGrid(this.view, this.wrap, x, y),
      },
    });
    Object.assign(this.actions, this.#ownActions());
    this.hear([KEYS.tour, KEYS.reset, KEYS.undo, KEYS.clear, KEYS.tool, KEYS.search, KEYS.group, KEYS.tell]);
    this.onLeave(() => this.#transition?.dispose());
    this.actions.tool(firstTool());
    this.#showCombining();
  }

  /** Of the outputs: whose classes, and what the network says. */
  get run() {
    return /** @type {Comparison} */ (this.#said).outputs;
  }

  /** @param {string} action */
  possible(action) {
    return super.possible(action) && this.view.ready;
  }

  /** @returns {import("../core/page.mjs").Actions} */
  #ownActions() {
    const { view } = this;
    return {
      /** What the page's line on what to look for speaks of: one class, along all rows. */
      "show-me": () => this.selectGroup(Math.max(0, this.run.classes.indexOf(this.#preset?.classes[0] ?? "")), "new"),
      tour: () => view.tour(!view.touring),
      reset() {
        view.tour(false);
        view.reset();
      },
      link: () => copyAddress(this.#address, this.mount.base, this.run, "Link to this comparison copied"),
      picture: () => this.#takePicture(),
      csv: () => saveSelection(this.mount.ids.csv, this.run, this.run.layer, this.#epochs[this.#epochs.length - 1]),
      file: (_, button) => savePage(NAME, this.mount.base, this.#address, { run: this.run.run }, button),
      combine: (value) => {
        view.brushes.setCombining(/** @type {import("../points/brushes.mjs").Combine} */ (value));
        this.#showCombining();
      },
      clear: () => {
        view.brushes.clear();
        select(this.run.run, []);
      },
    };
  }

  // ---- what the view says

  /** @param {import("../stage/grid_view.mjs").Change} what @param {unknown} [detail] */
  #changed(what, detail) {
    if (what === "error") return tellProblem(detail);
    const { touring } = this.view;
    if (what === "motion") this.press("tour", touring, touring ? "pause-fill" : "play-fill");
    if (what === "brushes") this.#showCombining();
    this.#address.later();
    this.later();
  }

  #showCombining() {
    this.mark("combine", this.view.brushes.combining);
  }

  told() {
    const { caption, rows, columns } = takenFromGrid(this.view);
    return `Comparison: ${caption()}. Rows: ${rows.join(", ")}. Columns: ${columns.join(", ")}.`;
  }
  dots() {
    const { dotSize: size, dotOpacity: opacity, shaded } = this.view;
    return { size, opacity, shaded, card: null };
  }
  sources() {
    const { whole } = this.view;
    return whole ? [{ split: whole.split, points: whole.points, said: null }] : [];
  }

  /** @param {ReturnType<typeof import("../points/tally.mjs").tally>} tallied */
  refreshed({ totals, counts }) {
    const { brushes, coloring } = this.view;
    showKey(this.part("key"), coloring.key, this.view.shaded ? SHADED : "");
    const none = !selectedIds(this.run.run).size && brushes.count;
    const hint = none && this.part("selection").querySelector(".gt-hint");
    const several = brushes.count > 1 && brushes.combining === "and";
    if (hint) hint.textContent = several ? "No point lies in all of the rectangles." : "No point lies there.";
    markHighlights(this.part("highlights"), totals, counts);
    sayDrawn(this.grid, this.view.rows, (row) => this.view.drawnIn(row));
    this.enable("csv", selectedIds(this.run.run).size > 0);
    this.#transition?.paint();
  }

  // ---- what the pointer does

  /** @param {Panel|null} panel @param {number} index @param {number} x @param {number} y */
  #hovered(panel, index, x, y) {
    this.#transition?.mark(panel && panel.row.points.ids[index]);
    this.hover.show(/** @type {Panel} */ (panel), panel ? index : -1, x, y);
  }

  /** @param {Panel} panel @param {number} index */
  describe(panel, index) {
    const { row, epoch, root } = panel;
    const about = this.aboutPoint(row.points, row.split, index, this.view.saidOf(panel));
    const place = this.view.outputsRow?.places.get(about.id) ?? index; // of its image, among all points
    return { about: { ...about, epoch, clock: clockOf(this.run), index: place }, box: root.getBoundingClientRect() };
  }

  // ---- rows, columns, presets

  /** Show the rows and columns that are chosen. */
  async #arrange() {
    const said = /** @type {Comparison} */ (this.#said);
    const sources = said.rows
      .filter((row) => this.#rows.includes(row.name))
      .map(({ name, title, note, announcement }) => {
        return { name, title, note, split: said.split, tensors: this.#tensorsOf(name, announcement) };
      });
    const loading = this.part("loading");
    const outputs = /** @type {Tensors} */ (this.#outputs);
    loading.textContent = this.view.ready ? "" : "Fetching…";
    try {
      if (this.view.ready) await painted(); // the tick of a row, before all panels are laid out anew
      await this.view.load(outputs, sources, this.#epochs, (rows, table) =>
        layOut(this.grid, rows, table, this.#epochs, this.run, (epochs) => this.#setEpochs(epochs)),
      );
    } catch (error) {
      tellProblem(error);
    }
    loading.textContent = "";
    leave(NAME, { run: said.run, epochs: this.#epochs, rows: this.#rows });
  }

  /** @param {string} name of a row @param {Announcement|null} announcement null for the outputs */
  #tensorsOf(name, announcement) {
    if (!announcement) return /** @type {Tensors} */ (this.#outputs);
    const found = this.#opened.get(name) ?? openTensors(announcement, this.mount.base);
    this.#opened.set(name, found);
    return found;
  }

  /** @param {number[]} numbers */
  #setEpochs(numbers) {
    this.#epochs = [...numbers].sort((a, b) => a - b);
    this.#showPresets();
    return this.#arrange();
  }

  /** @param {string[]} names */
  #setRows(names) {
    this.#rows = names;
    return this.#arrange();
  }

  #showPresets() {
    const { presets } = this.mount;
    const now = this.#preset?.epochs.join() === this.#epochs.join() ? this.#preset : null; // else the columns are others
    showPresets(this.part("presets"), this.part("preset-text"), presets, now, (one) => this.#choosePreset(one));
  }

  #showHighlights() {
    const names = this.#preset?.classes ?? [];
    showHighlights(this.part("highlights"), names, this.run.classes, (c, add, off) =>
      this.selectGroup(c, off ? "subtract" : add ? "add" : "new"),
    );
  }

  /** @param {Preset} one */
  #choosePreset(one) {
    if (one.run !== this.run.run) {
      this.#next = one;
      return setProps(this.mount.ids.run, { value: one.run }); // comes back through `show`
    }
    this.#preset = one;
    this.#epochs = [...one.epochs];
    this.#look();
    this.#showPresets();
    this.#showHighlights();
    this.#arrange();
  }

  /** Turn to what the preset speaks of. */
  #look() {
    const { classes, p } = this.run;
    const { handles = [] } = this.#preset ?? {};
    const which = handles.map((name) => classes.indexOf(name));
    if (which.length) this.view.lookAlong(TOUR, spreadColumns(p, which));
  }

  // ---- what is taken away

  /** What the address says; null while another run is on its way. */
  #addressed() {
    if (this.#fresh || !this.#said || this.root.dataset.gtAwaiting) return null;
    const { coloring } = this.view;
    const query = new URLSearchParams({
      run: this.run.run,
      epochs: this.#epochs.join("."),
      rows: this.#rows.join("."),
    });
    if (coloring.by !== "label") query.set("color", coloring.by);
    if (coloring.hidden.size) query.set("hide", [...coloring.hidden].join("."));
    return query;
  }

  /** A small picture of the panels as they are. */
  async #still() {
    const hand = this.view.takeTime();
    try {
      return await stillOf(takenFromGrid(this.view), PICTURE);
    } finally {
      hand.end();
    }
  }

  #takePicture() {
    const { view } = this;
    const hand = view.takeTime(); // what is taken away stands still until then
    openTaking({ taken: takenFromGrid(view), film: filmOfGrid(view, hand), closed: hand.end });
  }

  // ---- what Dash calls

  /** @param {import("../points/colorings.mjs").ColorBy} color @param {string} measure @param {string} run */
  choose(color, measure, run) {
    const { coloring, ready } = this.view;
    if (this.#said && run !== this.#said.run) this.#await(run);
    const text = this.part("measure-text");
    text.textContent = inUnit(this.mount.texts[measure] ?? "", text.dataset.gtUnit ?? "epoch");
    if (ready && color !== coloring.by) coloring.colorBy(color);
  }

  /** Another run is on its way: what is shown is dimmed, and of the old one until then. @param {string} run */
  #await(run) {
    const title = optionsOf(this.mount.ids.run).find((one) => one.value === run)?.text ?? run;
    this.root.dataset.gtAwaiting = run;
    this.part("loading").textContent = `Fetching ${title}…`;
  }

  /** The run that was asked for cannot be shown: what there is stays. */
  giveUp() {
    delete this.root.dataset.gtAwaiting;
    this.part("loading").textContent = "";
    this.#next = null;
    if (this.#said) setProps(this.mount.ids.run, { value: this.#said.run });
  }

  /** @param {import("../charts/transition.mjs").Motion} motion @param {string} base */
  async showTransition(motion, base) {
    await this.#transition?.show(motion, base).catch(tellProblem);
  }

  /** @param {Comparison} now */
  async show(now) {
    const same = this.#said?.run === now.run;
    delete this.root.dataset.gtAwaiting;
    this.#said = now;
    for (const tensors of this.#opened.values()) tensors.close();
    this.#opened = new Map();
    this.#outputs?.close();
    const outputs = openTensors(now.outputs, this.mount.base);
    this.#outputs = outputs;
    this.images.begin(now.outputs.splits, (split) => outputs.part(split, "images"));
    this.#chooseFor(now, same);
    this.#dress(now);
    await this.#arrange();
    if (this.#said !== now) return;
    await this.#restore(now);
    this.#address.later();
    this.#look();
    performance.mark("gt-first-picture");
    setProps(this.mount.ids.chosenRun, { data: now.run });
    setProps(this.mount.ids.ready, { data: { run: now.run } });
    this.#watching.now();
    this.refresh();
    this.#storied.settled();
  }

  /** Preset, columns and rows for a run: as asked for, else as they were left, else as is usual. @param {Comparison} now @param {boolean} same */
  #chooseFor(now, same) {
    const next = this.#next;
    const before = /** @type {Left|null} */ (leftAt(NAME));
    const back = before?.run === now.run ? before : null;
    const asked = this.#fresh ? readQuery(this.#query, now) : null;
    this.#preset = next ?? this.mount.presets.find((one) => one.run === now.run) ?? now.preset ?? null;
    const left = same || back ? (back?.epochs ?? this.#epochs) : [...(this.#preset?.epochs ?? now.epochs)];
    this.#epochs = next ? [...next.epochs] : (asked?.epochs ?? left);
    const usual = now.rows.filter((row) => row.shown).map((row) => row.name);
    const rows = asked?.rows ?? back?.rows ?? (same ? this.#rows : usual);
    this.#rows = rows.filter((name) => now.rows.some((row) => row.name === name));
    this.#next = null;
  }

  /** Colours, hidden classes and selection, as the address says. @param {Comparison} now */
  async #restore(now) {
    const { coloring } = this.view;
    const chosen = chosenColoring(this.mount.ids.color, now.outputs); // it may have been while nothing was shown yet
    if (chosen) coloring.colorBy(chosen);
    if (!this.#fresh) return forgetUnread();
    this.#fresh = false;
    const asked = readLink(this.#query.toString(), null, coloringNames(now.outputs));
    tellUnread(asked.unread);
    const color = /** @type {import("../points/colorings.mjs").ColorBy|null} */ (asked.color);
    if (color) setProps(this.mount.ids.color, { value: color });
    if (color) coloring.colorBy(color);
    if (asked.hidden.length) coloring.setHidden(hiddenAsked(asked, now.outputs.classes.length));
    await groupAsked(this.mount.base, now.outputs, asked.groups); // before filters, which may speak of them
    await selectAsked(this.mount.base, now.run, asked);
  }

  /** Have the lines of a measure spaced as the reader wants steps to be. @param {any} lines their graph div @param {any} Plotly */
  #spaceLines(lines, Plotly) {
    const space = () => this.#said && spaceChart(Plotly, lines, this.run.epochs, clockOf(this.run));
    lines.on("plotly_afterplot", space); // another measure's come evenly spaced
    this.onLeave(onSpacing(space), () => lines.removeListener?.("plotly_afterplot", space));
    space();
  }

  /** Dress the page for a run. @param {Comparison} now */
  #dress(now) {
    const { classes } = now.outputs;
    this.showLegend(now.outputs, classes, classColors(classes.length));
    offerColorings(this.mount.ids.color, now.outputs);
    sayUnit(this.root, clockOf(now.outputs));
    this.view.coloring.setHidden([]);
    this.#transition?.clear();
    showRowChoices(this.part("rows"), now.rows, () => this.#rows, (names) => this.#setRows(names)); // prettier-ignore
    this.#showPresets();
    this.#showHighlights();
  }
}

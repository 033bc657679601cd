// @ts-check
/**
 * A page with pictures of points: legend, selection, hover card and images are the same on all of them, whatever draws
 * the points (a tour view, or a grid of panels).
 */

import { groupWord, hasClasses } from "../data/groups.mjs";
import { UNDECIDED } from "../data/predictions.mjs";
import { splitBehind } from "../data/splits.mjs";
import { history } from "../state/history.mjs";
import { groupsOf } from "../state/kept_groups.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { count, el, sayAloud } from "../core/dom.mjs";
import { Page, tellProblem } from "../core/page.mjs";
import { saidOfPoint } from "../points/card.mjs";
import { createDotControls } from "../points/dot_controls.mjs";
import { createHover } from "../points/hover.mjs";
import { createLegend } from "../points/legend.mjs";
import { showSelection } from "../points/selection_panel.mjs";
import { createSplitImages } from "../points/split_images.mjs";
import { summaryOf, valuesOf } from "../points/point_values.mjs";
import { tally } from "../points/tally.mjs";
import { createPointGroups } from "./point_groups.mjs";
import { createPointSearch } from "./point_search.mjs";

/**
 * @typedef {import("../points/gestures.mjs").How} How
 * @typedef {import("../points/tally.mjs").Source} Source
 * @typedef {object} View what a page of points needs of what draws them
 * @property {boolean} ready
 * @property {import("../data/tensors.mjs").Announcement} run
 * @property {ReturnType<typeof import("../stage/coloring.mjs").createColoring>} coloring
 * @property {ReturnType<typeof import("../stage/pointing.mjs").createPointing>} pointing
 * @property {import("../stage/filtering.mjs").Filtering} filtering
 * @property {import("../stage/filtering.mjs").Part[]} parts the points of each split that is shown
 * @property {number} nearest index of the epoch of which it is said what the network says
 * @property {import("../stage/filtering.mjs").SaidAt} saidAt
 */

const HIDDEN = "hidden"; // what is remembered of the legend

/** @template S what the pointer can be on: a stage, a panel */
export class PointsPage extends Page {
  /** @type {ReturnType<typeof createLegend>|null} */
  #legend = null;
  /** names of what the legend tells apart @type {string[]} */
  #groups = [];
  /** once they were asked for @type {ReturnType<typeof createDotControls>|null} */
  #sliders = null;
  #view;

  /**
   * @param {HTMLElement} root
   * @param {() => View} view asked for whenever something has happened
   * @param {boolean} behind whether legend and selection follow behind the next picture, not before it
   */
  constructor(root, view, behind = false) {
    super(root);
    this.#view = view;
    /** Asks for legend and selection to be brought up to date. */
    this.later = this.soon(() => view().ready && this.refresh(), behind);
    this.images = createSplitImages({
      failed: tellProblem,
      arrived: () => {
        this.hover.again();
        this.later();
      },
    });
    this.hover = createHover(root, (/** @type {S} */ on, index) => this.describe(on, index));
    this.actions.tool = (value) => {
      view().pointing.setTool(/** @type {import("../points/gestures.mjs").Tool} */ (value));
      this.mark("tool", value);
    };
    this.actions.how = (value) => {
      view().pointing.setHow(/** @type {How} */ (value));
      this.mark("how", value);
    };
    this.actions.dots = (_, button) => void (button && this.#dotControls().toggle(button));
    this.actions.tell = () => sayAloud(this.told());
    this.search = createPointSearch(this, view);
    this.actions.search = () => this.search.open();
    this.groups = createPointGroups(this, view, { sources: () => this.sources(false), changed: this.later });
    this.actions.group = (_, button) => view().ready && this.groups.make(button !== undefined);
    this.actions.undo = () => history.undo();
    this.actions.redo = () => history.redo();
    const undoable = () => this.#showUndo();
    this.onLeave(onSelection(this.later), history.listen(undoable), () => history.forget(HIDDEN));
  }

  #dotControls() {
    if (this.#sliders) return this.#sliders;
    this.#sliders = createDotControls(this.root, () => this.dots());
    this.onLeave(this.#sliders.leave);
    return this.#sliders;
  }

  #showUndo() {
    this.enable("undo", history.canUndo);
    this.enable("redo", history.canRedo);
  }

  // ---- what each page says

  /** The points that legend and selection are of. @param {boolean} _said whether what the network says of them is asked for @returns {Source[]} */
  sources(_said) {
    return [];
  }
  /** What is shown, in sentences for those who hear the page. */
  told() {
    return "";
  }
  /** How large and opaque its points are drawn. @returns {import("../points/dot_controls.mjs").Drawn} */
  dots() {
    return { size: 0, opacity: 0, shaded: false, card: null };
  }
  /** What to say of a point, and where its place is counted from; null for nothing. @param {S} _on @param {number} _index
   * @returns {{about: import("../points/card.mjs").About, box: DOMRect}|null} */
  describe(_on, _index) {
    return null;
  }
  /** Legend and selection have been brought up to date. @param {ReturnType<typeof tally>} _tallied */
  refreshed(_tallied) {}

  // ---- what is the same for all

  /** Keys have led to a point, or picked it: it is said. @param {S} on @param {number} index -1 where there is none @param {boolean} picked */
  walked(on, index, picked) {
    const chosen = selectedIds(this.#view().run.run);
    const found = index < 0 ? null : this.describe(on, index);
    if (!found) return sayAloud("No point further on.");
    const { id } = found.about;
    if (!picked) return sayAloud(saidOfPoint(found.about, chosen.has(id)));
    sayAloud(`Point ${id} is ${chosen.has(id) ? "" : "not "}selected, ${count(chosen.size)} in all.`);
  }

  /** Dress the legend for a run. @param {import("../data/tensors.mjs").Announcement} run @param {string[]} groups @param {string[]} colors */
  showLegend(run, groups, colors) {
    const { coloring } = this.#view();
    this.#groups = groups;
    this.part("legend").setAttribute("aria-label", hasClasses(run) ? "Classes" : "Groups");
    history.show(run.run);
    history.forget(HIDDEN); // all groups are drawn again
    this.#showUndo();
    this.#legend = createLegend(this.part("legend"), {
      classes: groups,
      color: (c) => coloring.colorOf(c) ?? colors[c],
      word: groupWord(run),
      standOut: (some) => coloring.standOut(some),
      changed: this.later,
      preview: (c) => coloring.setPreview(c),
      hidden: () => coloring.hidden,
      hide: (hidden) => this.hide(hidden),
      select: (c, key) => this.selectGroup(c, key),
    });
  }

  /** Hide some groups and no others; this can be taken back. @param {Iterable<number>} groups */
  hide(groups) {
    const { coloring } = this.#view();
    history.remember(HIDDEN, { now: () => coloring.hidden, put: coloring.setHidden });
    coloring.setHidden(groups);
  }

  /** Select the points of a group. @param {number} c @param {How|null} [how] what a held key says */
  selectGroup(c, how = null) {
    const { run, pointing, filtering } = this.#view();
    const ids = this.sources(false).flatMap((part) => {
      const { ids, labels, groups = labels } = part.points;
      const through = filtering.maskOf(part);
      return Array.from(ids).filter((_, i) => groups[i] === c && through?.[i] !== 0);
    });
    select(run.run, ids, how ?? pointing.how);
  }

  /** Bring legend and selection up to date. */
  refresh() {
    const { run, classes } = this.#view().run;
    const chosen = selectedIds(run);
    const sources = this.sources(chosen.size > 0 || Boolean(this.#legend?.asks));
    if (!sources.length) return;
    const tallied = tally(sources, this.#groups.length, chosen);
    const { totals, counts, selected, right } = tallied;
    this.#legend?.show(totals, chosen.size ? counts : null, right);
    showSelection(this.part("selection"), selected, chosen.size - selected.length, classes, this.images.all, this.#view().run.opened, {
      clear: () => select(run, []),
      cell(c, q) {
        const kept = selected.filter(({ label, predicted }) => label === c && predicted === q);
        select(run, kept.map(({ id }) => id)); // prettier-ignore
      },
      needImages: () => this.images.fetch(sources.map(({ split }) => split)),
      only: () => this.search.hideSelected("only"),
      without: () => this.search.hideSelected("without"),
      invert: () => this.search.invert(),
      wrong: () => select(run, selected.filter(({ label, predicted }) => label !== predicted).map(({ id }) => id)),
    }); // prettier-ignore
    const summary = summaryOf(this.#view().run, partsOf(sources, selected));
    if (summary.length && selected.length) this.part("selection").append(summaryList(summary));
    this.search.refresh();
    this.groups.refresh();
    this.refreshed(tallied);
  }

  /**
   * Who a point is, and what the network says of it; its image is asked for.
   *
   * @param {import("../stage/stage.mjs").Points} points @param {string} split @param {number} index
   * @param {import("../points/colorings.mjs").Said|null} said null where it is not known
   */
  aboutPoint(points, split, index, said) {
    const { run } = this.#view();
    const { classes } = run;
    const { ids, labels } = points;
    const plain = hasClasses(run);
    const { rows, wrong } = valuesOf(run, points, index, said?.given ?? null);
    const within = groupsOf(run).filter((group) => group.ids.has(ids[index]));
    /** @type {[string, string][]} */
    const grouped = within.length ? [[within.length === 1 ? "Your group" : "Your groups", within.map(({ name }) => name).join(", ")]] : []; // prettier-ignore
    this.images.fetch([split]);
    return {
      id: ids[index],
      split: splitBehind(run, split),
      label: plain || (classes.length > 1 && run.task !== "multilabel") ? classes[labels[index]] : null,
      labelled: plain ? "Label" : "Group",
      more: [...grouped, ...rows],
      wrong,
      predicted: said && plain ? (classes[said.predicted[index]] ?? UNDECIDED) : null,
      confidence: said && plain ? said.confidence[index] : 0,
      images: this.images.of(split),
      index,
    };
  }
}

/** The selected points of each source. @param {Source[]} sources @param {import("../points/selection_panel.mjs").Chosen[]} selected */
const partsOf = (sources, selected) =>
  sources.map(({ split, points, given = null }) => {
    return { points, given, rows: selected.filter((one) => one.split === split).map(({ index }) => index) };
  });

const ADDRESS = /^https?:\/\/\S+$/;

/** What is said of a selection; an address can be followed. @param {[string, string][]} rows */
const summaryList = (rows) =>
  el(
    "dl",
    { class: "gt-summary" },
    ...rows.map(([name, said]) => {
      const link = ADDRESS.test(said) && el("a", { href: said, target: "_blank", rel: "noopener noreferrer" }, said);
      return el("div", {}, el("dt", {}, name), el("dd", {}, link || said));
    }),
  );

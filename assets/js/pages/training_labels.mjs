// @ts-check
/** “Labels to look at” on `/training`: the map and the list, linked with the app's one selection. */

import { plotted } from "../core/dash.mjs";
import { count, el, icon, percent } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";
import { tellProblem } from "../core/page.mjs";
import { tellUnread } from "../core/unread.mjs";
import { register, unregister } from "../core/registry.mjs";
import { createCartographyMap } from "../charts/cartography_map.mjs";
import { createLabelList } from "../charts/label_list.mjs";
import { firstIds, frequentPairs, numberText, readExamples } from "../data/cartography.mjs";
import { openTensors } from "../data/tensors.mjs";
import { createHover } from "../points/hover.mjs";
import { isJust, onSelection, select, selectedIds } from "../state/selection.mjs";
import { hiddenBut, spreadColumns } from "../stage/named_views.mjs";
import { linkAt, linkTo } from "./training_links.mjs";

const NAME = "labels"; // what `inspect` is asked for
const FIRST = 100; // examples that are selected, unless the reader says otherwise
const PAIRS = 6; // of a label and what it is taken for
const FEW = 24; // classes, of which a link can hide all but two
const LETTERS = 18; // of a name in a button
const ASKED = ["ranked", "first"]; // of an address
const BUTTON = "btn btn-sm gt-button gt-bordered";

/**
 * @typedef {import("../data/cartography.mjs").Examples} Examples
 * @typedef {import("../payloads.mjs").LabelsReport} LabelsReport
 * @typedef {{report: LabelsReport, examples: Examples, order: string, first: number}} Shown
 */

export class Labels {
  /** @type {Shown|null} */
  #shown = null;
  /** asked for last, perhaps still on its way @type {LabelsReport|null} */
  #latest = null;
  /** @type {ReturnType<typeof openTensors>|null} */
  #tensors = null;
  /** @type {ReturnType<typeof createCartographyMap>|null} */
  #map = null;
  #lasso = matchMedia("(pointer: fine)").matches; // a finger that goes over the map scrolls the page
  /** the points that a button selects @type {Map<HTMLElement, number[]>} */
  #choosers = new Map();
  /** what the page was opened by, until it is shown @type {URLSearchParams} */
  #asked;
  #changed;
  #again;
  #hover;
  #list;

  /**
   * @param {import("../core/page.mjs").Page} page @param {string} base prefix of all addresses
   * @param {(split: string) => import("../points/thumbnail.mjs").Images|null} images null while they are on their way
   * @param {{query: URLSearchParams, changed: () => void}} address what the page was opened by, and whom to tell of a change of what it says
   */
  constructor(page, base, images, { query, changed }) {
    this.page = page;
    this.base = base;
    this.images = images;
    this.#asked = query;
    this.#changed = changed;
    this.touch = page.part("labels-touch");
    this.#again = page.soon(() => this.#draw());
    this.#hover = createHover(page.root, (_, /** @type {number} */ i) =>
      this.#shown ? { about: this.#aboutOf(i), box: this.touch.getBoundingClientRect() } : null,
    );
    this.#list = createLabelList(page.part("labels-list"), {
      images,
      pick: (id, too) => this.#select([id], !too ? "new" : this.#chosen.has(id) ? "subtract" : "add"),
      mark: (id) => this.#map?.mark(id),
      link: (i) => this.#linkOf(i),
    });
    register(NAME, () => this.#inspect());
    page.onLeave(onSelection(this.#again), () => {
      this.#tensors?.close();
      this.#map?.dispose();
      unregister(NAME);
    });
  }

  /** What is there; asked for by what is drawn of it. */
  get #now() {
    return /** @type {Shown} */ (this.#shown);
  }
  get #chosen() {
    return selectedIds(this.#shown?.report.run ?? "");
  }
  /** @param {number[]} ids @param {import("../points/gestures.mjs").How} how */
  #select(ids, how) {
    if (this.#shown) select(this.#shown.report.run, ids, how);
  }

  /** @param {LabelsReport} report */
  async show(report) {
    this.#latest = report;
    const opened = openTensors(/** @type {any} */ (report), this.base);
    const wanted = () => this.page.root.isConnected && this.#latest === report;
    try {
      const examples = await readExamples(report, opened.other);
      if (!wanted()) return opened.close();
      this.#tensors?.close();
      this.#tensors = opened;
      this.page.part("labels").hidden = examples === null;
      this.page.part("labels-said").textContent = report.silence || report.said;
      if (examples) await this.#open(report, examples, wanted);
      else [this.#shown, this.#asked] = [null, new URLSearchParams()];
    } catch (error) {
      if (wanted()) tellProblem(error);
    }
  }

  /** @param {LabelsReport} report @param {Examples} examples @param {() => boolean} wanted */
  async #open(report, examples, wanted) {
    const { order, first } = this.#shown ?? this.#askedOf(report);
    this.#shown = { report, examples, order, first: Math.min(first, examples.n) };
    this.#showTool();
    this.#list.show(examples, order, report.classes);
    this.#showFirst();
    const box = this.page.part("labels-map");
    const { Plotly } = await plotted(box);
    if (!wanted()) return;
    const parts = { box, touch: this.touch, ring: this.page.part("labels-ring"), key: this.page.part("labels-key") };
    this.#map ??= createCartographyMap(parts, Plotly, {
      tool: () => (this.#lasso ? "lasso" : "look"),
      hover: (index, x, y) => {
        this.#hover.show(null, index, x, y);
        this.#map?.mark(index < 0 || !this.#shown ? null : this.#shown.examples.ids[index]);
      },
      pick: (ids, how) => this.#select(ids, how),
      changed: this.#again,
    });
    if (await this.#map.show(examples, report.epochs.length, report.unit, wanted)) this.#draw();
  }

  /** The order, and how many of the first, that the page was opened by, or the usual. @param {LabelsReport} report */
  #askedOf({ orders }) {
    const [usual] = Object.keys(orders);
    const ranked = this.#asked.get("ranked") ?? usual;
    const many = this.#asked.get("first") ?? String(FIRST);
    const [known, number] = [Object.hasOwn(orders, ranked), /^[1-9]\d{0,8}$/.test(many)];
    tellUnread([...(known ? [] : ["ranked"]), ...(number ? [] : ["first"])]);
    this.#asked = new URLSearchParams();
    return { order: known ? ranked : usual, first: number ? Number(many) : FIRST };
  }

  /** Say in an address what differs from the usual. @param {URLSearchParams} query */
  address(query) {
    if (!this.#shown) return this.#asked.forEach((value, key) => ASKED.includes(key) && query.set(key, value));
    const { report, order, first } = this.#shown; // prettier-ignore
    if (order !== Object.keys(report.orders)[0]) query.set("ranked", order);
    if (first !== Math.min(FIRST, this.#shown.examples.n)) query.set("first", String(first));
  }

  /** @param {string} order */
  order(order) {
    const shown = this.#shown;
    if (!shown || order === shown.order || !(order in shown.report.orders)) return;
    shown.order = order;
    this.page.part("labels-order").textContent = shown.report.orders[order];
    this.#list.show(shown.examples, order, shown.report.classes);
    this.#showFirst();
  }

  /** Images have come. */
  fill() {
    this.#list.fill();
    this.#hover.again();
  }

  #draw() {
    if (!this.#shown) return;
    const chosen = this.#chosen;
    this.#map?.draw(chosen);
    this.#list.choose(chosen);
    for (const [button, ids] of this.#choosers) button.setAttribute("aria-pressed", String(isJust(chosen, ids)));
  }

  /** What the hover card says of an example. @param {number} i @returns {import("../points/card.mjs").About} */
  #aboutOf(i) {
    const { report: { classes, epochs, unit }, examples: { ids, labels, taken, values, inSplit, splitOf } } = this.#now; // prettier-ignore
    return {
      id: ids[i],
      split: splitOf(i),
      label: classes[labels[i]],
      predicted: classes[taken[i]] ?? "undecided",
      confidence: values.sure[i],
      epoch: `mean of ${epochs[0]} to ${epochs[epochs.length - 1]}`,
      clock: unit,
      images: this.images(splitOf(i)),
      index: inSplit[i],
      more: [
        ["In its label", `${percent(values.confidence[i])} ± ${percent(values.variability[i])}`],
        ["Right in", `${values.right[i]} of ${epochs.length}`],
        ["Forgotten", `${values.forgotten[i]} ×`],
        ["Margin", numberText(values.margin[i], 1)],
      ],
    };
  }

  /** Where examples are seen at the last epoch: a label beside what it is taken for. @param {number} label @param {number} taken @param {number[]} ids */
  #hrefOf(label, taken, ids) {
    const { run, layer, epochs, classes } = this.#now.report;
    const k = classes.length;
    const two = [label, taken === label || taken >= k ? (label + 1) % k : taken];
    const names = two.map((c) => classes[c]);
    const hidden = k <= FEW && ids.length > 1 ? hiddenBut(names, classes) : [];
    return linkAt(this.base, run, layer, epochs[epochs.length - 1], ids, { columns: spreadColumns(k, two), hidden });
  }

  /** @param {number} i */
  #linkOf(i) {
    const { ids, labels, taken, splitOf } = this.#now.examples;
    const link = linkTo(this.#hrefOf(labels[i], taken[i], [ids[i]]), `${ids[i]}, ${splitOf(i)}`);
    link.title = "See it in the Grand Tour";
    return link;
  }

  /** A button that selects points. @param {string} text @param {number[]} ids @param {string} title */
  #chooser(text, ids, title) {
    const button = el("button", { type: "button", class: BUTTON, "aria-pressed": "false", title }, text);
    button.addEventListener("click", (event) => this.#select(ids, event.shiftKey ? "add" : "new"));
    this.#choosers.set(button, ids);
    return button;
  }

  /** How many of the first, a button that selects them, and what they are mostly taken for. */
  #showFirst() {
    this.#changed();
    const { examples, order, first } = this.#now;
    const ids = firstIds(examples, order, first);
    const field = el("input", {
      type: "number", class: "form-control form-control-sm", min: "1", max: String(examples.n), value: String(first),
      "aria-label": "How many of the first",
      onchange: () => {
        this.#now.first = Math.max(1, Math.min(examples.n, Math.round(Number(field.value)) || FIRST));
        this.#showFirst();
      },
    }); // prettier-ignore
    this.#choosers.clear();
    const word = `Select the first ${count(first)} of the list (Shift adds)`;
    this.page.part("labels-first").replaceChildren(el("span", {}, "First"), field, this.#chooser("Select", ids, word));
    this.#showPairs();
    this.#again();
  }

  /** What the first are mostly taken for. */
  #showPairs() {
    const { report: { classes }, examples, order, first } = this.#now; // prettier-ignore
    const pairs = frequentPairs(examples, order, first, classes.length, PAIRS);
    const apart = classes.length <= FEW ? ", without the other classes" : "";
    const buttons = pairs.map(({ label, taken, ids }) => {
      const said = `labelled ${classes[label]}, taken for ${classes[taken]}`;
      const [from, to] = [label, taken].map((c) => middle(classes[c], LETTERS));
      const link = linkTo(this.#hrefOf(label, taken, ids), "see");
      link.title = `See ${ids.length > 1 ? "these" : "it"} in the Grand Tour, both classes side by side${ids.length > 1 ? apart : ""}`;
      link.addEventListener("click", () => this.#select(ids, "new")); // a link holds so many
      const button = this.#chooser(`${from} → ${to}: ${count(ids.length)}`, ids, `Select those ${said} (Shift adds)`);
      return el("span", { class: "gt-labels-pair" }, button, link);
    });
    const text = buttons.length
      ? `Of the first ${count(first)}, most often labelled → taken for:`
      : `Of the first ${count(first)} none is taken for another class, by its mean probabilities.`;
    this.page.part("labels-pairs").replaceChildren(el("span", { class: "gt-hint" }, text), ...buttons);
  }

  /** Lasso, or look: on a screen that is touched a finger otherwise scrolls the page. */
  #showTool() {
    this.page.part("labels-map").dataset.gtTool = this.#lasso ? "lasso" : "look";
    const title = "Draw a lasso around points of the map: they are selected (Shift adds, Alt subtracts)";
    const said = { type: "button", class: BUTTON, title, "aria-pressed": String(this.#lasso) };
    const button = el("button", said, icon("pentagon"), " Lasso");
    button.addEventListener("click", () => {
      this.#lasso = !this.#lasso;
      this.#showTool();
    });
    this.page.part("labels-tool").replaceChildren(button);
  }

  #inspect() {
    if (!this.#shown) return { run: this.#latest?.run ?? "", n: 0 };
    const { report: { run, epochs }, examples, order, first } = this.#shown; // prettier-ignore
    const picture = this.#map?.picture();
    const places = picture ? Array.from(picture.positions) : [];
    return {
      run,
      epochs,
      n: examples.n,
      order,
      way: this.#map?.way ?? "none",
      first: firstIds(examples, order, first),
      ids: Array.from(examples.ids),
      height: picture?.view.height ?? 0,
      places,
    };
  }
}

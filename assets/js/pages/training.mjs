// @ts-check
/** `/training`: one epoch in all charts, the confusion at it, and the selection in everything. */

import { accuracyOf, cellRows, confusion } from "../data/confusion.mjs";
import { openTensors } from "../data/tensors.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { el, part, toast } from "../core/dom.mjs";
import { createCurve } from "../charts/curve.mjs";
import { createEpochCursor } from "../charts/epoch_cursor.mjs";
import { createEpochSlider } from "../charts/epoch_slider.mjs";
import { writeLink } from "../state/link.mjs";
import { whenLeft } from "../core/loop.mjs";
import { WIDEST, createMatrix } from "../charts/matrix.mjs";
import { spreadColumns } from "../stage/named_views.mjs";
import { register, unregister } from "../core/registry.mjs";
import { showSelection } from "../points/selection_panel.mjs";
import { thumbnail } from "../points/thumbnail.mjs";
import { noUpdate, plotted, setProps } from "./dash.mjs";

const NAME = "training"; // what `inspect` is asked for
const SPLITS = { train: "training", test: "test" };

/**
 * @typedef {import("../data/tensors.mjs").Tensor} Tensor
 * @typedef {{n: number, ids: Tensor, labels: Tensor, images: Tensor|null, predicted: Tensor}} SplitSaid
 * @typedef {object} Report see gt/state.py, TrainingReport
 * @property {string} run @property {string} title @property {string[]} classes @property {number[]} epochs
 * @property {Record<string, SplitSaid>} splits
 * @property {{before: number, epoch: number, classes: number[], ids: number[], href: string}[]} events
 * @property {Record<string, number[]>} examples
 * @property {string} [failed]
 * @typedef {{ids: Record<string, string>, base: string}} Mount
 * @typedef {{ids: number[], labels: Uint16Array, predicted: Uint16Array, at: Map<number, number>}} Points
 */

/** @type {WeakMap<Element, Promise<ReturnType<typeof mountPage>>>} */
const mounting = new WeakMap();

/**
 * Show what the server found in a training; mounts the page when it is new.
 *
 * @param {Report|null} said @param {Mount} mount @param {unknown} _selection restored by the shell
 * @param {string|null} chosenRun the run of before
 */
export async function showTraining(said, mount, _selection, chosenRun) {
  const page = /** @type {HTMLElement|null} */ (document.querySelector('[data-gt-page="training"]'));
  if (!page || !said) return noUpdate();
  if (!mounting.has(page)) {
    mounting.set(
      page,
      Promise.all(chartBoxes(page).map(({ box }) => plotted(box))).then((all) => mountPage(page, mount, all)),
    );
    const choices = [.../** @type {HTMLSelectElement} */ (document.getElementById(mount.ids.run)).options];
    const before =
      !page.dataset.gtAskedRun && chosenRun !== said.run && choices.some((choice) => choice.value === chosenRun);
    if (before) setProps(mount.ids.run, { value: chosenRun }); // comes back here with that run
  }
  const driver = await mounting.get(page);
  if (page.isConnected && !said.failed) await driver?.show(said);
  return noUpdate();
}

/** @param {HTMLElement} page */
const chartBoxes = (page) =>
  [.../** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll(".gt-epochs-chart"))].map((box) => ({
    box,
    strip: box.classList.contains("gt-when"),
  }));

/** @param {HTMLElement} page @param {Mount} mount @param {{gd: any, Plotly: any}[]} graphs in the order of the page */
function mountPage(page, mount, graphs) {
  const charts = chartBoxes(page).map((chart, i) => ({ ...chart, gd: graphs[i].gd }));
  const [loss, accuracy] = charts.filter(({ strip }) => !strip);
  const curve = createCurve(accuracy.box, accuracy.gd);
  const slider = createEpochSlider(part(page, "epoch"), { seek: (at) => said && choose(Math.round(at)) });
  /** @type {Report} */
  let said;
  /** @type {Report|null} asked for last, perhaps still on its way */
  let latest = null;
  /** @type {Record<string, Points>} */
  let points = {};
  /** @type {Record<string, ReturnType<typeof createMatrix>>} */
  let matrices = {};
  /** @type {Record<string, import("../points/thumbnail.mjs").Images|null>} */
  let images = {};
  /** @type {ReturnType<typeof openTensors>|null} */
  let tensors = null;
  /** @type {ReturnType<typeof createEpochCursor>|null} */
  let cursor = null;
  /** @type {{c: number, q: number}|null} the cell clicked last */
  let cell = null;
  let at = 0;
  let pending = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let drawing;

  const k = () => said.classes.length;

  /** @param {number} index of an epoch */
  function choose(index) {
    at = Math.max(0, Math.min(said.epochs.length - 1, index));
    cursor?.choose(at);
    later();
  }

  /** Draw what follows from the epoch and the selection, once a frame. */
  const later = () => (pending ||= requestAnimationFrame(draw));

  function draw() {
    pending = 0;
    if (!said || !page.isConnected) return;
    slider.show(at, said.epochs[at]);
    const chosen = selectedIds(said.run);
    for (const [split, { ids, labels, predicted }] of Object.entries(points)) {
      const selected = new Int32Array(k() * (k() + 1));
      if (chosen.size)
        ids.forEach((id, i) => chosen.has(id) && selected[labels[i] * (k() + 1) + predicted[at * ids.length + i]]++);
      matrices[split].show(confusion(predicted, labels, k(), at), selected);
    }
    showSelectedCurve();
    showReadout();
    showPair();
    showPressed(chosen);
    clearTimeout(drawing);
    drawing = setTimeout(() => page.isConnected && showChosen(selectedIds(said.run))); // its images after this paint
  }

  /** What the curves say at the epoch under the pointer, or at the chosen one. */
  function showReadout() {
    const index = cursor?.hovered ?? at;
    const values = { loss: overall("loss", index), accuracy: overall("accuracy", index) };
    if (curve.values) values.accuracy.push(`${(100 * curve.values[index]).toFixed(1)} % selected`);
    const parts = Object.entries(values).filter(([, said]) => said.length).map(([name, said]) => `${name} ${said.join(", ")}`); // prettier-ignore
    const href = hrefAt(index);
    part(page, "readout").replaceChildren(
      el("strong", {}, `Epoch ${said.epochs[index]}`),
      el("span", {}, parts.join("; ") || "nothing was measured"),
      el("a", { href, onclick: (/** @type {MouseEvent} */ event) => follow(event, href) }, "Open in the Grand Tour"),
    );
  }

  /** Values over all classes, in words. @param {string} name of the chart @param {number} index @returns {string[]} */
  function overall(name, index) {
    const { gd } = name === "loss" ? loss : accuracy;
    return gd.data
      .filter(
        (/** @type {any} */ t) =>
          t.meta.class < 0 && t.y[index] !== null && t.y[index] !== undefined && Number.isFinite(t.y[index]),
      )
      .map((/** @type {any} */ t) => {
        const value = t.y[index];
        return `${name === "loss" ? value.toFixed(3) : `${(100 * value).toFixed(1)} %`} ${t.name}`;
      });
  }

  /** The Grand Tour at an epoch, with what is selected. @param {number} index @param {Partial<import("../state/link.mjs").Shared>} [more] */
  function hrefAt(index, more = {}) {
    const view = {
      run: said.run,
      layer: "softmax",
      kind: /** @type {const} */ ("layer"),
      epoch: said.epochs[index],
      columns: null,
      hidden: [],
      color: "label",
      images: false,
      ids: [...selectedIds(said.run)],
      ...more,
    };
    return `${mount.base}grand-tour?${writeLink(view).query}`;
  }

  /** The pair of classes of the cell that was clicked, and where it is seen. */
  function showPair() {
    const box = part(page, "pair");
    const what =
      k() > WIDEST
        ? "True class → what it is taken for, and how many points; the most frequent first."
        : "Rows are true classes, columns what they are taken for, in numbers of points.";
    if (!cell) return box.replaceChildren(`${what} Click one to select them.`);
    const { c } = cell;
    const q = cell.q === c || cell.q === k() ? besideOf(c) : cell.q;
    const href = hrefAt(at, { columns: k() > 1 ? spreadColumns(k(), [c, q]) : null });
    const names = k() > 1 ? `${said.classes[c]} and ${said.classes[q]}` : said.classes[c];
    box.replaceChildren(
      el(
        "a",
        {
          class: "btn btn-sm gt-button gt-bordered",
          href,
          onclick: (/** @type {MouseEvent} */ event) => follow(event, href),
        },
        `See ${names} in the Grand Tour`,
      ),
    );
  }

  /** The class that one is confused with most at the chosen epoch; the next if with none. @param {number} c */
  function besideOf(c) {
    const counts = new Int32Array(k());
    for (const { labels, predicted } of Object.values(points)) {
      const table = confusion(predicted, labels, k(), at);
      for (let q = 0; q < k(); q++) counts[q] += q === c ? 0 : table[c * (k() + 1) + q] + table[q * (k() + 1) + c];
    }
    const most = Math.max(...counts);
    return most ? counts.indexOf(most) : (c + 1) % k();
  }

  /** @param {ReadonlySet<number>} chosen */
  function showChosen(chosen) {
    const box = part(page, "selection");
    if (!chosen.size)
      return box.replaceChildren(
        el(
          "p",
          { class: "gt-hint" },
          "Press a class, an event or a number in a matrix: its points are selected here and on every other page.",
        ),
      );
    const there = Object.entries(points).flatMap(([split, { at: rows, labels, predicted }]) =>
      [...chosen].filter((id) => rows.has(id)).map((id) => {
        const index = /** @type {number} */ (rows.get(id));
        return { id, split, index, label: labels[index], predicted: predicted[at * labels.length + index] };
      }),
    ); // prettier-ignore
    showSelection(box, there, chosen.size - there.length, said.classes, images, {
      clear: () => select(said.run, []),
      cell: (c, q) =>
        select(
          said.run,
          there.filter((one) => one.label === c && one.predicted === q).map((one) => one.id),
        ),
      needImages: fetchImages,
    });
  }

  /** Mark the events, classes and rankings that are selected as a whole. @param {ReadonlySet<number>} chosen */
  function showPressed(chosen) {
    const whole = (/** @type {number[]|undefined} */ ids) =>
      Boolean(ids?.length) && ids?.length === chosen.size && ids.every((id) => chosen.has(id));
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (
      page.querySelectorAll("[data-gt-action][aria-pressed]")
    )) {
      const event = button.dataset.gtAction === "select-event" ? said.events[Number(button.dataset.gtValue)] : null;
      button.setAttribute("aria-pressed", String(whole(idsOf(button)) && (!event || event.epoch === said.epochs[at])));
    }
  }

  /** The points that a button stands for. @param {HTMLElement} button @returns {number[]|undefined} */
  function idsOf({ dataset: { gtAction, gtValue = "" } }) {
    if (gtAction === "select-event") return said.events[Number(gtValue)]?.ids;
    if (gtAction === "select-ranking") return said.examples[gtValue];
    if (gtAction === "class") return idsWhere((label) => label === Number(gtValue));
    return undefined;
  }

  /** @param {(label: number) => boolean} keep @returns {number[]} */
  const idsWhere = (keep) => Object.values(points).flatMap(({ ids, labels }) => ids.filter((_, i) => keep(labels[i])));

  /** How many of the selected points are right, epoch by epoch. */
  function showSelectedCurve() {
    const chosen = selectedIds(said.run);
    const rowsOf = (/** @type {number[]} */ ids) =>
      chosen.size ? [...ids.keys()].filter((i) => chosen.has(ids[i])) : [];
    const parts = Object.values(points).map(({ ids, labels, predicted }) => ({ labels, predicted, rows: rowsOf(ids) }));
    curve.show(said.epochs, accuracyOf(parts, said.epochs.length));
  }

  async function fetchImages() {
    const asked = tensors;
    for (const [split, { images: tensor }] of Object.entries(said.splits)) {
      if (!tensor || !asked || images[split]) continue;
      const values = await asked.other(tensor);
      if (asked !== tensors) return;
      const [, h, w, c] = tensor.shape;
      images[split] = { values, h, w, c };
    }
    later();
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-gt-thumb]:empty"))) {
      const [split, id] = (place.dataset.gtThumb ?? "").split(":");
      const index = points[split]?.at.get(Number(id));
      const from = images[split];
      if (from && index !== undefined) place.append(thumbnail(from, index, `Point ${id}`));
    }
  }

  /** @param {number} index of an event */
  function goToEvent(index) {
    const event = said.events[index];
    if (!event) return toast("Nothing stands out in this training");
    choose(said.epochs.indexOf(event.epoch));
    select(said.run, event.ids);
  }

  /** @type {Record<string, (value: string, button: HTMLElement) => void>} */
  const actions = {
    "show-first"() {
      goToEvent(0);
      part(page, "strip").scrollIntoView({ block: "center", behavior: "instant" });
    },
    "select-event": (value) => goToEvent(Number(value)),
    "select-ranking": (_, button) => select(said.run, idsOf(button) ?? []),
    class: (_, button) => select(said.run, idsOf(button) ?? []),
    "step-back": () => choose(at - 1),
    "step-on": () => choose(at + 1),
  };

  page.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest("[data-gt-action]"));
    if (button && said) actions[button.dataset.gtAction ?? ""]?.(button.dataset.gtValue ?? "", button);
  });

  /** Have one class's lines stand out. @param {EventTarget|null} target @param {boolean} on */
  function emphasise(target, on) {
    const chip = /** @type {HTMLElement|null} */ (
      /** @type {Element} */ (target).closest?.('[data-gt-action="class"]')
    );
    if (!chip || !said) return;
    for (const { gd, strip } of charts) {
      if (strip) continue;
      gd.calcdata?.forEach((/** @type {any} */ calc) => {
        const { meta } = calc[0].trace;
        if (meta.class >= 0)
          calc[0].node3?.style("opacity", on && meta.class !== Number(chip.dataset.gtValue) ? 0.12 : 1);
      });
    }
  }
  for (const name of ["pointerover", "focusin"]) page.addEventListener(name, (event) => emphasise(event.target, true));
  for (const name of ["pointerout", "focusout"]) page.addEventListener(name, (event) => emphasise(event.target, false));

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!said || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (target.matches("select, textarea, input:not([type=range])")) return;
    if (event.key === "ArrowLeft") choose(at - 1);
    else if (event.key === "ArrowRight") choose(at + 1);
    else if (event.key === "Escape") select(said.run, []);
  }
  document.addEventListener("keydown", onKey);

  const endSelection = onSelection(() => said && later());
  const endPlots = charts.map(({ gd }) => {
    const redrawn = () => said && later(); // another run's curves arrive after what is said of them
    gd.on("plotly_afterplot", redrawn);
    return () => gd.removeListener?.("plotly_afterplot", redrawn);
  });
  register(NAME, () => ({
    run: said?.run,
    epoch: at,
    hovered: cursor?.hovered ?? null,
    curve: curve.values,
    n: Object.values(points).reduce((sum, { ids }) => sum + ids.length, 0),
    selected: said ? [...selectedIds(said.run)].sort((a, b) => a - b) : [],
    confusion: Object.fromEntries(
      Object.entries(points).map(([split, { labels, predicted }]) => [
        split,
        [...confusion(predicted, labels, k(), at)],
      ]),
    ),
  }));
  whenLeft(page, () => {
    document.removeEventListener("keydown", onKey);
    endSelection();
    for (const end of endPlots) end();
    clearTimeout(drawing);
    cancelAnimationFrame(pending);
    cursor?.end();
    curve.end();
    tensors?.close();
    unregister(NAME);
  });

  return {
    /** @param {Report} report */
    async show(report) {
      latest = report;
      const opened = openTensors(/** @type {any} */ (report), mount.base);
      /** @type {Record<string, Points>} */
      const read = {};
      try {
        for (const [split, { ids, labels, predicted }] of Object.entries(report.splits)) {
          const [i, y, p] = await Promise.all([ids, labels, predicted].map((tensor) => opened.other(tensor)));
          const all = Array.from(/** @type {Int32Array} */ (i));
          read[split] = { ids: all, labels: y, predicted: p, at: new Map(all.map((id, row) => [id, row])) };
        }
      } catch (error) {
        if (page.isConnected && latest === report)
          toast(error instanceof Error ? error.message : String(error), "error");
        return;
      }
      if (latest !== report || !page.isConnected) return opened.close(); // another was asked for meanwhile
      const same = said?.run === report.run;
      tensors?.close();
      cursor?.end();
      [said, points, tensors] = [report, read, opened];
      images = Object.fromEntries(
        Object.entries(report.splits)
          .filter(([, one]) => one.images)
          .map(([split]) => [split, null]),
      );
      if (!same) [cell, at] = [null, report.epochs.length - 1];
      page.style.setProperty("--gt-classes", String(report.classes.length));
      for (const split of Object.keys(SPLITS)) {
        const figure = /** @type {HTMLElement} */ (page.querySelector(`figure[data-gt-split="${split}"]`));
        figure.hidden = !read[split];
      }
      matrices = Object.fromEntries(Object.keys(read).map((split) => [split, createMatrix(part(page, `confusion-${split}`), report.classes, SPLITS[/** @type {keyof typeof SPLITS} */ (split)], (c, q) => {
        const { ids, labels, predicted } = points[split];
        cell = { c, q };
        select(said.run, cellRows(predicted, labels, at, c, q).map((row) => ids[row]));
      })])); // prettier-ignore
      slider.setEpochs(report.epochs);
      cursor = createEpochCursor(charts, report.epochs, { over: () => showReadout(), click: open });
      choose(at);
      setProps(mount.ids.chosenRun, { data: report.run });
      await fetchImages().catch(() => {}); // pictures of examples are a help, no more
    },
  };

  /** @param {number} index @param {{gd: any, strip?: boolean}} chart @param {MouseEvent} event */
  function open(index, { gd, strip }, event) {
    if (matchMedia("(pointer: coarse)").matches) return choose(index); // a finger has not seen the epoch before
    if (!strip) return follow(event, hrefAt(index));
    const { yaxis } = gd._fullLayout;
    const c = Math.round(yaxis.p2d(event.clientY - gd.getBoundingClientRect().top - yaxis._offset));
    if (!(c >= 0 && c < k())) return;
    const here = said.events.filter((one) => one.epoch === said.epochs[index] && one.classes.includes(c));
    const found = here.find((one) => one.classes.length === 1) ?? here[0]; // its own rather than that of most classes
    follow(
      event,
      found?.href ??
        hrefAt(index, {
          ids: idsWhere((label) => label === c),
          columns: k() > 1 ? spreadColumns(k(), [c, besideOf(c)]) : null,
        }),
    );
  }
}

/**
 * Go to another page of the app without loading it anew, unless the reader wants it in a tab of its own.
 *
 * @param {MouseEvent} event @param {string} href
 */
function follow(event, href) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) {
    if (!(event.currentTarget instanceof HTMLAnchorElement)) window.open(href, "_blank");
    return;
  }
  event.preventDefault();
  history.pushState({}, "", href);
  window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  window.scrollTo(0, 0);
}

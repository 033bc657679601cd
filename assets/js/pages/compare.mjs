// @ts-check
/**
 * `/compare`: presets, rows, columns and the controls around the grid of panels. Buttons say what they
 * want by `data-gt-action`; keys do the same things. Longer than our files are, because it only wires.
 */

import { UNDECIDED } from "../data/predictions.mjs";
import { openTensors } from "../data/tensors.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { createCard } from "../points/card.mjs";
import { count, el, icon, part, toast } from "../core/dom.mjs";
import { createGridView } from "../stage/grid_view.mjs";
import { createLegend, showKey } from "../points/legend.mjs";
import { classColors } from "../points/palette.mjs";
import { whenLeft } from "../core/loop.mjs";
import { spreadColumns } from "../stage/named_views.mjs";
import { webglAvailable } from "../gl/scene.mjs";
import { showSelection } from "../points/selection_panel.mjs";
import { copy, gridPicture, save } from "../stage/take_away.mjs";
import { createTransition } from "../charts/transition.mjs";
import { addSelection, readLink } from "../state/link.mjs";
import { noUpdate, plotted, setProps } from "./dash.mjs";
import { sayNoWebgl } from "./notices.mjs";

const MOST_COLUMNS = 10;
const TOUR = "grand-tour";

/**
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../stage/grid_view.mjs").Tensors} Tensors
 * @typedef {{name: string, title: string, note: string, announcement: Announcement|null, shown: boolean}} RowSaid
 * @typedef {{run: string, split: string, outputs: Announcement, rows: RowSaid[], epochs: number[], preset?: Preset|null, failed?: string}} Comparison
 * @typedef {{run: string, name: string, text: string, epochs: number[], classes: string[], handles: string[]}} Preset
 * @typedef {{ids: Record<string, string>, base: string, presets: Preset[], texts: Record<string, string>}} Mount
 */

/** @type {WeakMap<Element, Promise<Awaited<ReturnType<typeof mountPage>>>>} */
const mounting = new WeakMap();

/** How the page was left, for when the reader comes back. @type {{run: string, epochs: number[], rows: string[]}|null} */
let left = null;

const currentPage = () => /** @type {HTMLElement|null} */ (document.querySelector('[data-gt-page="compare"]'));

/**
 * Show a run's comparison; mounts the page when it is new.
 *
 * @param {Comparison|null} said
 * @param {Mount} mount
 * @param {unknown} _selection restored by the shell
 * @param {string|null} chosenRun the run of before
 */
export async function showComparison(said, mount, _selection, chosenRun) {
  const page = currentPage();
  if (!page || !said) return noUpdate();
  if (!webglAvailable()) return sayNoWebgl(part(page, "wrap"));
  const first = !mounting.has(page);
  if (first) {
    mounting.set(page, mountPage(page, mount));
    const asked = page.dataset.gtAskedRun || left?.run || chosenRun;
    const choices = [.../** @type {HTMLSelectElement} */ (document.getElementById(mount.ids.run)).options];
    if (asked && asked !== said.run && choices.some((choice) => choice.value === asked)) {
      setProps(mount.ids.run, { value: asked }); // comes back here with that run
      return noUpdate();
    }
  }
  const driver = await mounting.get(page);
  if (said.failed)
    driver?.giveUp(); // the page says why
  else if (page.isConnected) await driver?.show(said);
  return noUpdate();
}

/**
 * Colours, the measure that the lines show, and the run that is asked for.
 *
 * @param {import("../stage/tour_view.mjs").ColorBy} color
 * @param {string} measure
 * @param {string} run
 */
export async function chooseComparison(color, measure, run) {
  const page = currentPage();
  const driver = page && (await mounting.get(page));
  driver?.choose(color, measure, run);
  return noUpdate();
}

/** @param {import("../charts/transition.mjs").Motion|null} motion @param {Mount} mount */
export async function showTransition(motion, mount) {
  const page = currentPage();
  const driver = page && (await mounting.get(page));
  if (motion) await driver?.showTransition(motion, mount.base);
  return noUpdate();
}

/** @param {HTMLElement} page @param {Mount} mount */
async function mountPage(page, mount) {
  const query = new URLSearchParams(location.search);
  const card = createCard(page);
  const wrap = part(page, "wrap");
  const grid = part(page, "grid");
  const { gd, Plotly } = await plotted(wrap);
  /** @type {Comparison} */
  let said;
  /** @type {Map<string, Tensors>} */
  let opened = new Map();
  /** @type {Tensors} */
  let outputs;
  /** @type {string[]} */
  let rows = [];
  /** @type {number[]} */
  let epochs = [];
  /** @type {Preset|null} */
  let preset = null;
  /** @type {ReturnType<typeof createLegend>} */
  let legend;
  /** @type {Record<string, import("../points/thumbnail.mjs").Images|null>} */
  let images = {};
  /** @type {[import("../stage/grid_view.mjs").Panel, number, number, number]|null} */
  let over = null;
  let fresh = true;
  let pending = 0;
  /** @type {Preset|null} chosen for a run that is on its way */
  let next = null;

  const view = createGridView({
    wrap, grid, gd, Plotly,
    seed: Number(query.get("seed") ?? 1) || 0,
    events: {
      changed(what, detail) {
        if (what === "error") return problem(detail);
        if (what === "motion") showMotion();
        if (what === "brushes") showCombining();
        later();
      },
      hovered,
    },
  }); // prettier-ignore
  const transition = createTransition(
    /** @type {HTMLElement} */ (page.querySelector('[data-gt-stage="compare-transition"]')),
    Plotly,
    {
      hidden: () => view.hidden,
      classes: () => said.outputs.classes,
      run: () => said.run,
      mark: (id) => view.mark(id),
      tool: () => (tool === "look" ? "lasso" : tool),
    },
  );
  /** @type {import("../points/gestures.mjs").Tool} */
  let tool = "lasso";

  /** @param {unknown} error */
  function problem(error) {
    toast(error instanceof Error ? error.message : String(error), "error");
  }

  /** @param {string} action @returns {HTMLElement[]} */
  const all = (action) =>
    [...page.querySelectorAll(`[data-gt-action="${action}"]`)].map((b) => /** @type {HTMLElement} */ (b));

  /** @param {string} action @param {string} value */
  function mark(action, value) {
    for (const button of all(action)) button.setAttribute("aria-pressed", String(button.dataset.gtValue === value));
  }

  function showMotion() {
    for (const button of all("tour")) {
      button.setAttribute("aria-pressed", String(view.touring));
      const mark = button.querySelector(".gt-icon");
      if (mark) mark.className = `gt-icon gt-icon-${view.touring ? "pause-fill" : "play-fill"}`;
    }
  }

  function showCombining() {
    mark("combine", view.combining);
  }

  /** Bring legend and selection up to date, once, after the next picture: the points come first. */
  function later() {
    pending ||= requestAnimationFrame(() =>
      setTimeout(() => {
        pending = 0;
        if (page.isConnected && view.ready) refresh();
      }),
    );
  }

  function refresh() {
    const { outputs: run } = said;
    const chosen = selectedIds(run.run);
    const source = view.rows.find((row) => row.tensors === outputs) ?? view.rows[0];
    if (!source) return;
    const { n, ids, labels } = source.points;
    const totals = run.classes.map(() => 0);
    const counts = run.classes.map(() => 0);
    /** @type {import("../points/selection_panel.mjs").Chosen[]} */
    const points = [];
    for (let i = 0; i < n; i++) {
      totals[labels[i]]++;
      if (!chosen.has(ids[i])) continue;
      counts[labels[i]]++;
      points.push({ id: ids[i], split: source.split, index: i, label: labels[i], predicted: -1 });
    }
    legend.show(totals, chosen.size ? counts : null);
    showKey(part(page, "key"), view.coloredBy);
    showSelection(part(page, "selection"), points, chosen.size - points.length, run.classes, images, {
      clear: () => select(run.run, []),
      cell() {},
      needImages: () => fetchImages(source.split),
    });
    if (!chosen.size && view.brushes) {
      const hint = part(page, "selection").querySelector(".gt-hint");
      if (hint)
        hint.textContent =
          view.brushes > 1 && view.combining === "and"
            ? "No point lies in all of the rectangles."
            : "No point lies there.";
    }
    for (const button of highlightButtons()) {
      const c = Number(button.dataset.gtClass);
      button.setAttribute("aria-pressed", String(counts[c] > 0 && counts[c] === totals[c]));
    }
    transition.paint();
  }

  const highlightButtons = () => [...part(page, "highlights").querySelectorAll("button")];

  /** @param {string} split */
  async function fetchImages(split) {
    const tensor = said.outputs.splits[split]?.images;
    if (!tensor || images[split]) return;
    const now = outputs;
    try {
      const values = /** @type {Uint8Array} */ (await now.part(split, "images"));
      if (now !== outputs) return;
      const [, h, w, c] = tensor.shape;
      images[split] = { values, h, w, c };
    } catch (error) {
      return problem(error);
    }
    if (over) hovered(...over);
    later();
  }

  /** @param {import("../stage/grid_view.mjs").Panel|null} panel @param {number} index @param {number} x @param {number} y */
  function hovered(panel, index, x, y) {
    over = panel && [panel, index, x, y];
    if (!panel) {
      transition.mark(null);
      return card.hide();
    }
    const { row, epoch, root } = panel;
    const { classes, splits } = said.outputs;
    const id = row.points.ids[index];
    transition.mark(id);
    const known = view.saidOf(panel);
    if (splits[row.split]?.images && !images[row.split]) fetchImages(row.split);
    const source = view.rows.find((one) => one.tensors === outputs);
    const box = root.getBoundingClientRect();
    card.show(
      {
        id,
        split: row.split,
        label: classes[row.points.labels[index]],
        predicted: known ? (classes[known.predicted[index]] ?? UNDECIDED) : null,
        confidence: known ? known.confidence[index] : 0,
        epoch,
        images: images[row.split] ?? null,
        index: source?.places.get(id) ?? index,
      },
      box.left + x,
      box.top + y,
    );
  }

  /** @param {string} name */
  function tensorsOf(name) {
    const row = said.rows.find((one) => one.name === name);
    if (!row?.announcement) return outputs;
    let found = opened.get(name);
    if (!found) opened.set(name, (found = openTensors(row.announcement, mount.base)));
    return found;
  }

  async function arrange() {
    const sources = said.rows
      .filter((row) => rows.includes(row.name))
      .map((row) => ({
        name: row.name,
        title: row.title,
        note: row.note,
        split: said.split,
        tensors: tensorsOf(row.name),
      }));
    part(page, "loading").textContent = view.ready ? "" : "Fetching…";
    try {
      await view.load(outputs, sources, epochs, layOut);
    } catch (error) {
      problem(error);
    }
    part(page, "loading").textContent = "";
    left = { run: said.run, epochs, rows };
  }

  /** @param {import("../stage/grid_view.mjs").Row[]} shown @param {import("../stage/grid_view.mjs").Panel[][]} table */
  function layOut(shown, table) {
    grid.style.setProperty("--gt-columns", String(epochs.length));
    const heads = epochs.map((epoch, column) => columnHead(epoch, column));
    const more = el(
      "button",
      {
        type: "button",
        class: "btn btn-sm gt-button gt-column-more",
        title: "One more column",
        "aria-label": "One more column",
      },
      icon("plus-lg"),
    );
    more.hidden = epochs.length >= MOST_COLUMNS || epochs.length >= said.outputs.epochs.length;
    more.addEventListener("click", addColumn);
    grid.replaceChildren(el("div", { class: "gt-corner" }, el("span", {}, "epoch"), more), ...heads);
    shown.forEach((row, i) => {
      const head = el("div", { class: "gt-row-head" }, el("strong", {}, row.title), el("span", {}, row.note));
      grid.append(head, ...table[i].map((panel) => panel.root));
    });
    if (!shown.length)
      grid.append(el("p", { class: "gt-hint gt-grid-empty" }, "Every row is hidden: choose some under Rows."));
  }

  /** @param {number} epoch @param {number} column */
  function columnHead(epoch, column) {
    const known = said.outputs.epochs;
    const field = el("input", {
      type: "number", class: "form-control form-control-sm gt-column-epoch", value: String(epoch),
      min: String(known[0]), max: String(known[known.length - 1]), "aria-label": `Epoch of column ${column + 1}`,
    }); // prettier-ignore
    field.addEventListener("change", () => {
      const asked = Number(field.value);
      if (field.value === "" || !known.includes(asked)) {
        toast(
          `Epoch must be one of ${known[0]} to ${known[known.length - 1]}, ${field.value || "nothing"} came`,
          "error",
        );
        field.value = String(epoch);
        return;
      }
      if (asked === epoch) return;
      if (epochs.includes(asked)) {
        toast(`Epoch ${asked} has a column already`);
        field.value = String(epoch);
        return;
      }
      setEpochs(epochs.map((one, at) => (at === column ? asked : one)));
    });
    const remove = el(
      "button",
      {
        type: "button",
        class: "gt-column-remove",
        title: `Remove epoch ${epoch}`,
        "aria-label": `Remove epoch ${epoch}`,
      },
      icon("x-lg"),
    );
    remove.hidden = epochs.length === 1;
    remove.addEventListener("click", () => setEpochs(epochs.filter((one) => one !== epoch)));
    return el("div", { class: "gt-column-head" }, field, remove);
  }

  /** One more column, in the widest gap. */
  function addColumn() {
    const free = said.outputs.epochs.filter((epoch) => !epochs.includes(epoch));
    const away = (/** @type {number} */ epoch) => Math.min(...epochs.map((one) => Math.abs(one - epoch)));
    const best = free.reduce((a, b) => (away(b) > away(a) ? b : a), free[0]);
    setEpochs([...epochs, best]);
  }

  /** @param {number[]} numbers */
  function setEpochs(numbers) {
    epochs = [...numbers].sort((a, b) => a - b);
    showPresets();
    return arrange();
  }

  function showRowChoices() {
    part(page, "rows").replaceChildren(
      ...said.rows.map((row) => {
        const box = el("input", { type: "checkbox", class: "form-check-input", checked: rows.includes(row.name) });
        box.addEventListener("change", () => {
          rows = said.rows
            .map((one) => one.name)
            .filter((name) => (name === row.name ? box.checked : rows.includes(name)));
          arrange();
        });
        return el("label", { class: "gt-row-choice" }, box, el("span", {}, row.title));
      }),
      ...(said.rows.length > 1
        ? []
        : [
            el(
              "p",
              { class: "gt-hint" },
              `No embedding of this run yet. Compute some on the pages t-SNE and UMAP, or all with: gt embed RUN --method all`,
            ),
          ]),
    );
  }

  function showPresets() {
    part(page, "presets").replaceChildren(
      ...mount.presets.map((one) => {
        const chip = el(
          "button",
          { type: "button", class: "gt-chip gt-chip-part", "aria-pressed": String(preset === one && asPreset()) },
          one.name,
        );
        chip.addEventListener("click", () => choosePreset(one));
        return chip;
      }),
    );
    const text = part(page, "preset-text");
    text.textContent = asPreset() ? (preset?.text ?? "") : "";
    text.hidden = !asPreset();
  }

  /** Whether the columns are those that the preset speaks of. */
  const asPreset = () => preset !== null && preset.epochs.join() === epochs.join();

  /** Another run is on its way: what is shown is dimmed, and of the old one until then. @param {string} run */
  function awaitRun(run) {
    const choices = [.../** @type {HTMLSelectElement} */ (document.getElementById(mount.ids.run)).options];
    page.dataset.gtAwaiting = run;
    part(page, "loading").textContent = `Fetching ${choices.find((one) => one.value === run)?.text ?? run}…`;
  }

  /** @param {Preset} one */
  function choosePreset(one) {
    if (one.run !== said.run) {
      next = one;
      return setProps(mount.ids.run, { value: one.run }); // comes back through `show`
    }
    preset = one;
    epochs = [...one.epochs];
    look(one);
    showPresets();
    showHighlights();
    arrange();
  }

  /** @param {Preset|null} one */
  function look(one) {
    const { classes, p } = said.outputs;
    if (one?.handles.length)
      view.lookAlong(
        TOUR,
        spreadColumns(
          p,
          one.handles.map((name) => classes.indexOf(name)),
        ),
      );
  }

  /** Buttons for the classes that the comparison is about. */
  function showHighlights() {
    const { classes } = said.outputs;
    const box = part(page, "highlights");
    const chips = (preset?.classes ?? []).map((name) => {
      const c = classes.indexOf(name);
      const title = `Select the points of ${name} (Shift: too)`;
      const chip = el(
        "button",
        { type: "button", class: "gt-chip gt-chip-part", title, "aria-pressed": "false", "data-gt-class": String(c) },
        name,
      );
      chip.addEventListener("click", (event) =>
        selectClass(c, event.shiftKey, chip.getAttribute("aria-pressed") === "true"),
      );
      return chip;
    });
    box.replaceChildren(...(chips.length ? [el("span", { class: "gt-tools-label" }, "Select"), ...chips] : []));
  }

  /** @param {number} c @param {boolean} add @param {boolean} off */
  function selectClass(c, add, off) {
    const source = view.rows.find((row) => row.tensors === outputs) ?? view.rows[0];
    if (!source) return;
    const { ids, labels } = source.points;
    const mine = Array.from(ids).filter((_, i) => labels[i] === c);
    select(said.run, mine, off ? "subtract" : add ? "add" : "new");
  }

  async function copyLink() {
    const text = new URLSearchParams({ run: said.run, epochs: epochs.join("."), rows: rows.join(".") });
    const whole = addSelection(text, [...selectedIds(said.run)]);
    const address = `${location.origin}${location.pathname}?${text}`;
    if (!(await copy(address))) return toast(`The browser does not let this page copy. The link: ${address}`, "error");
    toast(
      whole ? "Link to this comparison copied" : "Link copied; the selection is too large for a link and was left out",
    );
  }

  async function savePicture() {
    const blob = await gridPicture(wrap, view, `${said.outputs.title}, softmax, colours: ${view.coloredBy}`);
    save(blob, `${said.run}-compare.png`);
  }

  /** @type {Record<string, (value: string) => void>} */
  const actions = {
    /** What the page's line on what to look for speaks of: one class, along all rows. */
    "show-me": () => selectClass(Math.max(0, said.outputs.classes.indexOf(preset?.classes[0] ?? "")), false, false),
    tour: () => view.tour(!view.touring),
    reset: () => {
      view.tour(false);
      view.reset();
    },
    link: copyLink,
    png: savePicture,
    combine(value) {
      view.setCombining(/** @type {import("../points/brushes.mjs").Combine} */ (value));
      showCombining();
    },
    tool(value) {
      tool = /** @type {import("../points/gestures.mjs").Tool} */ (value);
      view.setTool(tool);
      mark("tool", value);
    },
    clear() {
      view.clearBrushes();
      select(said.run, []);
    },
  };

  const KEYS = /** @type {Record<string, [string, string?]>} */ ({
    t: ["tour"], 0: ["reset"], Home: ["reset"], Escape: ["clear"],
    l: ["tool", "lasso"], b: ["tool", "box"], v: ["tool", "look"],
  }); // prettier-ignore

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!view.ready || document.querySelector("dialog[open]")) return;
    if (target.matches("select, textarea, input:not([type=range], [type=checkbox])")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const known = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
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
    transition.dispose();
  });
  actions.tool(matchMedia("(pointer: coarse)").matches ? "look" : "lasso");
  showCombining();

  return {
    /** @param {import("../stage/tour_view.mjs").ColorBy} color @param {string} measure @param {string} run */
    choose(color, measure, run) {
      if (said && run !== said.run) awaitRun(run);
      part(page, "measure-text").textContent = mount.texts[measure] ?? "";
      if (view.ready && color !== view.coloredBy) view.colorBy(color);
    },

    /** The run that was asked for cannot be shown: what there is stays. */
    giveUp() {
      delete page.dataset.gtAwaiting;
      part(page, "loading").textContent = "";
      next = null;
      if (said) setProps(mount.ids.run, { value: said.run });
    },

    /** @param {import("../charts/transition.mjs").Motion} motion @param {string} base */
    async showTransition(motion, base) {
      try {
        await transition.show(motion, base);
      } catch (error) {
        problem(error);
      }
    },

    /** @param {Comparison} now */
    async show(now) {
      const same = said?.run === now.run;
      delete page.dataset.gtAwaiting;
      said = now;
      for (const tensors of opened.values()) tensors.close();
      opened = new Map();
      outputs?.close();
      outputs = openTensors(now.outputs, mount.base);
      images = Object.fromEntries(
        Object.entries(now.outputs.splits)
          .filter(([, s]) => s.images)
          .map(([name]) => [name, null]),
      );
      const back = left?.run === now.run ? left : null;
      const shared = fresh ? readQuery(query, now) : null;
      preset = next ?? mount.presets.find((one) => one.run === now.run) ?? now.preset ?? null;
      epochs = next
        ? [...next.epochs]
        : (shared?.epochs ?? (same || back ? (back?.epochs ?? epochs) : [...(preset?.epochs ?? now.epochs)]));
      const usual = now.rows.filter((row) => row.shown).map((row) => row.name);
      rows = shared?.rows ?? back?.rows ?? (same ? rows : usual);
      rows = rows.filter((name) => now.rows.some((row) => row.name === name));
      next = null;
      const linked = fresh ? readLink(location.search, null) : null;
      for (const text of linked?.problems ?? []) toast(text, "error");
      if (linked?.ids) select(now.run, linked.ids);
      fresh = false;
      legend = createLegend(part(page, "legend"), {
        classes: now.outputs.classes,
        colors: classColors(now.outputs.classes.length),
        preview: (c) => view.setPreview(c),
        hidden: () => view.hidden,
        hide: (classes) => view.setHidden(classes),
        select: (c, how) => selectClass(c, how === "add", how === "subtract"),
      });
      view.setHidden([]);
      transition.clear();
      showRowChoices();
      showPresets();
      showHighlights();
      await arrange();
      if (said !== now) return;
      look(preset);
      performance.mark("gt-first-picture");
      setProps(mount.ids.chosenRun, { data: now.run });
      setProps(mount.ids.ready, { data: { run: now.run } });
      refresh();
    },
  };
}

/**
 * Columns and rows from a link; what cannot be used is said and left out.
 *
 * @param {URLSearchParams} query @param {Comparison} said
 * @returns {{epochs: number[]|null, rows: string[]|null}}
 */
function readQuery(query, said) {
  const list = (/** @type {string} */ key) => query.get(key)?.split(".").filter(Boolean) ?? null;
  const epochs = list("epochs")?.map(Number) ?? null;
  const rows = list("rows");
  const known = epochs?.filter((epoch) => said.outputs.epochs.includes(epoch)) ?? null;
  const there = rows?.filter((name) => said.rows.some((row) => row.name === name)) ?? null;
  if (epochs && known && known.length < epochs.length)
    toast(
      `Of the link's epochs (${query.get("epochs")}) this run has ${known.length ? known.join(", ") : "none"}`,
      "error",
    );
  if (known && new Set(known).size > MOST_COLUMNS)
    toast(`The link has more than ${MOST_COLUMNS} epochs: the first ${MOST_COLUMNS} are shown`);
  if (rows && there && there.length < rows.length)
    toast(`Of the link's rows this run has ${there.length ? there.join(", ") : "none"}`, "error");
  return {
    epochs: known?.length ? [...new Set(known)].sort((a, b) => a - b).slice(0, MOST_COLUMNS) : null,
    rows: there?.length ? there : null,
  };
}

// @ts-check
/**
 * `/network`: one image through the network. Epoch and image are the page's state; each change asks the server for the
 * values of all layers, one question at a time: what was asked for last is shown, and nothing in between waits.
 */

import { nearestOf, openNetwork, stepTo } from "../data/network.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { el, icon, part, percent, toast } from "../core/dom.mjs";
import { createEpochSlider } from "../charts/epoch_slider.mjs";
import { createPicker } from "../network/image_picker.mjs";
import { whenLeft } from "../core/loop.mjs";
import { createBlocks } from "../network/network_blocks.mjs";
import { copy } from "../stage/take_away.mjs";
import { barRows } from "../network/softmax_bars.mjs";
import { thumbnail } from "../points/thumbnail.mjs";
import { noUpdate, setProps } from "./dash.mjs";

/**
 * @typedef {import("../data/network.mjs").NetworkAnnouncement} NetworkAnnouncement
 * @typedef {import("../data/network.mjs").Passage} Passage
 * @typedef {{page: string, base: string, ids: Record<string, string>}} Mount see gt/state.py
 */

const PACE_MS = 320; // between two epochs that play
const AROUND = 5; // epochs before and after one in which a class is learnt
const SPLITS = /** @type {Record<string, string>} */ ({ train: "training", test: "test" });

/** What drives each page that was opened. @type {WeakMap<Element, ReturnType<typeof createDriver>>} */
const drivers = new WeakMap();

/** What was shown of each run when the page was left, and with which selection. @type {Map<string, {id: number, epoch: number, selection: string}>} */
const left = new Map();

/**
 * Show what is announced; null where there is nothing to show.
 *
 * @param {NetworkAnnouncement|null} announcement @param {Mount} mount
 * @param {unknown} _selection restored by the shell
 * @param {string|null} chosenRun the run of the page before
 */
export function showNetwork(announcement, mount, _selection, chosenRun) {
  const page = /** @type {HTMLElement|null} */ (document.querySelector(`[data-gt-page="${mount.page}"]`));
  if (!page) return noUpdate();
  let driver = drivers.get(page);
  if (!driver) {
    drivers.set(page, (driver = createDriver(page, mount)));
    const list = /** @type {HTMLSelectElement|null} */ (document.getElementById(mount.ids.run));
    const offered = [...(list?.options ?? [])].some((one) => one.value === chosenRun);
    if (!page.dataset.gtAskedRun && chosenRun && offered && chosenRun !== list?.value) {
      setProps(mount.ids.run, { value: chosenRun });
      return noUpdate(); // comes back with that run
    }
  }
  if (announcement) driver.show(announcement);
  else driver.rest();
  return noUpdate();
}

/** @param {HTMLElement} page @param {Mount} mount */
function createDriver(page, mount) {
  const note = part(page, "note");
  const chosen = part(page, "chosen");
  const slider = createEpochSlider(part(page, "epoch"), { seek: (at) => go(Math.round(at)) });
  /** @type {NetworkAnnouncement|null} */
  let run = null;
  /** @type {ReturnType<typeof openNetwork>} */
  let network;
  /** @type {ReturnType<typeof createBlocks>|null} */
  let blocks = null;
  /** @type {ReturnType<typeof createPicker>|null} */
  let picker = null;
  let id = -1;
  let at = 0; // index into the run's epochs
  let asking = false;
  let stale = false;
  let byHand = false; // whether the reader has chosen an image here
  let holding = false;
  /** @type {number[]} indices of epochs that are still to be played */
  let playing = [];
  let timer = 0;
  let first = true;

  /** @param {number} index of an epoch */
  function go(index) {
    stop();
    at = index;
    ask();
  }

  /** @param {number} which a point */
  function choose(which) {
    byHand = true;
    id = which;
    ask();
  }

  /** Ask for what is to be shown now, when the last question has been answered. */
  async function ask() {
    if (!run) return;
    slider.show(at, run.epochs[at]);
    if (asking) {
      stale = true;
      return;
    }
    asking = true;
    const [mine, wanted] = [run, id];
    try {
      const passage = await network.image(id, nearestOf(run.available, run.epochs[at]));
      if (run === mine && wanted === id) draw(passage);
    } catch (error) {
      if (run === mine) failed(error, mine);
    }
    asking = false;
    if (stale) {
      stale = false;
      ask();
    } else proceed();
  }

  /** Say why there is no such image; one that was asked for by the address gives way to another. @param {unknown} error @param {NetworkAnnouncement} of */
  function failed(error, { run: name, samples }) {
    fail(error);
    if (id === samples[0]) return;
    const shown = page.dataset.gtShown?.startsWith(`${name}/`) ? left.get(name) : null;
    id = shown?.id ?? samples[0];
    if (!shown) stale = true;
  }

  /** @param {unknown} error */
  function fail(error) {
    stop();
    toast(error instanceof Error ? error.message : String(error), "error");
  }

  /** @param {Passage} passage */
  function draw(passage) {
    if (!run || !page.isConnected) return;
    const nearest = nearestOf(run.available, run.epochs[at]) === passage.epoch;
    blocks?.show(passage);
    picker?.show(passage.id);
    tell(passage);
    const now = run.epochs[at];
    const other =
      nearest && passage.epoch !== now
        ? `There are no weights of epoch ${now}: this is epoch ${passage.epoch}, the nearest that has some.`
        : "";
    const why = passage.note && `Values as they were recorded: ${passage.note}.`;
    note.dataset.gtKind = other || why ? "note" : "origin";
    note.textContent = [other, why].filter(Boolean).join(" ") || run.origin;
    page.dataset.gtShown = `${run.run}/${passage.epoch}/${passage.id}`;
    left.set(run.run, { id: passage.id, epoch: run.epochs[at], selection: selectionNow() });
  }

  const selectionNow = () => [...selectedIds(run?.run ?? "")].join();

  /** Who the image is and what the network says. @param {Passage} passage */
  async function tell(passage) {
    if (!run) return;
    const said = passage.values[passage.values.length - 1];
    const most = Math.max(...said);
    const top = said.indexOf(most);
    const tie = said.filter((value) => value === most).length > 1;
    const right = !tie && top === passage.label;
    const row = (/** @type {string} */ name, /** @type {string} */ value, kind = "") =>
      el("div", { class: kind }, el("dt", {}, name), el("dd", {}, value));
    const facts = el("dl", {},
      row("Is", run.classes[passage.label]),
      row("Taken for", tie ? "undecided" : `${run.classes[top]}, ${percent(most)}`, right ? "gt-right-said" : "gt-wrong-said"),
      row("Point", `${passage.id}, ${SPLITS[passage.split]}`),
      row("Epoch", String(passage.epoch))); // prettier-ignore
    const button = el(
      "button",
      {
        type: "button",
        class: "btn btn-sm gt-button",
        title: "Select this point, on all pages",
        "data-gt-action": "select",
      },
      icon("bullseye"),
      el("span", {}, "Select it"),
    );
    const rows = barRows(run.classes, said, passage.label);
    const known = chosen.dataset.gtId === String(passage.id);
    const { images } = known ? { images: null } : await network.thumbnails([passage.id]);
    if (passage.id !== id) return; // another was chosen meanwhile
    const picture = known ? chosen.querySelector("canvas") : images && thumbnail(images, 0, run.classes[passage.label]);
    chosen.dataset.gtId = String(passage.id);
    chosen.replaceChildren(...(picture ? [picture] : []), el("div", {}, facts, button), rows);
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
    playing = [];
    press("play", false, "play-fill");
  }

  /** @param {number[]} indices of epochs, in the order they are played */
  function play(indices) {
    stop();
    if (!indices.length) return;
    at = /** @type {number} */ (indices.shift());
    playing = indices;
    press("play", true, "pause-fill");
    ask();
  }

  /** Go on with what plays, once the last epoch is on the screen. */
  function proceed() {
    if (!playing.length) {
      if (!timer) press("play", false, "play-fill");
      return;
    }
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      timer = 0;
      if (!page.isConnected || !playing.length) return;
      at = /** @type {number} */ (playing.shift());
      ask();
    }, PACE_MS);
  }

  /** Indices of the epochs that can be shown between two. @param {number} from an epoch @param {number} to */
  const between = (from, to) =>
    run
      ? run.available
          .filter((e) => e >= from && e <= to)
          .map((e) => /** @type {NetworkAnnouncement} */ (run).epochs.indexOf(e))
      : [];

  /** @param {string} action @param {boolean} on @param {string} name of an icon */
  function press(action, on, name) {
    for (const button of page.querySelectorAll(`[data-gt-action="${action}"]`)) {
      button.setAttribute("aria-pressed", String(on));
      const mark = button.querySelector(".gt-icon");
      if (mark) mark.className = `gt-icon gt-icon-${name}`;
    }
  }

  /** An image of the class that is learnt late, in the epochs about that; else of what is shown, in all epochs. */
  async function showMe() {
    if (!run) return;
    const mine = run;
    const { late, samples } = run;
    if (!late) return play(between(0, Infinity));
    try {
      const { ids, labels } = await network.thumbnails(samples);
      const one = ids[labels.indexOf(late.label)];
      if (run !== mine) return;
      if (one !== undefined) id = one;
      byHand = true;
      play(between(late.epoch - AROUND, late.epoch + AROUND));
    } catch (error) {
      fail(error);
    }
  }

  async function copyLink() {
    if (!run) return;
    const query = new URLSearchParams({ run: run.run, point: String(id), epoch: String(run.epochs[at]) });
    const address = `${location.origin}${location.pathname}?${query}`;
    if (await copy(address)) toast("Link to this image copied");
    else toast(`The browser does not let this page copy. The link: ${address}`, "error");
  }

  /** @type {Record<string, () => void>} */
  const actions = {
    play() {
      if (playing.length) return stop();
      const all = between(0, Infinity);
      const rest = all.filter((index) => index > at);
      play(rest.length ? [at, ...rest] : all);
    },
    "step-back": () => run && go(stepTo(run.epochs, run.available, at, -1)),
    "step-on": () => run && go(stepTo(run.epochs, run.available, at, 1)),
    hold() {
      holding = !holding;
      blocks?.hold(holding);
      press("hold", holding, holding ? "check2" : "square");
    },
    select: () => run && select(run.run, [id]),
    link: copyLink,
    "show-me": showMe,
  };
  /** @type {Record<string, string>} */
  const keys = { ArrowLeft: "step-back", ArrowRight: "step-on", " ": "play", h: "hold" };

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (
      !run ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      document.querySelector("dialog[open], [aria-modal=true]")
    )
      return;
    if (target.matches("select, textarea, input:not([type=range])")) return;
    if (event.key === " " && target.closest("button, a, summary")) return; // Space presses what has the focus
    const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    actions[action]();
  }

  page.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest("[data-gt-action]"));
    if (button) actions[button.dataset.gtAction ?? ""]?.();
  });
  document.addEventListener("keydown", onKey);
  const endSelection = onSelection(() => {
    if (!run) return;
    const ids = [...selectedIds(run.run)];
    picker?.select(ids);
    if (byHand || !ids.length || ids.includes(id)) return;
    id = ids[0];
    ask();
  });
  whenLeft(page, () => {
    stop();
    blocks?.close();
    document.removeEventListener("keydown", onKey);
    endSelection();
  });

  return {
    /** Nothing is to be shown for now. */
    rest() {
      stop();
      run = null;
    },
    /** @param {NetworkAnnouncement} next */
    show(next) {
      stop();
      blocks?.close();
      run = next;
      network = openNetwork(next, mount.base);
      blocks = createBlocks(part(page, "blocks"), page, {
        layers: next.layers,
        classes: next.classes,
        kernels: (layer) => network.kernels(layer, nearestOf(next.available, next.epochs[at])),
      });
      if (holding) blocks.hold(true);
      picker = createPicker(part(page, "picker"), {
        classes: next.classes,
        samples: next.samples,
        thumbnails: network.thumbnails,
        choose,
        failed: fail,
      });
      slider.setEpochs(next.epochs);
      chosen.removeAttribute("data-gt-id");
      const ids = [...selectedIds(next.run)];
      picker.select(ids);
      const before = left.get(next.run);
      const query = new URLSearchParams(first ? location.search : "");
      const asked = query.has("point") ? Number(query.get("point")) : NaN;
      const again = before && before.selection === selectionNow();
      byHand = Number.isInteger(asked) || Boolean(again);
      id = Number.isInteger(asked) ? asked : again ? before.id : (ids[0] ?? next.samples[0]);
      const epoch = query.has("epoch") ? Number(query.get("epoch")) : (before?.epoch ?? NaN);
      const start = Number.isFinite(epoch) ? nearestOf(next.epochs, epoch) : next.available[next.available.length - 1];
      at = next.epochs.indexOf(start);
      first = false;
      setProps(mount.ids.chosenRun, { data: next.run });
      ask();
    },
  };
}

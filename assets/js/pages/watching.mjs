// @ts-check
/**
 * A page that shows a run while others record, resume or delete it: what comes is taken in, and what has become of the
 * run is said in a line below the page's head.
 */

import { createLive } from "../data/live.mjs";
import { liveNow, liveRun, onLive, tellLive } from "../state/live.mjs";
import { el } from "../core/dom.mjs";
import { setProps } from "../core/dash.mjs";
import { showLists } from "./run_lists.mjs";

/** What is made of two runs, of which the first is watched. */
export const COMPARISON = "comparison";
const AGAIN_MS = 1500; // until growth is asked for again that could not be had

/**
 * @typedef {import("../payloads.mjs").LiveRun} LiveRun
 * @typedef {object} Shown what a page shows
 * @property {string} run its name @property {string} [uid] of the recording
 * @property {number[]} epochs their numbers
 * @property {string} [unit] what they count
 * @property {string} made what was computed of them, for people ("picture"); "" where it is the run itself
 * @typedef {{kind: "live"|"ended"|"older"|"gone"|"anew"|"", text: string, behind?: boolean}} Said behind where what is shown
 *   ends before the training
 * @typedef {object} Given
 * @property {() => Shown|null} shown
 * @property {(run: LiveRun) => Promise<unknown>} [grow] take in what has come; none where that is to be asked for
 * @property {() => boolean} newest whether the reader is at the newest epoch
 * @property {() => void} follow go there
 * @property {() => void} [renew] what brings a thing that was computed up to date
 */

/** @type {{runs: string[], attacks: string[]}} ids of the selects of all pages */
let selects = { runs: [], attacks: [] };

/** Begin to ask, for as long as the app is open. @param {import("../payloads.mjs").ShellMount} mount */
export function startWatching({ base, ids, runs, attacks }) {
  selects = { runs, attacks };
  const live = createLive({
    url: `${base}live`,
    hidden: () => document.hidden,
    told(said) {
      tellLive(said);
      showLists(said, selects);
      setProps(ids.live, { data: said }); // at first too: a run may have come while the page was on its way
      offerFirst(said);
    },
  });
  document.addEventListener("visibilitychange", () => document.hidden || live.look());
  live.look();
}

/**
 * Have Dash announce the run that is chosen in a select anew: it has grown. What is set is what is there, so that nothing
 * else follows from it.
 *
 * @param {string} select its id @param {string} run
 */
export function announceAnew(select, run) {
  const chosen = /** @type {HTMLSelectElement|null} */ (document.getElementById(select));
  if (chosen?.value === run) setProps(select, { value: run });
}

/** On a page that had nothing to show, the way to what has come. @param {import("../payloads.mjs").Live} said */
function offerFirst({ runs }) {
  const empty = document.querySelector("main.gt-none-yet:not([data-gt-come])");
  if (!empty || !runs.some((run) => run.epochs > 0 && !run.attack)) return;
  empty.setAttribute("data-gt-come", "");
  const show = el("button", { type: "button", class: "btn btn-primary", onclick: () => location.reload() }, "Show it");
  empty.append(el("p", { role: "status" }, "A run has come. ", show));
}

/** What it is that ends before the training. @param {string} made */
function endsHow(made) {
  if (made === COMPARISON) return "Run a was compared when it was";
  return made ? `This ${made} ends` : "This page ends";
}

/**
 * What is to be said of a run that is shown.
 *
 * @param {Shown} shown @param {LiveRun|null} now @param {boolean} grows whether what comes is taken in
 * @returns {Said}
 */
export function sentence(shown, now, grows) {
  if (!now)
    return {
      kind: "gone",
      text: "This run is gone: its folder was deleted or moved. What is shown here stays until you leave the page.",
    };
  if (shown.uid && shown.uid !== now.uid)
    return { kind: "anew", text: "This run was recorded anew since. What is shown is the recording before." };
  const last = shown.epochs[shown.epochs.length - 1];
  const { unit = "epoch" } = shown;
  const step = shown.epochs.length > 1 ? last - shown.epochs[shown.epochs.length - 2] : 1;
  const behind = !grows && now.last !== null && now.last - last >= step;
  if (behind)
    return {
      behind,
      kind: now.live ? "live" : "older",
      text: `${endsHow(shown.made)} at ${unit} ${last}; the training is at ${unit} ${now.last}${now.live ? " and goes on" : ""}.`,
    };
  if (!now.live) return { kind: "", text: "" };
  return {
    kind: "live",
    text: grows
      ? `This training is being recorded: new ${unit}s come by themselves.`
      : "This training is being recorded.",
  };
}

/**
 * Watch the run that a page shows.
 *
 * @param {import("../core/page.mjs").Page} page @param {Given} given
 */
export function watchRun(page, given) {
  const mark = el("strong", { class: "gt-live-mark" }, "Live");
  const text = el("span");
  const words = el("span", {}, mark, text);
  const follow = button("Follow the newest epoch", () => given.follow());
  const renew = button("Bring it up to date", () => given.renew?.());
  const reload = button("Show the new one", () => location.reload());
  const note = el("p", { class: "gt-live", role: "status", hidden: true }, words, follow, renew, reload);
  page.root.querySelector(".gt-page-head")?.after(note);
  let growing = false;
  /** the recording that was live while it was shown */
  let wasLive = "";

  /** @param {LiveRun} run */
  async function grow(run) {
    if (growing || !given.grow) return;
    growing = true;
    const go = () => {
      growing = false;
      now();
    };
    try {
      await given.grow(run);
    } catch {
      // deleted just then, or the server does not answer: both are said elsewhere
    }
    if ((given.shown()?.epochs.length ?? 0) >= run.epochs) go();
    else setTimeout(go, AGAIN_MS); // Dash is announcing it, or it could not be had
  }

  /** Where the recording has ended under the reader's eyes. @param {LiveRun|null} run @returns {Said|null} */
  function ended(run) {
    if (run?.live) wasLive = run.uid;
    if (!run || run.live || run.uid !== wasLive || !given.grow) return null;
    return {
      kind: "ended",
      text: `The recording has ended; its last ${given.shown()?.unit ?? "epoch"} is ${run.last}.`,
    };
  }

  function now() {
    const shown = given.shown();
    const there = liveNow();
    if (!shown || !there || !page.root.isConnected) return;
    showLists(there, selects); // one that was gone and shown is shown no more
    const run = liveRun(shown.run);
    const { kind, text: said, behind } = ended(run) ?? sentence(shown, run, Boolean(given.grow));
    note.hidden = !kind;
    note.dataset.gtKind = kind;
    if (text.textContent !== said) text.textContent = said;
    mark.hidden = kind !== "live";
    renew.hidden = !given.renew || !behind;
    reload.hidden = kind !== "anew";
    showFollow();
    if (run && kind !== "anew" && run.epochs > shown.epochs.length) grow(run);
  }

  function showFollow() {
    follow.hidden = note.dataset.gtKind !== "live" || !given.grow;
    const on = given.newest();
    if (follow.getAttribute("aria-pressed") === String(on)) return;
    follow.setAttribute("aria-pressed", String(on));
    const unit = given.shown()?.unit ?? "epoch";
    follow.textContent = `${on ? "Following" : "Follow"} the newest ${unit}`;
  }

  page.onLeave(onLive(now));
  return {
    /** Say what is so now: another run is shown. */
    now,
    /** The reader is at another epoch. */
    moved: () => note.hidden || showFollow(),
    /** Whether the run that is shown is being recorded. */
    get live() {
      const shown = given.shown();
      return Boolean(shown && liveRun(shown.run)?.live);
    },
  };
}

/** @param {string} label @param {() => void} onclick */
const button = (label, onclick) =>
  el("button", { type: "button", class: "btn btn-sm gt-button gt-bordered", onclick }, label);

// @ts-check
/** Views that the server finds: what was asked for, and what comes back. */

import { part, toast } from "../core/dom.mjs";
import { noUpdate, setProps } from "../core/dash.mjs";
import { select, selectedIds } from "../state/selection.mjs";

/** @typedef {import("../payloads.mjs").ViewAnswer} Answer @typedef {Partial<import("../payloads.mjs").ViewQuestion>} Question */

/** Views that a search finds in noise too. */
const CHANCY = new Set(["classes", "selection", "every-class", "outliers", "holes", "mass"]);
const HELD = new Set(["Shift", "Control", "Alt", "Meta"]);
const PATIENCE_MS = 15_000; // for a view to be found

/** Who waits for an answer of the server. @type {((answer: Answer) => void)|null} */
let awaiting = null;

/** A view that was asked for has been found. @param {Answer|null} answer */
export function showAnswer(answer) {
  if (answer) awaiting?.(answer);
  return noUpdate();
}

/**
 * @param {HTMLElement} page @param {import("../stage/tour_view.mjs").TourView} view
 * @param {string} store id of the store that questions are put into
 * @param {(question: Question) => void} asked a question is on its way
 * @param {(text: string, busy: boolean) => void} tell what came of it, beside the button
 */
export function createFinding(page, view, store, asked, tell) {
  const text = part(page, "view-text");
  let nonce = 0;
  /** what was asked last @type {Question} */
  let last = {};
  /** the question what chance reaches, and what is said of the view till then */
  let chance = { nonce: 0, said: "" };
  /** whether a named view has said already what to see */
  let quiet = false;

  /** @param {string} sentence */
  function say(sentence) {
    for (const chip of page.querySelectorAll(".gt-chip-part")) chip.setAttribute("aria-pressed", "false");
    text.textContent = sentence;
    text.hidden = !sentence;
    tell(sentence, false);
  }

  /** Have the classes that were asked for seen before all others, till the reader does something else. @param {readonly number[]} classes */
  function mark(classes) {
    view.coloring.mark(classes);
    const done = new AbortController();
    const how = { signal: done.signal, capture: true };
    /** @param {Event} event */
    const clear = (event) => {
      if (event instanceof KeyboardEvent && HELD.has(event.key)) return; // a key that is held says nothing yet
      done.abort();
      view.coloring.mark([]);
    };
    for (const happens of ["pointerdown", "keydown", "change"])
      page.ownerDocument.addEventListener(happens, clear, how);
  }

  /** @param {Answer} answer */
  function take(answer) {
    if (answer.nonce === chance.nonce && !answer.error && page.isConnected && text.textContent === chance.said)
      return say(`${chance.said} ${answer.text}`);
    if (answer.nonce !== nonce || !page.isConnected) return;
    nonce = 0;
    if (answer.error) return quiet ? toast(answer.error, "error") : tell(answer.error, false);
    const { p, run } = view.run;
    if (answer.columns.length !== p) return;
    view.turning.lookAlong(Float64Array.from(answer.columns.flat()));
    view.magnifier.follow();
    if (answer.ids.length) select(run, answer.ids);
    if (quiet) return;
    say(answer.text);
    if (last.kind === "classes" && last.classes) mark(last.classes);
    if (CHANCY.has(last.kind ?? "")) askChance(answer.text);
  }

  /** Ask, behind what was found, what the same search finds where labels mean nothing. @param {string} said of the view */
  function askChance(said) {
    chance = { nonce: Date.now(), said };
    setProps(store, { data: { ...last, chance: true, nonce: chance.nonce } });
  }
  awaiting = take;

  return {
    /** @param {Question} question @param {boolean} silent whether a named view says already what to see */
    ask(question, silent = false) {
      const { states, run, turning } = view;
      const ids = [...selectedIds(run.run)];
      if (question.kind === "selection" && !question.ids && !ids.length) {
        say("");
        return tell("Select points first: by lasso, or a number in the legend", false);
      }
      quiet = silent;
      if (!silent) say("");
      if (!silent) tell("", true);
      if (question.kind === "hidden") turning.tour(false); // of the view that is asked about
      const mine = (nonce = Date.now());
      setTimeout(() => {
        if (nonce !== mine || !page.isConnected) return;
        tell("The server has not answered yet; is it still there?", false);
      }, PATIENCE_MS);
      asked(question);
      const what = states ? { alignment: run.layer, path: states.note.path } : { layer: run.layer };
      const where = {
        state: states?.position ?? 0,
        epoch: view.clock.number,
        ids,
        naive: states?.naive ?? false,
        ...(question.kind === "hidden" && { columns: pairsOf(turning.seen) }),
      };
      last = { run: run.run, ...what, ...where, ...question, nonce };
      setProps(store, { data: last });
    },
    /** What was asked for is wanted no more. */
    forget() {
      [nonce, chance.nonce] = [0, 0];
    },
    /** Wait for an answer no longer. @returns {boolean} whether one was awaited */
    cancel() {
      if (!nonce) return false;
      nonce = 0;
      tell("", false);
      return true;
    },
    leave() {
      if (awaiting === take) awaiting = null;
    },
  };
}

/** The rows of a view, (p, 2). @param {ArrayLike<number>} seen @returns {[number, number][]} */
const pairsOf = (seen) => Array.from({ length: seen.length / 2 }, (_, i) => [seen[2 * i], seen[2 * i + 1]]);

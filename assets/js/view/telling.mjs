// @ts-check
/** How much the frames of a page tell: a meter below each stage, the complete tour, and what a named view shows. */

import { part, toast } from "./dom.mjs";
import { createGauge, rhoText, shareText } from "./gauge.mjs";
import { createReading } from "./reading.mjs";
import { createStopsBar } from "./stops_bar.mjs";
import { choicesOf, emptySubject, isMotion, nameOf, readSubject, subjectOf, wordOf, writeSubject } from "./subject.mjs";
import { createWhole } from "./whole.mjs";

const EVERY_MS = 300; // between two changes of the numbers, so that they can be read

/**
 * @typedef {import("./stage.mjs").Stage} Stage
 * @typedef {import("./subject.mjs").Choice} Choice
 * @typedef {import("./named_views.mjs").NamedView} NamedView
 */

/** @param {HTMLElement} root @param {import("./tour_view.mjs").TourView} view @param {Stage[]} stages */
export function createTelling(root, view, stages) {
  const subject = emptySubject();
  const named = emptySubject();
  /** @type {Choice} */
  let choice = "auto";
  /** what a named view is to show: motion between two epochs, or what lies apart @type {{from: number, to: number}|null} */
  let shows = null;
  let shownAt = 0;
  let timer = 0;
  const whole = createWhole(root, view, progressed);
  const bar = createStopsBar();
  const told = new Map(stages.map((stage) => [stage, { reading: createReading(view, stage), naming: createReading(view, stage), gauge: createGauge(part(stage.root, "meter"), stage.name, choose) }]));
  bar.bar.hidden = true;

  /** What is measured now. */
  function current() {
    const it = whole.get();
    return it ? it.subject : subjectOf(view, choice, subject);
  }

  /** @param {Choice} chosen */
  function choose(chosen) {
    choice = chosen;
    whole.end();
    offer();
    update();
  }

  function offer() {
    for (const { gauge } of told.values()) gauge.offer(choicesOf(view), choice);
  }

  /** The complete tour has gone on. */
  function progressed() {
    bar.show(view, whole.progress());
    update();
  }

  function update() {
    clearTimeout(timer);
    timer = 0;
    shownAt = performance.now();
    if (!view.ready || !root.isConnected) return;
    const it = whole.get();
    for (const stage of view.stages) {
      const { gauge, reading } = /** @type {NonNullable<ReturnType<typeof told.get>>} */ (told.get(stage));
      gauge.allow(view.flat ? "A flat picture is all that there is to see of it: it has no other planes." : "", it !== null);
      if (view.flat) {
        gauge.sayFlat("no projection: one picture, no frames", "A projection shows a part of every motion, and the meter how much. A flat embedding is no projection of the data: how much of its motion is in the data, Compare measures.");
        continue;
      }
      const now = reading.read(current(), it);
      gauge.show(view, now, it !== null);
      if (now) gauge.explain(view, now, it !== null);
    }
    sayOfNamed();
  }

  /** Beside the sentence of a named view: how much the frame that is shown draws of what it is about. */
  function sayOfNamed() {
    const place = root.querySelector('[data-gt-part="view-tells"]');
    if (!place || !shows || view.flat) return;
    const last = view.run.epochs.length - 1;
    const index = (/** @type {number} */ number) => Math.max(0, view.run.epochs.indexOf(number));
    subjectOf(view, shows.from === shows.to ? "positions" : "epochs", named);
    if (shows.from !== shows.to) [named.fromEpoch, named.toEpoch] = [Math.min(last, index(shows.from)), Math.min(last, index(shows.to))];
    const parts = view.stages.map((stage) => {
      const now = told.get(stage)?.naming.read(named, null);
      if (!now) return "";
      const share = shareText(isMotion(named) ? now.motion : now.variance);
      const whose = view.stages.length > 1 ? ` (${stage.split === "train" ? "training" : "test"})` : "";
      return [share + whose, rhoText(now.rho)];
    });
    const of = isMotion(named) ? `, ${nameOf(view, named)}` : "";
    const both = (/** @type {number} */ i) => parts.map((one) => one[i]).join(" and ");
    const text = parts.every(Boolean) ? `This frame draws ${both(0)} of the ${wordOf(named)} of these points${of}; ρ ${both(1)}.` : "";
    if (place.textContent !== text) place.textContent = text;
  }

  /** @param {import("./subject.mjs").Subject} of @param {number} stop @param {boolean} playing */
  async function start(of, stop, playing) {
    try {
      await whole.start({ ...of }, stop, playing);
      view.stages[0].root.querySelector(".gt-picture")?.append(bar.bar);
      bar.show(view, whole.progress());
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) toast(error instanceof Error ? error.message : String(error), "error");
    }
  }

  /** Begin the complete tour of what is chosen. @param {boolean} playing whether it goes on by itself */
  function begin(playing) {
    if (view.flat) return toast("A flat picture is all that there is to see of it: it has no other planes.");
    return start(subjectOf(view, choice, subject), 0, playing);
  }

  return {
    /** Buttons and keys of the complete tour. @type {Record<string, (value: string) => void>} */
    actions: {
      "show-all": () => (whole.get() ? whole.end() : begin(true)),
      "stop-on": () => (whole.get() ? whole.step(1) : begin(false)),
      "stop-back": () => whole.step(-1),
      "stop-play": () => whole.play(!whole.progress()?.playing),
      "stop-end": () => whole.end(),
    },
    get busy() {
      return whole.get() !== null;
    },
    /** End the complete tour, if there is one. @returns {boolean} whether there was */
    end() {
      const was = whole.get() !== null;
      whole.end();
      return was;
    },

    /** A stage was drawn. @param {Stage} stage */
    drawn(stage) {
      if (!view.ready || view.flat) return;
      whole.check();
      told.get(stage)?.reading.look(current());
      const wait = EVERY_MS - (performance.now() - shownAt);
      if (wait <= 0) update();
      else timer ||= window.setTimeout(update, wait);
    },

    /** A run is there, or another one. */
    shown() {
      if (!choicesOf(view).some(([one]) => one === choice)) choice = "auto";
      shows = null;
      offer();
      update();
    },

    /** A view with a name is gone to. @param {NamedView} view1 @param {number} stop which of its buttons */
    naming(view1, stop) {
      const { epochs, states } = view1;
      const one = !states || states.every((state) => state === states[0]);
      shows = one && epochs.length > 1 ? { from: epochs[0], to: epochs[epochs.length - 1] } : { from: epochs[stop], to: epochs[stop] };
      update();
    },

    /** What a link to this view says beside the frame. @returns {Record<string, string>} */
    link() {
      const progress = whole.progress();
      return progress ? { whole: writeSubject(view, progress.of), stop: String(progress.stop) } : {};
    },

    /** Go to the stop that a link says, and stay there. @param {string} query */
    restore(query) {
      const asked = new URLSearchParams(query);
      const [text, stop] = [asked.get("whole"), Number(asked.get("stop"))];
      if (!text || view.flat) return;
      const of = readSubject(view, text);
      if (of && Number.isInteger(stop) && stop > 0) return start(of, stop - 1, false);
      toast("the link's stop could not be read and was left out", "error");
    },

    /** For `inspect`. @param {Stage} stage */
    inspect(stage) {
      if (view.flat) return { meter: null, stop: null, stops: null, share: null };
      const it = whole.get();
      const progress = whole.progress();
      return {
        meter: told.get(stage)?.reading.read(current(), it) ?? null,
        stop: progress?.stop ?? null,
        stops: progress?.stops ?? null,
        share: progress?.share ?? null,
        sofar: progress?.sofar ?? null,
        stopRho: progress?.rho ?? null,
        arrived: progress?.arrived ?? null,
      };
    },
  };
}

/** @typedef {ReturnType<typeof createTelling>} Telling */

// @ts-check
/** How much the frames of a page tell: a meter below each stage, the complete tour, and what a named view shows. */

import { part } from "../core/dom.mjs";
import { createGauge } from "./gauge.mjs";
import { createNaming } from "./naming.mjs";
import { createReading } from "./reading.mjs";
import { choicesOf, emptySubject, subjectOf } from "./subject.mjs";
import { scriptOfWhole } from "./whole_film.mjs";
import { FLAT_REASON, createWholeControls } from "./whole_controls.mjs";

const EVERY_MS = 300; // between two changes of the numbers, so that they can be read

/** @typedef {import("../stage/stage.mjs").Stage} Stage */

/** @param {HTMLElement} root @param {import("../stage/tour_view.mjs").TourView} view @param {Stage[]} stages */
export function createTelling(root, view, stages) {
  const subject = emptySubject();
  /** @type {import("./subject.mjs").Choice} */
  let choice = "auto";
  let shownAt = 0;
  let timer = 0;
  const meters = new Map(
    stages.map((stage) => [
      stage,
      { reading: createReading(view, stage), gauge: createGauge(part(stage.root, "meter"), stage.name, choose) },
    ]),
  );
  const naming = createNaming(root, view, stages);
  const { whole, actions, link, restore } = createWholeControls(root, view, () => choice, update);

  /** What is measured now. */
  const current = () => whole.get()?.subject ?? subjectOf(view, choice, subject);

  /** @param {import("./subject.mjs").Choice} chosen */
  function choose(chosen) {
    choice = chosen;
    whole.end();
    offer();
    update();
  }

  function offer() {
    for (const { gauge } of meters.values()) gauge.offer(choicesOf(view), choice);
  }

  function update() {
    clearTimeout(timer);
    timer = 0;
    shownAt = performance.now();
    if (!view.ready || !root.isConnected) return;
    const it = whole.get();
    for (const stage of view.stages) {
      const { gauge, reading } = /** @type {NonNullable<ReturnType<typeof meters.get>>} */ (meters.get(stage));
      gauge.allow(view.flat ? FLAT_REASON : "", it !== null);
      if (view.flat) gauge.sayFlat();
      else gauge.show(view, reading.read(current(), it), it !== null);
    }
    naming.show();
  }

  return {
    /** Buttons and keys of the complete tour. */
    actions,
    /** Whether a complete tour is under way. */
    get busy() {
      return whole.get() !== null;
    },
    /** End the complete tour, if there is one. @returns {boolean} whether there was */
    end() {
      const was = whole.get() !== null;
      whole.end();
      return was;
    },
    link,
    restore,

    /** Have the complete tour wait, or go on. @param {boolean} on */
    hold: (on) => whole.hold(on),
    /** A film of it. @param {Float64Array} start (p, p), the frame it begins with */
    script: (start) => scriptOfWhole(view, current(), start),

    /** A stage was drawn. @param {Stage} stage */
    drawn(stage) {
      if (!view.ready || view.flat) return;
      whole.check();
      meters.get(stage)?.reading.look(current());
      const wait = EVERY_MS - (performance.now() - shownAt);
      if (wait <= 0) update();
      else timer ||= window.setTimeout(update, wait);
    },

    /** A run is there, or another one. */
    shown() {
      if (!choicesOf(view).some(([one]) => one === choice)) choice = "auto";
      naming.forget();
      offer();
      update();
    },

    /** A view with a name is gone to. @param {import("../stage/named_views.mjs").NamedView} named @param {number} stop which of its buttons */
    naming(named, stop) {
      naming.about(named, stop);
      update();
    },

    /** For `inspect`. @param {Stage} stage */
    inspect(stage) {
      const {
        stop = null,
        stops = null,
        share = null,
        sofar = null,
        rho: stopRho = null,
        arrived = null,
      } = whole.progress() ?? {};
      const meter = view.flat ? null : (meters.get(stage)?.reading.read(current(), whole.get()) ?? null);
      return { meter, stop, stops, share, sofar, stopRho, arrived };
    },
  };
}

/** @typedef {ReturnType<typeof createTelling>} Telling */

// @ts-check
/**
 * What `/adversarial` has beyond `/layers`: the steps of an attack as the clock, the images of each step, the way of
 * each attacked point from its clean place, curves over the steps, and detours.
 */

import { imagesAt, openAttack, pointAt } from "../data/attack.mjs";
import { onSelection, select, selectedIds } from "../state/selection.mjs";
import { changePictures, factorFor } from "../points/attack_card.mjs";
import { createAttackCurves } from "../charts/attack_curves.mjs";
import { createDetours } from "../charts/detours.mjs";
import { el, part, toast } from "../core/dom.mjs";
import { whenLeft } from "../core/loop.mjs";
import { createPairs } from "../points/pairs.mjs";
import { ATTACKED } from "../points/palette.mjs";
import { createLayers } from "./layers.mjs";

/**
 * @typedef {import("../data/attack.mjs").AttackNote} AttackNote
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 */

/**
 * @param {HTMLElement} page @param {import("../stage/tour_view.mjs").TourView} view @param {import("../stage/stage.mjs").Stage} stage
 * @param {import("./driver.mjs").Buttons} buttons @param {import("./driver.mjs").Mount} mount
 * @returns {import("./driver.mjs").Extras}
 */
export function createAdversarial(page, view, stage, buttons, mount) {
  const layers = createLayers(page, view, stage, buttons, mount);
  const pairs = createPairs(stage, view);
  /** @type {Awaited<ReturnType<typeof openAttack>>|null} */
  let attack = null;
  /** @type {ReturnType<typeof createAttackCurves>|null} */
  let curves = null;
  /** @type {ReturnType<typeof createDetours>|null} */
  let detours = null;
  /** the clean images of all points, once they have come @type {Uint8Array|null} */
  let clean = null;
  /** those of the step that is drawn, and which it is */
  let current = new Uint8Array(0);
  let drawnStep = -1;
  /** place among the attacked, of each point @type {Int32Array} */
  let placeOf = new Int32Array(0);
  let generation = 0;

  const note = () => /** @type {AttackNote} */ (view.run.attack);
  const stepNow = () => Math.round(view.epoch);
  /** Whether what is here is of the attack that the picture shows: between two attacks it is not. */
  const isShown = () => attack !== null && attack.note === view.run.attack;

  const endSelection = onSelection(followSelection);
  whenLeft(page, () => {
    endSelection();
    generation++;
  });

  function followSelection() {
    if (!view.ready || !view.run.attack) return;
    pairs.refresh();
    const chosen = selectedIds(view.run.run);
    const { ids } = stage.points;
    const all = note().attacked.map((_, i) => i);
    const members = all.filter((i) => chosen.has(ids[note().attacked[i]]));
    if (members.length)
      curves?.split(
        members,
        all.filter((i) => !members.includes(i)),
      );
    else curves?.split(null, null);
    detours?.show(chosen);
    view.refresh();
  }

  /** The change at a step, or null while it is on its way. @param {number} step */
  function changeAt(step) {
    const found = attack?.changed(step) ?? null;
    if (found || !attack || !note().changes) return found;
    const mine = generation;
    attack.changes(step).then(
      () => {
        if (mine !== generation) return;
        showStepImages();
        buttons.again();
      },
      (error) => mine === generation && error.name !== "AbortError" && toast(error.message, "error"),
    );
    return null;
  }

  /** Where points are drawn as images: as those of this step. */
  async function showStepImages() {
    if (!view.imagesOn || !stage.imagesOn) {
      drawnStep = -1;
      return;
    }
    const step = stepNow();
    if (step === drawnStep || !isShown()) return;
    const tensor = view.run.splits[stage.split].images;
    if (!tensor) return;
    const mine = generation;
    const images = clean ?? /** @type {Uint8Array} */ (await view.tensors.part(stage.split, "images"));
    if (mine !== generation || !isShown()) return;
    clean = images;
    const change = changeAt(step);
    if (!change || step !== stepNow() || !stage.imagesOn) return;
    if (current.length !== clean.length) current = new Uint8Array(clean.length);
    imagesAt(current, clean, note().attacked, change);
    stage.changeImages(current);
    drawnStep = step;
    view.refresh();
  }

  /** Clean, current and what lies between, beside each other. @param {import("../stage/stage.mjs").Stage} _ @param {number} index */
  function card(_, index) {
    const which = placeOf[index];
    if (which < 0 || !attack || !isShown()) return {};
    const { attacked, target, norm, epsilon } = note();
    const step = stepNow();
    /** @type {[string, string][]} */
    const more = [["Aim", target === null ? "any other class" : target]];
    const fooled = attack.succeeded[step * attacked.length + which];
    more.push(["Fooled", fooled ? "yes" : "not yet"]);
    const tensor = view.run.splits[stage.split].images;
    const change = tensor && changeAt(step);
    if (!clean && tensor) {
      const mine = generation;
      view.tensors.part(stage.split, "images").then((values) => {
        if (mine !== generation) return;
        clean = /** @type {Uint8Array} */ (values);
        buttons.again();
      });
    }
    if (!tensor || !change || !clean) return { more };
    const { h, w, c, largest } = attack;
    const pictures = changePictures({
      ...pointAt(clean, attacked, change, which), h, w, c,
      factor: factorFor(epsilon, norm, largest),
      label: view.run.classes[stage.points.labels[index]],
    }); // prettier-ignore
    return { pictures, more };
  }

  /** How many are fooled at this step. */
  function figures() {
    if (!attack || !isShown()) return null;
    const { attacked, target } = note();
    const start = stepNow() * attacked.length;
    let fooled = 0;
    for (let i = 0; i < attacked.length; i++) fooled += attack.succeeded[start + i];
    const as = target === null ? "taken for another class" : `taken for ${target}`;
    return `${fooled} of ${attacked.length} adversarial ${as}`;
  }

  /** @param {Announcement} run */
  async function load(run) {
    const mine = ++generation;
    [attack, curves, detours, clean, drawnStep] = [null, null, null, null, -1];
    placeOf = new Int32Array(stage.points.n).fill(-1);
    note().attacked.forEach((index, i) => (placeOf[index] = i));
    try {
      const opened = await openAttack(view.tensors, note(), run);
      if (mine !== generation) return;
      attack = opened;
    } catch (error) {
      if (mine === generation) toast(error instanceof Error ? error.message : String(error), "error");
      return;
    }
    const ids = note().attacked.map((index) => stage.points.ids[index]);
    curves = createAttackCurves(part(page, "curves"), {
      note: note(),
      states: /** @type {import("../data/layers.mjs").AlignmentNote} */ (run.alignment).states,
      steps: run.epochs,
      attack,
      seek: (step) => view.clock.seek(step),
      classes: run.classes,
    });
    detours = createDetours(part(page, "detours"), {
      note: note(),
      ids,
      colors: ids.map(() => ATTACKED),
      select: (chosen, how) => select(run.run, chosen, how),
      hover: (i) => buttons.point(stage, i < 0 ? -1 : note().attacked[i]),
      tool: () => view.pointing.tool,
      how: () => view.pointing.how,
    });
    curves.show(view.epoch);
    curves.state(view.states?.position ?? 0);
    followSelection();
    buttons.figures();
    showStepImages();
  }

  return {
    ...layers,
    reactions: {
      ...layers.reactions,
      epoch() {
        layers.reactions?.epoch?.();
        curves?.show(view.epoch);
        showStepImages();
      },
      state() {
        layers.reactions?.state?.();
        curves?.state(view.states?.position ?? 0);
      },
      colors() {
        showStepImages();
      },
    },
    actions: {
      ...layers.actions,
      pairs() {
        pairs.set(!pairs.on);
        buttons.press("pairs", pairs.on, pairs.on ? "check2" : "square");
      },
    },
    drawn(at) {
      layers.drawn?.(at);
      pairs.draw();
    },
    shown(run, query) {
      layers.shown?.(run, query);
      pairs.refresh();
      part(page, "about").replaceChildren(...about(note()));
      const pace = /** @type {HTMLSelectElement|null} */ (document.getElementById(mount.ids.pace));
      if (pace) view.clock.setRate(Number(pace.value));
      load(run);
    },
    begin: () => view.clock.play(true),
    showMe() {
      view.clock.seek(0);
      view.setState((view.states?.count ?? 1) - 1);
      view.clock.play(true);
    },
    firstEpoch: () => 0,
    firstState(query, run) {
      const count = run.alignment?.states.length ?? 1;
      return new URLSearchParams(query).has("state") ? (layers.firstState?.(query, run) ?? 0) : count - 1;
    },
    firstHandles(run) {
      const { source, target } = /** @type {AttackNote} */ (run.attack);
      if (source === null || target === null) return [];
      return [target, source].map((name) => run.classes.indexOf(name));
    },
    card,
    figures,
    hovered: (_, index) => detours?.mark(index < 0 ? -1 : placeOf[index]),
  };
}

/** What was done, in a sentence. @param {AttackNote} note */
function about(note) {
  const points = note.attacked.length === 1 ? "point" : "points";
  const who = note.source === null ? `${points} of all classes` : `${points} of class ${note.source}`;
  const of = ` of ${note.of_title || "an unknown network"}`;
  const aim = note.target === null ? "any other class" : note.target;
  const weights = note.epoch === null ? "" : `, epoch ${note.epoch}`;
  return [
    `${note.attacked.length} ${who}${of}${weights}, pushed towards ${aim}: ${note.method}, ε = ${note.epsilon} (${note.norm}; ` +
      `pixels count from 0 to 1), ${note.steps} steps of ${note.step}. `,
    ...(note.command ? [el("code", {}, note.command)] : []),
  ];
}

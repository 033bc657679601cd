// @ts-check
/** The half of the dialog that is for a video: what moves, how long, how large, and how far it has come. */

import { count, el } from "../core/dom.mjs";
import { save } from "../stage/take_away.mjs";
import { drawPreview, showFrame } from "./preview.mjs";
import { checkField, fieldset, labelled, lookFields, numberField, selectField } from "./fields.mjs";
import { LONGEST, SHORTER, TYPE, framesOf, problemOf, shoot, subjectOf } from "./film.mjs";
import { GIF_RATES, gifSink } from "./gif.mjs";
import { paintStill } from "./sheet.mjs";
import { noVideo, videoKinds, videoSink } from "./video.mjs";

const SIZES = ["1920x1080", "1280x720", "1080x1080", "1080x1920", "3840x2160", "960x540", "640x360"];
const RATES = [24, 25, 30, 50, 60];
const GIF = "gif";
const GIF_SIZE = "960x540"; // of more a GIF is too heavy for a slide

/**
 * @typedef {import("./film.mjs").Along} Along
 * @typedef {import("./film.mjs").FilmWish & {kind: string}} Wished
 */

/** A way from one place to another, and whether it is gone. @param {string} text @param {Along} along @param {{on: boolean, from: number, to: number}|undefined} before */
function wayField(text, { names, at, on }, before) {
  const last = names.length - 1;
  const choices = names.map((name, i) => /** @type {[string, string]} */ ([String(i), name]));
  const check = checkField(text, before?.on ?? on);
  const from = selectField(choices, String(Math.min(last, before?.from ?? (at < last ? at : 0))), `${text}: from`);
  const to = selectField(choices, String(Math.min(last, before?.to ?? last)), `${text}: to`);
  for (const field of [from, to]) field.addEventListener("change", () => (check.box.checked = true));
  const row = el("div", { class: "gt-take-way" }, check.row, from, el("span", {}, "to"), to);
  return {
    row: last > 0 ? row : null,
    left: () => ({ on: check.box.checked, from: Number(from.value), to: Number(to.value) }),
    /** @returns {[number, number]|null} */
    read: () => (last > 0 && check.box.checked ? [Number(from.value), Number(to.value)] : null),
  };
}

/** All there is, instead of anything else that moves: whether it is gone through, and how, once that has been found. @param {import("./film.mjs").Film["whole"]} whole */
function wholeField(whole) {
  const check = checkField("Show all of it", false);
  /** @type {Promise<void>|null} */
  let asked = null;
  /** @type {import("./film.mjs").Script|null} */
  let script = null;
  return {
    row: whole ? el("div", { class: "gt-take-way" }, check.row) : null,
    box: check.box,
    get on() {
      return check.box.checked;
    },
    /** How it goes; null while that is not known, or where it does not. */
    get script() {
      return check.box.checked ? script : null;
    },
    /** Have it found, once. */
    find() {
      asked ??= (whole?.() ?? Promise.reject(new Error("there is none"))).then((found) => void (script = found));
      return asked;
    },
  };
}

/** What the browser can make, as choices. @param {number} width @param {number} height @returns {Promise<[string, string][]>} */
async function kindChoices(width, height) {
  const kinds = await videoKinds(width, height);
  return [
    ...kinds.map(({ codec, title }) => /** @type {[string, string]} */ ([codec, title])),
    [GIF, "GIF, for slides"],
  ];
}

/**
 * The fields, what they say, and what they offer.
 *
 * @param {import("./take.mjs").Taken} taken @param {import("./film.mjs").Film} film @param {any} before how they were left
 */
function filmFields(taken, film, before) {
  const unit = `${film.unit[0].toUpperCase()}${film.unit.slice(1)}s`;
  const own = before.run === taken.run ? before : {}; // ways are of a run
  const tour = film.tour === null ? null : checkField("Tour", before.tour ?? (film.tour || !film.epochs.on));
  const epochs = wayField(unit, film.epochs, own.epochs);
  const states = film.states && wayField("Layers", film.states, own.states);
  const whole = wholeField(film.whole);
  const seconds = numberField(before.seconds ?? 10, { min: 0.1, max: LONGEST, step: "any" });
  const size = selectField(SIZES.map((one) => [one, one.replace("x", " × ")]), before.size ?? SIZES[0]); // prettier-ignore
  const rate = selectField(ratesOf(""), String(before.fps ?? 30));
  const kind = selectField([["", "Looking …"]], "");
  kind.disabled = true; // until it is known what this browser makes
  const usual = { ground: "white", caption: true, legend: true, names: true, rings: false, dots: 1, ...before.look };
  const look = lookFields(usual, { selected: taken.chosen, transparent: false });
  const ways = [tour?.row ?? null, epochs.row, states?.row ?? null];
  const root = el(
    "fieldset",
    { class: "gt-take-all" },
    fieldset("What moves", ...ways, whole.row),
    el("div", { class: "gt-take-line" }, labelled("Seconds", seconds), labelled("Size", size), labelled("Frames a second", rate), labelled("File", kind)), // prettier-ignore
    fieldset("On it", ...look.rows),
  );
  let asked = 0;
  let chosen = false; // whether the kind of file is the reader's choice

  /** Rates that a kind of file has. */
  function offerRates() {
    const rates = ratesOf(kind.value);
    if (rates.length === rate.options.length && rates.every(([value], i) => rate.options[i].value === value)) return;
    fill(rate, rates, kind.value === GIF ? "20" : "30");
  }

  let asTyped = seconds.value;
  whole.box.addEventListener("change", () => {
    if (whole.on) asTyped = seconds.value;
    else seconds.value = asTyped;
    seconds.disabled = whole.on; // it is as long as it is
    for (const row of ways) for (const field of row?.querySelectorAll("input, select") ?? []) field.toggleAttribute("disabled", whole.on); // prettier-ignore
  });
  kind.addEventListener("change", () => {
    chosen = true;
    if (kind.value === GIF) size.value = GIF_SIZE;
    offerRates();
  });

  const fields = {
    root,
    size,
    whole,
    /** Say how long the complete tour is. @param {import("./film.mjs").Script} script */
    sayLength: (script) => void (seconds.value = script.seconds.toFixed(1)),
    /** @returns {Wished} */
    read() {
      const [width, height] = size.value.split("x").map(Number);
      const file = { ...look.read(), width, height, kind: kind.value, fps: Number(rate.value) };
      if (whole.on) return { ...file, seconds: whole.script?.seconds ?? 0, tour: false, epochs: null, states: null, whole: whole.script }; // prettier-ignore
      const moves = { tour: tour?.box.checked ?? false, epochs: epochs.read(), states: states?.read() ?? null };
      return { ...file, ...moves, seconds: Number(seconds.value), whole: null };
    },
    /** Offer what can be made at this size. */
    async offer() {
      const mine = ++asked;
      const { width, height } = fields.read();
      const kinds = await kindChoices(width, height);
      if (mine !== asked) return;
      const kept = chosen && kinds.some(([value]) => value === kind.value);
      fill(kind, kinds, kept ? kind.value : kinds[0][0]);
      kind.disabled = false;
      offerRates();
    },
    left: () => ({
      run: taken.run, tour: tour?.box.checked, epochs: epochs.left(), states: states?.left(), seconds: Number(seconds.value),
      fps: kind.value === GIF ? undefined : rate.value, size: size.value, look: look.read(),
    }), // prettier-ignore
  };
  return fields;
}

/** Other choices. @param {HTMLSelectElement} field @param {[string, string][]} choices @param {string} value */
const fill = (field, choices, value) =>
  field.replaceChildren(...choices.map(([one, text]) => el("option", { value: one, selected: one === value }, text)));

/** Frames a second: a GIF counts in hundredths of a second. @param {string} kind @returns {[string, string][]} */
const ratesOf = (kind) => (kind === GIF ? GIF_RATES : RATES).map((one) => [String(one), String(one)]);

/**
 * @param {import("./take.mjs").Taken} taken @param {import("./film.mjs").Film} film @param {HTMLCanvasElement} preview @param {any} [before] how it was left
 * @returns {import("./dialog.mjs").Form}
 */
export function filmForm(taken, film, preview, before = {}) {
  const fields = filmFields(taken, film, before);
  const said = el("p", { class: "gt-take-said", role: "status" });
  const bar = el("progress", { class: "gt-take-progress", max: 1, value: 0, hidden: true, "aria-label": "Progress" });
  const start = el("button", { type: "submit", class: "btn btn-sm btn-primary" }, "Make the video");
  const cancel = el("button", { type: "button", class: "btn btn-sm btn-outline-primary", hidden: true }, "Cancel");
  const root = el("form", { class: "gt-take-form", noValidate: true }, fields.root, said, bar, el("div", { class: "gt-take-end" }, cancel, start)); // prettier-ignore
  /** @type {AbortController|null} */
  let shooting = null;
  let offered = false;
  let drawing = 0;

  /** that it is known what can be made @type {Promise<void>} */
  let offering = Promise.resolve();
  const offer = () => (offering = fields.offer().then(show, (error) => say(wordsOf(error), true)));
  fields.size.addEventListener("change", offer);
  root.addEventListener("change", () => show());
  cancel.addEventListener("click", () => shooting?.abort());
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!shooting) make();
  });

  async function make() {
    shooting = new AbortController();
    preview.setAttribute("aria-busy", "false");
    busy(true);
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    try {
      await offering;
      const made = await makeFile(taken, film, fields.read(), shooting.signal, (frame, of, canvas) => {
        bar.value = frame / of;
        said.textContent = `Frame ${frame} of ${of}, about ${Math.ceil((seconds() / frame) * (of - frame))} s left`;
        if (frame % 5 === 1) showFrame(preview, canvas);
      });
      busy(false);
      if (made) save(made.blob, made.name);
      say(made ? `Saved: ${count(made.frames)} frames, ${(made.blob.size / 1e6).toFixed(1)} MB, in ${seconds().toFixed(1)} s` : "Cancelled: nothing was saved"); // prettier-ignore
    } catch (error) {
      busy(false);
      say(wordsOf(error), true);
    }
    shooting = null;
  }

  /** @param {boolean} on */
  function busy(on) {
    fields.root.disabled = start.disabled = on;
    bar.hidden = cancel.hidden = !on;
    root.closest("dialog")?.toggleAttribute("data-gt-busy", on);
    (on ? cancel : start).focus();
  }

  /** @param {string} text @param {boolean} [wrong] */
  function say(text, wrong = false) {
    said.textContent = text;
    said.classList.toggle("gt-wrong", wrong);
    start.disabled = wrong;
  }

  function show() {
    if (shooting) return;
    const wish = fields.read();
    start.textContent = wish.kind === GIF ? "Make the GIF" : "Make the video";
    if (fields.whole.on && !wish.whole) return find();
    const problem = problemOf(wish);
    if (wish.whole) fields.sayLength(wish.whole);
    const whole = wish.whole ? `${wish.whole.says}: ${wish.whole.seconds.toFixed(1)} s. ` : "";
    say(problem || `${whole}${count(framesOf(wish))} frames, each computed for its time. ${noVideo()}`, Boolean(problem)); // prettier-ignore
    drawFirst(wish).catch((error) => say(wordsOf(error), true));
  }

  /** Find how the complete tour goes. */
  function find() {
    say("Finding the planes that together show all of it…");
    start.disabled = true;
    fields.whole.find().then(show, (error) => say(wordsOf(error), true));
  }

  /** Draw what the film will be of; what was asked for last. @param {Wished} wish */
  async function drawFirst(wish) {
    const mine = ++drawing;
    preview.setAttribute("aria-busy", String(Boolean(film.taken)));
    const subject = problemOf(wish) ? taken : await subjectOf(taken, film, { ...wish, whole: null });
    if (mine !== drawing || shooting) return;
    const scale = Math.min(wish.width, wish.height) / SHORTER;
    const [wide, high] = [wish.width / scale, wish.height / scale];
    drawPreview(preview, wide, high, wish, TYPE, (pen, drawn) => paintStill(pen, subject, drawn, wide, high));
    preview.setAttribute("aria-busy", "false");
  }

  return {
    root,
    show() {
      show();
      if (!offered) offer();
      offered = true;
    },
    left: () => (fields.whole.on || problemOf(fields.read()) ? before : fields.left()), // what cannot be made is not asked for again
    stop: () => shooting?.abort(),
  };
}

/** @param {unknown} error */
const wordsOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * Shoot what was wished for.
 *
 * @param {import("./take.mjs").Taken} taken @param {import("./film.mjs").Film} film @param {Wished} wish @param {AbortSignal} signal
 * @param {(frame: number, of: number, canvas: HTMLCanvasElement) => void} progress
 * @returns {Promise<{blob: Blob, name: string, frames: number}|null>} null where it was cancelled
 */
async function makeFile(taken, film, wish, signal, progress) {
  const frames = framesOf(wish);
  const kind = (await videoKinds(wish.width, wish.height)).find(({ codec }) => codec === wish.kind);
  const sink = kind ? await videoSink(kind, wish.fps) : await gifSink(wish.fps, frames);
  const blob = await shoot(taken, film, wish, sink, { signal, progress });
  return blob && { blob, frames, name: `${taken.stem}.${kind?.file ?? GIF}` };
}

// @ts-check
/** The half of the dialog that is for a video: what moves, how long, how large, and how far it has come. */

import { count, el } from "../core/dom.mjs";
import { save } from "../stage/take_away.mjs";
import { drawPreview } from "./preview.mjs";
import { checkField, fieldset, labelled, lookFields, numberField, selectField } from "./fields.mjs";
import { LONGEST, SHORTER, TYPE, framesOf, problemOf, shoot } from "./film.mjs";
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
  const seconds = numberField(before.seconds ?? 10, { min: 0.1, max: LONGEST, step: "any" });
  const size = selectField(SIZES.map((one) => [one, one.replace("x", " × ")]), before.size ?? SIZES[0]); // prettier-ignore
  const rate = selectField(ratesOf(""), String(before.fps ?? 30));
  const kind = selectField([[GIF, "GIF, for slides"]], GIF);
  const usual = { ground: "white", caption: true, legend: true, names: true, rings: false, dots: 1, ...before.look };
  const look = lookFields(usual, { selected: taken.chosen, transparent: false });
  const root = el(
    "fieldset",
    { class: "gt-take-all" },
    fieldset("What moves", tour?.row ?? null, epochs.row, states?.row ?? null),
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

  kind.addEventListener("change", () => {
    chosen = true;
    if (kind.value === GIF) size.value = GIF_SIZE;
    offerRates();
  });

  const fields = {
    root,
    size,
    /** @returns {Wished} */
    read() {
      const [width, height] = size.value.split("x").map(Number);
      return {
        ...look.read(), width, height, kind: kind.value, seconds: Number(seconds.value), fps: Number(rate.value),
        tour: tour?.box.checked ?? false, epochs: epochs.read(), states: states?.read() ?? null,
      }; // prettier-ignore
    },
    /** Offer what can be made at this size. */
    async offer() {
      const mine = ++asked;
      const { width, height } = fields.read();
      const kinds = await kindChoices(width, height);
      if (mine !== asked) return;
      const kept = chosen && kinds.some(([value]) => value === kind.value);
      fill(kind, kinds, kept ? kind.value : kinds[0][0]);
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

  const offer = () => fields.offer().then(show, (error) => say(wordsOf(error), true));
  fields.size.addEventListener("change", offer);
  root.addEventListener("change", () => show());
  cancel.addEventListener("click", () => shooting?.abort());
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!shooting) make();
  });

  async function make() {
    shooting = new AbortController();
    busy(true);
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    try {
      const made = await makeFile(taken, film, fields.read(), shooting.signal, (frame, of, canvas) => {
        bar.value = frame / of;
        said.textContent = `Frame ${frame} of ${of}, about ${Math.ceil((seconds() / frame) * (of - frame))} s left`;
        if (frame % 5 === 1) preview.getContext("2d")?.drawImage(canvas, 0, 0, preview.width, preview.height);
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
    const problem = problemOf(wish);
    say(problem || `${count(framesOf(wish))} frames, each computed for its time. ${noVideo()}`, Boolean(problem));
    const scale = Math.min(wish.width, wish.height) / SHORTER;
    const [wide, high] = [wish.width / scale, wish.height / scale];
    drawPreview(preview, wide, high, wish, TYPE, (pen, drawn) => paintStill(pen, taken, drawn, wide, high));
  }

  return {
    root,
    show() {
      show();
      if (!offered) offer();
      offered = true;
    },
    left: () => (problemOf(fields.read()) ? before : fields.left()), // what cannot be made is not asked for again
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

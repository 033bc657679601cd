// @ts-check
/** The half of the dialog that is for a still picture: format, size, what is on it. */

import { count, el } from "../core/dom.mjs";
import { tellProblem } from "../core/page.mjs";
import { save } from "../stage/take_away.mjs";
import { MOST_VECTORS } from "../points/dots.mjs";
import { drawPreview } from "./preview.mjs";
import { fieldset, labelled, lookFields, numberField, segments, selectField } from "./fields.mjs";
import { TYPE, embedsPoints, fileOf, sizeOf } from "./take.mjs";
import { paintStill } from "./sheet.mjs";

const FORMATS = /** @type {const} */ ([["png", "PNG"], ["svg", "SVG"], ["pdf", "PDF"]]); // prettier-ignore
const INCH = 25.4; // mm

/** @type {import("./take.mjs").Wish} */
const USUAL = { format: "png", width: 180, unit: "mm", dpi: 300, ground: "white", caption: true, legend: true, names: true, rings: false, dots: 1 }; // prettier-ignore

/** Why points of a file are a picture, though its other parts are vectors; "" where they are not. @param {import("./take.mjs").Taken} taken @param {import("./take.mjs").Wish} wish */
export function toldOfPoints(taken, { format, dpi }) {
  if (!embedsPoints(taken, format)) return "";
  const why = taken.images
    ? "Points that are shown as images"
    : taken.shaded
      ? "Points that are shaded by density"
      : `${count(taken.points)} points, more than the ${count(MOST_VECTORS)} that are drawn as circles,`;
  return `${why} are embedded as a picture of ${dpi} dpi; lines and names stay vectors. A PNG has all in one.`;
}

/**
 * @param {import("./take.mjs").Taken} taken @param {HTMLCanvasElement} preview @param {Partial<import("./take.mjs").Wish>} [before] how it was left
 * @returns {import("./dialog.mjs").Form}
 */
export function pictureForm(taken, preview, before = {}) {
  const usual = { ...USUAL, ...before };
  let { unit } = usual;
  const format = segments("Format", FORMATS, usual.format, () => show());
  const width = numberField(usual.width, { min: 1, max: 100_000, step: "any", label: "Width" });
  const units = selectField([["mm", "mm"], ["px", "px"]], unit, "Unit of the width"); // prettier-ignore
  const dpi = numberField(usual.dpi, { min: 36, max: 2400, step: 1 });
  const look = lookFields(usual, { selected: taken.chosen, transparent: true });
  const said = el("p", { class: "gt-take-said", role: "status" });
  const button = el("button", { type: "submit", class: "btn btn-sm btn-primary" }, "Save");
  const root = el(
    "form",
    { class: "gt-take-form", noValidate: true },
    labelledBox("Format", format.box),
    el("div", { class: "gt-take-line" }, labelled("Width", width), units, labelled("Dots per inch", dpi)),
    fieldset("On it", ...look.rows),
    said,
    el("div", { class: "gt-take-end" }, button),
  );

  /** @returns {import("./take.mjs").Wish} */
  const read = () => ({
    ...look.read(),
    format: /** @type {import("./take.mjs").Format} */ (format.value),
    width: Number(width.value),
    unit,
    dpi: Number(dpi.value),
  });

  units.addEventListener("change", () => {
    const now = /** @type {"mm"|"px"} */ (units.value);
    const factor = Number(dpi.value) / INCH; // pixels a mm
    const wide = now === unit ? Number(width.value) : now === "px" ? Number(width.value) * factor : Number(width.value) / factor; // prettier-ignore
    if (Number.isFinite(wide)) width.value = String(now === "px" ? Math.round(wide) : +wide.toFixed(1));
    unit = now;
  });
  root.addEventListener("change", () => show());
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    store().catch(tellProblem);
  });

  async function store() {
    const wish = read();
    button.disabled = true;
    button.textContent = "Drawing…";
    await new Promise((done) => setTimeout(done)); // so that it is said
    try {
      save(await fileOf(taken, wish), `${taken.stem}.${wish.format}`);
    } finally {
      button.disabled = false;
      show();
    }
  }

  function show() {
    const wish = read();
    button.textContent = `Save ${wish.format.toUpperCase()}`;
    try {
      const { width: wide, height, pixels, mm } = sizeOf(taken, wish);
      const size = `${mm[0]} × ${mm[1]} mm`;
      const inPixels = `${count(pixels[0])} × ${count(pixels[1])} pixels`;
      say(`${wish.format === "png" ? `${inPixels}, ${size} at ${wish.dpi} dpi` : size}. ${toldOfPoints(taken, wish)}`);
      drawPreview(preview, wide, height, wish, TYPE, (pen, drawn) => paintStill(pen, taken, drawn, wide));
    } catch (error) {
      say(error instanceof Error ? error.message : String(error), true);
    }
  }

  /** @param {string} text @param {boolean} [wrong] */
  function say(text, wrong = false) {
    said.textContent = text;
    said.classList.toggle("gt-wrong", wrong);
    button.disabled = wrong;
  }

  return {
    root,
    show,
    left: () => (said.classList.contains("gt-wrong") ? before : read()), // what cannot be drawn is not asked for again
    stop: () => {},
  };
}

/** @param {string} text @param {HTMLElement} box of buttons, which is no field that a label could be for */
const labelledBox = (text, box) => el("div", { class: "gt-take-field" }, el("span", {}, text), box);

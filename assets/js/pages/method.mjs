// @ts-check
/** `/method`: formulas written out, figures brought to life. */

import { openTensors } from "../data/tensors.mjs";
import { computedAnswer, linearAnswer } from "../method/answers.mjs";
import { part } from "../core/dom.mjs";
import { openContents } from "../method/contents.mjs";
import { writeFormulas } from "../method/formula.mjs";
import { whenNear } from "../method/lazy.mjs";
import { createMatrixEditor } from "../method/matrix_editor.mjs";
import { createMovedPoint } from "../method/moved_point.mjs";
import { createPythagoras } from "../method/pythagoras.mjs";
import { createRotation } from "../method/rotation.mjs";
import { createShape } from "../method/shapes.mjs";
import { reduced } from "../core/motion.mjs";
import { noUpdate } from "../core/dash.mjs";

const SHAPES = ["square", "cube", "tesseract"];

/** The figures of the technical part, which wait until they come near. @satisfies {Partial<Record<import("../payloads.mjs").Part, () => Promise<(box: HTMLElement) => void>>>} */
const DETAILS = {
  "fit-and-spread": async () => (await import("../method/fit_and_spread.mjs")).createFitAndSpread,
  "drawn-lengths": async () => (await import("../method/drawn_lengths.mjs")).createDrawnLengths,
  padding: async () => (await import("../method/padding_figure.mjs")).createPadding,
  passing: async () => (await import("../method/passing_figure.mjs")).createPassing,
  convolution: async () => (await import("../method/convolution_figure.mjs")).createConvolution,
  pooling: async () => (await import("../method/pooling_figure.mjs")).createPooling,
  glossary: async () => (await import("../method/glossary.mjs")).createGlossary,
};

/** @param {import("../payloads.mjs").MethodMount} mount */
export async function showMethod(mount) {
  const page = /** @type {HTMLElement|null} */ (document.querySelector('[data-gt-page="method"]'));
  if (!page || page.dataset.gtMounted) return noUpdate();
  page.dataset.gtMounted = "yes";
  const query = new URLSearchParams(location.search);
  const still = query.get("play") === "0" || reduced();
  writeFormulas(page);
  openContents(page);
  SHAPES.forEach((name, i) => {
    const root = /** @type {HTMLElement} */ (page.querySelector(`[data-gt-stage="method-${name}"]`));
    createShape(root, { p: i + 2, seed: Number(query.get("seed") ?? 1), still });
  });
  createPythagoras(part(page, "pythagoras"), { seed: Number(query.get("seed") ?? 1), still: true });
  createRotation(part(page, "rotation"));
  createMatrixEditor(part(page, "matrix"), part(page, "negation"));
  for (const [name, fetched] of Object.entries(DETAILS)) {
    const box = part(page, /** @type {keyof DETAILS} */ (name));
    whenNear(box, async () => {
      const create = await fetched();
      if (!box.isConnected) return;
      create(box);
      box.dataset.gtAlive = "yes";
    });
  }
  if (mount.moved) await showMovedPoint(page, mount.moved, mount.base);
  return noUpdate();
}

/** @param {HTMLElement} page @param {import("../method/answers.mjs").MovedNote} note @param {string} base */
async function showMovedPoint(page, note, base) {
  const box = part(page, "moved");
  const tensors = openTensors(/** @type {any} */ ({}), base); // for arrays that are announced outside the splits
  const [points, ...pictures] = await Promise.all(
    [note.points, ...note.pictures.map(({ tensor }) => tensor)].map(tensors.other),
  );
  if (!box.isConnected) return;
  const answers = [
    linearAnswer(note, points),
    ...note.pictures.map((picture, i) => computedAnswer(note, picture, pictures[i])),
  ];
  const moved = createMovedPoint(box, note, answers, reduced);
  page.querySelector('[data-gt-action="show-walk"]')?.addEventListener("click", () => {
    box.scrollIntoView({ block: "center", behavior: reduced() ? "auto" : "smooth" });
    moved.walk();
  });
}

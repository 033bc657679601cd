// @ts-check
/** Who an image is, and what the network says of it. */

import { splitWord } from "../data/splits.mjs";
import { hasClasses } from "../data/groups.mjs";
import { el, icon, percent } from "../core/dom.mjs";
import { named } from "../core/names.mjs";
import { thumbnail } from "../points/thumbnail.mjs";
import { short } from "../points/values.mjs";
import { barRows } from "./softmax_bars.mjs";

/**
 * @typedef {import("../data/network.mjs").Passage} Passage
 * @typedef {Pick<import("../data/network.mjs").NetworkAnnouncement, "classes"|"outputs"|"task"|"unit">} Run
 */

const MOST = 12; // values that are said one by one
const LETTERS = 44; // of a class; its tooltip has the whole

/** @param {Passage} passage @param {Run} run */
function facts({ id, split, epoch, label, values }, run) {
  const said = values[values.length - 1];
  const row = (/** @type {string} */ name, /** @type {string} */ value, kind = "", whole = "") =>
    el("div", { class: kind }, el("dt", {}, name), el("dd", { title: whole }, value));
  const rows = hasClasses(run) ? ofClass(said, label, run.classes) : ofValues(said, label, run);
  return el("dl", {},
    ...rows.map(([name, value, kind, whole]) => row(name, value, kind, whole)),
    row("Point", `${id}, ${splitWord(split)}`),
    row(run.unit === "step" ? "Step" : "Epoch", String(epoch))); // prettier-ignore
}

/** @param {Float32Array} said @param {number} label @param {string[]} classes @returns {[string, string, string?, string?][]} */
function ofClass(said, label, classes) {
  const most = Math.max(...said);
  const top = said.indexOf(most);
  const tie = said.filter((value) => value === most).length > 1;
  const right = !tie && top === label;
  const [is, taken] = [named(classes[label], LETTERS), named(classes[top], LETTERS)];
  return [
    ["Is", is.textContent, "", is.title],
    [
      "Taken for",
      tie ? "undecided" : `${taken.textContent}, ${percent(most)}`,
      right ? "gt-right-said" : "gt-wrong-said",
      taken.title,
    ],
  ];
}

/** What is said of a point that has no one class. @param {Float32Array} said @param {number} label @param {Run} run @returns {[string, string, string?, string?][]} */
function ofValues(said, label, { classes, outputs, task }) {
  /** @type {[string, string][]} */
  const group = classes.length > 1 ? [[task === "multilabel" ? "Labels" : "Group", classes[label]]] : [];
  if (task === "multilabel") return group; // the bars say the rest
  const rows = [...said.subarray(0, MOST)].map(
    (value, i) => /** @type {[string, string]} */ ([outputs[i], short(value)]),
  );
  return [
    ...group,
    ...rows,
    ...(said.length > MOST ? [/** @type {[string, string]} */ (["", `and ${said.length - MOST} more values`])] : []),
  ];
}

/** @param {HTMLElement} box */
export function createVerdict(box) {
  return {
    /**
     * @param {Passage} passage @param {Run} run
     * @param {ReturnType<typeof import("../data/network.mjs").openNetwork>["thumbnails"]} thumbnails
     * @param {() => boolean} wanted whether it is still that image, once the picture of it has come
     */
    async show(passage, run, thumbnails, wanted) {
      const { classes, outputs, task } = run;
      const { id, label, values } = passage;
      const says = { title: "Select this point, on all pages", "data-gt-action": "select" };
      const button = el(
        "button",
        { type: "button", class: "btn btn-sm gt-button", ...says },
        icon("bullseye"),
        el("span", {}, "Select it"),
      );
      const one = hasClasses(run);
      const shares = one || task === "multilabel";
      const rows = shares ? barRows(outputs, values[values.length - 1], one ? label : -1) : null;
      const known = box.dataset.gtId === String(id);
      const { images } = known ? { images: null } : await thumbnails([id]);
      if (!wanted()) return; // another was chosen meanwhile
      const picture = known ? box.querySelector("canvas") : images && thumbnail(images, 0, classes[label]);
      box.dataset.gtId = String(id);
      box.replaceChildren(
        ...(picture ? [picture] : []),
        el("div", {}, facts(passage, run), button),
        ...(rows ? [rows] : []),
      );
    },
    /** Another run: the picture is of none of its points. */
    forget() {
      box.removeAttribute("data-gt-id");
    },
  };
}

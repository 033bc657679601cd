// @ts-check
/** Who an image is, and what the network says of it. */

import { splitWord } from "../data/splits.mjs";
import { el, icon, percent } from "../core/dom.mjs";
import { named } from "../core/names.mjs";
import { thumbnail } from "../points/thumbnail.mjs";
import { barRows } from "./softmax_bars.mjs";

/** @typedef {import("../data/network.mjs").Passage} Passage */

const LETTERS = 44; // of a class; its tooltip has the whole

/** @param {Passage} passage @param {string[]} classes */
function facts({ id, split, epoch, label, values }, classes) {
  const said = values[values.length - 1];
  const most = Math.max(...said);
  const top = said.indexOf(most);
  const tie = said.filter((value) => value === most).length > 1;
  const right = !tie && top === label;
  const row = (/** @type {string} */ name, /** @type {string} */ value, kind = "", whole = "") =>
    el("div", { class: kind }, el("dt", {}, name), el("dd", { title: whole }, value));
  const [is, taken] = [named(classes[label], LETTERS), named(classes[top], LETTERS)];
  return el("dl", {},
    row("Is", is.textContent, "", is.title),
    row("Taken for", tie ? "undecided" : `${taken.textContent}, ${percent(most)}`, right ? "gt-right-said" : "gt-wrong-said", taken.title),
    row("Point", `${id}, ${splitWord(split)}`),
    row("Epoch", String(epoch))); // prettier-ignore
}

/** @param {HTMLElement} box */
export function createVerdict(box) {
  return {
    /**
     * @param {Passage} passage @param {string[]} classes
     * @param {ReturnType<typeof import("../data/network.mjs").openNetwork>["thumbnails"]} thumbnails
     * @param {() => boolean} wanted whether it is still that image, once the picture of it has come
     */
    async show(passage, classes, thumbnails, wanted) {
      const { id, label, values } = passage;
      const says = { title: "Select this point, on all pages", "data-gt-action": "select" };
      const button = el(
        "button",
        { type: "button", class: "btn btn-sm gt-button", ...says },
        icon("bullseye"),
        el("span", {}, "Select it"),
      );
      const rows = barRows(classes, values[values.length - 1], label);
      const known = box.dataset.gtId === String(id);
      const { images } = known ? { images: null } : await thumbnails([id]);
      if (!wanted()) return; // another was chosen meanwhile
      const picture = known ? box.querySelector("canvas") : images && thumbnail(images, 0, classes[label]);
      box.dataset.gtId = String(id);
      box.replaceChildren(...(picture ? [picture] : []), el("div", {}, facts(passage, classes), button), rows);
    },
    /** Another run: the picture is of none of its points. */
    forget() {
      box.removeAttribute("data-gt-id");
    },
  };
}

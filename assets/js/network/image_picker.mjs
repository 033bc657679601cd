// @ts-check
/** Which image is sent through the network: one of the selection, one of some of each class, or by its number. */

import { count, el } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";
import { thumbnail } from "../points/thumbnail.mjs";

const MOST = 48; // thumbnails of a selection
const LETTERS = 22; // of a class on a button; its tooltip has the whole

/**
 * @param {HTMLElement} box
 * @param {object} given
 * @param {string[]} given.classes of the points' groups
 * @param {boolean} given.plain whether each point has one of these
 * @param {number[]} given.samples ids of some points of each class
 * @param {(ids: number[]) => Promise<import("../data/network.mjs").Thumbnails>} given.thumbnails
 * @param {(id: number) => void} given.choose
 * @param {(error: unknown) => void} given.failed
 */
export function createPicker(box, { classes, plain, samples, thumbnails, choose, failed }) {
  const field = el("input", {
    type: "text",
    inputMode: "numeric",
    class: "form-control form-control-sm",
    "aria-label": "Number of a point",
    placeholder: "Number of a point",
    autocomplete: "off",
  });
  const form = el(
    "form",
    { class: "gt-picker-form" },
    field,
    el("button", { type: "submit", class: "btn btn-sm gt-button" }, "Show"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return field.focus();
    if (!/^\d{1,15}$/.test(text)) return failed(`A point's number is a whole number, “${text}” is none`);
    choose(Number(text));
  });
  const selected = el("div", { "data-gt-part": "picked", hidden: true });
  const some = el("div", { "data-gt-part": "some" });
  box.replaceChildren(el("h2", {}, "Choose a point"), form, selected, some);
  let current = -1;
  let asked = "";

  /** @param {HTMLElement} place @param {string} title @param {string} note @param {number[]} ids */
  async function fill(place, title, note, ids) {
    const found = await thumbnails(ids);
    const tiles = found.ids.map((id, i) => {
      const name = classes.length > 1 ? classes[found.labels[i]] : String(id);
      const what = classes.length > 1 ? `${name} (${id}, ${found.splits[i]})` : `${name}, ${found.splits[i]}`;
      const inside = found.images ? thumbnail(found.images, i, what) : el("span", {}, middle(name, LETTERS));
      const tile = el(
        "button",
        { type: "button", class: "gt-picker-tile", title: what, "data-gt-id": String(id), "aria-label": what },
        inside,
      );
      tile.addEventListener("click", () => choose(id));
      return tile;
    });
    place.replaceChildren(
      el("h3", {}, title),
      el("div", { class: found.images ? "gt-thumbs" : "gt-picker-words" }, ...tiles),
      el("p", { class: "gt-hint" }, note),
    );
    mark();
  }

  function mark() {
    for (const tile of box.querySelectorAll("[data-gt-id]")) {
      tile.setAttribute("aria-pressed", String(tile.getAttribute("data-gt-id") === String(current)));
    }
  }

  fill(
    some,
    classes.length > 1 ? `Some of each ${plain ? "class" : "group"}` : "Some of the points",
    "",
    samples,
  ).catch(failed);
  return {
    /** @param {number} id that is shown */
    show(id) {
      current = id;
      mark();
    },
    /** @param {number[]} ids the selection */
    async select(ids) {
      const few = ids.slice(0, MOST);
      asked = few.join(",");
      selected.hidden = !ids.length;
      if (!ids.length) return selected.replaceChildren();
      const mine = asked;
      const note = ids.length > few.length ? `${few.length} of ${count(ids.length)}` : "";
      const title = ids.length === 1 ? "The selected point" : "Selected points";
      try {
        const ready = thumbnails(few);
        await ready;
        if (mine === asked) await fill(selected, title, note, few);
      } catch (error) {
        failed(error);
      }
    },
  };
}

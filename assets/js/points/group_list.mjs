// @ts-check
/**
 * The reader's groups beside the picture: a row each, with its name to change, how many points it has (a click selects them), colour and note
 * behind a click on its mark. Rows are kept and dressed anew, so that the keyboard's place stays where it is.
 */

import { count, el, icon } from "../core/dom.mjs";
import { COLORS, LETTERS, NOTE } from "../state/kept_groups.mjs";
import { groupColor } from "./palette.mjs";

/**
 * @typedef {import("../state/kept_groups.mjs").Group} Group
 * @typedef {import("./gestures.mjs").How} How
 * @typedef {object} Does
 * @property {(group: Group, changes: Partial<Group>) => void} change
 * @property {(group: Group, how: How) => void} pick its points are to be selected
 * @property {(group: Group) => void} remove
 */

/** What a held key says of a selection. @param {{shiftKey: boolean, altKey: boolean}} event @returns {How} */
const howOf = ({ shiftKey, altKey }) => (altKey ? "subtract" : shiftKey ? "add" : "new");

/** "57 points, 12 of them in this picture" @param {Group} group @param {number} here how many are in the picture */
export function groupText({ ids: { size } }, here) {
  const all = size === 1 ? "1 point" : `${count(size)} points`;
  if (here === size) return all;
  return `${all}, ${here ? count(here) : "none"} of them in this picture`;
}

/**
 * @param {HTMLElement} box a list
 * @param {Does} does
 */
export function createGroupList(box, does) {
  /** @type {ReturnType<typeof makeRow>[]} */
  const rows = [];
  /** @type {readonly Group[]} */
  let list = [];

  return {
    /** @param {readonly Group[]} groups @param {number[]} here of each, how many of its points are in the picture */
    show(groups, here) {
      list = groups;
      const lost = rows.slice(groups.length).some(({ row }) => row.contains(document.activeElement));
      for (const { row } of rows.splice(groups.length)) row.remove();
      while (rows.length < groups.length) {
        const at = rows.length;
        rows.push(makeRow(() => list[at], does));
        box.append(rows[at].row);
      }
      rows.forEach(({ dress }, i) => dress(groups[i], here[i]));
      if (!lost) return;
      const next = rows[rows.length - 1]?.remove ?? box.closest("section");
      next?.focus({ preventScroll: true });
    },
    /** Let the reader name the last one. */
    nameLast() {
      const name = rows[rows.length - 1]?.name;
      name?.focus();
      name?.select();
    },
  };
}

/** @param {() => Group} group that the row is of now @param {Does} does */
function makeRow(group, does) {
  let shown = ""; // its name
  const open = el("button", { type: "button", class: "btn btn-sm gt-button gt-group-open", "aria-expanded": "false" },
    el("span", { class: "gt-group-mark" })); // prettier-ignore
  const name = el("input", { type: "text", class: "gt-group-name", maxLength: LETTERS, "aria-label": "Name of the group", spellcheck: false }); // prettier-ignore
  const pick = el("button", { type: "button", class: "btn btn-sm gt-button gt-group-count" });
  const remove = el("button", { type: "button", class: "btn btn-sm gt-button" }, icon("x-lg"));
  const more = makeMore(group, does);
  const row = el("li", {}, el("div", { class: "gt-group-row" }, open, name, pick, remove), more.root);

  open.addEventListener("click", () => {
    more.root.hidden = !more.root.hidden;
    open.setAttribute("aria-expanded", String(!more.root.hidden));
  });
  name.addEventListener("change", () => {
    does.change(group(), { name: name.value });
    name.value = shown = group().name; // it may have been numbered
  });
  name.addEventListener("keydown", (event) => {
    if (event.key === "Escape") name.value = shown;
    if (event.key === "Enter" || event.key === "Escape") name.blur();
  });
  pick.addEventListener("click", (event) => does.pick(group(), howOf(event)));
  remove.addEventListener("click", () => does.remove(group()));

  return {
    row,
    name,
    remove,
    /** @param {Group} now @param {number} here */
    dress(now, here) {
      row.style.setProperty("--gt-color", groupColor(now.color));
      if (shown !== now.name) name.value = shown = now.name;
      pick.textContent = count(now.ids.size);
      say(pick, `Select ${now.name}: ${groupText(now, here)} (Shift adds, Alt subtracts)`);
      say(remove, `Delete ${now.name}`);
      say(open, `Colour and note of ${now.name}`);
      name.title = now.note;
      more.dress(now);
    },
  };
}

/** @param {HTMLElement} button @param {string} label */
function say(button, label) {
  button.title = label;
  button.setAttribute("aria-label", label);
}

/** Colours to choose from, and a note. @param {() => Group} group @param {Does} does */
function makeMore(group, does) {
  const colors = Array.from({ length: COLORS }, (_, color) => {
    const label = `Colour ${color + 1}`;
    return el("button", {
      type: "button", class: "gt-group-color", title: label, "aria-label": label, style: `--gt-color:${groupColor(color)}`,
      onclick: () => does.change(group(), { color }),
    }); // prettier-ignore
  });
  const note = el("textarea", { class: "form-control form-control-sm gt-group-note", rows: 2, maxLength: NOTE, placeholder: "A note", "aria-label": "Note on the group" }); // prettier-ignore
  note.addEventListener("change", () => does.change(group(), { note: note.value }));
  const root = el("div", { class: "gt-group-more", hidden: true },
    el("div", { class: "gt-group-colors", role: "group", "aria-label": "Colour of the group" }, ...colors), note); // prettier-ignore
  let shown = "";
  return {
    root,
    /** @param {Group} now */
    dress(now) {
      colors.forEach((button, color) => button.setAttribute("aria-pressed", String(color === now.color)));
      if (shown !== now.note) note.value = shown = now.note;
    },
  };
}

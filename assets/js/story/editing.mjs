// @ts-check
/** What the bar has while a view is changed: take it anew, and a note that points at what is clicked. */

import { el, icon, toast } from "../core/dom.mjs";
import { visit } from "../core/visit.mjs";
import { NOTE } from "./checked.mjs";
import { changeView, editHref, retakeView } from "./saving.mjs";
import { shownNow } from "./shown.mjs";

/**
 * @typedef {import("./shelf.mjs").Open} Open
 * @typedef {object} Given
 * @property {import("./shelf.mjs").Shelf} shelf
 * @property {() => Open|null} open @property {() => number} at index of the view
 * @property {(open: Open) => void} changed @property {() => void} done
 */

/** What a note points at, in words. @param {import("./shown.mjs").At|undefined} at */
export function saidOf(at) {
  if (!at) return "";
  if ("point" in at) return `point ${at.point}`;
  if ("class" in at) return `class ${at.class}`;
  if ("group" in at) return `group ${at.group}`;
  return "a place of the stage";
}

/** @param {Given} given */
export function createEditing({ shelf, open, at, changed, done }) {
  const take = el("button", { type: "button", class: "btn btn-sm btn-primary" }, "Replace the view (C)");
  const text = el("input", { class: "form-control form-control-sm", maxLength: NOTE, placeholder: "Note: the text of an arrow", autocomplete: "off" }); // prettier-ignore
  text.setAttribute("aria-label", "Note: the text of an arrow");
  const pick = el(
    "button",
    { type: "button", class: "btn btn-sm gt-button gt-bordered" },
    icon("bullseye"),
    el("span"),
  );
  const drop = el("button", { type: "button", class: "btn btn-sm gt-button", title: "Remove the note", "aria-label": "Remove the note" }, icon("trash3")); // prettier-ignore
  const end = el("button", { type: "button", class: "btn btn-sm gt-button gt-bordered" }, "To the story");
  const box = el("div", { class: "gt-story-editing", role: "group", "aria-label": "Changing this view" }, take, text, pick, drop, end); // prettier-ignore
  let picking = false;
  /** index of the view that is picked for */
  let pickedAt = -1;

  const view = () => open()?.story.views[at()];
  /** One thing after the other. */
  let busy = Promise.resolve();
  /** @param {(open: Open) => Promise<Open>} act */
  const doing = (act) => {
    busy = busy
      .then(async () => {
        const now = open();
        if (now) changed(await act(now));
      })
      .catch((error) => void toast(error instanceof Error ? error.message : String(error), "error"));
  };

  /** @param {boolean} on */
  function setPicking(on) {
    [picking, pickedAt] = [on, at()];
    pick.setAttribute("aria-pressed", String(on));
    document.documentElement.toggleAttribute("data-gt-picking", on);
    const said = saidOf(view()?.note?.at);
    const name = on ? "Click on it" : said ? `At ${said}` : "Point at…";
    /** @type {HTMLElement} */ (pick.querySelector("span")).textContent = name;
    pick.title = on ? "Click a point, a class, a group or a place (Esc ends this)" : "Choose what the note points at";
  }

  /** @param {import("../payloads.mjs").StoryNote|null} note */
  const setNote = (note) =>
    doing((now) => changeView(shelf, now, at(), ({ note: _, ...rest }) => (note ? { ...rest, note } : rest)));

  /** @param {PointerEvent} event */
  function pointed(event) {
    if (!picking) return;
    const target = /** @type {Element} */ (event.target);
    const canvas = shownNow()
      ?.canvases()
      .find(({ root }) => root.contains(target) || root.parentElement?.contains(target));
    if (!canvas) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { left, top } = canvas.root.getBoundingClientRect();
    const found = canvas.find(event.clientX - left, event.clientY - top);
    setPicking(false);
    const words = text.value.trim() || saidOf(found);
    setNote({ text: words, at: found });
  }

  take.addEventListener("click", () => void editing.retake());
  pick.addEventListener("click", () => setPicking(!picking));
  drop.addEventListener("click", () => setNote(null));
  end.addEventListener("click", () => {
    const now = open();
    if (!now) return;
    const [, query] = editHref("", now).split("?");
    done();
    visit("story", query);
  });
  text.addEventListener("change", () => {
    const note = view()?.note;
    const words = text.value.trim();
    if (!note && words) return setPicking(true); // it has to point at something
    if (note && words !== note.text) setNote(words ? { ...note, text: words } : null);
  });
  addEventListener("pointerdown", pointed, true);

  const editing = {
    box,
    /** Bring it up to date with the view. */
    show() {
      const note = view()?.note;
      if (document.activeElement !== text) text.value = note?.text ?? "";
      drop.hidden = !note;
      setPicking(picking && pickedAt === at());
    },
    focus: () => take.focus(),
    /** Esc ends what is under way. @returns {boolean} whether there was something */
    escape() {
      const was = picking;
      setPicking(false);
      return was;
    },
    leave: () => setPicking(false),
    /** Put what is shown in the place of the view. */
    retake() {
      const shown = shownNow();
      if (shown) doing((now) => retakeView(shelf, shown, now, at()));
    },
  };
  return editing;
}

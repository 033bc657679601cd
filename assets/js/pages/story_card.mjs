// @ts-check
/** A view of a story as a card: its picture, its words, its note, and what can be done with it. */

import { el, icon } from "../core/dom.mjs";
import { NOTE, TEXT, TITLE } from "../story/checked.mjs";
import { clipped } from "../story/saving.mjs";

/**
 * @typedef {import("./story_editor.mjs").StoryEditor} StoryEditor
 * @typedef {import("../story/shelf.mjs").View} View
 * @typedef {object} Card
 * @property {StoryEditor} editor @property {View} view
 * @property {number} i its index @property {number} of how many there are
 * @property {{show: string, edit: string}} hrefs
 */

/** What pages are called. @type {Record<string, string>} */
const PAGES = { "grand-tour": "Grand Tour", layers: "Layers", tsne: "t-SNE", umap: "UMAP", embedding: "Imported", compare: "Compare", adversarial: "Adversarial", training: "Training", network: "Network", "two-runs": "Two runs" }; // prettier-ignore
const KINDS = { point: "point, by id", class: "class", group: "group", place: "place: x y, 0 to 1" };

/** @param {Card} card */
export function cardOf(card) {
  const { view, i } = card;
  const shown = view.picture
    ? el("img", { src: view.picture, alt: view.alt ?? "", loading: "lazy" })
    : el("span", {}, "No picture");
  const item = el("li", { class: "gt-story-card" },
    grip(card),
    el("div", { class: "gt-story-picture" }, shown),
    el("div", { class: "gt-story-body" }, ...words(card), el("span", { class: "gt-story-where" }, PAGES[view.page]), note(card), acts(card)),
  ); // prettier-ignore
  item.setAttribute("aria-label", `View ${i + 1}: ${view.title}`);
  item.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!event.altKey || !by) return;
    event.preventDefault();
    card.editor.move(i, i + by);
  });
  return item;
}

/** Its number, by which it is dragged, and the same by buttons. @param {Card} card */
function grip({ editor, i, of, view }) {
  const move = (/** @type {string} */ name, /** @type {string} */ text, /** @type {number} */ by) => {
    const one = el("button", { type: "button", class: "btn btn-sm gt-button", "data-gt-move": "", title: `${text} (Alt and an arrow)` }, icon(name)); // prettier-ignore
    one.setAttribute("aria-label", `${text}: ${view.title}`);
    one.disabled = i + by < 0 || i + by >= of;
    one.addEventListener("click", () => editor.move(i, i + by));
    return one;
  };
  return el("div", { class: "gt-story-grip", draggable: true, title: "Drag to another place" },
    el("span", { class: "gt-story-number" }, String(i + 1)), move("chevron-up", "Move up", -1), move("chevron-down", "Move down", 1)); // prettier-ignore
}

/** A field for a title, which is one line however many it takes on the page. @param {string} value */
export function titleField(value) {
  const field = el("textarea", { class: "gt-story-field gt-story-titled", value, maxLength: TITLE, rows: 1 });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) event.preventDefault();
  });
  return field;
}

/** Title and sentence, in fields, and on paper as text. @param {Card} card */
function words({ editor, view, i }) {
  const title = titleField(view.title);
  const text = el("textarea", { class: "gt-story-field", value: view.text ?? "", maxLength: TEXT, placeholder: "A sentence: what is there to see?", rows: 2 }); // prettier-ignore
  title.setAttribute("aria-label", `Title of view ${i + 1}`);
  text.setAttribute("aria-label", `Sentence of view ${i + 1}`);
  const heading = el("p", { class: "gt-story-on-paper gt-story-heading" }, `${i + 1}. ${view.title}`);
  const said = el("p", { class: "gt-story-on-paper" }, view.text ?? "");
  title.addEventListener("input", () => {
    const now = clipped(title.value, TITLE);
    heading.textContent = `${i + 1}. ${now}`;
    if (now) editor.changeView(i, { title: now }, "title");
  });
  title.addEventListener("change", () => (title.value = editor.story.views[i]?.title ?? title.value));
  text.addEventListener("input", () => {
    const now = text.value.trim() ? text.value.replace(/[^\P{Cc}\n]|[\p{Zl}\p{Zp}]/gu, " ") : "";
    said.textContent = now;
    editor.changeView(i, { text: now }, "text");
  });
  return [title, heading, text, said];
}

/** @param {Card} card */
function note({ editor, view, i }) {
  const now = view.note;
  const [kind, value] = now ? Object.entries(now.at)[0] : ["", ""];
  const text = el("input", { class: "form-control form-control-sm", value: now?.text ?? "", maxLength: NOTE, placeholder: "Note: the text of an arrow", autocomplete: "off" }); // prettier-ignore
  const what = el("select", { class: "form-select form-select-sm" }, ...Object.entries(KINDS).map(([name, said]) => el("option", { value: name, selected: name === kind }, `at a ${said}`))); // prettier-ignore
  const where = el("input", { class: "form-control form-control-sm gt-story-value", value: Array.isArray(value) ? value.join(" ") : String(value), autocomplete: "off" }); // prettier-ignore
  text.setAttribute("aria-label", `Note of view ${i + 1}`);
  what.setAttribute("aria-label", "What the note points at");
  where.setAttribute("aria-label", "Which one");
  const take = () => {
    const words = clipped(text.value, NOTE);
    const at = atOf(what.value, where.value);
    where.setAttribute("aria-invalid", String(Boolean(words && !at)));
    if (words && !at) editor.say("The note is kept once it is said what it points at");
    if (words && at) editor.changeView(i, { note: { text: words, at } }, "note");
    else if (!words && now) editor.changeView(i, { note: undefined }, "note");
  };
  for (const one of [text, what, where]) one.addEventListener("change", take);
  const paper = now ? el("p", { class: "gt-story-on-paper" }, `At ${kind === "place" ? "a place" : `${kind} ${value}`}: ${now.text}`) : null; // prettier-ignore
  return el(
    "div",
    {},
    el("div", { class: "gt-story-note", role: "group", "aria-label": "Note" }, text, what, where),
    paper,
  );
}

/** What a note points at, as it is typed; null for what is none. @param {string} kind @param {string} value @returns {import("../story/shown.mjs").At|null} */
export function atOf(kind, value) {
  const text = value.trim();
  if (!text) return null;
  if (kind === "class" || kind === "group") return { [kind]: clipped(text, 200) };
  const numbers = text.split(/[\s;]+/).map(Number);
  if (kind === "point") return numbers.length === 1 && Number.isSafeInteger(numbers[0]) && numbers[0] >= 0 ? { point: numbers[0] } : null; // prettier-ignore
  return numbers.length === 2 && numbers.every((one) => one >= 0 && one <= 1) ? { place: numbers } : null;
}

/** @param {Card} card */
function acts({ editor, view, i, hrefs }) {
  const go = (
    /** @type {string} */ href,
    /** @type {string} */ name,
    /** @type {string} */ word,
    /** @type {string} */ title,
  ) => {
    const one = el("a", { href, class: "btn btn-sm gt-button", title }, icon(name), word);
    one.setAttribute("aria-label", `${word}: ${view.title}`);
    one.addEventListener("click", (event) => void editor.leaveTo(event, href));
    return one;
  };
  const act = (/** @type {string} */ name, /** @type {string} */ word, /** @type {() => void} */ does) => {
    const one = el("button", { type: "button", class: "btn btn-sm gt-button" }, icon(name), word);
    one.setAttribute("aria-label", `${word}: ${view.title}`);
    one.addEventListener("click", does);
    return one;
  };
  return el("div", { class: "gt-story-card-acts" },
    go(hrefs.show, "play-fill", "Show", "Play the story from this view on"),
    go(hrefs.edit, "camera", "Retake", "Open it on its page, where the key C puts what is shown in its place, and a note is pointed"),
    act("copy", "Duplicate", () => editor.duplicate(i)),
    act("trash3", "Delete", () => editor.drop(i))); // prettier-ignore
}

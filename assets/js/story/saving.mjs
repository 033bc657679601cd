// @ts-check
/** Keeping a view: what the page shows becomes a view of the story of its run, or takes the place of one. */

import { el, toast } from "../core/dom.mjs";
import { follow } from "../core/follow.mjs";
import { isHere } from "../state/stories_here.mjs";
import { ALT, TITLE, VIEWS } from "./checked.mjs";
import { withoutNote } from "./notes.mjs";

const STAYS_MS = 9000; // a message with a link in it

/**
 * @typedef {import("./shelf.mjs").Open} Open
 * @typedef {import("./shelf.mjs").Shelf} Shelf
 * @typedef {import("./shown.mjs").Shown} Shown
 * @typedef {import("../payloads.mjs").StoryView} View
 * @typedef {import("../payloads.mjs").StoryData} StoryData
 */

/** One line, not too long. @param {string} text @param {number} most */
export const clipped = (text, most) => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line;
};

/** What a page shows, as a view, which stands still. @param {Shown} shown @returns {Promise<View>} */
export async function viewOf(shown) {
  const goOn = await shown.still?.();
  try {
    return await takenView(shown);
  } finally {
    goOn?.();
  }
}

/** @param {Shown} shown @returns {Promise<View>} */
async function takenView(shown) {
  const { title, alt } = shown.said();
  const query = await shown.query();
  const picture = (await shown.picture?.()) ?? null;
  return {
    page: shown.page,
    query,
    title: clipped(title, TITLE) || "View",
    text: "",
    ...(picture && { picture }),
    ...(alt && { alt: clipped(alt, ALT) }),
  };
}

/** Where a story is changed. @param {string} base @param {Open} open */
export const editHref = (base, { of, name }) => `${base}story?${new URLSearchParams({ run: of.run, story: name })}`;

/** Say something with a way to the story. @param {string} text @param {string} href */
function tell(text, href) {
  for (const one of document.querySelectorAll(".gt-toast-link")) one.parentElement?.remove(); // of the view before
  const note = toast(text);
  if (!note) return;
  const link = el("a", { href, class: "gt-toast-link" }, "Open the story");
  link.addEventListener("click", (event) => {
    follow(event, href);
    note.remove();
  });
  const stays = /** @type {HTMLElement} */ (note.cloneNode(true)); // the first goes by itself after a moment
  stays.querySelector("span")?.after(link);
  stays.querySelector("button")?.addEventListener("click", () => stays.remove());
  note.replaceWith(stays);
  setTimeout(() => stays.remove(), STAYS_MS);
}

/**
 * Add what is shown to the story of its run, which is made where there is none.
 *
 * @param {Shelf} shelf @param {string} base @param {Shown} shown
 * @returns {Promise<Open|null>} the story as it is now; null where it has no room
 */
export async function addView(shelf, base, shown) {
  const of = shown.of();
  if (!of) return null;
  const view = await withoutNote(() => viewOf(shown));
  const before = await shelf.current(of);
  const { story } = before ?? {
    story: { version: 1, uid: of.uid, title: clipped(`Story of ${of.title}`, TITLE), views: [] },
  };
  if (before && story.views.length >= VIEWS) {
    toast(`“${story.title}” has ${VIEWS} views, and no room for another: begin a new story`, "error");
    return null;
  }
  const next = { ...story, views: [...story.views, view] };
  const saved = await shelf.save(of, next, before?.name ?? null, before?.revision ?? null);
  shelf.setCurrent(saved);
  const where = isHere(saved.name) ? `, in this browser. ${await shelf.fixed(of.run)}` : ".";
  tell(`Saved as view ${next.views.length} of “${story.title}”${where}`, editHref(base, saved));
  return saved;
}

/**
 * Put what is shown in the place of a view; its title, sentence and note stay.
 *
 * @param {Shelf} shelf @param {Shown} shown @param {Open} open @param {number} at index
 * @returns {Promise<Open>}
 */
export async function retakeView(shelf, shown, open, at) {
  const before = open.story.views[at];
  const of = shown.of();
  if (of?.uid !== open.of.uid)
    throw new Error("This page shows another run than the story is of: choose that run first");
  const { page, query, picture, alt } = await viewOf(shown);
  const { note, title, text = "" } = before;
  const view = { page, query, title, text, ...(note && { note }), ...(picture && { picture }), ...(alt && { alt }) };
  const saved = await changeView(shelf, open, at, () => view);
  toast(`View ${at + 1} is what is shown now`);
  return saved;
}

/** Change one view of a story, and keep it. @param {Shelf} shelf @param {Open} open @param {number} at index @param {(view: View) => View} change @returns {Promise<Open>} */
export async function changeView(shelf, open, at, change) {
  const views = open.story.views.map((one, i) => (i === at ? change(one) : one));
  const saved = await shelf.save(open.of, { ...open.story, views }, open.name, open.revision);
  if (saved.name !== open.name) toast(`The story was changed elsewhere meanwhile: yours is kept as a second one, ${saved.name}`, "error"); // prettier-ignore
  return saved;
}

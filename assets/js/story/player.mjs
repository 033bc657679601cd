// @ts-check
/**
 * A story is played on the pages themselves: a bar below them goes from view to view. A view of the page that is open is gone over to, as
 * far as that page can; any other is opened at its address. In between everything can be turned, selected and played as ever.
 */

import { sayAloud, toast } from "../core/dom.mjs";
import { here } from "../core/here.mjs";
import { tellUnread } from "../core/unread.mjs";
import { visit } from "../core/visit.mjs";
import { enter } from "../state/address.mjs";
import { setFilters } from "../state/filters.mjs";
import { select } from "../state/selection.mjs";
import { addStory, readStory, setStoryAt, storyAt } from "../state/story_at.mjs";
import { createBar } from "./bar.mjs";
import { createEditing } from "./editing.mjs";
import { createNotes } from "./notes.mjs";
import { PAGES } from "./checked.mjs";
import { queryNow } from "./shelf.mjs";
import { onShown, shownNow } from "./shown.mjs";

const WAIT_MS = 6000; // for a page to show something, until it is said that it has not
const BARE = ["run", "a", "story", "at", "edit"]; // an address that says no more asks for the view itself
const FIELDS = "select, textarea, input:not([type=range], [type=checkbox]), [role=listbox], [role=option]";
const WALKED = "[data-gt-part=grid] *"; // where Page Up and Down lead from panel to panel

/**
 * @typedef {import("./shelf.mjs").Open} Open
 * @typedef {import("./shelf.mjs").Shelf} Shelf
 */

/** The page of the address. */
const pageNow = () => here().location.pathname.split("/").pop() ?? "";

/** What pages share and an address says only where there is some: where it says nothing, there is none. @param {URLSearchParams} query @param {string} run */
function begin(query, run) {
  const says = (/** @type {string[]} */ ...keys) => keys.some((key) => query.has(key));
  if (!says("select", "kept")) select(run, [], "new", false);
  if (!says("only", "without")) setFilters(run, [], false);
}

export class Player {
  #shelf;
  #bar;
  #editing;
  #notes = createNotes();
  /** @type {Open|null} */
  #open = null;
  #at = 0;
  /** whether the note points at what is not drawn */
  #astray = false;
  /** another number with every step, so that a slow one does not come after a later one */
  #step = 0;
  /** the query that the app has heard of last: where it hears the same again, it leaves the page as it is */
  #told = "";
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #patience;

  /** @param {Shelf} shelf @param {boolean} edits whether views can be changed */
  constructor(shelf, edits) {
    this.#shelf = shelf;
    this.#editing = createEditing({
      shelf,
      open: () => this.#open,
      at: () => this.#at,
      changed: (open) => this.#changed(open),
      done: () => this.edit(false),
    });
    this.#bar = createBar({
      go: (to) => void this.go(to),
      close: () => this.close(),
      edit: edits ? (on) => this.edit(on) : null,
      editing: this.#editing.box,
    });
    onShown((what) => this.#heard(what));
    document.addEventListener("keydown", (event) => this.#key(event), true);
  }

  /** The story that is played, and where; null for none. */
  get playing() {
    return this.#open && { open: this.#open, at: this.#at, edit: storyAt()?.edit ?? false };
  }

  /** Play what the address asks for; what is played ends where it asks for nothing. */
  async look() {
    const { search } = here().location;
    this.#told = search;
    const asked = readStory(search);
    if (!asked || !PAGES.includes(pageNow())) return this.close();
    const query = new URLSearchParams(search);
    const run = (pageNow() === "two-runs" && query.get("a")) || query.get("run") || "";
    setStoryAt(asked);
    const mine = ++this.#step;
    try {
      const same = this.#open?.of.run === run && this.#open.name === asked.name;
      const open = same ? this.#open : await this.#shelf.read(run, asked.name);
      if (mine !== this.#step || !open) return;
      this.#begin(
        open,
        asked,
        [...query.keys()].every((key) => BARE.includes(key)),
      );
    } catch (error) {
      if (mine !== this.#step) return;
      tellUnread([], [error instanceof Error ? error.message : String(error)]);
      this.close();
    }
  }

  /** Back and Forward lead to a view as it was kept; the page that is open goes over to it where it can. @param {Event} event that nobody else is to hear then */
  travel(event) {
    const { location, history } = here();
    const open = this.#open;
    const asked = readStory(location.search);
    const view = asked?.name === open?.name ? open?.story.views[(asked?.at ?? 0) - 1] : undefined;
    if (!asked || !open || view?.page !== pageNow()) return void this.look();
    const query = queryNow(view, open.of.run);
    addStory(query, asked);
    history.replaceState(history.state, "", `${location.pathname}?${query}`);
    if (here().location.search !== this.#told || !this.#over(view, query)) return void this.look(); // the app makes the page anew
    event.stopImmediatePropagation();
    this.go(asked.at - 1, asked.edit, true);
  }

  /** @param {Open} open @param {import("../state/story_at.mjs").StoryAt} asked @param {boolean} bare whether the address says nothing of the view */
  #begin(open, asked, bare) {
    this.#open = open;
    const { views } = open.story;
    if (!views.length) {
      toast(`“${open.story.title}” has no view yet`);
      return this.close();
    }
    const at = Math.min(asked.at, views.length) - 1;
    const more = [...queryNow(views[at], open.of.run).keys()].some((key) => !BARE.includes(key));
    if ((bare && more) || views[at].page !== pageNow()) return void this.go(at, asked.edit, true);
    begin(new URLSearchParams(here().location.search), open.of.run);
    this.#stand(at, asked.edit);
    this.#arrive();
  }

  /** Be at a view: the bar says so. @param {number} at @param {boolean} edit */
  #stand(at, edit) {
    const { name, story } = /** @type {Open} */ (this.#open);
    this.#at = at;
    setStoryAt({ name, at: at + 1, edit });
    this.#notes.show(null);
    this.#bar.show(story, at, edit);
    this.#editing.show();
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      if (this.#open && !shownNow()?.of())
        this.#bar.say("This page has shown nothing of this view so far. You can go on.");
    }, WAIT_MS);
  }

  /** The page that is open, where it can go over to a view. @param {import("./shelf.mjs").View} view @param {URLSearchParams} query of it */
  #over({ page }, query) {
    const shown = shownNow();
    const same = shown?.page === page && shown.of()?.run === this.#open?.of.run;
    return same && shown.becomes?.(String(query)) ? shown : null;
  }

  /**
   * Go to a view, gliding where it is of the page that is open.
   *
   * @param {number} to index @param {boolean} [edit] @param {boolean} [instead] whether its address takes the place of the one before, to which Back leads else
   */
  async go(to, edit = storyAt()?.edit ?? false, instead = false) {
    const open = this.#open;
    if (!open) return;
    const { views } = open.story;
    const at = Math.max(0, Math.min(views.length - 1, to));
    instead ||= at === this.#at;
    const view = views[at];
    if (!view) return this.close();
    const mine = ++this.#step;
    const query = queryNow(view, open.of.run);
    addStory(query, { name: open.name, at: at + 1, edit });
    const over = this.#over(view, query);
    if (over) enter(String(query), instead);
    this.#stand(at, edit);
    const { title, text = "", note } = view;
    sayAloud(`View ${at + 1} of ${views.length}. ${title}. ${text} ${note ? `Note: ${note.text}` : ""}`);
    if (over) {
      await over.become?.(String(query));
      return mine === this.#step ? this.#arrive() : undefined;
    }
    begin(query, open.of.run);
    visit(view.page, String(query), instead);
  }

  /** What is asked for is shown, or on its way: its note is drawn. */
  #arrive() {
    const view = this.#open?.story.views[this.#at];
    const shown = shownNow();
    if (!view || !this.#open || shown?.page !== view.page || !shown.of()) return;
    this.#notes.show(view.note ?? null);
    this.#astray = view.note !== undefined && !this.#notes.draw();
    this.#bar.say(this.#astray && view.note ? `The note points at what is not drawn here: “${view.note.text}”` : ""); // prettier-ignore
  }

  /** @param {"page"|"settled"|"drawn"} what */
  #heard(what) {
    if (!this.#open) return;
    if (what === "drawn" && this.#notes.draw() && this.#astray) return this.#arrive(); // it has come
    if (what === "settled") this.#arrive();
  }

  /** Begin to change the view, or end it. @param {boolean} on */
  edit(on) {
    if (!this.#open) return;
    this.#stand(this.#at, on);
    this.#arrive();
    if (on) this.#editing.focus();
  }

  /** Put what is shown in the place of the view that is being changed. */
  retake() {
    this.#editing.retake();
  }

  /** The story is another one now. @param {Open} open */
  #changed(open) {
    this.#open = open;
    const { views } = open.story;
    this.#at = Math.max(0, Math.min(this.#at, views.length - 1));
    this.#stand(this.#at, storyAt()?.edit ?? false);
    this.#arrive();
  }

  /** The story was added to or changed elsewhere on this page. @param {Open} open */
  follow(open) {
    if (this.#open?.name === open.name && this.#open.of.uid === open.of.uid) this.#changed(open);
  }

  close() {
    this.#step++;
    clearTimeout(this.#patience);
    setStoryAt(null);
    if (!this.#open) return;
    this.#open = null;
    this.#editing.leave();
    this.#notes.show(null);
    this.#bar.hide();
    sayAloud("The story is closed.");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const held = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey;
    if (!this.#open || held || document.querySelector("dialog[open], [aria-modal=true], [popover][data-gt-open]"))
      return;
    const steps = { PageDown: 1, PageUp: -1 };
    const step = steps[/** @type {"PageDown"} */ (event.key)];
    if (step && target.matches(`${FIELDS}, ${WALKED}`)) return;
    if (step) this.go(this.#at + step);
    else if (event.key === "Escape" && !this.#editing.escape()) this.close();
    else if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

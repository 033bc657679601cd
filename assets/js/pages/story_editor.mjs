// @ts-check
/** One story, to change: what is typed is kept as one types, every change can be taken back. */

import { el, icon, sayAloud, toast } from "../core/dom.mjs";
import { actsOf, hearKeys } from "../core/keys.mjs";
import { goTo } from "../core/go_to.mjs";
import { tellProblem } from "../core/page.mjs";
import { isHere } from "../state/stories_here.mjs";
import { TITLE, VIEWS } from "../story/checked.mjs";
import { clipped, editHref } from "../story/saving.mjs";
import { save as saveFile } from "../stage/take_away.mjs";
import { KEYS } from "./keys.mjs";
import { saveStory } from "./page_file.mjs";
import { ask } from "./runs_ask.mjs";
import { cardOf, titleField } from "./story_card.mjs";
import { createDragging } from "./story_dragging.mjs";
import { playHref, way } from "./story_list.mjs";

/**
 * @typedef {import("./story.mjs").StoriesPage} StoriesPage
 * @typedef {import("../story/shelf.mjs").Open} Open
 * @typedef {import("../story/shelf.mjs").View} View
 * @typedef {import("../story/shelf.mjs").StoryData} StoryData
 */

const TYPED_MS = 500; // of rest, until what was typed is kept
const MOST_UNDO = 60;
const BUTTON = "btn btn-sm gt-button gt-bordered";

export class StoryEditor {
  /** what was before, the last one last @type {StoryData[]} */
  #before = [];
  /** the field whose typing is one change @type {string} */
  #typing = "";
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  #busy = Promise.resolve();
  #unsaved = false;
  /** whether what is seen is not kept yet */
  #pending = false;
  #status = el("span", { class: "gt-story-status", role: "status" });
  #undo;
  #list = el("ol", { class: "gt-story-cards" });

  /** @param {StoriesPage} page @param {Open} open */
  constructor(page, open) {
    this.page = page;
    this.open = open;
    this.#undo = this.#button("arrow-90deg-left", "Undo", () => this.undo());
    this.#undo.title = "Take back the last change (Ctrl Z)";
    page.part("story-views").replaceChildren(this.#list);
    createDragging(this.#list, (from, to) => this.move(from, to));
    const { undo } = { undo: KEYS.undo };
    page.onLeave(hearKeys([undo], (act) => act === actsOf([undo]).get("Ctrl+z") && this.undo()));
    page.onLeave(() => this.#flush());
    const leaving = (/** @type {BeforeUnloadEvent} */ event) => {
      if (!this.#pending) return;
      void this.#flush();
      event.preventDefault(); // it is asked, and kept meanwhile
    };
    addEventListener("beforeunload", leaving);
    page.onLeave(() => removeEventListener("beforeunload", leaving));
    this.#showHead();
    this.#showCards();
  }

  get story() {
    return this.open.story;
  }

  /** @param {string} icon_ @param {string} text @param {() => void} act */
  #button(icon_, text, act) {
    const one = el("button", { type: "button", class: BUTTON }, icon(icon_), text);
    one.addEventListener("click", act);
    return one;
  }

  /** What saves the story as one HTML file, with the pages of its views. */
  #file() {
    const one = this.#button("file-code", "Story as a file", async () => {
      await this.#flush();
      await saveStory(this.page.base, this.open, one).catch(tellProblem);
    });
    one.disabled = !this.story.views.length;
    return one;
  }

  #showHead() {
    const { base } = this.page;
    const { of, name } = this.open;
    const title = titleField(this.story.title);
    title.setAttribute("aria-label", "Title of the story");
    const paper = el("p", { class: "gt-story-on-paper" }, this.story.title);
    title.addEventListener("input", () => {
      const text = clipped(title.value, TITLE);
      paper.textContent = text;
      if (text) this.change({ ...this.story, title: text }, "title");
    });
    title.addEventListener("change", () => (title.value = this.story.title));
    const play = el("button", { type: "button", class: "btn btn-sm btn-primary" }, icon("play-fill"), "Play");
    play.addEventListener("click", () => this.play(0));
    play.disabled = !this.story.views.length;
    const acts = el("div", { class: "gt-story-acts" }, play,
      this.#button("download", "Download JSON", () => this.download()), this.#file(), this.#button("file-code", "Print", () => print()),
      this.#undo, this.#button("trash3", "Delete the story…", () => void this.remove()), this.#status); // prettier-ignore
    const where = isHere(name)
      ? "Kept in this browser: nothing can be written beside its run here. Download it to keep it elsewhere."
      : `Kept beside its run, as stories/${name}.json.`;
    this.page.part("story-tools").replaceChildren(
      el("h1", { class: "visually-hidden" }, "Story"), title, paper,
      el("p", { class: "gt-story-lead gt-hint" }, `${where} `, way(`${base}story`, {}, "All stories"), ". ", way(`${base}grand-tour?${new URLSearchParams({ run: of.run })}`, {}, "Add views"), " on any page of the run with the key C, or “Save view”."),
      acts); // prettier-ignore
    this.#undo.disabled = !this.#before.length;
  }

  /** @param {number} [focus] the card whose buttons get the focus */
  #showCards(focus = -1) {
    const { views } = this.story;
    const scroll = scrollY;
    this.#list.replaceChildren(
      ...views.map((view, i) => cardOf({ editor: this, view, i, of: views.length, hrefs: this.#hrefs(view, i) })),
    );
    if (!views.length) this.#list.append(el("li", { class: "gt-hint" }, "No view yet."));
    scrollTo({ top: scroll, behavior: "instant" });
    const card = /** @type {HTMLElement|undefined} */ (this.#list.children[focus]);
    /** @type {HTMLElement|null|undefined} */ (card?.querySelector("[data-gt-move]:not(:disabled)"))?.focus();
  }

  /** Where a view is shown, and where it is changed. @param {View} view @param {number} i */
  #hrefs(view, i) {
    const { of, name } = this.open;
    const at = (/** @type {boolean} */ edit) => playHref(this.page.base, of.run, name, view, i + 1, edit);
    return { show: at(false), edit: at(true) };
  }

  /**
   * The story is another one now; it is kept in a moment.
   *
   * @param {StoryData} story @param {string} [typing] the field that is typed in: one change until another is
   */
  change(story, typing = "") {
    if (!typing || typing !== this.#typing) this.#before.push(this.story);
    if (this.#before.length > MOST_UNDO) this.#before.shift();
    this.#typing = typing;
    this.#become(story);
  }

  /** @param {StoryData} story */
  #become(story) {
    this.open = { ...this.open, story };
    this.#undo.disabled = !this.#before.length;
    this.#unsaved = this.#pending = true;
    this.#status.textContent = "";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flush(), TYPED_MS);
  }

  /** Say what is not kept. @param {string} text */
  say(text) {
    this.#status.textContent = text;
  }

  /** @returns {boolean} whether there was something to take back */
  undo() {
    const before = this.#before.pop();
    if (!before) return false;
    this.#typing = "";
    this.#become(before);
    this.#showHead();
    this.#showCards();
    sayAloud("The last change is taken back.");
    return true;
  }

  /** Keep what has changed. @returns {Promise<void>} once it is kept */
  #flush() {
    clearTimeout(this.#timer);
    this.#busy = this.#busy.then(async () => {
      if (!this.#unsaved) return;
      this.#unsaved = false;
      const { of, name, revision, story } = this.open;
      try {
        const saved = await this.page.shelf.save(of, story, name, revision);
        this.open = { ...this.open, name: saved.name, revision: saved.revision };
        this.#pending = this.#unsaved;
        this.#status.textContent = isHere(saved.name) ? "Saved in this browser" : "Saved";
        if (saved.name !== name) this.#moved(isHere(saved.name) && !isHere(name));
      } catch (error) {
        this.#status.textContent = "Not saved";
        tellProblem(error);
      }
    });
    return this.#busy;
  }

  /** Somebody else has changed the story, or nobody may: this is a second one now. @param {boolean} fixed whether nobody may */
  #moved(fixed) {
    if (fixed) toast("Nothing can be changed beside this run: your changes are kept in this browser, as a second story.");
    else toast(`The story was changed elsewhere meanwhile. Yours is kept as a second one, ${this.open.name}; the other is as it was saved there.`, "error"); // prettier-ignore
    this.page.shelf.setCurrent(this.open);
    if (!this.page.root.isConnected) return;
    history.replaceState(history.state, "", editHref(this.page.base, this.open));
    this.#showHead();
    this.#showCards();
  }

  /** @param {number} i @param {Partial<View>} changes what is undefined is taken away @param {string} [typing] */
  changeView(i, changes, typing = "") {
    const views = this.story.views.map((one, at) => {
      if (at !== i) return one;
      const kept = Object.entries({ ...one, ...changes }).filter(([, value]) => value !== undefined);
      return /** @type {View} */ (/** @type {unknown} */ (Object.fromEntries(kept)));
    });
    this.change({ ...this.story, views }, typing && `${typing}-${i}`);
    if (!typing) this.#showCards();
  }

  /** @param {number} from index @param {number} to index that it has then */
  move(from, to) {
    const views = [...this.story.views];
    if (to < 0 || to >= views.length || to === from) return;
    views.splice(to, 0, ...views.splice(from, 1));
    this.change({ ...this.story, views });
    this.#showCards(to);
    sayAloud(`View ${from + 1} is view ${to + 1} now.`);
  }

  /** @param {number} i */
  duplicate(i) {
    const { views } = this.story;
    if (views.length >= VIEWS) return void toast(`A story has at most ${VIEWS} views`, "error");
    this.change({ ...this.story, views: [...views.slice(0, i + 1), { ...views[i] }, ...views.slice(i + 1)] });
    this.#showCards(i + 1);
  }

  /** @param {number} i */
  drop(i) {
    const views = this.story.views.filter((_, at) => at !== i);
    this.change({ ...this.story, views });
    this.#showHead();
    this.#showCards(Math.min(i, views.length - 1));
    sayAloud(`View ${i + 1} is deleted; Undo brings it back.`);
  }

  /** @param {number} i index of the view to begin with */
  async play(i) {
    await this.#flush();
    goTo(this.#hrefs(this.story.views[i], i).show);
  }
  /** Go somewhere once all is kept. @param {MouseEvent} event @param {string} href */
  async leaveTo(event, href) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await this.#flush();
    goTo(href);
  }

  download() {
    const text = `${JSON.stringify(this.story, null, 1)}\n`;
    const name = this.open.name.replace(/^~/, "");
    saveFile(new Blob([text], { type: "application/json" }), `${name}.json`);
  }

  async remove() {
    await this.#flush();
    const gone = this.open;
    const done = await ask({
      title: "Delete this story?",
      body: [el("p", {}, el("strong", {}, gone.story.title), `, ${gone.story.views.length} views, is taken away.`)],
      does: "Delete",
      grave: true,
      act: () => this.page.shelf.remove(gone),
    });
    if (!done) return;
    goTo(`${this.page.base}story`);
    const note = toast(`“${gone.story.title}” is deleted`, "error"); // stays until it is closed: it can be taken back
    const back = el("button", { type: "button", class: BUTTON }, "Undo");
    back.addEventListener("click", async () => {
      note?.remove();
      const again = await this.page.shelf.save(gone.of, gone.story, null, null).catch(tellProblem);
      if (again) goTo(editHref(this.page.base, again));
    });
    note?.querySelector("span")?.after(back);
    note?.classList.replace("gt-toast-error", "gt-toast-info");
  }
}

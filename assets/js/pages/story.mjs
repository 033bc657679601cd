// @ts-check
/** `/story`: the stories of all runs; or one of them, to change, play, print and take away. */

import { noUpdate } from "../core/dash.mjs";
import { Page, createMounts, pageNamed, tellProblem } from "../core/page.mjs";
import { tellUnread } from "../core/unread.mjs";
import { createShelf } from "../story/shelf.mjs";
import { StoryEditor } from "./story_editor.mjs";
import { showShelf } from "./story_list.mjs";

/** @typedef {import("../payloads.mjs").StoryMount} Mount */

class StoryPage extends Page {
  /** @param {HTMLElement} root @param {Mount} mount */
  constructor(root, { base }) {
    super(root);
    this.base = base;
    this.shelf = createShelf(base);
  }

  /** Show what the address asks for. */
  async show() {
    const query = new URLSearchParams(location.search);
    const [run, name] = [query.get("run"), query.get("story")];
    if (!name) return showShelf(this);
    try {
      if (!run) throw new Error(`The address asks for the story “${name}” and says of no run that it is of`);
      const open = await this.shelf.read(run, name);
      this.shelf.setCurrent(open); // what is changed now is what views are added to
      new StoryEditor(this, open);
    } catch (error) {
      tellUnread([], [`This story cannot be shown: ${error instanceof Error ? error.message : error}`]);
      await showShelf(this);
    }
  }
}

/** @typedef {StoryPage} StoriesPage */

const pages = createMounts((root, /** @type {Mount} */ mount) => new StoryPage(root, mount));

/** @param {Mount} mount */
export async function showStory(mount) {
  const root = pageNamed("story");
  if (root && !pages.has(root)) await (await pages.open(root, mount)).show().catch(tellProblem);
  return noUpdate();
}

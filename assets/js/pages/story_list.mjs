// @ts-check
/** All stories: of each run those that lie beside it, and those that this browser keeps. */

import { el, icon, toast } from "../core/dom.mjs";
import { follow } from "../core/follow.mjs";
import { tellProblem } from "../core/page.mjs";
import { storiesHere } from "../state/stories_here.mjs";
import { addStory } from "../state/story_at.mjs";
import { checked } from "../story/checked.mjs";
import { queryNow } from "../story/shelf.mjs";

/**
 * @typedef {import("./story.mjs").StoriesPage} StoriesPage
 * @typedef {import("../payloads.mjs").StoriesOfRun} StoriesOfRun
 * @typedef {{name: string, title: string, views: number, picture: string, note: string, href: string}} Listed
 */

const TEXT = { class: "btn btn-sm gt-button gt-bordered" };

/** A link within the app. @param {string} href @param {Record<string, string>} props @param {...(Node|string)} children */
export function way(href, props, ...children) {
  const one = el("a", { href, ...props }, ...children);
  one.addEventListener("click", (event) => follow(event, href));
  return one;
}

/** Where a story is played from. @param {string} base @param {string} run name @param {string} name of the story @param {import("../story/shelf.mjs").View} view @param {number} [at] its number @param {boolean} [edit] whether it is to be changed */
export function playHref(base, run, name, view, at = 1, edit = false) {
  const query = queryNow(view, run);
  addStory(query, { name, at, edit });
  return `${base}${view.page}?${query}`;
}

/** @param {StoriesPage} page */
export async function showShelf(page) {
  const { runs } = await page.shelf.server.list();
  if (!page.root.isConnected) return;
  const file = el("input", { type: "file", accept: ".json,application/json", hidden: true });
  const open = el("button", { type: "button", ...TEXT }, icon("upload"), "Open a story file…");
  open.addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    file.value = "";
    if (chosen) void bring(page, chosen, runs).catch(tellProblem);
  });
  page.part("story-tools").replaceChildren(
    el("h1", {}, "Stories"),
    el("p", { class: "gt-story-lead" }, "Views of a run in an order, each with a sentence, to be gone through. On every page of a run the key C, or ",
      el("strong", {}, "Save view"), ", adds what is shown. ", way(`${page.base}docs/how-to/story`, {}, "How to tell one"), "."),
    el("div", { class: "gt-story-acts" }, open, file),
  ); // prettier-ignore
  const shelves = runs.map((run) => shelfOf(page, run)).filter((one) => one !== null);
  const lost = lostHere(runs);
  page
    .part("story-views")
    .replaceChildren(
      ...(shelves.length || lost ? shelves : [el("p", { class: "gt-hint" }, "There is no story yet.")]),
      ...(lost ? [lost] : []),
    );
}

/** What this browser keeps of runs that are not here. @param {StoriesOfRun[]} runs */
function lostHere(runs) {
  const known = new Set(runs.map(({ uid }) => uid));
  const lost = storiesHere().filter(({ story }) => !known.has(story.uid));
  if (!lost.length) return null;
  const names = lost.map(({ story }) => `“${story.title}”`).join(", ");
  return el("p", { class: "gt-hint" }, `This browser keeps ${lost.length === 1 ? "a story" : `${lost.length} stories`} of runs that are not here: ${names}.`); // prettier-ignore
}

/** @param {StoriesPage} page @param {StoriesOfRun} run */
function shelfOf(page, run) {
  const beside = run.stories.map((one) => ({
    ...one,
    picture: one.pictured ? page.shelf.server.picture(run.run, one) : "",
    note: "",
  }));
  const here = storiesHere(run.uid).map(({ name, story: { title, views } }) => ({
    name,
    title,
    views: views.length,
    picture: views.find(({ picture }) => picture)?.picture ?? "",
    note: "in this browser",
    href: views.length ? playHref(page.base, run.run, name, views[0]) : "",
  }));
  const all = [...beside, ...here];
  if (!all.length && !run.problems.length) return null;
  return el("section", { class: "gt-story-shelf", "aria-label": run.title },
    el("h2", {}, run.title),
    el("ul", { class: "gt-story-listed" }, ...all.map((one) => cardOf(page, run, one))),
    ...run.problems.map((problem) => el("p", { class: "gt-runs-problem" }, problem))); // prettier-ignore
}

/** @param {StoriesPage} page @param {StoriesOfRun} run @param {Listed} one */
function cardOf({ base }, { run, title: of }, { name, title, views, picture, note, href }) {
  const query = String(new URLSearchParams({ run, story: name }));
  const edit = `${base}story?${query}`;
  const shown = picture ? el("img", { src: picture, alt: "", loading: "lazy" }) : el("span", {}, "No picture");
  const counted = [`${views} ${views === 1 ? "view" : "views"}`, note].filter(Boolean).join(", ");
  const play = way(href, { class: "btn btn-sm btn-primary", "aria-label": `Play ${title}, ${of}` }, icon("play-fill"), " Play"); // prettier-ignore
  const change = way(edit, { ...TEXT, "aria-label": `Change ${title}, ${of}` }, "Change");
  return el("li", {},
    el("div", {}, el("div", { class: "gt-story-picture" }, shown), el("h3", {}, way(edit, {}, title)), el("span", { class: "gt-hint" }, counted)),
    el("div", { class: "gt-story-card-acts" }, ...(views ? [play] : []), change)); // prettier-ignore
}

/** Take in a story that was downloaded somewhere. @param {StoriesPage} page @param {File} file @param {StoriesOfRun[]} runs */
async function bring(page, file, runs) {
  if (file.size > 7_500_000) throw new Error(`${file.name} is too large for a story`);
  /** @type {unknown} */
  let said;
  try {
    said = JSON.parse(await file.text());
  } catch {
    throw new Error(`${file.name} is no story: it is not JSON`);
  }
  const story = checked(said);
  const run = runs.find(({ uid }) => uid === story.uid);
  if (!run) throw new Error(`“${story.title}” is of a run that is not here`);
  const saved = await page.shelf.save(run, story, null, null);
  page.shelf.setCurrent(saved);
  toast(`“${story.title}” is here`);
  await showShelf(page);
}

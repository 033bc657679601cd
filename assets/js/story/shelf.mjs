// @ts-check
/** All stories that there are to the reader: those beside runs, which the server keeps, and those that this browser keeps. */

import { createStories } from "../data/stories.mjs";
import { dropHere, isHere, keepHere, storyHere } from "../state/stories_here.mjs";
import { checked } from "./checked.mjs";

/**
 * @typedef {import("../payloads.mjs").StoryData} StoryData
 * @typedef {import("../payloads.mjs").StoryView} View
 * @typedef {import("../data/stories.mjs").Of} Of
 * @typedef {{of: Of, name: string, revision: string, story: StoryData}} Open a story that was read
 */

const NOW = "gt-story-now-"; // which story of a run views are added to

/** @type {Map<string, string>} where storage is blocked */
const notes = new Map();

/** @param {string} key */
function noted(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return notes.get(key) ?? null;
  }
}

/** @param {string} key @param {string} value */
function note(key, value) {
  notes.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // for now only
  }
}

/** @param {string} base prefix under which the app is served */
export function createShelf(base) {
  const server = createStories(base);
  const shelf = {
    server,
    /** Why no story can be kept beside a run; "" where one can. @param {string} run name */
    fixed: async (run) => (await server.of(run)).fixed,
    /**
     * @param {string} run name @param {string} name of the story @param {string} [uid] of the run, where it is known
     * @returns {Promise<Open>}
     */
    async read(run, name, uid) {
      if (!isHere(name)) {
        const found = await server.one(run, name);
        return { of: { run, uid: found.story.uid }, name, revision: found.revision, story: found.story };
      }
      const known = uid ?? (await server.of(run)).uid;
      const found = storyHere(known, name);
      if (!found)
        throw new Error("This browser has no such story: it may be kept in another one, or have been deleted");
      return { of: { run, uid: known }, name, revision: found.revision, story: checked(found.story) };
    },
    /**
     * Keep a story where it was, or a new one where there may be one: in this browser, where none can be kept beside the run.
     *
     * @param {Of} of @param {StoryData} story @param {string|null} name null for a new one @param {string|null} revision that was seen
     * @returns {Promise<Open>} its name is another one where somebody else has written it meanwhile
     */
    async save(of, story, name, revision) {
      const mine = name !== null && isHere(name);
      const here = mine || (await shelf.fixed(of.run)) !== "";
      const kept = () => keepHere(story, mine ? name : null, mine ? revision : null);
      const saved = here ? kept() : await server.save(of, story, name, revision);
      return { of, name: saved.name, revision: saved.revision, story };
    },
    /** @param {Open} open */
    async remove({ of, name, revision }) {
      if (isHere(name)) dropHere(of.uid, name);
      else await server.remove(of, name, revision);
    },
    /** The story of a run that views are added to; null for none yet, and where it is not there any more. @param {Of} of @returns {Promise<Open|null>} */
    async current({ run, uid }) {
      const name = noted(NOW + uid);
      return name ? shelf.read(run, name, uid).catch(() => null) : null;
    },
    /** Views of its run are added to this story from now on. @param {Open} open */
    setCurrent: ({ of, name }) => note(NOW + of.uid, name),
  };
  return shelf;
}

/** @typedef {ReturnType<typeof createShelf>} Shelf */

/** The query of a view as its run is called now. @param {View} view @param {string} run name */
export function queryNow({ page, query }, run) {
  const now = new URLSearchParams(query);
  now.set("run", run);
  if (page === "two-runs") now.set("a", run);
  return now;
}

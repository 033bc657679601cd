// @ts-check
/** Which view of which story is shown: the address says it, so that a reload and a link show it too. */

/**
 * @typedef {object} StoryAt
 * @property {string} name of the story @property {number} at number of the view, from 1
 * @property {boolean} edit whether the view is being changed
 */

/** Names of what an address says of it. */
export const WORDS = ["story", "at", "edit"];

/** Undefined until somebody has looked. @type {StoryAt|null|undefined} */
let now;

/** What is shown; null for no story, undefined while nobody has looked whether the address names one. */
export const storyAt = () => now;

/** @type {Set<() => void>} */
const listeners = new Set();

/** @param {StoryAt|null} next */
export function setStoryAt(next) {
  now = next;
  for (const listener of [...listeners]) listener();
}

/** Hear of every change. @param {() => void} listener @returns {() => void} ends it */
export function onStoryAt(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Put it into a query. @param {URLSearchParams} query @param {StoryAt} story */
export function addStory(query, { name, at, edit }) {
  query.set("story", name);
  query.set("at", String(at));
  if (edit) query.set("edit", "1");
}

/** What an address says of it. @param {string} search @returns {StoryAt|null} */
export function readStory(search) {
  const query = new URLSearchParams(search);
  const name = query.get("story");
  if (!name) return null;
  const at = Number(query.get("at") ?? 1);
  return { name, at: Number.isInteger(at) && at > 0 ? at : 1, edit: query.get("edit") === "1" };
}

/** A query without it, as a view has it. @param {string} search */
export function withoutStory(search) {
  const query = new URLSearchParams(search);
  for (const word of [...WORDS, "seed"]) query.delete(word);
  return query.toString();
}

// @ts-check
/**
 * Stories that this browser keeps, where the server may write nothing beside their run. Their names begin with "~". As beside a run nothing is lost
 * where two tabs write the same one: the second gets a name of its own.
 */

/**
 * @typedef {import("../payloads.mjs").StoryData} StoryData
 * @typedef {{name: string, revision: string, story: StoryData}} Here
 */

const PREFIX = "gt-story-";
const MARK = "~";
const MOST = 100; // of a run
const LETTERS = 50; // of a name

/** Whether a name is that of a story which this browser keeps. @param {string} name */
export const isHere = (name) => name.startsWith(MARK);

/** @param {string} uid @param {string} name */
const keyOf = (uid, name) => `${PREFIX}${uid}-${name}`;

/** What is stored under a key; null for nothing, and for what is no story. @param {string} key @returns {Here|null} */
function stored(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "null");
    const right = found && typeof found.name === "string" && typeof found.revision === "string" && found.story;
    return right && Array.isArray(found.story.views) ? found : null;
  } catch {
    return null;
  }
}

/** @returns {string[]} */
function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return []; // storage is blocked
  }
}

/** All of a run, or of all runs, by name. @param {string} [uid] @returns {Here[]} */
export const storiesHere = (uid) =>
  keys()
    .map(stored)
    .filter((one) => one !== null)
    .filter(({ story }) => uid === undefined || story.uid === uid)
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** @param {string} uid @param {string} name @returns {Here|null} */
export const storyHere = (uid, name) => stored(keyOf(uid, name));

/** What a story of a title is called. @param {string} title */
const slug = (title) =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LETTERS)
    .replace(/^-+|-+$/g, "") || "story";

/** @param {string} uid @param {string} wanted @returns {string} */
function freeName(uid, wanted) {
  const taken = new Set(storiesHere(uid).map(({ name }) => name));
  if (taken.size >= MOST) throw new Error(`This browser keeps at most ${MOST} stories of a run; delete one first`);
  if (!taken.has(wanted)) return wanted;
  for (let i = 2; ; i++) if (!taken.has(`${wanted}-${i}`)) return `${wanted}-${i}`;
}

/**
 * Keep a story.
 *
 * @param {StoryData} story @param {string|null} name null for a new one @param {string|null} revision that was seen
 * @returns {{name: string, revision: string}} its name is another one where another tab has written it meanwhile
 * @throws {Error} where there is no room
 */
export function keepHere(story, name, revision) {
  const { uid } = story;
  const there = name === null ? null : storyHere(uid, name);
  if (name === null || (revision !== null && there?.revision !== revision))
    name = freeName(uid, name ?? `${MARK}${slug(story.title)}`);
  const now = { name, revision: crypto.getRandomValues(new Uint32Array(2)).join("-"), story };
  try {
    localStorage.setItem(keyOf(uid, name), JSON.stringify(now));
  } catch {
    throw new Error("This browser has no more room for stories: download this one, or delete another");
  }
  return now;
}

/** @param {string} uid @param {string} name */
export function dropHere(uid, name) {
  localStorage.removeItem(keyOf(uid, name));
}

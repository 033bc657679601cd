// @ts-check
/** Stories that lie beside runs: what the server says of them, and what is asked of it. */

import { ask } from "../core/ask.mjs";

/**
 * @typedef {import("../payloads.mjs").StoryData} StoryData
 * @typedef {import("../payloads.mjs").KeptStory} KeptStory
 * @typedef {import("../payloads.mjs").StoriesOfRun} StoriesOfRun
 * @typedef {import("../payloads.mjs").StoryList} StoryList
 * @typedef {import("../payloads.mjs").SavedStory} SavedStory
 * @typedef {{run: string, uid: string}} Of the run that a story is of
 */

/** @param {Response} answer @throws {Error} with the server's sentence */
async function said(answer) {
  if (answer.ok) return answer.json();
  const plain = (answer.headers.get("Content-Type") ?? "").startsWith("text/plain");
  const text = plain ? (await answer.text()).trim() : "";
  throw new Error(text || `The server refuses this (${answer.status} ${answer.statusText}); reload the page.`);
}

/** @param {string} base prefix under which the app is served, ending in "/" */
export function createStories(base) {
  const at = `${base}stories`;
  const get = async (/** @type {string} */ url) => said(await ask(url, { cache: "no-store" }));
  /** @param {string} what @param {unknown} body */
  const post = async (what, body) => {
    const headers = { "Content-Type": "application/json" };
    return said(await ask(`${at}/${what}`, { method: "POST", headers, body: JSON.stringify(body) }));
  };
  return {
    /** @returns {Promise<StoryList>} */
    list: () => get(`${at}/list`),
    /** @param {string} run name @returns {Promise<StoriesOfRun>} */
    of: (run) => get(`${at}/of?${new URLSearchParams({ run })}`),
    /** @param {string} run name @param {string} story name @returns {Promise<KeptStory>} */
    one: (run, story) => get(`${at}/one?${new URLSearchParams({ run, story })}`),
    /** @param {Of} of @param {StoryData} story @param {string|null} name null for a new one @param {string|null} revision that was seen @returns {Promise<SavedStory>} */
    save: ({ run, uid }, story, name, revision) => post("save", { run, uid, name, revision, story }),
    /** @param {Of} of @param {string} name @param {string} revision that was seen */
    remove: ({ run, uid }, name, revision) => post("delete", { run, uid, name, revision }),
    /** Where the picture of a view is. @param {string} run @param {{name: string, revision: string, pictured: number}} one */
    picture: (run, { name: story, revision, pictured }) =>
      `${at}/picture?${new URLSearchParams({ run, story, at: String(pictured), revision })}`,
  };
}

// @ts-check
/** The page as a file, as it is now: the server writes it, with the points in it. */

import { ask } from "../core/ask.mjs";
import { toast } from "../core/dom.mjs";
import { here } from "../core/here.mjs";
import { save } from "../stage/take_away.mjs";

/**
 * @typedef {object} Of what the file is of
 * @property {string} run @property {string} [layer] or method, or alignment
 * @property {string} [beside] a second run @property {string} [split] whose points
 */

/**
 * @param {string} page its path @param {string} base prefix under which the app is served @param {{now: () => void}} address of the page
 * @param {Of} of @param {HTMLElement} [button] that asked for it
 */
export async function savePage(page, base, address, of, button) {
  address.now();
  const view = here().location.search.slice(1);
  const query = new URLSearchParams({ ...of, view });
  await written(
    () => ask(`${base}file/${page}?${query}`, { cache: "no-store" }),
    `${of.run}-${of.layer ?? page}`,
    button,
  );
}

/**
 * A story as a file, with the pages of its views.
 *
 * @param {string} base prefix under which the app is served @param {import("../story/shelf.mjs").Open} open @param {HTMLElement} [button] that asked for it
 */
export async function saveStory(base, { of, name, story }, button) {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ run: of.run, name, story });
  await written(() => ask(`${base}file/story`, { method: "POST", headers, body }), name.replace(/^~/, ""), button);
}

/** @param {() => Promise<Response>} asking the server for the file @param {string} name of the file @param {HTMLElement} [button] */
async function written(asking, name, button) {
  button?.toggleAttribute("disabled", true);
  const note = toast("The file is being written…");
  try {
    const answer = await asking();
    if (!answer.ok) throw new Error((await answer.text()).trim());
    const file = await answer.blob();
    save(new Blob([file], { type: "text/html" }), `${name}.html`);
    toast(`Saved: ${(file.size / 1e6).toFixed(1)} MB, opens in a browser without a server`);
  } finally {
    note?.remove();
    button?.toggleAttribute("disabled", false);
  }
}

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
  button?.toggleAttribute("disabled", true);
  const note = toast("The file is being written…");
  try {
    const query = new URLSearchParams({ ...of, view });
    const answer = await ask(`${base}file/${page}?${query}`, { cache: "no-store" });
    if (!answer.ok) throw new Error((await answer.text()).trim());
    const file = await answer.blob();
    save(new Blob([file], { type: "text/html" }), `${of.run}-${of.layer ?? page}.html`);
    toast(`Saved: ${(file.size / 1e6).toFixed(1)} MB, opens in a browser without a server`);
  } finally {
    note?.remove();
    button?.toggleAttribute("disabled", false);
  }
}

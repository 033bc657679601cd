// @ts-check
/** The page as a file, as it is now: the server writes it, with the points in it. */

import { ask } from "../core/ask.mjs";
import { toast } from "../core/dom.mjs";
import { here } from "../core/here.mjs";
import { save } from "../stage/take_away.mjs";

/** @param {import("./tour_page.mjs").TourPage} page @param {HTMLElement} [button] that asked for it */
export async function savePage(page, button) {
  const { run, layer } = page.view.run;
  page.address.now();
  const view = here().location.search.slice(1);
  button?.toggleAttribute("disabled", true);
  const note = toast("The file is being written…");
  try {
    const query = new URLSearchParams({ run, layer, view });
    const answer = await ask(`${page.mount.base}file/${page.mount.page}?${query}`, { cache: "no-store" });
    if (!answer.ok) throw new Error((await answer.text()).trim());
    const file = await answer.blob();
    save(new Blob([file], { type: "text/html" }), `${run}-${layer}.html`);
    toast(`Saved: ${(file.size / 1e6).toFixed(1)} MB, opens in a browser without a server`);
  } finally {
    note?.remove();
    button?.toggleAttribute("disabled", false);
  }
}

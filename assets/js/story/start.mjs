// @ts-check
/** Stories from when the app is opened: the player, and the key and the buttons that keep a view. */

import { toast } from "../core/dom.mjs";
import { hearKeys } from "../core/keys.mjs";
import { Player } from "./player.mjs";
import { addView } from "./saving.mjs";
import { createShelf } from "./shelf.mjs";
import { shownNow } from "./shown.mjs";

/**
 * @param {string} base prefix under which the app is served
 * @param {import("../core/keys.mjs").KeyRow|null} key that keeps a view; null where none is kept
 */
export function startStories(base, key) {
  const shelf = createShelf(base);
  const player = new Player(shelf, key !== null);
  let busy = Promise.resolve();

  /** Keep what is shown, one after the other. @returns {boolean} whether there is something to keep */
  function save() {
    const shown = shownNow();
    if (!shown?.of()) return false;
    if (player.playing?.edit) {
      player.retake();
      return true;
    }
    busy = busy
      .then(async () => {
        const saved = await addView(shelf, base, shown);
        if (saved) player.follow(saved);
      })
      .catch((error) => void toast(error instanceof Error ? error.message : String(error), "error"));
    return true;
  }

  if (key) {
    hearKeys([key], save);
    document.addEventListener("click", (event) => {
      const target = /** @type {Element} */ (event.target);
      if (target.closest('[data-gt-action="save-view"]')) save();
    });
  }
  const look = () => void player.look();
  window.addEventListener("popstate", (event) => player.travel(event), true); // before the app, which would make the page anew
  window.addEventListener("_dashprivate_pushstate", look);
  look();
}

// @ts-check
/**
 * The address bar says what is shown: whoever loads the page anew, or is sent its address, sees the same. It is changed
 * in place, so that Back leads to the page before and not to the frame before. Once the reader has gone elsewhere, be it to the
 * same page with another query, the address is no longer of what is still shown, and is left alone.
 */

import { here } from "../core/here.mjs";
import { WORDS, addStory, storyAt } from "./story_at.mjs";

const EVERY_MS = 500; // browsers refuse changes that come more often than about three a second, for long
const OWN = ["seed"]; // what an address says that no view does, kept as it was

/** what has the address of each page that is open be its own @type {Set<() => void>} */
const open = new Set();

/** Take over what an address says that no view does. @param {URLSearchParams} next @param {URLSearchParams} before @param {readonly string[]} names */
function keep(next, before, names) {
  for (const name of names) if (before.has(name)) next.set(name, before.get(name) ?? "");
}

/**
 * The page that is open goes over to another address, and goes on to write it.
 *
 * @param {string} query without its question mark @param {boolean} [instead] whether it takes the place of the one before; else Back leads there
 * @param {import("../core/here.mjs").Here} [win]
 */
export function enter(query, instead = false, win = here()) {
  const next = new URLSearchParams(query);
  keep(next, new URLSearchParams(win.location.search), OWN);
  win.history[instead ? "replaceState" : "pushState"](win.history.state, "", `${win.location.pathname}?${next}`);
  for (const take of open) take();
}

/**
 * @param {() => string|null} query what the address is to say now; null for nothing yet
 * @param {import("../core/here.mjs").Here} [win]
 */
export function createAddress(query, win = here()) {
  const path = win.location.pathname;
  let mine = win.location.search; // as it was found or written here
  /** @type {ReturnType<typeof setTimeout>|null} */
  let timer = null;
  const take = () => void (mine = win.location.search);
  open.add(take);

  function write() {
    timer = null;
    const here = win.location.pathname === path && win.location.search === mine;
    const said = here ? query() : null;
    if (said === null) return;
    const before = new URLSearchParams(mine);
    const next = new URLSearchParams(said);
    const story = storyAt();
    if (story) addStory(next, story);
    keep(next, before, story === undefined ? [...OWN, ...WORDS] : OWN);
    const search = `?${next}`;
    if (search === mine) return;
    win.history.replaceState(win.history.state, "", `${path}${search}${win.location.hash}`);
    mine = win.location.search;
  }

  /** Write it at once. */
  function now() {
    clearTimeout(timer ?? undefined);
    write();
  }

  return {
    now,
    /** Something is shown differently. */
    later() {
      timer ??= setTimeout(write, EVERY_MS);
    },
    /** Write what is still to be written: the reader may be about to go. */
    flush() {
      if (timer !== null) now();
    },
    /** The page is left. */
    leave() {
      clearTimeout(timer ?? undefined);
      open.delete(take);
    },
  };
}

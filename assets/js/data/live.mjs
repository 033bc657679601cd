// @ts-check
/**
 * Asks the server which runs it has now, for as long as somebody looks: often while one is being recorded, less often
 * while nothing changes, rarely while the server does not answer, not at all while the page is hidden.
 */

/** @typedef {import("../payloads.mjs").Live} Live */

const LIVE_MS = 500; // while a run is being recorded: with the server's own half a second, well within two
const IDLE_MS = 3000; // at most, while nothing changes
const GONE_MS = 15000; // at most, while the server does not answer
const SLOWER = 1.5; // times, from one answer that says nothing new to the next

/**
 * How long to wait before asking again.
 *
 * @param {number} before ms that were waited last
 * @param {"live"|"new"|"same"|"gone"} found a run is recorded, something is new, nothing is, there was no answer
 */
export function pause(before, found) {
  if (found === "live" || found === "new") return LIVE_MS;
  return Math.min(found === "same" ? IDLE_MS : GONE_MS, before * SLOWER);
}

/**
 * @param {object} given
 * @param {string} given.url of what is asked for
 * @param {(said: Live) => void} given.told something is new
 * @param {() => boolean} given.hidden whether nobody looks
 * @param {(url: string, how: RequestInit) => Promise<Response>} [given.get]
 * @param {(act: () => void, ms: number) => unknown} [given.later]
 */
export function createLive({ url, told, hidden, get = fetch.bind(globalThis), later = setTimeout }) {
  let tag = "";
  let live = false;
  let wait = LIVE_MS;
  /** which round is under way: one that was overtaken asks no more */
  let round = 0;

  /** @returns {Promise<"live"|"new"|"same"|"gone">} */
  async function ask() {
    try {
      const answer = await get(url, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
      if (answer.status === 304) return live ? "live" : "same";
      if (!answer.ok) return "gone";
      const said = /** @type {Live} */ (await answer.json());
      tag = answer.headers.get("ETag") ?? "";
      live = said.runs.some((run) => run.live);
      told(said);
      return live ? "live" : "new";
    } catch {
      return "gone"; // what is shown says so, see server_gone.mjs
    }
  }

  /** @param {number} mine */
  async function go(mine) {
    if (mine !== round || hidden()) return;
    wait = pause(wait, await ask());
    later(() => go(mine), wait);
  }

  return {
    /** Ask now, and from now on: at first, and when the page is seen again. */
    look() {
      wait = LIVE_MS;
      go(++round);
    },
  };
}

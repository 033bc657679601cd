// @ts-check
/** The runs that the server has now, as it said last; what is shown of one follows it while it is recorded. */

/**
 * @typedef {import("../payloads.mjs").Live} Live
 * @typedef {import("../payloads.mjs").LiveRun} LiveRun
 */

/** @type {{said: Live|null, listeners: Set<() => void>}} */
const state = { said: null, listeners: new Set() };

/** What was said last; null before anything was. @returns {Live|null} */
export const liveNow = () => state.said;

/** The run of a name as it is now; null for none. @param {string} name @returns {LiveRun|null} */
export const liveRun = (name) => state.said?.runs.find((run) => run.name === name && run.epochs > 0) ?? null;

/** Take note of what is said. @param {Live} said */
export function tellLive(said) {
  state.said = said;
  for (const listener of [...state.listeners]) listener();
}

/**
 * Hear of every change.
 *
 * @param {() => void} listener
 * @returns {() => void} ends it
 */
export function onLive(listener) {
  state.listeners.add(listener);
  return () => state.listeners.delete(listener);
}

/**
 * What was said, as soon as anything is, for as long as one may wait for it.
 *
 * @param {number} patience ms
 * @returns {Promise<Live|null>}
 */
export function liveSoon(patience) {
  if (state.said) return Promise.resolve(state.said);
  return new Promise((resolve) => {
    const end = onLive(() => done());
    const timer = setTimeout(() => done(), patience);
    const done = () => {
      end();
      clearTimeout(timer);
      resolve(state.said);
    };
  });
}

// @ts-check
/**
 * The address bar says what is shown: whoever loads the page anew, or is sent its address, sees the same. It is changed
 * in place, so that Back leads to the page before and not to the frame before.
 */

const EVERY_MS = 500; // browsers refuse changes that come more often than about three a second, for long
const OWN = ["seed"]; // what an address says that no view does, kept as it was

/**
 * @param {() => string|null} query what the address is to say now; null for nothing yet
 * @param {{location: Location, history: History}} [win]
 */
export function createAddress(query, win = window) {
  const path = win.location.pathname;
  /** @type {ReturnType<typeof setTimeout>|null} */
  let timer = null;

  function write() {
    timer = null;
    const said = win.location.pathname === path ? query() : null;
    if (said === null) return;
    const now = new URLSearchParams(win.location.search);
    const next = new URLSearchParams(said);
    for (const name of OWN) if (now.has(name)) next.set(name, now.get(name) ?? "");
    const search = `?${next}`;
    if (search !== win.location.search)
      win.history.replaceState(win.history.state, "", `${path}${search}${win.location.hash}`);
  }

  return {
    /** Something is shown differently. */
    later() {
      timer ??= setTimeout(write, EVERY_MS);
    },
    /** Write what is still to be written, at once. */
    now() {
      clearTimeout(timer ?? undefined);
      write();
    },
    /** The page is left. */
    leave: () => clearTimeout(timer ?? undefined),
  };
}

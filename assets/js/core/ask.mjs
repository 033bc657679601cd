// @ts-check
/** Asking the server; modules that may be in a file of their own ask here alone. A file answers by itself: `alone/ask.mjs`. */

/**
 * As `fetch` does.
 *
 * @param {string} url @param {RequestInit} [how]
 * @returns {Promise<Response>}
 */
export const ask = (url, how) => fetch(url, how);

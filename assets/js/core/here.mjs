// @ts-check
/** Where the page is: its address, and what that asks for. A page in a file has its own: `alone/here.mjs`. */

/**
 * @typedef {object} Here
 * @property {Pick<Location, "pathname"|"search"|"hash">} location
 * @property {Pick<History, "state"|"pushState"|"replaceState">} history
 */

/** @returns {Here} */
export const here = () => window;

/** The address of this page with another query. @param {string} query without its question mark */
export const addressWith = (query) => `${location.origin}${location.pathname}?${query}`;

/** The address of a page of the app. @param {string} base prefix under which the app is served, ending in "/" @param {string} page @param {string} query without its question mark */
export const pageAddress = (base, page, query) => `${base}${page}?${query}`;

// @ts-check
/** What of an address could not be read: one message, which lists it, however many find something. */

import { toast } from "./dom.mjs";
import { listed } from "./names.mjs";

/** @type {string[]} */
let parts = [];
/** @type {HTMLElement|null} the message */
let note = null;

/** @param {string[]} names @returns {string} a sentence */
export function unreadSentence(names) {
  const said = listed(names.map((name) => `“${name}”`));
  return `The link's ${said} could not be read and ${names.length > 1 ? "were" : "was"} left out`;
}

/** @param {string[]} names of parts of the address; none for none */
export function tellUnread(names) {
  if (!names.length) return;
  if (!note?.isConnected) parts = [];
  parts = [...new Set([...parts, ...names])];
  note?.remove();
  note = toast(unreadSentence(parts), "error");
}

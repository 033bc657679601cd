// @ts-check
/** What of an address could not be read: one message, which lists it, however many find something. */

import { toast } from "./dom.mjs";
import { listed } from "./names.mjs";

/** @type {string[]} */
let parts = [];
/** what else of it will not do, in sentences @type {string[]} */
let more = [];
/** @type {HTMLElement|null} the message */
let note = null;

/** @param {string[]} names @returns {string} a sentence */
export function unreadSentence(names) {
  const said = listed(names.map((name) => `“${name}”`));
  return `The link's ${said} could not be read and ${names.length > 1 ? "were" : "was"} left out`;
}

/** @param {string[]} names of parts of the address; none for none @param {string[]} sentences what else of it will not do */
export function tellUnread(names, sentences = []) {
  if (!names.length && !sentences.length) return;
  if (!note?.isConnected) [parts, more] = [[], []];
  parts = [...new Set([...parts, ...names])];
  more = [...new Set([...more, ...sentences])];
  note?.remove();
  note = toast([...more, ...(parts.length ? [unreadSentence(parts)] : [])].join(". "), "error");
}

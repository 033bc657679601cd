// @ts-check
/** What could be written next in a search: names of fields, then the values that there are. */

import { fieldNamed } from "./fields.mjs";
import { written } from "./language.mjs";

const MOST = 8;

/**
 * @typedef {import("./fields.mjs").Field} Field
 * @typedef {{text: string, what: string}} Suggestion what would stand in the place, and what it is
 * @typedef {{from: number, to: number, list: Suggestion[]}} Suggestions `from` and `to`: the place of the term at hand
 */

/** Where the term begins that a place is in; quotes hold it together. @param {string} text @param {number} at */
function startOf(text, at) {
  let from = 0;
  let open = false;
  for (let i = 0; i < at; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') open = !open;
    else if (!open && /\s/.test(text[i])) from = i + 1;
  }
  return from;
}

/** A term with a colon in it, outside quotes: sign, name, epoch and what stands behind. */
const NAMED = /^([-!]?)("(?:[^"\\]|\\.)*"|[^\s:"@]+)(@\d+)?:(.*)$/s;

/**
 * @param {string} text @param {number} at where the caret is @param {readonly Field[]} fields
 * @returns {Suggestions}
 */
export function suggest(text, at, fields) {
  const from = startOf(text, at);
  const term = text.slice(from, at);
  const named = term.match(NAMED);
  if (!named) return { from, to: at, list: namesFor(term, fields) };
  const [, sign, quoted, epoch = "", behind] = named;
  const name = quoted.startsWith('"') ? quoted.slice(1, -1) : quoted;
  const field = fieldNamed(fields, name);
  const done = behind.slice(0, behind.lastIndexOf(",") + 1);
  const before = `${sign}${quoted}${epoch}:${done}`;
  return { from, to: at, list: field ? valuesFor(before, behind.slice(done.length), field) : [] };
}

/** Fields whose name goes on like that, and names of classes and categories. @param {string} term @param {readonly Field[]} fields @returns {Suggestion[]} */
function namesFor(term, fields) {
  const sign = /^[-!]/.test(term) ? term[0] : "";
  const asked = term.slice(sign.length).replace(/^"/, "").toLowerCase();
  const all = fields.filter(({ kind }) => kind !== "any");
  const starts = all
    .filter(({ name, aliases = [] }) => [name, ...aliases].some((one) => one.toLowerCase().startsWith(asked)))
    .map(({ name, what }) => ({ text: `${sign}${written(name)}:`, what }));
  if (!asked) return starts.slice(0, MOST);
  const values = all.filter(({ kind }) => kind !== "text").flatMap((field) =>
    fitting(field.names, asked).slice(0, 3).map((name) => ({ text: `${sign}${written(field.name)}:${written(name)}`, what: field.what })),
  ); // prettier-ignore
  return [...starts, ...values].slice(0, MOST);
}

/** @param {string} before @param {string} begun @param {Field} field @returns {Suggestion[]} */
function valuesFor(before, begun, field) {
  if (field.kind === "name" || field.kind === "names" || field.kind === "truth") {
    const names = field.kind === "truth" ? ["yes", "no"] : field.names;
    const asked = begun.replace(/^"/, "").toLowerCase();
    const whole = names.some((name) => name.toLowerCase() === asked);
    return whole ? [] : fitting(names, asked).slice(0, MOST).map((name) => ({ text: before + written(name), what: "" })); // prettier-ignore
  }
  if (begun) return [];
  if (field.kind === "number") return [["<", "less than"], [">", "more than"]].map(([text, what]) => ({ text: before + text, what: `${what} … (${field.what})` })); // prettier-ignore
  if (field.kind === "date") return [["<", "before"], [">", "after"]].map(([text, what]) => ({ text: before + text, what: `${what} … (${field.what})` })); // prettier-ignore
  return [];
}

/** Names that begin like that, then those that have it in them. @param {readonly string[]} names @param {string} asked in small letters */
function fitting(names, asked) {
  const has = names.filter((name) => name.toLowerCase().includes(asked));
  return [
    ...has.filter((name) => name.toLowerCase().startsWith(asked)),
    ...has.filter((name) => !name.toLowerCase().startsWith(asked)),
  ];
}

// @ts-check
/** Which points a search is for: terms are given their meaning on a run, and points are held against them. */

import { spanOf } from "../points/dates.mjs";
import { fieldNamed, fieldsOf } from "./fields.mjs";
import { NotUnderstood, parse, write } from "./language.mjs";

const NAMED = 12; // names that an error lists
const MISSING = "missing"; // as a value: what is not known

/**
 * @typedef {import("./language.mjs").Term} Term @typedef {import("./language.mjs").Value} Value
 * @typedef {import("./fields.mjs").Field} Field @typedef {import("./fields.mjs").Searched} Searched
 * @typedef {import("../points/colorings.mjs").Said} Said
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {(value: any) => boolean} Test of a value of a field
 * @typedef {(at: number|null) => Said|null} SaidAt what the network says at the epoch of an index, or at the one that is shown; null until that is here
 * @typedef {{negated: boolean, told: boolean, at: number|null, holds: (i: number, points: Searched, said: Said|null) => boolean}} Check
 * @typedef {object} Search
 * @property {Term[]} terms @property {Check[]} checks all of which must hold
 * @property {boolean} told whether it asks what the network says @property {boolean} now whether some of that at the epoch that is shown
 */

/**
 * Read a search of a run's points.
 *
 * @param {string} text @param {Announcement} run
 * @returns {Search}
 * @throws {NotUnderstood} says what there is
 */
export function readSearch(text, run) {
  const terms = parse(text);
  const fields = fieldsOf(run);
  const checks = terms.map((term) => checkOf(term, fields, run));
  const told = checks.filter((check) => check.told);
  return { terms, checks, told: told.length > 0, now: told.some(({ at }) => at === null) };
}

/**
 * A search that stays what it is when another epoch is shown: what it asks of the network is of one epoch from now on.
 *
 * @param {Search} search @param {Announcement} run @param {number} epoch its number
 */
export function held({ terms }, run, epoch) {
  const fields = fieldsOf(run);
  return write(
    terms.map((term) => {
      const field = fieldNamed(fields, term.name ?? "any");
      return field?.told && term.at === null ? { ...term, name: term.name ?? field.name, at: epoch } : term;
    }),
  );
}

/**
 * Which points of a split a search is for.
 *
 * @param {Search} search @param {Searched} points @param {SaidAt} saidAt
 * @returns {Uint8Array|null} 1 where all checks hold; null until it is known what the network says
 */
export function matching({ checks }, points, saidAt) {
  const said = checks.map(({ told, at }) => (told ? saidAt(at) : null));
  if (checks.some(({ told }, c) => told && !said[c])) return null;
  const found = new Uint8Array(points.n);
  for (let i = 0; i < points.n; i++)
    found[i] = checks.every(({ holds, negated }, c) => holds(i, points, said[c]) !== negated) ? 1 : 0;
  return found;
}

/** @param {Term} term @param {Field[]} fields @param {Announcement} run @returns {Check} */
function checkOf(term, fields, run) {
  const { negated, name, values } = term;
  const field = fieldNamed(fields, name ?? "any");
  if (!field) throw wrong(term, `there is no “${name}” here; there ${listed(fields.map((one) => one.name))}`);
  if (term.at !== null && !field.told)
    throw wrong(term, `${field.name} is the same at all times; leave out @${term.at}`);
  const at = term.at === null ? null : run.epochs.indexOf(term.at);
  if (at === -1) throw wrong(term, `${run.unit} ${term.at} is not recorded; there ${listed(run.epochs.map(String))}`);
  const of = { negated, told: field.told, at };
  if (field.kind === "any") return { ...of, ...anywhere(values, fields, term) };
  const tests = values.map((value) => TESTS[field.kind](value, field, term));
  return {
    ...of,
    holds(i, points, said) {
      const is = field.value(i, points, said);
      return tests.some((test) => test(is));
    },
  };
}

/** @param {Term} term @param {string} why */
const wrong = (term, why) => new NotUnderstood(why, term.from, term.to);

/** @param {readonly string[]} names */
function listed(names) {
  const some = names.slice(0, NAMED).join(", ");
  const left = names.length - NAMED;
  return `${names.length === 1 ? "is" : "are"} ${some}${left > 1 ? ` and ${left} more` : left === 1 ? `, ${names[NAMED]}` : ""}`;
}

/** Whether a value stands for what is not known. @param {Value} value */
const asksMissing = ({ op, text, quoted }) => op === "=" && !quoted && text.toLowerCase() === MISSING;
/** @param {any} value */
const isMissing = (value) => value === null || Number.isNaN(value);

/** Names and texts in small letters, each list made once: of 60,000 texts that takes longer than to look for a word in all of them. @type {WeakMap<readonly string[], string[]>} */
const lowered = new WeakMap();

/** @param {readonly string[]} names @returns {string[]} in small letters */
function inSmall(names) {
  const found = lowered.get(names) ?? names.map((name) => name.toLowerCase());
  lowered.set(names, found);
  return found;
}

/** Have ready, before it is asked for, what a search of a run's points is held against. @param {Announcement} run */
export const prepareSearch = (run) => run.columns.forEach(({ names }) => inSmall(names));

/** Which of some names have one of these words in them. @param {readonly string[]} names @param {readonly string[]} words in small letters @returns {Uint8Array} 1 for each that has */
function having(names, words) {
  const small = inSmall(names);
  const found = new Uint8Array(small.length);
  for (let i = 0; i < small.length; i++) for (const word of words) if (small[i].includes(word)) found[i] = 1;
  return found;
}

/** A word anywhere: the point's number, a part of a class's name, of a text. @param {Value[]} values @param {Field[]} fields @param {Term} term */
function anywhere(values, fields, term) {
  if (values.some(({ op }) => op !== "=")) throw wrong(term, "a text that may stand anywhere is just that; write a name and a colon before < or >"); // prettier-ignore
  const words = values.map(({ text }) => text.toLowerCase());
  const named = fields.filter(({ kind }) => kind === "name" || kind === "names" || kind === "text");
  const hits = named.map(({ names }) => having(names, words));
  const ids = new Set(words.filter((word) => /^\d+$/.test(word)).map(Number));
  return {
    /** @type {Check["holds"]} */
    holds: (i, points, said) =>
      ids.has(points.ids[i]) ||
      named.some(({ kind, value }, f) => {
        const is = value(i, points, said);
        if (kind === "names") return /** @type {number[]|null} */ (is)?.some((at) => hits[f][at] === 1) ?? false;
        return hits[f][/** @type {number} */ (is)] === 1;
      }),
  };
}

/** What is asked of a value, by the kind of its field. @type {Record<string, (value: Value, field: Field, term: Term) => Test>} */
const TESTS = {
  number(value, field, term) {
    if (asksMissing(value)) return isMissing;
    const read = (/** @type {string} */ text) => {
      const number = text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
      if (text.trim() === "" || text === "%" || !Number.isFinite(number)) throw wrong(term, `${field.name} is a number; write ${field.name}:>5, ${field.name}:1..9 or ${field.name}:missing, “${text}” came`); // prettier-ignore
      return number;
    };
    const number = read(value.text);
    if (value.op === "..") {
      const to = read(value.to ?? "");
      return (is) => is !== null && is >= number && is <= to;
    }
    return comparing(value.op, number, number);
  },
  date(value, field, term) {
    if (asksMissing(value)) return isMissing;
    const read = (/** @type {string} */ text) => {
      const span = spanOf(text);
      if (!span) throw wrong(term, `${field.name} is a date; write ${field.name}:2024, ${field.name}:>2024-05 or ${field.name}:2024-05-31..2024-06-02, “${text}” came`); // prettier-ignore
      return span;
    };
    const [from, to] = read(value.text);
    if (value.op === "..") {
      const [, end] = read(value.to ?? "");
      return (is) => is !== null && is >= from && is < end;
    }
    if (value.op === "=") return (is) => is !== null && is >= from && is < to;
    if (value.op === ">") return (is) => is !== null && is >= to;
    if (value.op === "<=") return (is) => is !== null && is < to;
    return comparing(value.op, from, from);
  },
  names(value, field, term) {
    if (!field.names.length && !asksMissing(value)) throw wrong(term, "there are no groups yet; select points and press G to make one"); // prettier-ignore
    const one = TESTS.name(value, field, term);
    return (is) => (isMissing(is) ? one(null) : is.some(one));
  },
  name(value, field, term) {
    if (value.op !== "=" && value.op !== "..") throw wrong(term, `${field.name} is one of names, which are not ordered; write ${field.name}:NAME`); // prettier-ignore
    const text = value.op === ".." ? `${value.text}..${value.to}` : value.text;
    const places = new Set(placesOf(text, field.names));
    if (places.size) return (is) => places.has(is);
    if (asksMissing(value)) return isMissing;
    throw wrong(term, `${field.name} has no “${text}”; there ${listed(field.names)}`);
  },
  text(value, field, term) {
    if (asksMissing(value)) return isMissing;
    if (value.op !== "=" && value.op !== "..") throw wrong(term, `${field.name} is text, which is not ordered; write ${field.name}:WORD`); // prettier-ignore
    const word = (value.op === ".." ? `${value.text}..${value.to}` : value.text).toLowerCase();
    const fits = having(field.names, [word]);
    return (is) => fits[is] === 1;
  },
  truth({ op, text }, field, term) {
    const yes = /^(yes|true|1)$/i.test(text);
    if (op !== "=" || !(yes || /^(no|false|0)$/i.test(text))) throw wrong(term, `${field.name} is yes or no, “${text}” came`); // prettier-ignore
    return (is) => is === yes;
  },
};

/** Which of some names a text stands for: that one in these letters, else in others, else those that a * fits. @param {string} text @param {readonly string[]} names */
function placesOf(text, names) {
  const exact = names.indexOf(text);
  if (exact >= 0) return [exact];
  const low = text.toLowerCase();
  const where = (/** @type {(name: string) => boolean} */ fits) =>
    names.flatMap((name, at) => (fits(name.toLowerCase()) ? [at] : []));
  const same = where((name) => name === low);
  if (same.length || !text.includes("*")) return same;
  const parts = low.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`, "s");
  return where((name) => pattern.test(name));
}

/** @param {import("./language.mjs").Operator} op @param {number} from @param {number} to @returns {Test} */
function comparing(op, from, to) {
  if (op === "<") return (is) => is !== null && is < from;
  if (op === "<=") return (is) => is !== null && is <= to;
  if (op === ">") return (is) => is !== null && is > to;
  if (op === ">=") return (is) => is !== null && is >= from;
  return (is) => is === from;
}

// @ts-check
/**
 * Search in the documentation, without a DOM: which sections have all words of a question, best first, and which of
 * their letters to mark. A word counts where another begins with it, so that results come while one types.
 */

/**
 * @typedef {object} Section as gt/docs/sections.py has it
 * @property {string} path what follows /docs
 * @property {string} page
 * @property {string} anchor empty for the beginning of a page
 * @property {string} heading
 * @property {string} text
 */

/** @typedef {{text: string, hit: boolean}} Part a piece of a text, and whether it was asked for */

/**
 * @typedef {object} Found
 * @property {Section} section
 * @property {Part[]} heading
 * @property {Part[]} snippet around the first word that was found
 */

const MOST = 12; // results: more are not read
const BEFORE = 60; // characters of a snippet before its first word
const LONG = 180; // characters of a snippet
const WEIGHTS = { heading: 12, page: 5, text: 1 };
const COUNTED = 4; // times that a word counts within a text
const NEAR = 6; // for the words side by side, as they were typed

/**
 * @param {Section[]} sections
 * @param {string} question
 * @returns {Found[]} at most a dozen, best first; none for a question without a word
 */
export function search(sections, question) {
  const words = wordsOf(question);
  if (!words.length) return [];
  const phrase = words.length > 1 ? beginning(words.join(" ")) : null;
  return sections
    .map((section) => ({ section, score: scoreOf(section, words, phrase) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ section }) => ({
      section,
      heading: parts(section.heading, words),
      snippet: parts(excerpt(section.text, words), words),
    }));
}

/** @param {string} question @returns {string[]} in lower case */
export function wordsOf(question) {
  return question.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
}

/** @param {Section} section @param {string[]} words @param {RegExp|null} phrase @returns {number} 0 if a word is missing */
function scoreOf(section, words, phrase) {
  let score = 0;
  for (const word of words) {
    const begins = beginning(word);
    const own =
      WEIGHTS.heading * Number(begins.test(section.heading)) +
      WEIGHTS.page * Number(begins.test(section.page)) +
      WEIGHTS.text * Math.min(COUNTED, count(section.text, word));
    if (!own) return 0;
    score += own;
  }
  return score + (phrase && (phrase.test(section.text) || phrase.test(section.heading)) ? NEAR : 0);
}

/** Words that begin with this one. @param {string} word @param {string} [flags] */
function beginning(word, flags = "iu") {
  const pattern = word.replaceAll(" ", "[^\\p{L}\\p{N}_]+");
  return new RegExp(`(?<![\\p{L}\\p{N}_])${pattern}`, flags);
}

/** @param {string} text @param {string} word */
function count(text, word) {
  return text.match(beginning(word, "giu"))?.length ?? 0;
}

/** @param {string} text @param {string[]} words */
function excerpt(text, words) {
  const first = words.map((word) => text.search(beginning(word))).filter((i) => i >= 0);
  const from = Math.max(0, Math.min(...(first.length ? first : [0])) - BEFORE);
  const start = from && text.indexOf(" ", from) + 1;
  const end = start + LONG < text.length ? text.lastIndexOf(" ", start + LONG) : text.length;
  return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
}

/**
 * A text in pieces, those that were asked for marked.
 *
 * @param {string} text @param {string[]} words
 * @returns {Part[]}
 */
export function parts(text, words) {
  if (!words.length || !text) return text ? [{ text, hit: false }] : [];
  const longest = [...words].sort((a, b) => b.length - a.length).join("|");
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${longest})`, "giu");
  /** @type {Part[]} */
  const made = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) made.push({ text: text.slice(at, match.index), hit: false });
    made.push({ text: match[0], hit: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) made.push({ text: text.slice(at), hit: false });
  return made;
}

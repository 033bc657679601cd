// @ts-check
/**
 * The language in which points are searched for, read and written: `label:cat -predicted@40:dog confidence:<0.6 "fast car"`.
 * Terms stand side by side and must all hold; values with commas between are alternatives. What a name means is not known
 * here, see fields.mjs. The grammar is in gt/docs/how-to/find-points.md.
 */

/**
 * @typedef {"="|"<"|"<="|">"|">="|".."} Operator
 * @typedef {object} Value
 * @property {Operator} op @property {string} text @property {string} [to] where a range ends
 * @property {boolean} quoted
 * @typedef {object} Term
 * @property {boolean} negated
 * @property {string|null} name of a field; null for a text that stands alone
 * @property {number|null} at number of the epoch that is asked about; null for the one that is shown
 * @property {Value[]} values one at least; one of them is enough
 * @property {number} from where it begins in the text @property {number} to where it ends
 */

/** What is not understood, and what could be; the place in the text is that of the term. */
export class NotUnderstood extends Error {
  /** @param {string} message @param {number} [from] @param {number} [to] */
  constructor(message, from = 0, to = from) {
    super(message);
    this.from = from;
    this.to = to;
  }
}

const SPACE = /\s/;
const NUMBER = /^\d+$/;
const BARE = /^[^\s:,"@<>=!-][^\s:,"@]*$/; // what needs no quotes, as a name or a value

/** A text, read letter by letter. @param {string} text */
function createReading(text) {
  let at = 0;
  return {
    get at() {
      return at;
    },
    /** @returns {string} the next letter, none at the end */
    get next() {
      return text[at] ?? "";
    },
    get ended() {
      return at >= text.length;
    },
    take: () => text[at++],
    /** Go on behind a letter, if it stands here. @param {string} letter */
    eat: (letter) => text[at] === letter && at++ >= 0,
    skipSpace() {
      while (at < text.length && SPACE.test(text[at])) at++;
    },
    /** Letters up to one that ends them. @param {RegExp} end */
    until(end) {
      const from = at;
      while (at < text.length && !end.test(text[at])) at++;
      return text.slice(from, at);
    },
    /** What stands between quotes, which is read up to the second of them; a backslash lets a quote be. */
    quoted() {
      const from = at++;
      let said = "";
      for (; text[at] !== '"'; at++) {
        if (at >= text.length) throw new NotUnderstood('a quote is not closed: write "…"', from, at);
        if (text[at] === "\\" && at + 1 < text.length) at++;
        said += text[at];
      }
      at++;
      return said;
    },
  };
}

/** @typedef {ReturnType<typeof createReading>} Reading */

/**
 * Read a search.
 *
 * @param {string} text
 * @returns {Term[]} none where nothing is asked
 * @throws {NotUnderstood} where it is none; says what could stand there
 */
export function parse(text) {
  const reading = createReading(text);
  /** @type {Term[]} */
  const terms = [];
  for (reading.skipSpace(); !reading.ended; reading.skipSpace()) terms.push(readTerm(reading));
  return terms;
}

/** @param {Reading} reading @returns {Term} */
function readTerm(reading) {
  const from = reading.at;
  const negated = reading.next === "-" || reading.next === "!";
  if (negated) reading.take();
  if (/[()|]/.test(reading.next))
    throw new NotUnderstood(`“${reading.next}” is not understood: terms side by side must all hold, values with commas between are alternatives, as in label:cat,dog`, from, from + 1); // prettier-ignore
  if (/[<>=,]/.test(reading.next))
    throw new NotUnderstood(`a name and a colon must stand before “${reading.next}”, as in confidence:<0.6`, from, from + 1); // prettier-ignore
  const quoted = reading.next === '"';
  const first = quoted ? reading.quoted() : reading.until(/[\s:"@]/);
  const at = reading.next === "@" && first ? readEpoch(reading, from) : null;
  if (!reading.eat(":")) {
    if (at !== null) throw new NotUnderstood(`write a colon and a value behind ${first}@${at}, as in ${first}@${at}:…`, from, reading.at); // prettier-ignore
    if (!first) throw new NotUnderstood(oddity(reading, negated), from, reading.at);
    return { negated, name: null, at, values: [{ op: "=", text: first, quoted }], from, to: reading.at };
  }
  if (!first) throw new NotUnderstood("a name must stand before the colon, as in label:cat", from, reading.at);
  const values = [readValue(reading, first)];
  while (reading.eat(",")) values.push(readValue(reading, first));
  return { negated, name: first, at, values, from, to: reading.at };
}

/** @param {Reading} reading @param {boolean} negated */
const oddity = (reading, negated) =>
  negated ? "write what is not to be behind the minus, as in -label:cat" : `“${reading.next}” cannot begin a term`;

/** The epoch behind "@". @param {Reading} reading @param {number} from */
function readEpoch(reading, from) {
  reading.take();
  const said = reading.until(/[\s:"]/);
  if (!NUMBER.test(said)) throw new NotUnderstood(`behind @ must be the number of an epoch, as in predicted@40:dog, “${said}” came`, from, reading.at); // prettier-ignore
  return Number(said);
}

/** @param {Reading} reading @param {string} name @returns {Value} */
function readValue(reading, name) {
  const from = reading.at;
  const sign = /[<>=]/.test(reading.next) ? reading.take() : "=";
  const op = /** @type {Operator} */ (sign !== "=" && reading.eat("=") ? `${sign}=` : sign);
  const quoted = reading.next === '"';
  const text = quoted ? reading.quoted() : reading.until(/[\s,"]/);
  if (!text && !quoted) throw new NotUnderstood(`write a value behind ${name}:`, from, reading.at);
  const ends = quoted || op !== "=" ? null : text.match(/^(.+?)\.\.(.+)$/);
  return ends ? { op: "..", text: ends[1], to: ends[2], quoted } : { op, text, quoted };
}

/** A name or a value as it is to be written: in quotes where it must be. @param {string} text */
export const written = (text) =>
  BARE.test(text) && !text.includes("..") ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;

/** @param {Value} value */
function writeValue({ op, text, to, quoted }) {
  if (op === "..") return `${text}..${to}`;
  const plain = !quoted && (op !== "=" || !/[\s,"]/.test(text));
  return `${op === "=" ? "" : op}${plain && text && !/^[<>=]/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`}`;
}

/** A search as text, which reads as the same. @param {readonly Term[]} terms */
export const write = (terms) =>
  terms
    .map(({ negated, name, at, values }) => {
      const field = name === null ? "" : `${written(name)}${at === null ? "" : `@${at}`}:`;
      const said = name === null ? written(values[0].text) : values.map(writeValue).join(",");
      return `${negated ? "-" : ""}${field}${said}`;
    })
    .join(" ");

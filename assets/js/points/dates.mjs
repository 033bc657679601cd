// @ts-check
/** Dates of a column: seconds since 1970 in UTC, said as ISO 8601 has them. */

const DAY = 86400; // seconds

/** A moment in words: its day, with the time where there is one. @param {number} seconds */
export function dayOf(seconds) {
  const said = new Date(1000 * seconds).toISOString();
  return seconds % DAY ? said.slice(0, 16).replace("T", " ") : said.slice(0, 10);
}

const PARTS = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d))?)?)?$/;

/**
 * The time that a date covers: a year, a month, a day or a minute.
 *
 * @param {string} text such as "2024", "2024-05", "2024-05-31", "2024-05-31T12:30"
 * @returns {[number, number]|null} its first second, and the first one after it; null for what is no date
 */
export function spanOf(text) {
  const found = text.match(PARTS);
  if (!found) return null;
  const [year, month, day, hour, minute] = found.slice(1).map((part) => (part === undefined ? null : Number(part)));
  const start = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0);
  if (!new Date(start).toISOString().startsWith(text.replace(" ", "T"))) return null; // the 31st of a month that has 30 days
  const end =
    month === null
      ? Date.UTC(/** @type {number} */ (year) + 1, 0, 1)
      : day === null
        ? Date.UTC(/** @type {number} */ (year), month, 1)
        : start + 1000 * (hour === null ? DAY : 60);
  return [start / 1000, end / 1000];
}

// @ts-check
/** Which runs are listed, in which order, and how their sizes and times are said. */

/**
 * @typedef {import("../payloads.mjs").ListedRun} ListedRun
 * @typedef {import("../payloads.mjs").RunDetails} RunDetails
 * @typedef {"title"|"n"|"epochs"|"layers"|"size"|"written"} SortBy
 * @typedef {{by: SortBy, down: boolean}} Order
 */

/** What a list can be sorted by, and how one begins. @type {readonly {by: SortBy, text: string, down: boolean}[]} */
export const COLUMNS = [
  { by: "title", text: "Run", down: false },
  { by: "n", text: "Points", down: true },
  { by: "epochs", text: "Epochs", down: true },
  { by: "layers", text: "Layers", down: true },
  { by: "size", text: "Size", down: true },
  { by: "written", text: "Written", down: true },
];

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/** Bytes for people. @param {number} bytes */
export function sizeText(bytes) {
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${value < 9.95 && unit ? value.toFixed(1) : Math.round(value)} ${value === 1 && !unit ? "byte" : UNITS[unit]}`;
}

/**
 * A time for people: how long ago within a day, else the day.
 *
 * @param {number} at seconds since 1970 @param {number} now likewise @param {string} [zone] of the reader, as the system has it when left out
 */
export function timeText(at, now, zone) {
  const ago = now - at;
  if (ago < 60) return "just now";
  if (ago < 3600) return `${Math.floor(ago / 60)} min ago`;
  if (ago < 86400) return `${Math.floor(ago / 3600)} h ago`;
  return dayText(at, zone);
}

/** @param {number} at seconds since 1970 @param {string} [zone] */
export const dayText = (at, zone) =>
  new Date(at * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: zone });

/** Text in which a search looks. @param {ListedRun} run */
const words = ({ title, name, folder, task, kind, problem, live }) =>
  [title, name, folder, task, kind, problem, live ? "live" : ""].join("\n").toLocaleLowerCase();

/**
 * Those that have every word that was typed.
 *
 * @param {readonly ListedRun[]} runs @param {string} typed
 */
export function found(runs, typed) {
  const asked = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return runs.filter((run) => asked.every((word) => words(run).includes(word)));
}

/**
 * The same in another order; what has no value comes last either way, and what is alike stays as it was.
 *
 * @param {readonly ListedRun[]} runs @param {Order} order @param {Record<string, RunDetails>} details by their keys
 */
export function ordered(runs, { by, down }, details) {
  const value = (/** @type {ListedRun} */ run) => {
    if (by === "title") return run.title;
    if (by === "size") return details[run.key]?.size ?? null;
    if (by === "written") return run.written;
    return run.uid ? run[by] : null;
  };
  const sign = down ? -1 : 1;
  return [...runs].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    if (typeof x === "string" && typeof y === "string")
      return sign * x.localeCompare(y, "en", { numeric: true, sensitivity: "base" });
    return sign * (Number(x) - Number(y));
  });
}

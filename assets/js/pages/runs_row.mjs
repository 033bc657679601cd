// @ts-check
/** A run in the list: a row of a table, which a phone shows as a card. */

import { count, el, icon } from "../core/dom.mjs";
import { follow } from "../core/follow.mjs";
import { sizeText, timeText } from "./runs_order.mjs";

/**
 * @typedef {import("../payloads.mjs").ListedRun} ListedRun
 * @typedef {import("../payloads.mjs").RunDetails} RunDetails
 * @typedef {object} Does
 * @property {boolean} readOnly
 * @property {(run: ListedRun) => void} rename @property {(run: ListedRun) => void} remove
 */

const KINDS = { training: "", attack: "attack", waiting: "no epoch yet", unshown: "not shown" };

/** A link within the app. @param {string} href @param {string} text @param {string} [label] */
function link(href, text, label) {
  const one = el("a", { href }, text);
  if (label) one.setAttribute("aria-label", label);
  one.addEventListener("click", (event) => follow(event, href));
  return one;
}

/** @param {ListedRun} run @param {RunDetails|undefined} details */
function about(run, details) {
  const kind = KINDS[run.kind];
  const task = run.kind === "training" && run.task !== "none" ? run.task : kind;
  const words = [run.folder, task, ...(details?.beside ?? [])].filter(Boolean);
  return el("div", { class: "gt-runs-about" }, words.join(" · "));
}

/** @param {ListedRun} run @param {RunDetails|undefined} details */
function opens(run, details) {
  const pages = (details ?? run).opens.slice(1);
  if (!pages.length) return null;
  const links = pages.map(({ page, href }) => el("li", {}, link(href, page, `${run.title} on ${page}`)));
  return el("ul", { class: "gt-runs-opens", "aria-label": `Other pages that show ${run.title}` }, ...links);
}

/** The stories that lie beside it. @param {RunDetails|undefined} details */
function stories(details) {
  if (!details?.stories.length) return null;
  const links = details.stories.map(({ title, href }) => el("li", {}, link(href, `Story: ${title}`)));
  return el("ul", { class: "gt-runs-opens", "aria-label": "Stories" }, ...links);
}

/** @param {ListedRun} run @param {RunDetails|undefined} details */
function titled(run, details) {
  const [first] = run.opens;
  const name = first ? link(first.href, run.title) : el("span", {}, run.title);
  const live = run.live ? el("span", { class: "gt-live-mark", title: "It is being recorded now" }, "Live") : null;
  const problem = [run.problem, details?.problem].filter(Boolean).join(" ");
  return el(
    "td",
    { class: "gt-runs-title" },
    el("div", { class: "gt-runs-name" }, name, live),
    about(run, details),
    problem ? el("p", { class: "gt-runs-problem" }, problem) : null,
    opens(run, details),
    stories(details),
  );
}

/** @param {string} icon_ @param {string} text @param {string} of @param {() => void} act */
function action(icon_, text, of, act) {
  const button = el(
    "button",
    { type: "button", class: "btn btn-sm gt-button", title: text, "aria-label": `${text} ${of}` },
    icon(icon_),
    el("span", { class: "gt-runs-word" }, text),
  );
  button.addEventListener("click", act);
  return button;
}

/** @param {ListedRun} run @param {Does} does */
function actions(run, { readOnly, rename, remove }) {
  const cell = el("td", { class: "gt-runs-acts" });
  if (readOnly) return cell;
  if (run.fixed) cell.append(el("span", { class: "gt-runs-fixed" }, run.fixed));
  else {
    if (run.uid) cell.append(action("pencil", "Rename…", run.title, () => rename(run)));
    cell.append(action("trash3", "Delete…", run.title, () => remove(run)));
  }
  return cell;
}

/** A number with what it counts, which a card says. @param {string} text @param {string} what @param {string} [title] */
function cell(text, what, title) {
  const one = el("td", { class: text ? "gt-runs-number" : "gt-runs-number gt-runs-none", "data-gt-of": what }, text);
  if (title) one.title = title;
  return one;
}

/**
 * What is in a row.
 *
 * @param {ListedRun} run @param {RunDetails|undefined} details @param {number} now seconds since 1970 @param {Does} does
 * @returns {HTMLTableCellElement[]}
 */
export function cellsOf(run, details, now, does) {
  const known = Boolean(run.uid);
  const written = run.written === null ? "" : timeText(run.written, now);
  const exact = run.written === null ? "" : new Date(run.written * 1000).toLocaleString("en-GB");
  return [
    titled(run, details),
    cell(known ? count(run.n) : "", "points"),
    cell(known ? count(run.epochs) : "", run.epochs === 1 ? run.unit : `${run.unit}s`),
    cell(known ? count(run.layers) : "", run.layers === 1 ? "layer" : "layers"),
    cell(details ? sizeText(details.size) : "", "on disk"),
    cell(written, "written", exact),
    actions(run, does),
  ];
}

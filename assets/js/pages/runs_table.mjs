// @ts-check
/** The list of runs as a table that is searched and sorted: what says what it said before stays as it is, with its focus. */

import { el } from "../core/dom.mjs";
import { selectField } from "../picture/fields.mjs";
import { COLUMNS, found, ordered } from "./runs_order.mjs";
import { cellsOf } from "./runs_row.mjs";

/**
 * @typedef {import("../payloads.mjs").RunList} RunList
 * @typedef {import("../payloads.mjs").ListedRun} ListedRun
 * @typedef {import("../payloads.mjs").RunDetails} RunDetails
 * @typedef {import("./runs_order.mjs").SortBy} SortBy
 */

/** Change what is in an element, and leave the focus at the same place in it. @param {HTMLElement} box @param {() => void} change */
export function keepFocus(box, change) {
  const active = /** @type {HTMLElement|null} */ (document.activeElement);
  const all = () => [...box.querySelectorAll("a[href], button, summary")];
  const at = active && box.contains(active) ? all().indexOf(active) : -1;
  change();
  if (!active || at < 0 || document.activeElement === active) return;
  const next = active.isConnected ? active : /** @type {HTMLElement|undefined} */ (all()[at]);
  next?.focus();
}

/** What a reader sorts by where the heads of columns have no room. */
function sortField() {
  const first = { title: "Title", written: "Written: last first" };
  const choices = COLUMNS.map(({ by, text, down }) =>
    /** @type {[string, string]} */ ([`${by} ${down ? "down" : "up"}`, /** @type {Record<string, string>} */ (first)[by] ?? `${text}: most first`]),
  ); // prettier-ignore
  return selectField(choices, "written down", "Sort the runs by");
}

/**
 * @param {HTMLElement} tools where search and order go @param {HTMLElement} box where the table goes
 * @param {{rename: (run: ListedRun) => void, remove: (run: ListedRun) => void}} does
 */
export function createTable(tools, box, does) {
  /** @type {import("./runs_order.mjs").Order} */
  let order = { by: "written", down: true };
  /** @type {{list: RunList, details: Record<string, RunDetails>}} */
  let shown = { list: { runs: [], empty: [], trash: [], read_only: true, into: null }, details: {} };
  /** @type {Map<string, {row: HTMLTableRowElement, said: string}>} by key */
  const rows = new Map();

  const field = el("input", { type: "search", class: "form-control form-control-sm", placeholder: "Search", autocomplete: "off", "aria-label": "Search the runs" }); // prettier-ignore
  const counted = el("span", { class: "gt-runs-counted", role: "status" });
  const sorted = sortField();
  tools.append(field, sorted, counted);
  const heads = COLUMNS.map(({ by, text, down }) => {
    const button = el("button", { type: "button", class: "gt-runs-sort" }, text);
    button.addEventListener("click", () => sort(by, order.by === by ? !order.down : down));
    return { by, head: el("th", { scope: "col", class: by === "title" ? "" : "gt-runs-number" }, button) };
  });
  const last = el("th", { scope: "col" }, el("span", { class: "visually-hidden" }, "Rename or delete"));
  const body = el("tbody");
  const table = el(
    "table",
    { class: "gt-runs-table", "aria-label": "Runs" },
    el("thead", {}, el("tr", {}, ...heads.map(({ head }) => head), last)),
    body,
  );
  const none = el("p", { class: "gt-none", hidden: true });
  const empty = el("div", { class: "gt-runs-empty" });
  box.append(table, none, empty);
  field.addEventListener("input", draw);
  sorted.addEventListener("change", () => {
    const [by, way] = sorted.value.split(" ");
    sort(/** @type {SortBy} */ (by), way === "down");
  });

  /** @param {SortBy} by @param {boolean} down */
  function sort(by, down) {
    order = { by, down };
    draw();
  }

  /** @param {ListedRun} run @param {number} now */
  function rowOf(run, now) {
    const details = shown.details[run.key];
    const said = JSON.stringify([run, details, shown.list.read_only, Math.floor(now / 60)]);
    let kept = rows.get(run.key);
    if (kept?.said === said) return kept.row;
    if (!kept) rows.set(run.key, (kept = { row: el("tr", { "data-gt-run": run.name }), said }));
    const { row } = kept;
    kept.said = said;
    keepFocus(row, () => row.replaceChildren(...cellsOf(run, details, now, { readOnly: shown.list.read_only, ...does }))); // prettier-ignore
    return row;
  }

  function draw() {
    const { runs } = shown.list;
    const now = Date.now() / 1000;
    const wanted = ordered(found(runs, field.value), order, shown.details).map((run) => rowOf(run, now));
    const keys = new Set(runs.map(({ key }) => key));
    for (const key of [...rows.keys()]) if (!keys.has(key)) rows.delete(key);
    const same = wanted.length === body.children.length && wanted.every((row, i) => row === body.children[i]);
    if (!same) keepFocus(body, () => body.replaceChildren(...wanted));
    for (const { by, head } of heads)
      head.setAttribute("aria-sort", by !== order.by ? "none" : order.down ? "descending" : "ascending");
    const value = `${order.by} ${order.down ? "down" : "up"}`;
    if ([...sorted.options].some((option) => option.value === value)) sorted.value = value;
    const of = runs.length === 1 ? "1 run" : `${runs.length} runs`;
    counted.textContent = wanted.length === runs.length ? of : `${wanted.length} of ${of}`;
    table.hidden = !wanted.length;
    none.hidden = wanted.length > 0;
    empty.replaceChildren(
      ...shown.list.empty.map(({ name, said }) => el("p", { class: "gt-hint" }, `${name}: ${said}`)),
    );
    none.textContent = runs.length ? "No run has these words." : "There is no run here yet.";
  }

  return {
    field,
    /** Draw what is known now. @param {RunList} list @param {Record<string, RunDetails>} details by keys */
    show(list, details) {
      shown = { list, details };
      draw();
    },
  };
}

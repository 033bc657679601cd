// @ts-check
/** What stands around the panels of `/compare`: heads of rows and columns, a button for one column more, and the choice of rows. */

import { count, el, icon, toast } from "../core/dom.mjs";
import { clockOf } from "../data/tensors.mjs";

export const MOST_COLUMNS = 10;

/**
 * @typedef {import("./compare.mjs").Comparison} Comparison
 * @typedef {import("../data/tensors.mjs").Announcement} Announcement
 * @typedef {import("../stage/grid_rows.mjs").Row} Row
 * @typedef {import("../stage/grid_panel.mjs").Panel} Panel
 */

/**
 * @param {HTMLElement} grid
 * @param {Row[]} rows @param {Panel[][]} table
 * @param {number[]} epochs of the columns @param {Announcement} run whose they are
 * @param {(epochs: number[]) => void} choose other columns
 */
export function layOut(grid, rows, table, epochs, run, choose) {
  const known = run.epochs;
  const unit = clockOf(run);
  grid.style.setProperty("--gt-columns", String(epochs.length));
  const says = "One more column";
  const more = el(
    "button",
    { type: "button", class: "btn btn-sm gt-button gt-column-more", title: says, "aria-label": says },
    icon("plus-lg"),
  );
  more.hidden = epochs.length >= MOST_COLUMNS || epochs.length >= known.length;
  more.addEventListener("click", () => choose([...epochs, inWidestGap(epochs, known)]));
  const heads = epochs.map((epoch, column) => columnHead(epoch, column, epochs, run, choose));
  grid.replaceChildren(el("div", { class: "gt-corner" }, el("span", {}, unit), more), ...heads);
  rows.forEach((row, i) => {
    const head = el("div", { class: "gt-row-head" }, el("strong", {}, row.title), el("span", {}, row.note));
    grid.append(head, ...table[i].map((panel) => panel.root));
  });
  if (!rows.length)
    grid.append(el("p", { class: "gt-hint gt-grid-empty" }, "Every row is hidden: choose some under Rows."));
}

/** Say at each row how many of its points are drawn, where some are not. @param {HTMLElement} grid @param {Row[]} rows @param {(row: Row) => number} drawnIn */
export function sayDrawn(grid, rows, drawnIn) {
  const notes = grid.querySelectorAll(".gt-row-head span");
  rows.forEach((row, i) => {
    const drawn = drawnIn(row);
    const text = drawn < row.points.n ? `${row.note}, ${count(drawn)} drawn` : row.note;
    if (notes[i] && notes[i].textContent !== text) notes[i].textContent = text;
  });
}

/** @param {number[]} epochs @param {number[]} known */
function inWidestGap(epochs, known) {
  const free = known.filter((epoch) => !epochs.includes(epoch));
  const away = (/** @type {number} */ epoch) => Math.min(...epochs.map((one) => Math.abs(one - epoch)));
  return free.reduce((a, b) => (away(b) > away(a) ? b : a), free[0]);
}

/** @param {number} epoch @param {number} column @param {number[]} epochs @param {Announcement} run @param {(epochs: number[]) => void} choose */
function columnHead(epoch, column, epochs, run, choose) {
  const known = run.epochs;
  const unit = clockOf(run);
  const name = unit[0].toUpperCase() + unit.slice(1);
  const [first, last] = [known[0], known[known.length - 1]];
  const field = el("input", {
    type: "number", class: "form-control form-control-sm gt-column-epoch", value: String(epoch),
    min: String(first), max: String(last), "aria-label": `${name} of column ${column + 1}`,
  }); // prettier-ignore
  field.addEventListener("change", () => {
    const asked = Number(field.value);
    const none = field.value === "" || !known.includes(asked);
    if (!none && asked === epoch) return;
    if (!none && !epochs.includes(asked)) return choose(epochs.map((one, at) => (at === column ? asked : one)));
    if (none) toast(`${name} must be one of ${first} to ${last}, ${field.value || "nothing"} came`, "error");
    else toast(`${name} ${asked} has a column already`);
    field.value = String(epoch);
  });
  const says = `Remove ${unit} ${epoch}`;
  const remove = el(
    "button",
    { type: "button", class: "gt-column-remove", title: says, "aria-label": says },
    icon("x-lg"),
  );
  remove.hidden = epochs.length === 1;
  remove.addEventListener("click", () => choose(epochs.filter((one) => one !== epoch)));
  return el("div", { class: "gt-column-head" }, field, remove);
}

/**
 * Which rows are shown.
 *
 * @param {HTMLElement} box @param {Comparison["rows"]} all @param {() => string[]} shown names
 * @param {(rows: string[]) => void} choose
 */
export function showRowChoices(box, all, shown, choose) {
  const choices = all.map(({ name, title }) => {
    const check = el("input", { type: "checkbox", class: "form-check-input", checked: shown().includes(name) });
    check.addEventListener("change", () => {
      const now = shown();
      choose(all.map((one) => one.name).filter((one) => (one === name ? check.checked : now.includes(one))));
    });
    return el("label", { class: "gt-row-choice" }, check, el("span", {}, title));
  });
  const none = "No embedding of this run yet; all methods at once: gt embed RUN --method all";
  box.replaceChildren(...choices, ...(all.length > 1 ? [] : [el("p", { class: "gt-hint" }, none)]));
}

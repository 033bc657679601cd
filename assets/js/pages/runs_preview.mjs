// @ts-check
/** What is in a file that was brought, before anything is written: its columns, its first rows, and what may be chosen. */

import { count, el } from "../core/dom.mjs";
import { labelled, selectField } from "../picture/fields.mjs";

/**
 * @typedef {import("../payloads.mjs").Preview} Preview
 * @typedef {import("../payloads.mjs").BringChoices} BringChoices
 */

const LOOKED = "as found";
const SCALES = /** @type {const} */ ([
  ["auto", "As found"],
  ["none", "None"],
  ["standard", "Standard: by deviation"],
  ["robust", "Robust: by quartiles"],
]);
const MISSING = /** @type {const} */ ([
  ["refuse", "Are refused"],
  ["drop", "Are left out"],
]);

/** @param {string[]} head @param {string[][]} rows @param {string} label */
function table(head, rows, label) {
  const cells = (/** @type {string[]} */ row) => row.map((text) => el("td", {}, text));
  const heads = head.map((text) => el("th", { scope: "col" }, text));
  const made = el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows.map((row) => el("tr", {}, ...cells(row))))); // prettier-ignore
  return el("div", { class: "gt-bring-table", role: "region", "aria-label": label, tabIndex: 0 }, made);
}

/** What was seen, in a sentence. @param {Preview} seen */
export function sentence(seen) {
  const parts = [
    seen.n === 1 ? "1 point" : `${count(seen.n)} points`,
    seen.p === 1 ? "1 coordinate" : `${count(seen.p)} coordinates`,
  ];
  if (seen.epochs > 1) parts.push(`${count(seen.epochs)} ${seen.unit}s`);
  if (seen.groups > 1) parts.push(`${count(seen.groups)} groups`);
  const kind = seen.kind.charAt(0).toUpperCase() + seen.kind.slice(1);
  return `${kind}: ${parts.join(", ")}.`;
}

/** @param {Preview} seen */
function told(seen) {
  const columns = seen.columns.map(({ name, kind, role, why, example }) => [name, kind, role, why, example]);
  const more = seen.of_columns - seen.columns.length;
  const names = seen.columns.slice(0, seen.rows[0]?.length ?? 0).map(({ name }) => name);
  return [
    el("p", { class: "gt-bring-seen" }, el("strong", {}, sentence(seen))),
    el("ul", { class: "gt-bring-notes" }, ...seen.notes.map((note) => el("li", {}, note)), el("li", {}, `Scale: ${seen.scale}, ${seen.why_scale}.`)), // prettier-ignore
    el("h3", {}, "Columns"),
    table(["Column", "Kind", "Becomes", "Why", "First"], columns, "Columns"),
    more > 0 ? el("p", { class: "gt-hint" }, `… and ${count(more)} more columns.`) : null,
    names.length ? el("h3", {}, "First rows") : null,
    names.length ? table(names, seen.rows, "First rows") : null,
  ].filter((one) => one !== null);
}

/**
 * The fields, and below them what is seen with what they say.
 *
 * @param {() => void} changed how it is to be read, not its title
 */
export function createPreview(changed) {
  const title = el("input", { class: "form-control form-control-sm", autocomplete: "off", maxLength: 1000 });
  const label = selectField([["", `Found: ${LOOKED}`]], "");
  const time = selectField([["", `Found: ${LOOKED}`]], "");
  const point = selectField([["", `Found: ${LOOKED}`]], "");
  const coords = el("input", { class: "form-control form-control-sm", autocomplete: "off", placeholder: "as found; or names, x*, …" }); // prettier-ignore
  const scale = selectField(SCALES, "auto");
  const missing = selectField(MISSING, "refuse");
  for (const field of [label, time, point, coords, scale, missing]) field.addEventListener("change", changed);
  coords.addEventListener("blur", changed); // what was put back to what it had been is no change for a browser
  const fields = el(
    "div",
    { class: "gt-bring-fields" },
    labelled("Title", title),
    labelled("Label: tells groups apart", label),
    labelled("Time: rows are moments", time),
    labelled("Point: rows of the same one", point),
    labelled("Coordinates", coords),
    labelled("Scale", scale),
    labelled("Points with missing numbers", missing),
  );
  const body = el("div", { class: "gt-bring-told" });

  /** The columns to choose from, with what was found by looking. @param {HTMLSelectElement} select @param {Preview} seen @param {string} role */
  function offer(select, seen, role) {
    const now = select.value;
    const is = now === "" ? (seen.columns.find((one) => one.role === role)?.name ?? "none") : LOOKED;
    const names = seen.columns.map(({ name }) => name).filter((name) => name !== "none");
    const choices = [["", `Found: ${is}`], ["none", "None"], ...names.map((name) => [name, name])];
    select.replaceChildren(...choices.map(([value, text]) => el("option", { value, selected: value === now }, text)));
  }

  return {
    root: el("div", { class: "gt-bring-preview" }, fields, body),
    /** @returns {BringChoices} */
    choices: () => ({
      label: label.value,
      time: time.value,
      point: point.value,
      coords: coords.value,
      scale: scale.value,
      not_finite: missing.value,
    }),
    title: () => title.value,
    /** @param {Preview} seen */
    show(seen) {
      if (!title.value) title.value = seen.title;
      offer(label, seen, "label");
      offer(time, seen, "time");
      offer(point, seen, "point");
      body.replaceChildren(...told(seen));
    },
    /** Nothing can be shown of what was chosen. */
    clear: () => body.replaceChildren(),
    /** @param {boolean} busy */
    busy(busy) {
      body.toggleAttribute("data-gt-busy", busy);
      body.setAttribute("aria-busy", String(busy));
    },
  };
}

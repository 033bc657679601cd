// @ts-check
/** The filters that hide points, a chip each, and how many points they leave. */

import { el, icon } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";
import { wordsOf } from "./filter_words.mjs";

const LETTERS = 44; // of a filter's text; its tooltip has the whole

/** @typedef {import("../state/filters.mjs").Filter} Filter */

/**
 * @param {HTMLElement} box @param {readonly Filter[]} list
 * @param {object} given
 * @param {string} given.said how many points are left
 * @param {(filter: Filter) => string} given.problemOf why one hides nothing here; empty where it does
 * @param {(filter: Filter) => void} given.drop @param {() => void} given.clear all of them
 */
export function showFilters(box, list, { said, problemOf, drop, clear }) {
  const key = [said, ...list.map((one) => `${one.how} ${wordsOf(one)} ${problemOf(one)}`)].join("\n");
  if (!list.length || box.dataset.gtShown !== key) box.replaceChildren();
  if (!list.length || box.dataset.gtShown === key) return void (list.length || delete box.dataset.gtShown);
  box.dataset.gtShown = key; // what has the focus stays where nothing has changed
  box.append(...list.map((one) => chip(one, problemOf(one), () => drop(one))), el("span", {}, said));
  if (list.length < 2) return;
  box.append(
    el("button", { type: "button", class: "btn btn-sm gt-button", title: "Remove all filters", onclick: clear }, "Show all"),
  ); // prettier-ignore
}

/** @param {Filter} filter @param {string} problem @param {() => void} drop */
function chip(filter, problem, drop) {
  const how = filter.how === "only" ? "only" : "without";
  const says = `${how} ${wordsOf(filter)}`;
  const title = problem ? `${says}: hides nothing here, ${problem}` : says;
  const remove = el(
    "button",
    { type: "button", title: "Remove this filter (Ctrl Z takes back too)", "aria-label": `Remove the filter: ${says}`, onclick: drop },
    icon("x-lg"),
  ); // prettier-ignore
  return el("span", { class: `gt-filter${problem ? " gt-filter-idle" : ""}`, title },
    el("b", {}, how), middle(wordsOf(filter), LETTERS), problem ? el("em", {}, "not here") : null, remove); // prettier-ignore
}

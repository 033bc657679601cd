// @ts-check
/**
 * The legend of very many classes: a search, an order, and a list of which only the rows in view are in the page. What is found, up to ten
 * classes, or else what is selected, stands out from all others in the picture, in colours of its own.
 */

import { count, el, percent } from "../core/dom.mjs";
import { createLongList, search } from "../core/long_list.mjs";
import { createRows } from "./legend_rows.mjs";
import { SHADES } from "./palette.mjs";

const ROW = 29; // px
const MOST_OUT = 10; // classes that stand out at once: as many colours are told apart
const LETTERS = 30; // of a name

/** The orders, by what a select calls them. @type {Record<string, string>} */
const ORDERS = { order: "As recorded", name: "By name", points: "Most points", right: "Least correct" };

/**
 * Classes in an order.
 *
 * @param {number[]} found @param {string} order one of `ORDERS` @param {readonly string[]} names
 * @param {readonly number[]} totals points @param {readonly number[]|null} chosen selected @param {readonly number[]|null} right correct
 * @returns {number[]} a new array
 */
export function ordered(found, order, names, totals, chosen, right) {
  const by = {
    order: () => 0,
    name: (/** @type {number} */ a, /** @type {number} */ b) => names[a].localeCompare(names[b], undefined, { numeric: true }),
    points: (/** @type {number} */ a, /** @type {number} */ b) => (chosen ? chosen[b] - chosen[a] : 0) || totals[b] - totals[a],
    right: (/** @type {number} */ a, /** @type {number} */ b) => (right ? share(right, totals, a) - share(right, totals, b) : 0),
  }[order]; // prettier-ignore
  return [...found].sort((a, b) => by?.(a, b) || a - b);
}

/** Of a class without points there is none: it comes last. @param {readonly number[]} right @param {readonly number[]} totals @param {number} c */
const share = (right, totals, c) => (totals[c] ? right[c] / totals[c] : 2);

/**
 * @param {HTMLElement} box
 * @param {import("./legend_rows.mjs").Given & {standOut: (groups: number[]) => void, changed: () => void}} given `changed`: another order is asked for
 */
export function createLongLegend(box, given) {
  const { classes, standOut, changed } = given;
  const one = given.word(0);
  const all = one === "class" ? "classes" : `${one}s`;
  const make = createRows({ ...given, letters: LETTERS });
  const field = el("input", {
    type: "search", class: "form-control form-control-sm", placeholder: `Search ${count(classes.length)} ${all}`,
    "aria-label": `Search the ${all}`, autocomplete: "off", spellcheck: false, oninput: () => find(),
  }); // prettier-ignore
  const select = el("select", { class: "form-select form-select-sm", "aria-label": `Order of the ${all}` });
  const orders = Object.entries(ORDERS).filter(([value]) => value !== "right" || one === "class"); // of no other group it is known who is right
  select.append(...orders.map(([value, text]) => el("option", { value }, text)));
  select.addEventListener("change", () => changed());
  const said = el("p", { class: "gt-hint gt-legend-said", role: "status" });
  const scroll = el("div", { class: "gt-legend-list" });
  box.replaceChildren(el("div", { class: "gt-legend-tools" }, field, select), said, scroll);
  box.classList.add("gt-legend-long");

  let totals = classes.map(() => 0);
  /** @type {number[]|null} */
  let chosen = null;
  /** @type {number[]|null} */
  let right = null;
  /** @type {number[]} what is listed, in its order */
  let listed = classes.map((_, c) => c);
  /** @type {Map<number, import("./legend_rows.mjs").LegendRow>} by class, as they were made last */
  const made = new Map();

  const list = createLongList(scroll, {
    height: ROW,
    label: all[0].toUpperCase() + all.slice(1),
    make(at) {
      const row = make(listed[at]);
      made.set(listed[at], row);
      say(listed[at], row);
      return row.row;
    },
  });

  /** @param {number} c @param {import("./legend_rows.mjs").LegendRow} row */
  function say(c, { say: tell }) {
    const told = select.value === "right" && right && totals[c] ? `${percent(right[c] / totals[c])} correct` : "";
    tell(totals[c], chosen && chosen[c], told);
  }

  function find() {
    const query = field.value.trim();
    const found = search(classes, query);
    listed = ordered(found, select.value, classes, totals, chosen, right);
    made.clear();
    standOut(outOf(query, found));
    list.show(listed.length);
    said.textContent = sentence(query, found.length);
  }

  /** @param {string} query @param {number[]} found */
  function outOf(query, found) {
    if (query) return found.length <= MOST_OUT ? found : [];
    const some = chosen ? classes.map((_, c) => c).filter((c) => chosen?.[c]) : [];
    return some.length <= MOST_OUT ? some : [];
  }

  /** @param {string} query @param {number} n */
  function sentence(query, n) {
    if (query && !n) return `No ${one} is called so.`;
    if (query) {
      const out = n <= MOST_OUT ? "" : `; with ${MOST_OUT} or fewer they stand out`;
      return `${count(n)} of ${count(classes.length)} ${all}${out}`;
    }
    const shared =
      classes.length > SHADES ? `${SHADES} colours for ${count(classes.length)} ${all}: they repeat. ` : "";
    return `${shared}Search, and what is found stands out.`;
  }

  return {
    /** Whether the order needs what the network says. */
    get asks() {
      return select.value === "right";
    },
    /** @param {number[]} all points a class @param {number[]|null} some selected of them; null without a selection @param {number[]|null} correct null where it is not known */
    show(all, some, correct) {
      const [before, was] = [listed, JSON.stringify(chosen)];
      [totals, chosen, right] = [all, some, correct];
      const query = field.value.trim();
      listed = ordered(search(classes, query), select.value, classes, totals, chosen, right);
      if (was !== JSON.stringify(chosen)) standOut(outOf(query, search(classes, query)));
      const same = before.length === listed.length && before.every((c, at) => c === listed[at]);
      if (!same || !list.rows.size) {
        made.clear();
        list.show(listed.length);
        said.textContent = sentence(query, listed.length);
      } else for (const at of list.rows.keys()) say(listed[at], /** @type {any} */ (made.get(listed[at])));
    },
  };
}

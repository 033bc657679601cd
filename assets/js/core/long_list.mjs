// @ts-check
/**
 * A list of any length of which only the rows in view are in the page. Rows are equally high; arrows, Home, End and the page keys lead
 * through all of them, wherever they are.
 */

import { el } from "./dom.mjs";

const BEYOND = 3; // rows above and below what is in view

/**
 * The first row and the one after the last that are to be in the page.
 *
 * @param {number} top px that are scrolled away @param {number} view px that are seen @param {number} height of a row @param {number} count of rows
 * @returns {[number, number]}
 */
export function rowsInView(top, view, height, count) {
  const first = Math.max(0, Math.min(count - 1, Math.floor(top / height) - BEYOND));
  return [Math.max(0, first), Math.min(count, Math.ceil((top + view) / height) + BEYOND)];
}

/** Which row a key leads to, from another; -1 for a key that leads nowhere. @param {string} key @param {number} from @param {number} page rows in view @param {number} count */
export function rowByKey(key, from, page, count) {
  /** @type {Record<string, number>} */
  const to = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + page, PageUp: from - page, Home: 0, End: count - 1 }; // prettier-ignore
  return key in to && count ? Math.max(0, Math.min(count - 1, to[key])) : -1;
}

/**
 * @param {HTMLElement} box scrolls; is filled
 * @param {object} given
 * @param {number} given.height of a row in px
 * @param {string} given.label read aloud
 * @param {(at: number) => HTMLElement} given.make the row at a place; what has the focus in it is its first button or link
 */
export function createLongList(box, { height, label, make }) {
  const inner = el("div", { class: "gt-long-inner", role: "list", "aria-label": label });
  box.classList.add("gt-long-list");
  box.replaceChildren(inner);
  /** @type {Map<number, HTMLElement>} those in the page, by place */
  const rows = new Map();
  let count = 0;

  /** @param {number} at */
  function add(at) {
    const row = make(at);
    row.classList.add("gt-long-row");
    row.setAttribute("role", "listitem");
    row.setAttribute("aria-setsize", String(count));
    row.setAttribute("aria-posinset", String(at + 1));
    row.style.transform = `translateY(${at * height}px)`;
    row.style.height = `${height}px`;
    row.dataset.at = String(at);
    rows.set(at, row);
    const after = [...rows.keys()].filter((one) => one > at).sort((a, b) => a - b)[0];
    inner.insertBefore(row, rows.get(after) ?? null); // in their order, for those who hear the page
  }

  function render() {
    const [first, last] = rowsInView(box.scrollTop, box.clientHeight || 24 * height, height, count);
    for (const [at, row] of rows) {
      if ((at >= first && at < last) || (at < count && row.contains(document.activeElement))) continue;
      row.remove();
      rows.delete(at);
    }
    for (let at = first; at < last; at++) if (!rows.has(at)) add(at);
  }

  /** @param {number} at */
  function focus(at) {
    const [top, view] = [box.scrollTop, box.clientHeight];
    if (at * height < top) box.scrollTop = at * height;
    else if ((at + 1) * height > top + view) box.scrollTop = (at + 1) * height - view;
    render();
    /** @type {HTMLElement|null|undefined} */ (rows.get(at)?.querySelector("button, a"))?.focus({
      preventScroll: true,
    });
  }

  box.addEventListener("scroll", render, { passive: true });
  box.addEventListener("keydown", (event) => {
    const row = /** @type {HTMLElement} */ (event.target).closest(".gt-long-row");
    if (!row || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const at = Number(/** @type {HTMLElement} */ (row).dataset.at);
    const to = rowByKey(event.key, at, Math.max(1, Math.floor(box.clientHeight / height) - 1), count);
    if (to < 0) return;
    event.preventDefault();
    event.stopPropagation(); // these keys mean the epoch, or scroll the page, everywhere else
    focus(to);
  });
  const grown = new ResizeObserver(render);
  grown.observe(box);

  return {
    /** Show so many rows, all made anew. @param {number} rowsNow */
    show(rowsNow) {
      count = rowsNow;
      const at = [...rows].find(([, row]) => row.contains(document.activeElement))?.[0] ?? -1;
      for (const row of rows.values()) row.remove();
      rows.clear();
      inner.style.height = `${count * height}px`;
      render();
      if (at >= 0 && count) focus(Math.min(at, count - 1));
    },
    /** Those in the page, by place. @type {ReadonlyMap<number, HTMLElement>} */
    rows,
    /** Bring a row into view. @param {number} at */
    reveal(at) {
      box.scrollTop = Math.max(0, at * height - box.clientHeight / 2);
      render();
    },
  };
}

/** Places of the names in which all words of a query are, anywhere and in any case. @param {readonly string[]} names @param {string} query @returns {number[]} */
export function search(names, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean); // prettier-ignore
  return Array.from(names.keys()).filter((at) => {
    const name = names[at].toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

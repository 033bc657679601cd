// @ts-check
/** Many elements that are one stop of the Tab key: arrows lead from one to the next within it. */

/**
 * Where a key leads among elements of which some cannot be used now.
 *
 * @param {string} key @param {number} from index @param {boolean[]} usable one an element
 * @returns {number} an index; -1 for a key of no meaning here, or where nothing can be used
 */
export function roved(key, from, usable) {
  const n = usable.length;
  const there = usable.flatMap((can, i) => (can ? [i] : []));
  if (!there.length) return -1;
  if (key === "Home") return there[0];
  if (key === "End") return there[there.length - 1];
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key] ?? 0;
  if (!step) return -1;
  for (let i = 1; i <= n; i++) {
    const at = (from + i * step + n * n) % n;
    if (usable[at]) return at;
  }
  return -1;
}

/**
 * @param {HTMLElement} box that the elements are in
 * @param {HTMLElement[]} items those that are hidden cannot be used; where others come into the list, `settle`
 * @param {(key: string) => string} [meant] the arrow, Home or End that a key stands for
 */
export function createRoving(box, items, meant = (key) => key) {
  let at = 0;

  /** Elements have come or gone: one that can be used is the stop. */
  function settle() {
    if (!items[at] || items[at].hidden) at = Math.max(0, items.findIndex((item) => !item.hidden)); // prettier-ignore
    items.forEach((item, i) => (item.tabIndex = i === at ? 0 : -1));
  }
  box.addEventListener("focusin", (event) => {
    const now = items.indexOf(/** @type {HTMLElement} */ (event.target));
    if (now < 0) return;
    at = now;
    settle();
  });
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !items.includes(/** @type {HTMLElement} */ (event.target)))
      return;
    const to = roved(meant(event.key), at, items.map((item) => !item.hidden)); // prettier-ignore
    if (to < 0) return;
    event.preventDefault();
    event.stopPropagation(); // ← and → mean the epoch everywhere else
    items[to].focus({ preventScroll: true });
  });
  settle();
  return { settle };
}

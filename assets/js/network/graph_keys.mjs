// @ts-check
/** The keys of what is beside the main path: one stop of the Tab key, arrows from lane to lane and from state to state. */

/**
 * @typedef {object} LaneItem a lane, or a state in one
 * @property {number} column where its middle is
 * @property {number} level of its lane, 0 the lowest
 */

/**
 * Lanes and the states in them, in the order in which `makeLane` makes their buttons.
 *
 * @param {import("./graph_layout.mjs").Lane[]} lanes @param {number[]} columns of all states
 * @returns {LaneItem[]}
 */
export const laneItems = (lanes, columns) =>
  lanes.flatMap(({ from, to, level, states }) => [
    { column: (from + to) / 2, level },
    ...states.map((state) => ({ column: columns[state], level })),
  ]);

/** Which comes first on the way through the network. @param {LaneItem[]} items @returns {number[]} */
const along = (items) =>
  [...items.keys()].sort((a, b) => items[a].column - items[b].column || items[a].level - items[b].level || a - b);

/**
 * The item that a key leads to; null for keys of no meaning here, and where there is none that way. ← and → go along the
 * network through all of them, ↑ and ↓ to the nearest of the next lane above or below.
 *
 * @param {string} key @param {LaneItem[]} items @param {number} at @returns {number|null}
 */
export function itemByKey(key, items, at) {
  const order = along(items);
  const place = order.indexOf(at);
  if (key === "Home") return order[0];
  if (key === "End") return order[order.length - 1];
  if (key === "ArrowLeft") return order[place - 1] ?? null;
  if (key === "ArrowRight") return order[place + 1] ?? null;
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  const up = key === "ArrowUp" ? 1 : -1;
  const far = (/** @type {number} */ i) => Math.abs(items[i].column - items[at].column);
  const beyond = order.filter((i) => (items[i].level - items[at].level) * up > 0);
  const next = Math.min(...beyond.map((i) => (items[i].level - items[at].level) * up));
  const there = beyond.filter((i) => (items[i].level - items[at].level) * up === next);
  return there.length ? there.reduce((best, i) => (far(i) < far(best) ? i : best)) : null;
}

/**
 * Let arrow keys lead from one button to the next, of which one at a time is a stop of the Tab key.
 *
 * @param {HTMLElement} box of the lanes
 * @param {LaneItem[]} items
 * @param {number|null} held that has the focus and is to keep it
 */
export function wireLanes(box, items, held) {
  const buttons = /** @type {HTMLButtonElement[]} */ ([...box.querySelectorAll("button")]);
  if (!items.length) return;
  /** @param {number} at */
  const stopAt = (at) => buttons.forEach((button, i) => (button.tabIndex = i === at ? 0 : -1));
  stopAt(held ?? along(items)[0]);
  if (held !== null) buttons[held].focus({ preventScroll: true });
  box.addEventListener("focusin", ({ target }) => stopAt(buttons.indexOf(/** @type {HTMLButtonElement} */ (target))));
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const known = ["Home", "End", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key);
    if (at < 0 || !known) return;
    event.preventDefault();
    event.stopPropagation(); // ← and → mean the epoch everywhere else
    const next = itemByKey(event.key, items, at);
    if (next !== null) buttons[next].focus();
  });
}

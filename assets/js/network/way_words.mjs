// @ts-check
/** What lies between two states of a network with branches, in words. */

const LISTED = 4; // nodes that are named

/** @param {import("../payloads.mjs").NetworkGraph} graph @param {import("../payloads.mjs").GraphWay} way */
export function wayText({ states }, way) {
  const from = `${states[way.before].name} → ${states[way.behind].name}`;
  return `${from}: ${whatText(way)}${way.walked ? ", on the path" : ". Click to go this way"}`;
}

/** @param {import("../payloads.mjs").GraphWay} way */
function whatText({ how, role, kind, between }) {
  const unseen = between.length ? `, past ${listed(between)}` : "";
  if (how === "addition") return `${role === "skip" ? "shortcut, added as it is" : "added as it is"}${unseen}`;
  if (how === "concatenation") return `joined with others as it is${unseen}`;
  return `${kind}${unseen}`;
}

/** Names of nodes that are not recorded, the first few. @param {string[]} names */
export function listed(names) {
  const more = names.length - LISTED;
  return names.slice(0, LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

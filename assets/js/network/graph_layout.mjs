// @ts-check
/**
 * Where the states of a network with branches stand in the strip: columns by how many states come before, the main
 * path along the bottom, whatever is beside it in lanes above, each over the columns that it spans. What comes from another
 * input than the path's stands in a lane from its first state on.
 *
 * Runs of states of one part of the network ("layer1.0", "encoder.layer.3") are blocks, which fold where there are many
 * states: the states of a folded block are narrow, without words.
 */

/**
 * @typedef {import("../payloads.mjs").NetworkGraph} NetworkGraph
 * @typedef {import("../payloads.mjs").GraphWay} GraphWay
 * @typedef {Record<string, string>} Path by the name of a joint that of the state it is entered from
 * @typedef {{name: string, from: number, to: number}} Block columns from … to, both of it
 * @typedef {object} Lane what is beside the main path
 * @property {number} from a column @property {number} to a column
 * @property {number} level 0 the lowest
 * @property {number[]} states that stand in it
 * @property {number[]} ways that are it
 * @property {number|null} start level of the lane that it leaves; MAIN for the main path, null where nothing comes before
 * @property {number|null} end level of the lane that it comes to; MAIN for the main path
 * @typedef {object} Layout
 * @property {number[]} columns of each state
 * @property {number[]} main states of the main path, one a column
 * @property {Lane[]} lanes
 * @property {number} levels of lanes
 * @property {Block[]} blocks
 */

export const MAIN = -1; // the level of the main path, below all lanes
const LEAST = 3; // states of a block
const WIDE = 4.6; // rem, of a column with words
const NARROW = 0.9; // rem, of one in a folded block
const TITLE = 4; // rem, that a folded block's name needs

/** @param {NetworkGraph} graph @returns {Layout} */
export function layOutGraph({ states, ways }) {
  const before = states.map(() => /** @type {number[]} */ ([]));
  for (const way of ways) before[way.behind].push(way.before);
  const columns = states.map(() => 0);
  const usual = states.map(() => -1);
  states.forEach((_, i) => {
    for (const one of before[i]) {
      if (usual[i] >= 0 && columns[one] < columns[i]) continue;
      [usual[i], columns[i]] = [one, columns[one] + 1];
    }
  });
  const main = [];
  for (let at = states.length - 1; at >= 0; at = usual[at]) main.unshift(at);
  const lanes = lanesOf(ways, new Set(main), columns);
  return {
    columns,
    main,
    lanes,
    levels: lanes.reduce((most, lane) => Math.max(most, lane.level + 1), 0),
    blocks: blocksOf(main.map((i) => states[i].name)),
  };
}

/** @param {GraphWay[]} ways @param {Set<number>} along the main path @param {number[]} columns @returns {Lane[]} */
function lanesOf(ways, along, columns) {
  /** by state the lane that it stands in @type {Map<number, Lane>} */
  const of = new Map();
  /** @type {Lane[]} */
  const lanes = [];
  ways.forEach((way, w) => {
    const [from, to] = [columns[way.before], columns[way.behind]];
    if (along.has(way.before) && along.has(way.behind) && to === from + 1) return;
    const own = of.get(way.before);
    // a lane goes on with the first way out of its last state
    const goes = own && own.states[own.states.length - 1] === way.before && own.to === from && !of.has(way.behind);
    const lane = goes ? own : { from, to, level: 0, states: [], ways: [], start: MAIN, end: MAIN };
    if (!goes) lanes.push(lane);
    lane.to = to;
    lane.ways.push(w);
    for (const state of [way.before, way.behind]) {
      if (along.has(state) || of.has(state)) continue;
      lane.states.push(state);
      of.set(state, lane);
    }
  });
  const placed = /** @type {Lane[]} */ ([]);
  for (const lane of [...lanes].sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from)) {
    const taken = new Set(placed.filter((one) => one.from < lane.to && lane.from < one.to).map(({ level }) => level));
    while (taken.has(lane.level)) lane.level++;
    placed.push(lane);
  }
  for (const lane of lanes) {
    const level = (/** @type {number} */ state) => {
      const there = of.get(state);
      return there === lane ? null : (there?.level ?? MAIN);
    };
    lane.start = level(ways[lane.ways[0]].before);
    lane.end = level(ways[lane.ways[lane.ways.length - 1]].behind);
  }
  return lanes;
}

/** The part of a network that a state belongs to: up to its first number, else all but its last word. @param {string} name */
export function partOf(name) {
  const words = name.split("/")[0].split(".");
  if (!name.includes("/")) words.pop();
  const number = words.findIndex((word) => /^\d+$/.test(word));
  return words.slice(0, number < 0 ? words.length : number + 1).join(".");
}

/** Runs of columns that are of one part. @param {string[]} names @returns {Block[]} */
export function blocksOf(names) {
  /** @type {Block[]} */
  const found = [];
  for (let from = 0; from < names.length; ) {
    const name = partOf(names[from]);
    let to = from;
    while (to + 1 < names.length && partOf(names[to + 1]) === name) to++;
    if (name && to - from + 1 >= LEAST) found.push({ name, from, to });
    from = to + 1;
  }
  return found;
}

/**
 * How wide columns are, and where their middles are.
 *
 * @param {number} count of columns @param {Block[]} blocks @param {Set<string>} folded names of blocks
 * @returns {{widths: number[], middles: number[], total: number}} rem; middles as a share of all
 */
export function widthsOf(count, blocks, folded) {
  const widths = Array.from({ length: count }, () => WIDE);
  for (const { name, from, to } of blocks) {
    if (!folded.has(name)) continue;
    const each = Math.max(NARROW, TITLE / (to - from + 1));
    widths.fill(each, from, to + 1);
  }
  const total = widths.reduce((sum, one) => sum + one, 0);
  let left = 0;
  const middles = widths.map((one) => (left += one) / total - one / 2 / total);
  return { widths, middles, total };
}

/** Where a position between two stops is. @param {number[]} stops rising @param {number} position */
export function placeAt(stops, position) {
  const low = Math.max(0, Math.min(stops.length - 1, Math.floor(position)));
  const high = Math.min(stops.length - 1, low + 1);
  return stops[low] + (position - low) * (stops[high] - stops[low]);
}

/** The position whose place it is. @param {number[]} stops rising @param {number} place */
export function positionAt(stops, place) {
  const above = stops.findIndex((stop) => stop >= place);
  if (above === 0) return 0;
  if (above < 0) return stops.length - 1;
  return above - (stops[above] - place) / (stops[above] - stops[above - 1]);
}

/**
 * The path that goes through a state, and into it by a way if one is said, else that is as the one before.
 *
 * @param {NetworkGraph} graph @param {Path} path @param {number} state @param {GraphWay} [way] into it
 * @returns {Path}
 */
export function pathThrough({ states, ways }, path, state, way) {
  const chosen = { ...path };
  if (way) chosen[states[state].name] = states[way.before].name;
  for (let at = state; states[at].place === null; ) {
    const on = ways.find((one) => one.before === at);
    if (!on) break;
    chosen[states[on.behind].name] = states[at].name;
    at = on.behind;
  }
  return chosen;
}

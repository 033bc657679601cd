// @ts-check
/**
 * A network with branches as a small graph, and the slider of layers along it: states of the main path as blocks, what is
 * beside it in lanes, sums as joints. The slider stops at the states of the path; a lane that is clicked becomes part of it.
 *
 * `show` writes one transform a frame, and the rest when the nearest state changes.
 */

import { nearestState } from "../data/layers.mjs";
import { el } from "../core/dom.mjs";
import { middle } from "../core/names.mjs";
import { laneItems, wireLanes } from "./graph_keys.mjs";
import { layOutGraph, MAIN, pathThrough, placeAt, positionAt, widthsOf } from "./graph_layout.mjs";
import { blockText, makeBlock } from "./strip_block.mjs";
import { createStripScroll } from "./strip_scroll.mjs";
import { makeNeedle, makeSlider, sayState, takeBox, wireSlider } from "./strip_slider.mjs";
import { wayText } from "./way_words.mjs";

const FOLD = 26; // states from which on blocks are folded at first
const NAME = 9; // letters of a state's name
const LANES = "Branches: arrow keys go from one to the next, Enter goes that way";

/** Which blocks are open, for as long as the page is: a path that is chosen leaves them as they are. @type {WeakMap<HTMLElement, {of: string, folded: Set<string>}>} */
const opened = new WeakMap();

/**
 * @param {HTMLElement} box
 * @param {object} given
 * @param {import("../payloads.mjs").AlignmentNote & {graph: import("../payloads.mjs").NetworkGraph}} given.note
 * @param {(position: number, smooth: boolean) => void} given.seek to a state of the path
 * @param {(path: Record<string, string>, state: string) => void} given.choose another path, and where to be on it
 */
export function createGraphStrip(box, { note, seek, choose }) {
  const { graph, states, path } = note;
  const layout = layOutGraph(graph);
  const { columns, main, lanes, levels, blocks } = layout;
  const places = graph.states.flatMap((state, i) => (state.place === null ? [] : [[state.place, i]])).sort((a, b) => a[0] - b[0]); // prettier-ignore
  const walked = places.map(([, state]) => state);
  const held = heldLane(box, graph);
  const folds = foldedOf(box, graph, main.length, blocks);
  const widest = Math.max(...graph.states.map((state) => state.width));

  const { slider, track, needle, signal } = frame(box, states.length);
  const buttons = new Map(main.map((state) => [state, blockOf(state)]));
  const heads = blocks.map((block) => makeHead(block, fold));
  const lines = lanes.map((lane) => makeLane(lane, graph, levels, go));
  const beside = el("div", { class: "gt-lanes", role: "group", "aria-label": LANES, hidden: !lanes.length });
  beside.append(...lines.flat());
  track.append(...buttons.values(), ...heads, beside, slider, needle);
  wireLanes(beside, laneItems(lanes, columns), held);

  let stops = /** @type {number[]} */ ([]);
  let [position, nearest] = [0, -1];
  const scroll = createStripScroll(box, track, {
    middle: (state) => stops[state],
    signal,
    resized: () => nearest >= 0 && scroll.reveal(nearest, "auto"),
  });
  const slide = wireSlider(slider, {
    last: states.length - 1, position: () => position, seek, scroll,
    toValue: (at) => placeAt(stops, at), toPosition: (value) => positionAt(stops, value),
    let: () => nearest >= 0 && scroll.reveal(nearest, "smooth"),
  }); // prettier-ignore
  fit();

  /** @param {number} state of the graph */
  function blockOf(state) {
    const one = graph.states[state];
    const block = makeBlock({ ...one, short: shortName(one.name, blocks, columns[state]) }, widest);
    block.style.gridColumn = String(columns[state] + 1);
    const end = state === main[main.length - 1] ? "gt-last" : columns[state] === 0 ? "gt-first" : "gt-inner";
    block.classList.add(end);
    block.classList.toggle("gt-off-path", one.place === null);
    block.addEventListener("click", () => go(state));
    return block;
  }

  /** Go to a state, by another path if it is on none of this one's. @param {number} state @param {import("../payloads.mjs").GraphWay} [way] */
  function go(state, way) {
    const { place, name } = graph.states[state];
    const on = !way || way.walked;
    if (place !== null && on) return slide.go(place);
    choose(pathThrough(graph, path, state, way), name);
  }

  /** @param {string} name of a block */
  function fold(name) {
    if (!folds.delete(name)) folds.add(name);
    fit();
    if (nearest >= 0) scroll.reveal(nearest, "auto");
  }

  /** Widths, and all that stands by them. */
  function fit() {
    const { widths, middles, total } = widthsOf(main.length, blocks, folds);
    stops = walked.map((state) => middles[columns[state]]);
    track.style.setProperty("--gt-total", `${total}rem`);
    track.style.setProperty("--gt-levels", String(levels));
    track.style.gridTemplateColumns = widths.map((one) => `minmax(0, ${one}fr)`).join(" ");
    const narrow = new Set(blocks.filter(({ name }) => folds.has(name)).flatMap(({ from, to }) => range(from, to)));
    for (const [state, block] of buttons) block.classList.toggle("gt-folded", narrow.has(columns[state]));
    heads.forEach((head, b) => sayHead(head, blocks[b], folds.has(blocks[b].name)));
    lanes.forEach((lane, l) => placeLane(lines[l], lane, columns, middles));
    const [first, final] = [stops[0], stops[stops.length - 1]];
    Object.assign(slider, { min: String(first), max: String(final) });
    slider.style.setProperty("--gt-from", String(first));
    slider.style.setProperty("--gt-span", String(final - first));
    place();
    if (nearest >= 0) slide.put(position);
  }

  function place() {
    needle.style.transform = `translateX(${(100 * placeAt(stops, position)).toFixed(3)}%)`;
  }

  /** @param {number} now a state of the path */
  function say(now) {
    if (nearest >= 0) mark(buttons.get(walked[nearest]), false);
    mark(buttons.get(walked[now]), true);
    nearest = now;
    slide.put(position);
    sayState(slider, scroll, states, now);
  }
  return {
    /** @param {number} at 0 … states - 1, fractions between two states */
    show(at) {
      if (at === position && nearest >= 0) return;
      position = at;
      place();
      const now = nearestState(at, states.length);
      if (now !== nearest) say(now);
      else if (Number.isInteger(at)) slide.put(at);
    },
  };
}

/** @param {import("./graph_layout.mjs").Block} block @param {(name: string) => void} fold */
function makeHead(block, fold) {
  const head = el("button", { type: "button", class: "gt-strip-head", tabIndex: -1 });
  head.style.gridColumn = `${block.from + 1} / ${block.to + 2}`;
  head.addEventListener("click", () => fold(block.name));
  return head;
}

/**
 * A lane, and the states that stand in it.
 *
 * @param {import("./graph_layout.mjs").Lane} lane @param {import("../payloads.mjs").NetworkGraph} graph @param {number} levels
 * @param {(state: number, way?: import("../payloads.mjs").GraphWay) => void} go
 */
function makeLane(lane, graph, levels, go) {
  const way = graph.ways[lane.ways[lane.ways.length - 1]];
  const text = lane.ways.map((w) => wayText(graph, graph.ways[w])).join("\n");
  const line = el("div", { class: "gt-lane" });
  const hit = el("button", { type: "button", class: "gt-lane-hit", title: text, "aria-label": text });
  hit.setAttribute("aria-pressed", String(lane.ways.every((w) => graph.ways[w].walked)));
  line.classList.toggle("gt-walked", lane.ways.every((w) => graph.ways[w].walked)); // prettier-ignore
  line.style.setProperty("--gt-level", String(levels - 1 - lane.level));
  for (const end of /** @type {const} */ (["start", "end"])) {
    const level = lane[end];
    if (level === MAIN) continue; // else its foot is on another lane, or it has none
    line.classList.add(`gt-${end}-above`);
    line.style.setProperty(`--gt-${end}`, String(lane.level - (level ?? lane.level)));
  }
  hit.addEventListener("click", () => go(way.behind, lane.states.length ? undefined : way));
  if (lane.states.length) hit.addEventListener("click", () => go(lane.states[0]));
  line.append(hit);
  const stations = lane.states.map((state) => {
    const one = graph.states[state];
    const stop = el("button", {
      type: "button", class: "gt-lane-stop", tabIndex: -1, title: blockText(one), "aria-label": blockText(one),
      style: `--gt-color:var(--gt-kind-${one.family});--gt-level:${levels - 1 - lane.level}`,
    }); // prettier-ignore
    stop.classList.toggle("gt-off-path", one.place === null);
    stop.addEventListener("click", () => go(state));
    return stop;
  });
  return [line, ...stations];
}

/**
 * A lane over the columns that it spans, its states over theirs.
 *
 * @param {HTMLElement[]} parts from `makeLane` @param {import("./graph_layout.mjs").Lane} lane
 * @param {number[]} columns of all states @param {number[]} middles of columns, as a share of all
 */
function placeLane([line, ...stations], { from, to, states }, columns, middles) {
  line.style.left = `${100 * middles[from]}%`;
  line.style.width = `${100 * (middles[to] - middles[from])}%`;
  stations.forEach((stop, i) => (stop.style.left = `${100 * middles[columns[states[i]]]}%`));
}

/** @param {Element|undefined} block @param {boolean} on */
function mark(block, on) {
  if (on) block?.setAttribute("aria-current", "step");
  else block?.removeAttribute("aria-current");
}

/** @param {HTMLElement} box @param {number} count states of the path */
function frame(box, count) {
  const signal = takeBox(box);
  const slider = makeSlider(count - 1);
  const needle = makeNeedle();
  const track = el("div", { class: "gt-strip-track gt-graph-track" });
  box.replaceChildren(track);
  return { slider, needle, track, signal };
}

/** @param {import("../payloads.mjs").NetworkGraph} graph */
const namesOf = ({ states }) => states.map(({ name }) => name).join("\n");

/** Which button beside the main path has the focus, and keeps it where only the path changes. @param {HTMLElement} box @param {import("../payloads.mjs").NetworkGraph} graph */
function heldLane(box, graph) {
  if (opened.get(box)?.of !== namesOf(graph)) return null;
  const at = [...box.querySelectorAll(".gt-lanes button")].indexOf(/** @type {Element} */ (document.activeElement));
  return at < 0 ? null : at;
}

/** @param {HTMLElement} box @param {import("../payloads.mjs").NetworkGraph} graph @param {number} columns @param {import("./graph_layout.mjs").Block[]} blocks */
function foldedOf(box, graph, columns, blocks) {
  const of = namesOf(graph);
  const before = opened.get(box);
  if (before?.of === of) return before.folded;
  const folded = new Set(columns >= FOLD ? blocks.map(({ name }) => name) : []);
  opened.set(box, { of, folded });
  return folded;
}

/** @param {HTMLButtonElement} head @param {import("./graph_layout.mjs").Block} block @param {boolean} folded */
function sayHead(head, { name, from, to }, folded) {
  head.replaceChildren(el("span", {}, shortBlock(name, folded ? 11 : 28)));
  head.title = `${name}: ${to - from + 1} layers. ${folded ? "Show their names" : "Fold"}`;
  head.setAttribute("aria-label", head.title);
  head.setAttribute("aria-expanded", String(!folded));
}

/** A block's name: its last words, for what is before them is the same in all. @param {string} name @param {number} most */
function shortBlock(name, most) {
  if (name.length <= most) return name;
  const words = name.split(".");
  return middle(words.slice(/^\d+$/.test(words[words.length - 1]) ? -2 : -1).join("."), most);
}

/** A state's name, below the name of its block without that. @param {string} name @param {import("./graph_layout.mjs").Block[]} blocks @param {number} column */
function shortName(name, blocks, column) {
  const block = blocks.find(({ from, to }) => column >= from && column <= to);
  const rest = block ? name.slice(block.name.length).replace(/^[./]/, "") : name;
  const last = rest.split(/[./]/).pop() || rest;
  return middle(rest.length > NAME ? last : rest, NAME);
}

/** @param {number} from @param {number} to */
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

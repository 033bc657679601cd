// @ts-check
/**
 * Where the names of handles stand: none lies over another. Ends that lie on one another share one name ("1 2 3 5"); a name that
 * would lie over another goes to another side of its end, or farther off, where a line leads to it. A place that is free is kept,
 * so that names do not jump while the picture turns.
 */

export const HEIGHT = 18; // px of a name in type of the usual size
const ONE = 11; // px between two ends that are one to the eye
const RING = 9; // px from an end that its ring takes
const MOST = 7; // names that are said together; of more, the rest is counted

/** Places of a name about its end, in px: its corner, as a function of its width and height. @type {((w: number, h: number) => [number, number])[]} */
const PLACES = [
  (_, h) => [10, -h / 2],
  (w, h) => [-10 - w, -h / 2],
  (w, h) => [-w / 2, -h - 11],
  (w) => [-w / 2, 11],
  (_, h) => [9, -h - 8],
  () => [9, 8],
  (w, h) => [-9 - w, -h - 8],
  (w) => [-9 - w, 8],
  (_, h) => [30, -h - 22],
  () => [30, 22],
  (w, h) => [-30 - w, -h - 22],
  (w) => [-30 - w, 22],
  (w, h) => [-w / 2, -h - 40],
  (w) => [-w / 2, 40],
  (_, h) => [62, -h / 2],
  (w, h) => [-62 - w, -h / 2],
];
const LED = 8; // the first of these that a line leads to

/**
 * @typedef {object} End
 * @property {number} x px @property {number} y
 * @property {string} name
 * @property {boolean} left whether the name would rather stand to the left
 * @property {boolean} [first] whether its name is placed before others: it is in hand, or in focus
 * @typedef {object} Label
 * @property {number[]} of the ends that it names, by index; the first is the one that it stands at
 * @property {string} text
 * @property {number} place which of the places it has
 * @property {number} dx px from the end to its left edge @property {number} dy to its upper edge @property {number} width
 * @property {boolean} led whether a line leads to it
 * @typedef {{names: number[][], rings: number[][]}} Around boxes of names, over which none may lie, and of rings, over which none lies where there is another place:
 *   left, top, right, bottom in px
 */

/** @type {Around} */
export const NOTHING = { names: [], rings: [] };

/** What is said of several ends together. @param {string[]} names */
function together(names) {
  const between = names.some((name) => name.includes(" ")) ? " · " : " ";
  return names.length <= MOST
    ? names.join(between)
    : `${names.slice(0, MOST - 1).join(between)} +${names.length - MOST + 1}`;
}

/** Ends that are one to the eye, in groups. @param {End[]} ends @returns {number[][]} */
function groupsOf(ends) {
  /** @type {number[][]} */
  const groups = [];
  const order = [...ends.keys()].sort(
    (a, b) => Number(ends[b].first ?? false) - Number(ends[a].first ?? false) || a - b,
  );
  for (const i of order) {
    const near = groups.find(([j]) => Math.hypot(ends[j].x - ends[i].x, ends[j].y - ends[i].y) < ONE);
    if (near) near.push(i);
    else groups.push([i]);
  }
  for (const group of groups) group.splice(1, group.length, ...group.slice(1).sort((a, b) => a - b));
  return groups;
}

/** The box of a ring. @param {{x: number, y: number}} end @returns {number[]} */
export const ringAt = ({ x, y }) => [x - RING, y - RING, x + RING, y + RING];

/** @param {number[]} a left, top, right, bottom @param {number[]} b */
const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/**
 * @param {End[]} ends
 * @param {{left: number, top: number, width: number, height: number}} plot px that a name may stand in
 * @param {(text: string) => number} widthOf px of a name
 * @param {Map<string, number>} before places of the last picture, by text; brought up to date
 * @param {number} height px of a name
 * @param {Around} around what others have drawn there already
 * @returns {Label[]} no two over each other; a name for which there is no place is left out
 */
export function placeLabels(ends, plot, widthOf, before = new Map(), height = HEIGHT, around = NOTHING) {
  const groups = groupsOf(ends);
  /** @type {number[][]} */
  const taken = [...around.names];
  /** @type {Label[]} */
  const labels = [];
  const rings = groups.map(([i]) => ringAt(ends[i]));
  const now = new Map();
  groups.forEach((of, g) => {
    const { x, y, left } = ends[of[0]];
    const names = [...new Set([...of].sort((a, b) => a - b).map((i) => ends[i].name))]; // a group may be called as its class
    const text = together(names);
    const width = widthOf(text);
    const boxAt = (/** @type {number} */ place) => {
      const [dx, dy] = PLACES[place](width, height);
      return [x + dx, y + dy, x + dx + width, y + dy + height];
    };
    const free = (/** @type {number} */ place, /** @type {boolean} */ strict) => {
      const box = boxAt(place);
      const inside =
        box[0] >= plot.left &&
        box[1] >= plot.top &&
        box[2] <= plot.left + plot.width &&
        box[3] <= plot.top + plot.height;
      if (!inside || taken.some((other) => overlap(box, other))) return false;
      if (!strict) return true;
      return (
        !rings.some((ring, other) => other !== g && overlap(box, ring)) &&
        !around.rings.some((ring) => overlap(box, ring))
      );
    };
    const usual = left ? 1 : 0;
    const last = before.get(text);
    const order = [...new Set([usual, ...(last === undefined ? [] : [last]), 1 - usual, ...PLACES.keys()])];
    const place = order.find((one) => free(one, true)) ?? order.find((one) => free(one, false));
    if (place === undefined) return;
    now.set(text, place);
    taken.push(boxAt(place));
    const [dx, dy] = PLACES[place](width, height);
    labels.push({ of, text, place, dx, dy, width, led: place >= LED });
  });
  before.clear();
  for (const [text, place] of now) before.set(text, place);
  return labels;
}

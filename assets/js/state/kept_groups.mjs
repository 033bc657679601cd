// @ts-check
/**
 * Groups of points that a reader has named. They belong to one training of a network, by its `uid`, and are there on all pages that show
 * it: the browser keeps them, so that a reload and other tabs have them too. One list in the order in which they were made; where a point is in
 * several groups the last of them is the one that is seen.
 */

import { toast } from "../core/dom.mjs";
import { history } from "./history.mjs";
import { readIds, writeIds } from "./link.mjs";

export const MOST = 20; // groups of a run: more nobody tells apart
export const LETTERS = 40; // of a name
export const NOTE = 300; // letters of a note
export const COLORS = 31; // of groups, see `groupColor` of points/palette.mjs
const PREFIX = "gt-groups-";

/**
 * @typedef {{run: string, uid: string}} Run whose points they are
 * @typedef {object} Group never changed: another one takes its place
 * @property {string} name no two of a run are alike, in small letters or large
 * @property {string} note empty where there is none
 * @property {number} color 0 to COLORS - 1
 * @property {ReadonlySet<number>} ids one at least
 */

/** By the uid of their run. @type {Map<string, readonly Group[]>} */
const lists = new Map();
/** @type {Set<() => void>} */
const listeners = new Set();
/** Points of groups that were deleted here, by uid: an address of before does not bring these back. @type {Map<string, ReadonlySet<number>[]>} */
const deleted = new Map();
let lost = false; // whether it was said that the browser keeps none

const NONE = /** @type {readonly Group[]} */ ([]);
const GROUPS = "groups";

/** The groups of a run: another list whenever one of them is another. @param {{uid: string}} run @returns {readonly Group[]} */
export function groupsOf({ uid }) {
  if (!uid) return NONE;
  const known = lists.get(uid) ?? read(uid);
  lists.set(uid, known);
  return known;
}

/**
 * @param {Run} run @param {readonly Group[]} list
 * @param {boolean} [undoable] whether the reader did it, and may take it back
 */
export function setGroups(run, list, undoable = true) {
  if (undoable) history.remember(GROUPS, sourceOf(run));
  become(run.uid, list);
}

/** @param {Run} run @returns {import("./history.mjs").Source<{run: string, list: readonly Group[]}>} */
const sourceOf = (run) => ({
  now: () => ({ run: run.run, list: groupsOf(run) }),
  put: ({ list }) => become(run.uid, list),
  run: (state) => state.run,
});

/** Why a run can have no more groups, for the reader; empty where it can. @param {Run} run */
export const refusal = (run) =>
  groupsOf(run).length < MOST ? "" : `There can be ${MOST} groups of a run; delete one first`;

/**
 * Make a group of some points, if there can be one more, see `refusal`.
 *
 * @param {Run} run @param {Iterable<number>} ids one at least @param {string} name that it would have; numbered where there is one of that name
 * @param {number} color 0 to COLORS - 1, see `freeGroupColor` of points/palette.mjs
 * @returns {Group}
 */
export function addGroup(run, ids, name, color) {
  const list = groupsOf(run);
  const group = { name: freeName(name, list), note: "", color, ids: new Set(ids) };
  setGroups(run, [...list, group]);
  return group;
}

/** @param {Run} run @param {Group} group @param {Partial<Group>} changes a name that another group has is numbered, an empty one changes nothing */
export function changeGroup(run, group, changes) {
  const list = groupsOf(run);
  const rest = list.filter((one) => one !== group);
  if (rest.length === list.length) return;
  const asked = cleanName(changes.name ?? "");
  const name = asked ? freeName(asked, rest) : group.name;
  const note = (changes.note ?? group.note).trim().slice(0, NOTE);
  const now = { ...group, ...changes, name, note };
  if (now.name === group.name && now.note === group.note && now.color === group.color && now.ids === group.ids) return;
  setGroups(run, list.map((one) => (one === group ? now : one))); // prettier-ignore
}

/** @param {Run} run @param {Group} group */
export function dropGroup(run, group) {
  deleted.set(run.uid, [...(deleted.get(run.uid) ?? []), group.ids]);
  setGroups(run, groupsOf(run).filter((one) => one !== group)); // prettier-ignore
}

/**
 * Take groups along that came with an address. Of the same points as one that is there it is that one, which stays what it is; one that was deleted
 * since the app was opened does not come back.
 *
 * @param {Run} run @param {readonly Group[]} others
 * @returns {{added: number, left: number}} how many are new, and for how many there was no room
 */
export function mergeGroups(run, others) {
  const list = [...groupsOf(run)];
  const before = list.length;
  const gone = deleted.get(run.uid) ?? [];
  let left = 0;
  for (const one of others) {
    if ([...list.map(({ ids }) => ids), ...gone].some((ids) => isSame(ids, one.ids))) continue;
    if (list.length === MOST) left++;
    else list.push({ ...one, name: freeName(one.name, list) });
  }
  if (list.length > before) setGroups(run, list, false);
  return { added: list.length - before, left };
}

/** Hear of every change of groups, of whatever run. @param {() => void} listener @returns {() => void} ends it */
export function onGroups(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follow what other tabs do to them. @param {Pick<Window, "addEventListener">} [win] */
export function followOtherTabs(win = window) {
  win.addEventListener("storage", ({ key }) => {
    if (!key?.startsWith(PREFIX)) return;
    const uid = key.slice(PREFIX.length);
    if (!lists.has(uid)) return;
    lists.set(uid, read(uid));
    history.forget(GROUPS); // to take back what was done here would undo what was done there
    tell();
  });
}

/** @param {ReadonlySet<number>} a @param {ReadonlySet<number>} b */
export const isSame = (a, b) => a.size === b.size && [...a].every((id) => b.has(id));

/** One line, not too long. @param {string} name */
const cleanName = (name) => name.replace(/\s+/g, " ").trim().slice(0, LETTERS).trim();

/** A name that no other group has: numbered where it must be. @param {string} asked @param {readonly Group[]} others */
function freeName(asked, others) {
  const name = cleanName(asked) || "Group";
  const taken = new Set(others.map((one) => one.name.toLowerCase()));
  if (!taken.has(name.toLowerCase())) return name;
  for (let i = 2; ; i++) {
    const numbered = `${name.slice(0, LETTERS - 3)} ${i}`;
    if (!taken.has(numbered.toLowerCase())) return numbered;
  }
}

/** @param {string} uid @param {readonly Group[]} list */
function become(uid, list) {
  lists.set(uid, list);
  write(uid, list);
  tell();
}

function tell() {
  for (const listener of [...listeners]) listener();
}

/** @param {string} uid @param {readonly Group[]} list */
function write(uid, list) {
  try {
    const packed = list.map(({ name, note, color, ids }) => ({ name, note, color, ids: writeIds([...ids]) }));
    if (list.length) localStorage.setItem(PREFIX + uid, JSON.stringify(packed));
    else localStorage.removeItem(PREFIX + uid);
  } catch {
    if (!lost) toast("This browser has no room to keep groups: they last until you leave, or in the link", "error");
    lost = true;
  }
}

/** What the browser keeps; what cannot be read is left out. @param {string} uid @returns {readonly Group[]} */
function read(uid) {
  try {
    const found = JSON.parse(localStorage.getItem(PREFIX + uid) ?? "[]");
    /** @type {Group[]} */
    const list = [];
    for (const { name, note, color, ids } of found.slice(0, MOST)) {
      const group = groupFrom(String(name), String(note), color, readIds(String(ids)));
      if (group) list.push({ ...group, name: freeName(group.name, list) });
    }
    return list;
  } catch {
    return NONE; // nothing is kept, or it is no list of groups
  }
}

/**
 * A group as it came from elsewhere: its words cut to what there is room for.
 *
 * @param {string} name @param {string} note @param {number} color @param {Iterable<number>} ids
 * @returns {Group|null} null where it has no points, or no such colour
 */
export function groupFrom(name, note, color, ids) {
  const set = new Set(ids);
  if (!set.size || !Number.isInteger(color) || color < 0 || color >= COLORS) return null;
  return { name: cleanName(name) || "Group", note: note.trim().slice(0, NOTE), color, ids: set };
}

// @ts-check
/** All keys and gestures, in the order in which the list of keys shows them; a page says which of these it hears. */

/** @typedef {import("../core/keys.mjs").KeyRow} KeyRow */

/** @satisfies {Record<string, KeyRow>} */
export const KEYS = {
  play: { name: "Space", what: "play the epochs or steps, or stop", keys: { " ": ["play"] } },
  step: {
    name: "← →",
    what: "one epoch or step back or on",
    keys: { ArrowLeft: ["step-back"], ArrowRight: ["step-on"] },
  },
  state: {
    name: ", .",
    what: "on Layers and Adversarial: one layer back or on",
    keys: { ",": ["state-back"], ".": ["state-on"] },
  },
  states: {
    name: "P",
    what: "on Layers and Adversarial: play from the input to the last layer, or stop",
    keys: { p: ["play-states"] },
  },
  naive: { name: "A", what: "on Layers and Adversarial: aligned, or naive", keys: { a: ["naive"] } },
  tour: { name: "T", what: "tour, or stop", keys: { t: ["tour"] } },
  whole: {
    name: "S",
    what: "show all of it: stop at planes that together draw every motion, or end that",
    keys: { s: ["show-all"] },
  },
  stop: {
    name: "J, K",
    what: "one such stop back or on (Space: stay there, or go on)",
    keys: { j: ["stop-back"], k: ["stop-on"] },
  },
  random: { name: "R", what: "a new random view", keys: { r: ["random"] } },
  reseed: { name: "N", what: "another path for the tour", keys: { n: ["reseed"] } },
  reset: { name: "0", what: "reset the view", keys: { 0: ["reset"], Home: ["reset"] } },
  fit: { name: "F", what: "fit the picture to the points of this epoch or step", keys: { f: ["fit"] } },
  undo: {
    name: "Ctrl Z, Ctrl Shift Z",
    what: "take back, or do again: views, selections, filters, groups and what the legend hides",
    keys: { "Ctrl+z": ["undo"], "Ctrl+Shift+z": ["redo"], "Ctrl+y": ["redo"], "Ctrl+Shift+y": ["redo"] },
  },
  tool: {
    name: "L, B, V",
    what: "lasso, box, look around",
    keys: { l: ["tool", "lasso"], b: ["tool", "box"], v: ["tool", "look"] },
  },
  how: { name: "Shift, Alt", what: "while selecting: add, subtract" },
  clear: { name: "Esc", what: "end a complete tour, else clear the selection", keys: { Escape: ["clear"] } },
  hold: { name: "H", what: "on Network: hold the scales of the colours", keys: { h: ["hold"] } },
  count: { name: "A number in the legend", what: "select the points of that class or group" },
  group: { name: "G", what: "keep the selection as a group", keys: { g: ["group"] } },
  save: { name: "C", what: "keep this view in the story of its run", keys: { c: ["save-view"] } },
  story: { name: "Page Up, Page Down, Esc", what: "while a story is played: the view before, the next one, leave it" },
  images: { name: "I", what: "points as images, or dots", keys: { i: ["points"] } },
  present: { name: "E", what: "the stage alone, in large type, or all again", keys: { e: ["present"] } },
  full: { name: "W", what: "the whole screen, or the window", keys: { w: ["full"] } },
  side: { name: "]", what: "hide the panels beside the stage, or show them", keys: { "]": ["side"] } },
  walk: {
    name: "Tab to a stage, then arrows",
    what: "from point to nearest point, each said; Enter selects (Shift adds, Alt subtracts); on Compare Page Up and Down: another panel",
  },
  handle: {
    name: "Tab to the handles, then arrows",
    what: "from handle to handle; Enter takes hold of one, arrows move it (Shift: finely), Enter or Esc lets go",
  },
  pull: {
    name: "Tab to a group, then arrows",
    what: "from group to group, where a picture turns; Space takes hold of one, arrows move it (Shift: finely), Space or Esc lets go",
  },
  tell: { name: "D", what: "say what the stage shows, for those who hear the page", keys: { d: ["tell"] } },
  zoom: { name: "Ctrl and scroll, pinch", what: "zoom about the pointer (without Ctrl once a picture was clicked)" },
  pan: { name: "Middle button", what: "pan" },
  search: {
    name: "/",
    what: "find points: select, isolate or exclude them; on Docs: search",
    keys: { "/": ["search"] },
  },
  found: {
    name: "Enter, Shift, Ctrl, Ctrl Shift Enter",
    what: "in the search: select, add, isolate, exclude what matches",
  },
};

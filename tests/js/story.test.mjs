// @ts-check
/** Stories in the browser: what is read is checked, what two tabs write is not lost, where notes stand, what an address says. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { atOf } from "../../assets/js/pages/story_card.mjs";
import { createMagnifier } from "../../assets/js/stage/magnifier.mjs";
import { addStory, readStory, withoutStory } from "../../assets/js/state/story_at.mjs";
import { dropHere, isHere, keepHere, storiesHere, storyHere } from "../../assets/js/state/stories_here.mjs";
import { checked } from "../../assets/js/story/checked.mjs";
import { arrowOf, textBox } from "../../assets/js/story/notes.mjs";
import { clipped } from "../../assets/js/story/saving.mjs";
import { queryNow } from "../../assets/js/story/shelf.mjs";

const golden = JSON.parse(readFileSync(new URL("./stories.json", import.meta.url), "utf8"));

/** A store as browsers have it. @param {number} room letters */
function storage(room = Infinity) {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const methods = {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem(/** @type {string} */ key, /** @type {string} */ value) {
      if (value.length > room) throw new DOMException("full", "QuotaExceededError");
      kept.set(key, value);
    },
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  };
  return new Proxy(methods, { ownKeys: () => [...kept.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) }); // prettier-ignore
}

const story = (title = "A story", uid = "u1") => ({ version: 1, uid, title, views: [] });

test("the browser takes and refuses the same stories as Python does", () => {
  for (const right of golden.right) assert.equal(checked(right), right);
  for (const wrong of golden.wrong) assert.throws(() => checked(wrong), /The story cannot be read: /, JSON.stringify(wrong).slice(0, 200)); // prettier-ignore
});

test("two tabs that write one story lose nothing: the second gets a name of its own", () => {
  Object.assign(globalThis, { localStorage: storage() });
  const first = keepHere(story(), null, null);
  assert.equal(first.name, "~a-story");
  assert.ok(isHere(first.name) && !isHere("a-story"));
  const mine = keepHere(story("Mine"), first.name, first.revision);
  const theirs = keepHere(story("Theirs"), first.name, first.revision);
  assert.deepEqual([mine.name, theirs.name], ["~a-story", "~a-story-2"]);
  assert.equal(storyHere("u1", first.name)?.story.title, "Mine");
  keepHere(story("Of another run", "u2"), null, null);
  assert.deepEqual(storiesHere("u1").map(({ story }) => story.title), ["Mine", "Theirs"]); // prettier-ignore
  assert.equal(storiesHere().length, 3);
  dropHere("u1", first.name);
  assert.equal(storyHere("u1", first.name), null);
});

test("a browser without room says so and keeps what it had", () => {
  Object.assign(globalThis, { localStorage: storage(200) });
  const first = keepHere(story(), null, null);
  assert.throws(() => keepHere(story("x".repeat(300)), first.name, first.revision), /no more room/);
  assert.equal(storyHere("u1", first.name)?.story.title, "A story");
});

test("an address says which view of which story is shown, and a view is without it", () => {
  const query = new URLSearchParams("run=a&epoch=3");
  addStory(query, { name: "~mine", at: 2, edit: true });
  assert.deepEqual(readStory(`?${query}`), { name: "~mine", at: 2, edit: true });
  assert.equal(withoutStory(`?${query}&seed=4`), "run=a&epoch=3");
  assert.deepEqual(readStory("?story=x&at=-1"), { name: "x", at: 1, edit: false });
  assert.equal(readStory("?at=3"), null);
});

test("a view is opened with the name that its run has now", () => {
  const view = (/** @type {string} */ page) => ({ page, query: "run=old&a=old&b=other", title: "" });
  assert.equal(String(queryNow(view("umap"), "new")), "run=new&a=old&b=other");
  assert.equal(String(queryNow(view("two-runs"), "new")), "run=new&a=new&b=other");
});

test("a note stands within its room, towards the middle, and its arrow ends before what it points at", () => {
  const room = { left: 50, top: 30, width: 400, height: 300 };
  for (const at of /** @type {[number, number][]} */ ([
    [55, 35],
    [440, 320],
    [250, 180],
    [-20, 900],
  ])) {
    const box = textBox(at, { width: 120, height: 30 }, room);
    assert.ok(box.left >= 50 && box.left + 120 <= 450 && box.top >= 30 && box.top + 30 <= 330, String(at));
    const arrow = arrowOf(box, at);
    const [tip] = arrow?.head ?? [];
    assert.ok(Math.hypot(tip[0] - at[0], tip[1] - at[1]) > 5);
  }
  assert.equal(arrowOf({ left: 0, top: 0, width: 50, height: 20 }, [25, 10]), null); // it lies under its text
});

test("what a note points at can be typed", () => {
  assert.deepEqual(atOf("point", " 12 "), { point: 12 });
  assert.deepEqual(atOf("class", "T-shirt"), { class: "T-shirt" });
  assert.deepEqual(atOf("place", "0.5 0.25"), { place: [0.5, 0.25] });
  for (const [kind, value] of [["point", "x"], ["point", "1.5"], ["point", ""], ["place", "0.5"], ["place", "2 0"]]) // prettier-ignore
    assert.equal(atOf(kind, value), null, `${kind} ${value}`);
});

test("a title is one line that fits", () => {
  assert.equal(clipped(" a\n b ", 10), "a b");
  assert.equal(clipped("x".repeat(20), 10), `${"x".repeat(9)}…`);
});

test("the picture is zoomed to another view by and by, and follows its points from there if it did", () => {
  let told = 0;
  const magnifier = createMagnifier({ changed: () => told++, wake() {}, abrupt: () => false });
  magnifier.begin();
  magnifier.glideTo({ x: 0.5, y: -0.2, k: 4 }, false);
  assert.ok(magnifier.going && !magnifier.following);
  magnifier.pass(0.5);
  const { k } = magnifier.zoom;
  assert.ok(k > 1 && k < 4);
  magnifier.pass(5);
  assert.deepEqual({ ...magnifier.zoom }, { x: 0.5, y: -0.2, k: 4 });
  assert.ok(!magnifier.going && magnifier.zoomed && told > 1);
  magnifier.glideTo({ x: 0, y: 0, k: 2 }, true);
  magnifier.set({ x: 0, y: 0, k: 3 }); // the reader has it in hand
  magnifier.pass(5);
  assert.equal(magnifier.zoom.k, 3);
  const abrupt = createMagnifier({ changed() {}, wake() {} });
  abrupt.glideTo({ x: 1, y: 1, k: 2 }, true);
  assert.equal(abrupt.zoom.k, 2);
  assert.ok(abrupt.following);
});

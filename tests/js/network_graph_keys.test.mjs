import assert from "node:assert/strict";
import { test } from "node:test";

import { itemByKey, laneItems } from "../../assets/js/network/graph_keys.mjs";

const MAIN = -1;
const lane = (from, to, level, states = []) => ({ from, to, level, states, ways: [0], start: MAIN, end: MAIN });
// two lanes one above the other, of which the upper has two states in it; and one lane further on
const ITEMS = laneItems([lane(0, 6, 1, [7, 8]), lane(1, 3, 0), lane(6, 8, 0)], [0, 1, 2, 3, 4, 5, 6, 2, 4]);

test("lanes and the states in them are items where they are seen", () => {
  assert.deepEqual(ITEMS, [
    { column: 3, level: 1 }, { column: 2, level: 1 }, { column: 4, level: 1 },
    { column: 2, level: 0 }, { column: 7, level: 0 },
  ]); // prettier-ignore
});

test("left and right go through all of them along the network, and stop at its ends", () => {
  const way = [];
  for (let at = itemByKey("Home", ITEMS, 0); at !== null; at = itemByKey("ArrowRight", ITEMS, at)) way.push(at);
  assert.deepEqual(way, [3, 1, 0, 2, 4]);
  const back = [];
  for (let at = itemByKey("End", ITEMS, 0); at !== null; at = itemByKey("ArrowLeft", ITEMS, at)) back.push(at);
  assert.deepEqual(back, way.reverse());
});

test("up and down go to the nearest of the lane above or below", () => {
  assert.equal(itemByKey("ArrowUp", ITEMS, 3), 1);
  assert.equal(itemByKey("ArrowUp", ITEMS, 4), 2);
  assert.equal(itemByKey("ArrowDown", ITEMS, 0), 3);
  assert.equal(itemByKey("ArrowDown", ITEMS, 3), null);
  assert.equal(itemByKey("ArrowUp", ITEMS, 0), null);
});

test("other keys lead nowhere, so that Enter presses the button", () => {
  for (const key of ["Enter", " ", "Tab", "a"]) assert.equal(itemByKey(key, ITEMS, 0), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { holdGroups, middlesOf } from "../../assets/js/points/held.mjs";
import { dropPin, keepPin, makePin, pinsOf, refusal } from "../../assets/js/points/kept_pins.mjs";

const group = (name, ...ids) => ({ name, ids: new Set(ids), color: "red" });
const ids = [10, 11, 12, 13];

test("the selection has a handle before the pins, and pins without a point here have none", () => {
  const { held, live } = holdGroups(ids, group("Selection", 12, 10), [group("a", 13, 99), group("b", 99)]);
  assert.ok(live);
  assert.deepEqual(
    held.map((one) => [one.group.name, one.indices]),
    [
      ["Selection", [2, 0]],
      ["a", [3]],
    ],
  );
});

test("a selection that is pinned already, or is empty, has no handle of its own", () => {
  for (const selection of [group("Selection", 11, 10), group("Selection"), group("Selection", 99)]) {
    const { held, live } = holdGroups(ids, selection, [group("a", 10, 11)]);
    assert.ok(!live);
    assert.deepEqual(
      held.map((one) => one.group.name),
      ["a"],
    );
  }
  assert.ok(holdGroups(ids, group("Selection", 10), [group("a", 10, 11)]).live, "a part of a pin is another group");
});

test("a group's middle is the mean of its points", () => {
  const held = [
    { group: group("a"), indices: [0, 2] },
    { group: group("b"), indices: [1] },
  ];
  const out = new Float32Array(4);
  assert.deepEqual([...middlesOf(held, Float32Array.of(0, 0, 5, 7, 2, 4), out)], [1, 2, 5, 7]);
});

test("a pin of one class has its name and colour, another one the next number", () => {
  let made = 0;
  const next = () => ++made;
  const pin = makePin([10, 11], [1, 1], ["cat", "dog"], next);
  assert.deepEqual([pin.name, pin.color, [...pin.ids]], ["dog", "#c28003", [10, 11]]);
  assert.equal(made, 0);
  assert.equal(makePin([10, 11], [0, 1], ["cat", "dog"], next).name, "Group 1");
});

test("pins are kept run by run, up to twelve, and dropped one by one", () => {
  const pins = Array.from({ length: 12 }, (_, i) => group(`pin ${i}`, i));
  for (const pin of pins) {
    assert.equal(refusal("mnist"), "");
    keepPin("mnist", pin);
  }
  assert.match(refusal("mnist"), /There can be 12 pins; remove one first/);
  assert.equal(refusal("cifar10"), "");
  dropPin("mnist", pins[3]);
  assert.deepEqual(
    pinsOf("mnist"),
    pins.filter((_, i) => i !== 3),
  );
  assert.deepEqual(pinsOf("cifar10"), []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { createGlide, createPosition, ease } from "../../assets/js/stage/glide.mjs";

test("a glide is slow at both ends and comes to its end exactly", () => {
  const glide = createGlide(0.1, 0.7, 2);
  assert.equal(glide.done, false);
  const first = glide.advance(0.2) - 0.1;
  const second = glide.advance(0.8) - 0.1 - first;
  assert.ok(first > 0 && first < second / 4);
  assert.equal(ease(0.5), 0.5);
  assert.equal(glide.advance(5), 0.7);
  assert.equal(glide.done, true);
});

test("a place stays between the first and the last", () => {
  const place = createPosition({ near: 1, step: 1, far: 2 });
  place.begin(9, 4);
  assert.equal(place.at, 4);
  place.put(-3);
  assert.equal(place.at, 0);
  place.glideTo(7);
  while (place.gliding) place.advance(0.1);
  assert.equal(place.at, 4);
});

test("a longer way takes longer than a step", () => {
  const secondsTo = (/** @type {number} */ to) => {
    const place = createPosition({ near: 1, step: 1, far: 2 });
    place.begin(0, 9);
    place.glideTo(to);
    let passed = 0;
    for (; place.gliding; passed++) place.advance(0.125);
    return passed * 0.125;
  };
  assert.deepEqual([secondsTo(1), secondsTo(5)], [1, 2]);
});

test("a step during a glide goes on from where that one leads, others from the nearest whole place behind", () => {
  const place = createPosition({ near: 1, step: 1, far: 2 });
  place.begin(2.4, 9);
  assert.deepEqual([place.from(1), place.from(-1)], [3, 2]);
  place.glideTo(3);
  place.advance(0.1);
  assert.deepEqual([place.from(1), place.from(-1)], [4, 2]);
  place.stay();
  assert.equal(place.gliding, false);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { createEpochClock } from "../../assets/js/stage/epoch_clock.mjs";

/** A clock of four epochs, and what was heard of it. */
function clockOf({ abrupt = false, start = 0 } = {}) {
  /** @type {string[]} */
  const heard = [];
  const clock = createEpochClock({ changed: (what) => heard.push(what), wake: () => {}, abrupt: () => abrupt });
  clock.begin([0, 1, 5, 10], start);
  return { clock, heard };
}
const here = () => true;

test("a playing clock goes on at its rate, stops at the end, and says so", () => {
  const { clock, heard } = clockOf();
  clock.setRate(2);
  clock.play(true);
  clock.advance(0.5, here);
  assert.equal(clock.at, 1);
  assert.ok(clock.moving);
  clock.advance(9, here);
  assert.equal(clock.at, 3);
  assert.ok(!clock.playing && !clock.moving);
  assert.deepEqual(heard, ["motion", "epoch", "motion", "epoch"]);
});

test("it waits for what has not come, and only for that", () => {
  const { clock, heard } = clockOf();
  clock.play(true);
  /** @type {number[]} */
  const asked = [];
  clock.advance(0.1, (at) => asked.push(at) < 0);
  assert.equal(clock.at, 0);
  assert.ok(clock.playing);
  assert.equal(asked.length, 1);
  assert.ok(asked[0] > 0 && asked[0] < 1);
  assert.deepEqual(heard, ["motion"]);
});

test("played at the end it begins anew", () => {
  const { clock } = clockOf({ start: 3 });
  clock.play(true);
  assert.equal(clock.at, 0);
});

test("numbers between two epochs lie between theirs", () => {
  const { clock } = clockOf({ start: 1.5 });
  assert.deepEqual([clock.number, clock.nearest], [3, 2]);
});

test("seeking stops what plays; smoothly it glides, unless nothing is to glide", () => {
  const { clock, heard } = clockOf();
  clock.play(true);
  clock.seek(2, true);
  assert.ok(!clock.playing && clock.moving);
  assert.equal(clock.at, 0);
  clock.advance(0.1, here);
  assert.ok(clock.at > 0 && clock.at < 2);
  clock.advance(9, here);
  assert.equal(clock.at, 2);
  assert.deepEqual(heard, ["motion", "motion", "epoch", "epoch"]);
  const { clock: other } = clockOf({ abrupt: true });
  other.seek(2, true);
  assert.equal(other.at, 2);
});

test("two steps at once lead two epochs on, and none leads past the last", () => {
  const { clock } = clockOf();
  clock.step(1);
  clock.step(1);
  clock.advance(9, here);
  assert.equal(clock.at, 2);
  for (let i = 0; i < 5; i++) clock.step(1);
  clock.advance(9, here);
  assert.equal(clock.at, 3);
});

test("another run begins where it is told, and goes on playing", () => {
  const { clock } = clockOf();
  clock.play(true);
  clock.begin([0, 2], 0);
  assert.ok(clock.playing);
  clock.advance(9, here);
  assert.deepEqual([clock.at, clock.number], [1, 2]);
});

test("a run that grows brings along whoever is at its newest epoch, and nobody else", () => {
  const { clock } = clockOf({ start: 3 });
  assert.ok(clock.newest);
  clock.extend([0, 1, 5, 10, 20]);
  clock.advance(0.1, here);
  assert.ok(clock.at > 3 && clock.at < 4 && clock.newest, "on its way counts as there");
  clock.extend([0, 1, 5, 10, 20, 30]);
  clock.advance(9, here);
  assert.equal(clock.at, 5);
  assert.equal(clock.number, 30);

  clock.seek(2);
  clock.extend([0, 1, 5, 10, 20, 30, 40]);
  clock.advance(9, here);
  assert.equal(clock.at, 2);
  assert.ok(!clock.newest);
  clock.seek(6);
  assert.ok(clock.newest);
});

test("a clock that plays goes on playing into what has come", () => {
  const { clock } = clockOf({ start: 2 });
  clock.setRate(1);
  clock.play(true);
  clock.extend([0, 1, 5, 10, 20]);
  clock.advance(1.5, here);
  assert.equal(clock.at, 3.5);
  assert.ok(clock.playing);
});

test("where nothing is to glide it stands at the newest at once", () => {
  const { clock } = clockOf({ abrupt: true, start: 3 });
  clock.extend([0, 1, 5, 10, 20]);
  assert.equal(clock.at, 4);
  assert.ok(!clock.moving);
});

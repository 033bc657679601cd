import assert from "node:assert/strict";
import { test } from "node:test";
import { framesOf, momentOf, problemOf, restingAt } from "../../assets/js/picture/film.mjs";
import { createEpochClock } from "../../assets/js/stage/epoch_clock.mjs";
import { createMagnifier } from "../../assets/js/stage/magnifier.mjs";
import { timeInHand } from "../../assets/js/stage/by_hand.mjs";
import { Turning } from "../../assets/js/stage/turning.mjs";
import { starFrame } from "../../assets/js/tour/frame.mjs";

/** @type {import("../../assets/js/picture/film.mjs").Plan} */
const PLAN = { seconds: 2, fps: 30, tour: true, epochs: [10, 4], states: null, whole: null };

test("a film begins where it is said to, ends there, and its frames are as far apart as their rate says", () => {
  assert.equal(framesOf(PLAN), 60);
  assert.deepEqual(momentOf(PLAN, 0), { epoch: 10, state: null, dt: 0 });
  assert.deepEqual(momentOf(PLAN, 59), { epoch: 4, state: null, dt: 1 / 30 });
  assert.ok(Math.abs(/** @type {number} */ (momentOf(PLAN, 30).epoch) - 6.949) < 0.001);
});

test("layers rest where they are whole, and go on in between, either way", () => {
  for (const [from, to] of [[2, 5], [5, 2]]) {
    const along = Array.from({ length: 201 }, (_, i) => restingAt(i / 200, [from, to]));
    assert.equal(along[0], from);
    assert.equal(along[200], to);
    const steps = along.slice(1).map((x, i) => Math.sign(to - from) * (x - along[i]));
    assert.ok(steps.every((step) => step >= -1e-12 && step < 0.05));
    for (const whole of [from, 3, 4, to]) assert.ok(along.filter((x) => x === whole).length > 15, `rests at ${whole}`);
  } // prettier-ignore
  assert.equal(restingAt(0.5, [3, 3]), 3);
});

test("what would be no video is said in words", () => {
  assert.equal(problemOf(PLAN), "");
  assert.match(problemOf({ ...PLAN, seconds: 0 }), /above 0 and at most 600 seconds long; this is missing/);
  assert.match(problemOf({ ...PLAN, seconds: 601 }), /this is 601/);
  assert.match(problemOf({ ...PLAN, seconds: 0.04 }), /two frames or more/);
  assert.match(problemOf({ ...PLAN, tour: false, epochs: [3, 3] }), /Nothing moves/);
});

/** What a tour view is for who has its time in hand, without pictures. */
function viewOf() {
  const nothing = () => {};
  const given = { changed: nothing, wake: nothing, abrupt: () => false };
  const [clock, turning] = [createEpochClock(given), new Turning({ ...given, seed: 3 })];
  const magnifier = createMagnifier({ changed: nothing, wake: nothing });
  clock.begin([0, 1, 2, 5], 1);
  turning.begin(10, starFrame(10));
  turning.tour(true);
  return { clock, turning, magnifier, coloring: { told: false, dirty: false }, stages: [] };
}

/** @param {any} view @param {Record<string, any>} [other] */
function take(view, other = {}) {
  const nothing = () => {};
  const announcement = { p: 10, radius: 1, epochs: view.clock };
  const slices = { here: () => true, fetch: async () => false };
  return timeInHand(view, /** @type {any} */ ({ tensors: { announcement }, states: null, slices, said: null, follow: nothing, paint: nothing, release: nothing, ...other })); // prettier-ignore
}

test("a frame of a film is what the page shows at that time, however the browser's frames fall", async () => {
  const [page, film] = [viewOf(), viewOf()];
  for (let t = 0, i = 0; t < 1; i++) {
    const dt = Math.min(1 - t, 0.004 + 0.03 * ((i * 7) % 5)); // as uneven as a busy machine's
    page.turning.advance(dt, () => false);
    t += dt;
  }
  const hand = take(film);
  film.turning.tour(true);
  for (let i = 0; i <= 30; i++) assert.ok(await hand.show(momentOf({ ...PLAN, epochs: [0, 3] }, i)));
  const [a, b] = [page.turning.seen, film.turning.seen];
  assert.ok(Math.max(...a.map((x, i) => Math.abs(x - b[i]))) < 1e-9);
  assert.notDeepEqual([...b.slice(0, 4)], [...starFrame(10).slice(0, 2), ...starFrame(10).slice(10, 12)]);
  assert.ok(Math.abs(film.clock.at - (3 * 30) / 59) < 1e-12);
});

test("when it is over everything is as it was, and moves again if it did", async () => {
  const view = viewOf();
  view.clock.play(true);
  const before = view.turning.matrix.slice();
  let released = 0;
  const hand = take(view, { release: () => released++ });
  assert.ok(!view.clock.playing && !view.turning.touring, "it stands still while it is in hand");
  view.turning.tour(true);
  for (let i = 0; i < 5; i++) await hand.show({ epoch: 2.5, dt: 0.1 });
  const places = [view.clock.at];
  hand.end();
  assert.equal(released, 1);
  assert.deepEqual(view.turning.matrix, before);
  assert.deepEqual([...places, view.clock.at], [2.5, 1]);
  assert.ok(view.clock.playing && view.turning.touring);
});

test("a frame whose data cannot be fetched is not made", async () => {
  const hand = take(viewOf(), { slices: { here: () => false, fetch: async () => false } });
  assert.equal(await hand.show({ epoch: 2, dt: 0 }), false);
});

test("a film that is cut off leaves the page as it is by then", async () => {
  const view = viewOf();
  const hand = take(view);
  await hand.show({ epoch: 2, dt: 0 });
  hand.end();
  view.clock.seek(3);
  assert.equal(await hand.show({ epoch: 0, dt: 0.1 }), false);
  hand.rewind();
  assert.equal(view.clock.at, 3);
});

test("a film that has its own length is that long, and shown at the frame it says", async () => {
  const view = viewOf();
  const matrix = starFrame(10);
  [matrix[0], matrix[1]] = [matrix[1], -matrix[0]];
  /** @type {import("../../assets/js/picture/film.mjs").Script} */
  const whole = { seconds: 2, says: "5 stops", told: () => "stop 1 of 5", hold() {}, at: (time) => ({ epoch: time, state: null, dt: 0, matrix }) }; // prettier-ignore
  const plan = { ...PLAN, tour: false, epochs: null, whole };
  assert.equal(problemOf(plan), "");
  assert.deepEqual(momentOf(plan, 45).epoch, 1.5);
  const hand = take(view);
  assert.ok(await hand.show(momentOf(plan, 45)));
  assert.equal(view.clock.at, 1.5);
  assert.deepEqual(view.turning.matrix, matrix);
});

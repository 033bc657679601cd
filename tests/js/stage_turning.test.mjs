import assert from "node:assert/strict";
import { test } from "node:test";
import { Turning } from "../../assets/js/stage/turning.mjs";
import { completeFrame, identity, orthonormalError, randomFrame, starFrame } from "../../assets/js/tour/frame.mjs";

const P = 4;
const free = () => false;

/** What turns a frame, and what was heard of it. */
function turningOf({ abrupt = true, matrix = starFrame(P), seed = 3 } = {}) {
  /** @type {string[]} */
  const heard = [];
  const turning = new Turning({ seed, changed: (what) => heard.push(what), wake: () => {}, abrupt: () => abrupt });
  turning.begin(P, matrix);
  return { turning, heard };
}

/** The columns that are seen. */
const seen = (/** @type {Float64Array} */ matrix) =>
  Array.from({ length: 2 * P }, (_, i) => matrix[Math.floor(i / 2) * P + (i % 2)]);
const near = (/** @type {Float64Array} */ a, /** @type {Float64Array} */ b) =>
  seen(a).every((x, i) => Math.abs(x - seen(b)[i]) < 1e-9);

test("a view that is gone to can be come back from, and gone to again", () => {
  const { turning } = turningOf();
  assert.ok(!turning.canUndo && !turning.canRedo);
  const there = randomFrame(P, 5);
  turning.lookAt(there);
  assert.ok(near(turning.matrix, there) && turning.canUndo);
  turning.undo();
  assert.ok(near(turning.matrix, starFrame(P)) && !turning.canUndo && turning.canRedo);
  turning.redo();
  assert.ok(near(turning.matrix, there) && !turning.canRedo);
});

test("a new view ends what could be gone to again", () => {
  const { turning } = turningOf();
  turning.random(1);
  turning.undo();
  turning.random(2);
  assert.ok(!turning.canRedo);
});

test("a hundred views are remembered, and no more", () => {
  const { turning } = turningOf();
  for (let i = 0; i < 120; i++) turning.random(i);
  let back = 0;
  for (; turning.canUndo; back++) turning.undo();
  assert.equal(back, 100);
});

test("a turn goes through orthogonal frames, takes its time, and arrives", () => {
  const { turning } = turningOf({ abrupt: false });
  const there = randomFrame(P, 8);
  turning.lookAlong(Float64Array.from(seen(there)));
  assert.ok(turning.turning && turning.moving);
  let frames = 0;
  for (; turning.turning; frames++) {
    assert.ok(turning.advance(0.1, free));
    assert.ok(orthonormalError(turning.matrix, P) < 1e-9);
  }
  assert.ok(frames > 2 && frames <= 17, `${frames}`);
  assert.ok(near(turning.matrix, completeFrame(Float64Array.from(seen(there)), P)));
  assert.equal(turning.advance(0.1, free), false, "then it stands still");
});

test("a tour turns unless a handle is in hand, slowly where one is looked at", () => {
  const far = (/** @type {(turning: Turning) => void} */ before) => {
    const { turning } = turningOf();
    turning.tour(true);
    before(turning);
    const start = turning.matrix.slice();
    turning.advance(0.05, free);
    return Math.hypot(...turning.matrix.map((x, i) => x - start[i]));
  };
  const fast = far(() => {});
  const slow = far((turning) => turning.hold(true));
  assert.ok(slow > 0 && slow < fast / 4);
  assert.equal(
    far((turning) => turning.hold(true) ?? turning.hold(false)),
    fast,
  );
  const { turning } = turningOf();
  turning.tour(true);
  assert.equal(
    turning.advance(0.05, () => true),
    false,
  );
});

test("the same seed gives the same tour, another one another", () => {
  const after = (/** @type {number} */ seed) => {
    const { turning } = turningOf({ seed });
    turning.tour(true);
    for (let i = 0; i < 50; i++) turning.advance(1 / 30, free);
    return turning.matrix.slice();
  };
  assert.deepEqual(after(1), after(1));
  assert.notDeepEqual(after(1), after(2));
});

test("a handle that is dragged goes where it is dragged to, and that can be taken back", () => {
  const { turning, heard } = turningOf();
  turning.take();
  turning.drag(2, 0.3, -0.4);
  assert.ok(Math.abs(turning.matrix[2 * P] - 0.3) < 1e-6 && Math.abs(turning.matrix[2 * P + 1] + 0.4) < 1e-6);
  assert.ok(heard.includes("view"));
  turning.undo();
  assert.ok(near(turning.matrix, starFrame(P)));
});

test("who has taken the frame in hand is told by another number", () => {
  const { turning } = turningOf();
  const told = [turning.taken];
  for (const act of [
    () => turning.take(),
    () => turning.lookAt(identity(P)),
    () => turning.tour(true),
    () => turning.undo(),
    () => turning.begin(P, starFrame(P)),
  ]) {
    act();
    told.push(turning.taken);
  }
  assert.equal(new Set(told).size, told.length);
  turning.tour(false);
  turning.lookAlong(Float64Array.from(seen(randomFrame(P, 2))), false);
  assert.equal(turning.taken, told.at(-1), "a view that is not kept is not the reader's");
});

test("points that are pulled turn the frame until they are let go", () => {
  const { turning } = turningOf();
  const rows = Float64Array.of(1, 0, 0, 0, 0.9, 0.1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  assert.ok(turning.pull("rotate", rows, 4, [0, 1]));
  assert.ok(turning.pulling);
  turning.pullTo([0.2, 0.1]);
  assert.ok(!near(turning.matrix, starFrame(P)));
  turning.pullTo([0, 0]);
  assert.ok(near(turning.matrix, starFrame(P)), "back where they were taken the view is what it was");
  turning.pullTo(null);
  const left = turning.matrix.slice();
  turning.pullTo([0.5, 0.5]);
  assert.deepEqual(turning.matrix, left);
  assert.equal(turning.pull("spread", rows, 4, [0]), false, "one point does not spread");
});

test("nothing turns a flat picture", () => {
  const { turning } = turningOf({ matrix: /** @type {any} */ (null) });
  assert.ok(turning.flat);
  turning.tour(true);
  turning.random(4);
  turning.lookAlong(Float64Array.from(seen(randomFrame(P, 2))));
  assert.ok(!turning.touring && !turning.canUndo);
  assert.deepEqual(turning.matrix, identity(P));
});

test("in other axes the views that can be come back to are others too", () => {
  const { turning } = turningOf();
  turning.lookAt(randomFrame(P, 5));
  const twice = (/** @type {Float64Array} */ frame) => frame.map((x) => -x);
  const there = turning.matrix.slice();
  turning.become(twice);
  assert.ok(near(turning.matrix, twice(there)));
  turning.undo();
  assert.ok(near(turning.matrix, twice(starFrame(P))));
});

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createPlaying } from "../../assets/js/pages/network_playing.mjs";

/** Epochs that play, on a clock of the test's. @param {import("node:test").TestContext} t */
function playingOf(t) {
  mock.timers.enable({ apis: ["setTimeout"] });
  t.after(() => mock.timers.reset());
  const heard = { shown: /** @type {number[]} */ ([]), on: /** @type {boolean|null} */ (null) };
  const playing = createPlaying({ show: (index) => heard.shown.push(index), changed: (on) => (heard.on = on) });
  return { playing, heard, pass: () => mock.timers.tick(1000) };
}

test("each epoch waits until the one before is on the screen, and a while more", (t) => {
  const { playing, heard, pass } = playingOf(t);
  playing.play([4, 5, 6]);
  pass();
  assert.deepEqual([heard.shown, heard.on], [[4], true]);
  playing.proceed();
  assert.deepEqual(heard.shown, [4]);
  pass();
  assert.deepEqual(heard.shown, [4, 5]);
  playing.proceed();
  pass();
  assert.deepEqual([heard.shown, playing.on], [[4, 5, 6], false]);
  playing.proceed();
  assert.equal(heard.on, false);
});

test("stopped is stopped", (t) => {
  const { playing, heard, pass } = playingOf(t);
  playing.play([1, 2]);
  playing.proceed();
  playing.stop();
  pass();
  assert.deepEqual([heard.shown, heard.on, playing.on], [[1], false, false]);
});

test("nothing to play is nothing playing", (t) => {
  const { playing, heard } = playingOf(t);
  playing.play([]);
  assert.deepEqual([heard.shown, heard.on], [[], false]);
});

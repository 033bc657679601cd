import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { createLoop } from "../../assets/js/core/loop.mjs";
import { inspect, register, unregister } from "../../assets/js/core/registry.mjs";
import { element } from "./fakes.mjs";

let queue;
beforeEach(() => {
  queue = new Map();
  let next = 1;
  globalThis.requestAnimationFrame = (call) => (queue.set(next, call), next++);
  globalThis.cancelAnimationFrame = (id) => queue.delete(id);
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, "requestAnimationFrame");
  Reflect.deleteProperty(globalThis, "cancelAnimationFrame");
});

/** The browser draws at a time in ms. */
function draw(now) {
  const calls = [...queue.values()];
  queue.clear();
  calls.forEach((call) => call(now));
}

test("a loop sleeps until it is woken, and runs once however often it is", () => {
  const seen = [];
  const loop = createLoop(element({ isConnected: true }), (dt, now) => (seen.push([dt, now]), false));
  assert.equal(loop.running, false);
  loop.wake();
  loop.wake();
  assert.equal(queue.size, 1);
  assert.equal(loop.running, true);
  draw(1000);
  assert.deepEqual(seen, [[0, 1000]]);
  assert.equal(queue.size, 0);
  assert.equal(loop.running, false);
});

test("it goes on while something moves, with the seconds that have passed", () => {
  const seen = [];
  const loop = createLoop(element({ isConnected: true }), (dt) => (seen.push(dt), seen.length < 4));
  loop.wake();
  for (const now of [1000, 1016, 1048, 5000, 5016]) draw(now);
  assert.deepEqual(
    seen.map((dt) => +dt.toFixed(6)),
    [0, 0.016, 0.032, 0.1],
  ); // a hidden tab leaps no further
  assert.equal(queue.size, 0);
  loop.wake();
  draw(9000);
  assert.equal(seen.at(-1), 0, "the rest between two motions is no time");
});

test("it ends by itself when its element has left the page", () => {
  let frames = 0;
  const page = { isConnected: true };
  const loop = createLoop(element(page), () => (frames++, true));
  loop.wake();
  draw(0);
  draw(16);
  page.isConnected = false;
  draw(32);
  assert.equal(frames, 2);
  assert.equal(queue.size, 0);
  assert.equal(loop.running, false);
});

test("stopping takes the next frame back", () => {
  let frames = 0;
  const loop = createLoop(element({ isConnected: true }), () => (frames++, true));
  loop.wake();
  loop.stop();
  draw(0);
  assert.equal(frames, 0);
});

test("what frames cost is counted, and can be forgotten", () => {
  const loop = createLoop(element({ isConnected: true }), () => true);
  assert.deepEqual(loop.stats(), { count: 0, medianMs: 0, p95Ms: 0 });
  loop.wake();
  for (let i = 0; i < 300; i++) draw(16 * i);
  const { count, medianMs, p95Ms } = loop.stats();
  assert.equal(count, 300);
  assert.ok(medianMs >= 0 && p95Ms >= medianMs && Number.isFinite(p95Ms));
  loop.resetStats();
  assert.equal(loop.stats().count, 0);
});

test("a stage is inspected by its name, and a wrong name lists those there are", () => {
  register("a", () => ({ n: 1 }));
  register("b", () => ({ n: 2 }));
  assert.deepEqual(inspect("b"), { n: 2 });
  assert.throws(() => inspect("c"), /no stage "c"; on this page: a, b/);
  unregister("a");
  unregister("b");
  assert.throws(() => inspect("a"), /on this page: none/);
});

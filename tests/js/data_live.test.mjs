import assert from "node:assert/strict";
import { test } from "node:test";
import { createLive, pause } from "../../assets/js/data/live.mjs";
import { addTo, canGrow, ownCopy } from "../../assets/js/data/growth.mjs";

/** @param {boolean} live */
const said = (live) => ({ runs: [{ name: "a", title: "A", uid: "0", epochs: 1, last: 0, live, attack: false }] });

/** A server that answers in turn, and what it was asked. @param {(Error|null|object)[]} answers null for 304 */
function serverOf(answers) {
  /** @type {any[]} */
  const asked = [];
  /** @type {{act: () => void, ms: number}[]} */
  const timers = [];
  /** @type {object[]} */
  const told = [];
  const page = { hidden: false };
  const live = createLive({
    url: "/live",
    told: (one) => told.push(one),
    hidden: () => page.hidden,
    get: async (_, { headers }) => {
      asked.push(/** @type {any} */ (headers)["If-None-Match"]);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      if (answer === null) return new Response(null, { status: 304 });
      return new Response(JSON.stringify(answer), { headers: { ETag: `"${asked.length}"` } });
    },
    later: (act, ms) => timers.push({ act, ms }),
  });
  const settled = () => new Promise((done) => setTimeout(done));
  const next = async () => {
    /** @type {any} */ (timers.shift()).act();
    await settled();
  };
  return { live, asked, timers, told, page, settled, next };
}

test("it asks with the tag of what it has, often while a run is recorded, and tells what is new", async () => {
  const { live, asked, timers, told, settled, next } = serverOf([said(true), null, said(false)]);
  live.look();
  await settled();
  await next();
  assert.equal(timers[0].ms, 500, "nothing new, but a run is being recorded");
  await next();
  assert.deepEqual(asked, [undefined, '"1"', '"1"']);
  assert.deepEqual(told, [said(true), said(false)]);
});

test("it asks less and less often while nothing changes, and rarely where nobody answers", () => {
  assert.equal(pause(500, "same"), 750);
  assert.equal(pause(2900, "same"), 3000);
  assert.equal(pause(14000, "gone"), 15000);
  assert.equal(pause(15000, "same"), 3000);
  assert.equal(pause(3000, "new"), 500);
});

test("a page that nobody looks at asks nothing until it is seen again", async () => {
  const { live, asked, page, timers, settled, next } = serverOf([said(false), null]);
  live.look();
  await settled();
  page.hidden = true;
  await next();
  assert.equal(asked.length, 1);
  assert.equal(timers.length, 0);
  page.hidden = false;
  live.look();
  await settled();
  assert.equal(asked.length, 2);
});

test("a server that does not answer is asked again", async () => {
  const { live, told, settled, next } = serverOf([new TypeError("gone"), said(false)]);
  live.look();
  await settled();
  await next();
  assert.deepEqual(told, [said(false)]);
});

const slice = (/** @type {string} */ url) => ({ url, scale: 1, offset: 0 });
const run = /** @type {any} */ ({
  epochs: [0, 5],
  radius: 2,
  splits: { test: { n: 3, slices: [slice("a"), slice("b")], outputs: [] } },
});

test("what has come is added to a copy, and can be taken back", () => {
  const mine = ownCopy(run);
  const grown = { epochs: [9], radius: 3, splits: { test: { slices: [slice("c")], outputs: [] } } };
  const takeBack = addTo(mine, grown);
  assert.deepEqual([mine.epochs, mine.radius, mine.splits.test.slices.length], [[0, 5, 9], 3, 3]);
  assert.deepEqual([run.epochs, run.splits.test.slices.length], [[0, 5], 2]);
  takeBack();
  assert.deepEqual(mine, run);
});

test("a layer grows; what was computed of it, and an attack, do not", () => {
  assert.ok(canGrow(run));
  for (const made of ["embedding", "alignment", "attack"]) assert.ok(!canGrow({ ...run, [made]: {} }));
});

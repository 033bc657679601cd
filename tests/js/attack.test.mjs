import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { imagesAt, largestChange, openAttack, pointAt, summary, takesHold } from "../../assets/js/data/attack.mjs";
import { openTensors } from "../../assets/js/data/tensors.mjs";
import { amplified, factorFor } from "../../assets/js/points/attack_card.mjs";
import { announced, attackNote, fetchOf } from "./fakes.mjs";

// two steps, three attacked points, two states; images of two pixels
const SENT = {
  succeeded: Uint8Array.of(0, 0, 0, 1, 0, 1),
  confidence: Float32Array.of(0.9, 0.8, 0.7, 0.1, 0.6, 0.2, 0, 0, 0, 0.9, 0.3, NaN),
  moved: Float32Array.of(0, 0, 0, 0.5, 1, NaN, NaN, NaN, NaN, NaN, 2, 1),
  change0: Uint8Array.of(0, 1, 2, 3, 4, 5),
  change1: Uint8Array.of(255, 0, 128, 128, 5, 10),
};
const tensor = (url, shape, dtype) => ({ url, shape, dtype });
const NOTE = attackNote({
  attacked: [2, 0, 3],
  target: "0",
  changes: [
    { url: "change0", scale: 0, offset: 0 },
    { url: "change1", scale: 0.01, offset: -1.28 },
  ],
  succeeded: tensor("succeeded", [2, 3], "uint8"),
  confidence: tensor("confidence", [2, 2, 3], "float32"),
  moved: tensor("moved", [2, 2, 3], "float32"),
});
const ANNOUNCED = announced({
  epochs: [0, 1],
  alignment: { states: [{}, {}] },
  splits: { test: { images: tensor("images", [4, 1, 2, 1], "uint8") } },
  attack: NOTE,
});

const real = globalThis.fetch;
let asked;
beforeEach(() => {
  asked = [];
  globalThis.fetch = fetchOf(async (url, signal) => {
    asked.push(url);
    await null;
    signal.throwIfAborted();
    return new Response(SENT[url.slice(1)]);
  });
});
afterEach(() => (globalThis.fetch = real));

const open = (note = NOTE) => {
  const tensors = openTensors(ANNOUNCED, "/");
  return { tensors, opened: openAttack(tensors, note, ANNOUNCED) };
};
const close = (found, wanted) =>
  wanted.forEach((x, i) =>
    assert.ok(
      Number.isNaN(x) ? Number.isNaN(found[i]) : Math.abs(found[i] - x) < 1e-6,
      `${i}: ${found[i]} is not ${x}`,
    ),
  );

test("means over all attacked points, or over some; what is not known is left out", async () => {
  const attack = await open().opened;
  const all = summary(attack);
  close(all.success, [0, 2 / 3]);
  close(all.source, [0.8, 0.3]);
  close(all.target, [0, 0.6]);
  close(all.moved[0], [0, 0.75]);
  close(all.moved[1], [NaN, 1.5]);
  const some = summary(attack, [0, 2]);
  close(some.success, [0, 1]);
  close(some.target, [0, 0.9]);
  close(some.moved[1], [NaN, 1]);
  close(summary(attack, []).success, [NaN, NaN]);
  assert.equal(summary({ ...attack, note: { ...NOTE, target: null } }).target, null);
});

test("an attack takes hold at the first layer that points leave by half as much as classes are apart", async () => {
  assert.equal(takesHold(summary(await open().opened).moved), 0);
  assert.equal(takesHold([Float64Array.of(2, 0.49), Float64Array.of(0, NaN)]), -1);
  assert.equal(takesHold([Float64Array.of(0, 0.5), Float64Array.of(0, 2)]), 0);
});

test("a change is fetched when it is asked for, once, and no more when all is closed", async () => {
  const { tensors, opened } = open();
  const attack = await opened;
  assert.deepEqual(asked.sort(), ["/confidence", "/moved", "/succeeded"]);
  assert.equal(attack.changed(1), null);
  const [first, second] = await Promise.all([attack.changes(1), attack.changes(1)]);
  assert.equal(first, second);
  assert.equal(attack.changed(1), first);
  assert.deepEqual([[...first.values], first.scale, first.offset], [[...SENT.change1], 0.01, -1.28]);
  assert.equal(asked.filter((url) => url === "/change1").length, 1);
  const late = attack.changes(0);
  tensors.close();
  await assert.rejects(late, { name: "AbortError" });
});

test("an attack without images has no changes, one of another shape is refused", async () => {
  const attack = await open({ ...NOTE, changes: null }).opened;
  assert.equal(attack.largest, 0);
  await assert.rejects(attack.changes(0), /no step 0; this attack has images of 0 steps/);
  await assert.rejects(open({ ...NOTE, attacked: [0, 1] }).opened, /succeeded must have shape \(2, 2\), got \(2, 3\)/);
});

test("images at a step are clean, but those attacked, which are moved, rounded and clipped", () => {
  const clean = Uint8Array.of(10, 20, 30, 40, 50, 60, 250, 100);
  const change = { values: SENT.change1, scale: 0.01, offset: -1.28 };
  const out = new Uint8Array(8);
  assert.equal(imagesAt(out, clean, NOTE.attacked, change), out);
  // point 2: + 323.85, − 326.4; point 0: unmoved; point 3: − 313.65, − 300.9; point 1: not attacked
  assert.deepEqual([...out], [10, 20, 30, 40, 255, 0, 0, 0]);
  const small = { values: Uint8Array.of(0, 255, 127, 128, 100, 200), scale: 0.1 / 255, offset: -0.05 };
  assert.deepEqual([...imagesAt(out, clean, NOTE.attacked, small)], [10, 20, 30, 40, 37, 73, 247, 107]);
  assert.deepEqual([...clean], [10, 20, 30, 40, 50, 60, 250, 100]);
  const one = pointAt(clean, NOTE.attacked, small, 0);
  assert.deepEqual(
    [[...one.clean], [...one.current]],
    [
      [50, 60],
      [37, 73],
    ],
  );
  close(one.change, [-0.05, 0.05]);
});

test("a change is amplified by a round number that keeps the whole attack within the range", () => {
  assert.deepEqual(
    [0.5, 0.3, 0.25, 0.1, 0.05, 0.03, 8 / 255, 0.004, 1].map((epsilon) => factorFor(epsilon, "L∞", 0)),
    [1, 1, 2, 5, 10, 10, 10, 100, 1],
  );
  assert.equal(factorFor(0.05, "L∞", 0.0500001), 10); // the quantised change is a little larger
  assert.equal(factorFor(0.3, "L∞", 0.02), 20); // it never got as far as it might
  assert.equal(factorFor(2, "L2", 0.2), 2);
  assert.deepEqual([factorFor(0, "L∞", 0), factorFor(2, "L2", 0)], [1, 1]);
  assert.ok(Math.abs(largestChange(NOTE.changes ?? []) - 1.28) < 1e-12);
  assert.deepEqual([...amplified(Float32Array.of(0, 0.05, -0.05, 0.03, 1), 10)], [128, 255, 0, 204, 255]);
});

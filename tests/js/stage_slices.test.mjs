import assert from "node:assert/strict";
import { test } from "node:test";
import { createSaid } from "../../assets/js/stage/said.mjs";
import { createSlices } from "../../assets/js/stage/slices.mjs";
import { statesOf } from "./fakes.mjs";

const settled = () => new Promise((done) => setImmediate(done));

/** Tensors that come when they are told to; `asked` is what was asked for. */
function pretend({ outputs = false, epochs = 4, here = /** @type {string[]} */ ([]) } = {}) {
  const asked = [];
  const come = new Map(here.map((key) => [key, { values: Uint16Array.of(0, 9, 9, 0), scale: 1, offset: 0 }]));
  const waiting = new Map();
  const announcement = {
    run: "r",
    layer: "softmax",
    classes: ["a", "b"],
    task: "classification",
    unit: "epoch",
    epochs: Array.from({ length: epochs }, (_, e) => e),
    splits: { test: { outputs: outputs ? Array(epochs) : [] } },
  };
  const tensors = {
    announcement,
    slice: (/** @type {string} */ split, /** @type {number} */ epoch, kind = "slices") =>
      come.get(`${kind}/${split}/${epoch}`) ?? null,
    load(/** @type {string} */ split, /** @type {number} */ epoch, kind = "slices") {
      const key = `${kind}/${split}/${epoch}`;
      asked.push(key);
      return new Promise((done, failed) => waiting.set(key, { done, failed }));
    },
    stream: async (/** @type {() => number} */ current, /** @type {(at: number) => void} */ arrived) => {
      asked.push(`stream ${current()}`);
      arrived(2);
    },
    streamStates: async (/** @type {() => number[]} */ current) => void asked.push(`states ${current()}`),
  };
  const arrive = async (/** @type {string} */ key) => {
    come.set(key, { values: Uint16Array.of(0, 9, 9, 0), scale: 1, offset: 0 });
    waiting.get(key).done();
    await settled();
  };
  const fail = async (/** @type {string} */ key) => {
    waiting.get(key).failed(new Error("gone"));
    await settled();
  };
  return /** @type {any} */ ({ tensors, asked, arrive, fail });
}

/** Slices of one split, and what was heard of them. */
function slicesOf(given, states = /** @type {import("../../assets/js/stage/states.mjs").States|null} */ (null)) {
  const heard = { woken: 0, failed: /** @type {string[]} */ ([]) };
  const slices = createSlices({
    tensors: given.tensors,
    splits: ["test"],
    states,
    wake: () => heard.woken++,
    failed: (/** @type {any} */ error) => heard.failed.push(error.message),
  });
  return { slices, heard };
}

test("a picture needs both epochs that it lies between", async () => {
  const given = pretend({ here: ["slices/test/1"] });
  const { slices } = slicesOf(given);
  assert.deepEqual([slices.here(1), slices.here(1.5), slices.here(2)], [true, false, false]);
  assert.deepEqual(given.asked, [], "what comes by itself is not asked for");
  const come = slices.fetch(1.5);
  assert.deepEqual(given.asked, ["slices/test/1", "slices/test/2"]);
  await given.arrive("slices/test/1");
  await given.arrive("slices/test/2");
  assert.equal(await come, true);
  assert.equal(slices.here(1.5), true);
});

test("beyond the last epoch is the last", () => {
  const { slices } = slicesOf(pretend({ epochs: 2, here: ["slices/test/1"] }));
  assert.equal(slices.here(1.0001), true);
});

test("states that are not here are asked for once, but not before the first picture", async () => {
  const given = pretend();
  const states = statesOf({ position: 1.5, needs: (epoch, at = 1) => [[epoch, at]] });
  const { slices, heard } = slicesOf(given, states);
  assert.equal(slices.here(3, 2), false);
  assert.deepEqual(given.asked, []);
  await slices.stream(
    () => 3.2,
    () => {},
  );
  assert.deepEqual(given.asked, ["states 2,3"]);
  slices.here(3, 2);
  slices.here(3, 2);
  assert.deepEqual(given.asked, ["states 2,3", "2/test/3"]);
  await given.fail("2/test/3");
  assert.deepEqual(heard.failed, ["gone"]);
  slices.here(3, 2);
  assert.equal(given.asked.length, 3, "after a failure it may be asked for again");
  await given.arrive("2/test/3");
  assert.equal(heard.woken, 1);
  assert.equal(slices.here(3, 2), true);
});

test("the rest streams from where the reader is", async () => {
  const given = pretend();
  const { slices } = slicesOf(given);
  /** @type {number[]} */
  const arrived = [];
  assert.equal(slices.streams, false);
  await slices.stream(
    () => 2.7,
    (at) => arrived.push(at),
  );
  assert.deepEqual([given.asked, arrived, slices.streams], [["stream 2"], [2], true]);
});

test("of a run that has been left nothing is heard", async () => {
  const given = pretend();
  const { slices, heard } = slicesOf(given);
  const come = slices.fetch(1);
  slices.close();
  await given.fail("slices/test/1");
  assert.equal(await come, false);
  assert.deepEqual(heard.failed, []);
});

/** What is said, and how often more was known. */
function saidOf(given, more = {}) {
  const heard = { arrived: 0, failed: /** @type {string[]} */ ([]) };
  const said = createSaid({
    tensors: given.tensors,
    arrived: () => heard.arrived++,
    failed: (/** @type {any} */ error) => heard.failed.push(error.message),
    ...more,
  });
  return { said, heard };
}

test("what the network says is fetched where it is asked for, once, and kept", async () => {
  const given = pretend({ outputs: true });
  const { said, heard } = saidOf(given);
  assert.equal(said.of("test", 2), null);
  assert.equal(said.of("test", 2), null);
  assert.deepEqual(given.asked, ["outputs/test/2"]);
  assert.equal(said.lastOf("test"), null);
  await given.arrive("outputs/test/2");
  assert.equal(heard.arrived, 1);
  const found = said.of("test", 2);
  assert.deepEqual([...(found?.predicted ?? [])], [1, 0]);
  assert.equal(said.of("test", 2), found);
  assert.equal(said.lastOf("test"), found);
});

test("a last layer says it itself", () => {
  const { said } = saidOf(pretend({ here: ["slices/test/0"] }));
  assert.deepEqual([...(said.of("test", 0)?.predicted ?? [])], [1, 0]);
});

test("nothing is fetched while the first picture is on its way, and the next epoch only while they play", async () => {
  const given = pretend({ outputs: true });
  const now = { waits: true, ahead: false };
  const { said } = saidOf(given, { waits: () => now.waits, ahead: () => now.ahead });
  said.of("test", 0);
  assert.deepEqual(given.asked, []);
  now.waits = false;
  said.of("test", 0);
  await given.arrive("outputs/test/0");
  assert.deepEqual(given.asked, ["outputs/test/0"]);
  now.ahead = true;
  said.of("test", 1);
  await given.arrive("outputs/test/1");
  assert.deepEqual(given.asked.slice(1), ["outputs/test/1", "outputs/test/2"]);
});

test("what fails is said once, and not at all once it has been left", async () => {
  const given = pretend({ outputs: true });
  const { said, heard } = saidOf(given);
  said.of("test", 0);
  await given.fail("outputs/test/0");
  said.of("test", 0);
  assert.deepEqual([heard.failed, given.asked.length], [["gone"], 1]);
  said.of("test", 1);
  said.close();
  await given.fail("outputs/test/1");
  assert.equal(heard.failed.length, 1);
});

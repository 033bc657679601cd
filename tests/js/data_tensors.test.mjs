import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { predict } from "../../assets/js/data/predictions.mjs";
import { openTensors } from "../../assets/js/data/tensors.mjs";
import { alignmentNote, announced, fetchOf } from "./fakes.mjs";

const EPOCHS = 8;

/** An announcement of two points in three dimensions; slice e holds 6 times the number e. */
function announcement() {
  const split = (name) => ({
    n: 2,
    ids: { url: `${name}/ids`, shape: [2], dtype: "int32" },
    labels: { url: `${name}/labels`, shape: [2], dtype: "uint16" },
    images: name === "train" ? { url: `${name}/images`, shape: [2, 1, 1, 1], dtype: "uint8" } : null,
    slices: Array.from({ length: EPOCHS }, (_, e) => ({ url: `${name}/${e}`, scale: 0.5, offset: 1 })),
    outputs: Array.from({ length: EPOCHS }, (_, e) => ({ url: `${name}/said/${e}`, scale: 0.25, offset: 0 })),
  });
  return announced({ p: 3, epochs: [...Array(EPOCHS).keys()], splits: { train: split("train"), test: split("test") } });
}

const real = globalThis.fetch;
let asked;
let broken;
beforeEach(() => {
  asked = [];
  broken = new Set();
  globalThis.fetch = fetchOf(async (url, signal) => {
    asked.push(url);
    await new Promise((done) => setTimeout(done, 1));
    signal.throwIfAborted();
    if (broken.has(url)) return new Response("", { status: 500 });
    const last = url.split("/").at(-1);
    if (last === "ids") return new Response(Int32Array.of(7, 8).buffer);
    if (last === "labels") return new Response(Uint16Array.of(0, 2).buffer);
    if (last === "images") return new Response(Uint8Array.of(9, 10).buffer);
    return new Response(new Uint16Array(6).fill(Number(last)).buffer);
  });
});
afterEach(() => (globalThis.fetch = real));

test("what the network says is fetched apart from where the points are, and only when asked for", async () => {
  const tensors = openTensors(announcement(), "/");
  await tensors.stream(
    () => 0,
    () => {},
  );
  assert.deepEqual(
    asked.filter((url) => url.includes("said")),
    [],
  );
  assert.equal(tensors.slice("test", 3, "outputs"), null);
  const said = await tensors.load("test", 3, "outputs");
  assert.equal(said.scale, 0.25);
  assert.deepEqual(
    asked.filter((url) => url.includes("said")),
    ["/test/said/3"],
  );
  assert.equal(tensors.slice("test", 3, "outputs"), said);
  assert.notEqual(tensors.slice("test", 3), said);
});

test("a slice is fetched once, however often and from wherever it is asked for", async () => {
  const tensors = openTensors(announcement(), "/base/");
  assert.equal(tensors.slice("train", 3), null);
  const [a, b] = await Promise.all([tensors.load("train", 3), tensors.load("train", 3)]);
  assert.equal(a, b);
  assert.deepEqual(asked, ["/base/train/3"]);
  assert.deepEqual({ ...a, values: [...a.values] }, { values: Array(6).fill(3), scale: 0.5, offset: 1 });
  assert.equal(tensors.slice("train", 3), a);
  assert.equal(tensors.slice("test", 3), null);
  assert.equal(tensors.bytes, 12);
});

test("parts come in the type that was announced; what there is not is null", async () => {
  const tensors = openTensors(announcement(), "/");
  assert.deepEqual(await tensors.part("train", "ids"), Int32Array.of(7, 8));
  assert.deepEqual(await tensors.part("test", "labels"), Uint16Array.of(0, 2));
  assert.deepEqual(await tensors.part("train", "images"), Uint8Array.of(9, 10));
  assert.equal(await tensors.part("test", "images"), null);
  const odd = announcement();
  odd.splits.train.ids.dtype = "float8";
  await assert.rejects(openTensors(odd, "/").part("train", "ids"), /unknown dtype: float8/);
});

test("an answer that is an error says which and can be asked for again", async () => {
  const tensors = openTensors(announcement(), "/");
  broken.add("/train/2");
  await assert.rejects(tensors.load("train", 2), /train\/2: the server answered 500; reload the page/);
  assert.equal(tensors.slice("train", 2), null);
  broken.clear();
  assert.equal((await tensors.load("train", 2)).values[0], 2);
});

test("everything streams in, once, what the reader needs next first", async () => {
  const tensors = openTensors(announcement(), "/");
  await tensors.load("train", 3);
  const arrived = [];
  await tensors.stream(
    () => 3,
    (epoch) => arrived.push(epoch),
  );
  assert.deepEqual(arrived.toSorted(), [...Array(EPOCHS).keys()]);
  assert.equal(new Set(asked).size, asked.length);
  assert.equal(asked.length, 2 * EPOCHS);
  const order = asked.filter((url) => url.startsWith("/test/")).map((url) => Number(url.split("/").at(-1)));
  assert.deepEqual(order.slice(0, 4), [3, 4, 5, 6]);
  assert.ok(order.indexOf(7) < order.indexOf(1), `${order}`);
  assert.equal(order.at(-1), 0);
});

test("the stream follows the reader", async () => {
  const tensors = openTensors(announcement(), "/");
  let now = 0;
  await tensors.stream(
    () => now,
    () => (now = 7),
  );
  const order = asked.filter((url) => url.startsWith("/train/")).map((url) => Number(url.split("/").at(-1)));
  assert.deepEqual(order.slice(0, 5), [0, 1, 2, 3, 7]);
});

test("closing ends the requests under way, and nothing comes after it", async () => {
  const tensors = openTensors(announcement(), "/");
  const arrived = [];
  const streaming = tensors.stream(
    () => 0,
    (epoch) => arrived.push(epoch),
  );
  tensors.close();
  await assert.rejects(streaming, { name: "AbortError" });
  assert.deepEqual(arrived, []);
  assert.ok(asked.length <= 8, `${asked}`);
});

test("a prediction is the largest output; its confidence is its share of the softmax", () => {
  const softmax = { values: Uint16Array.of(0, 65535, 100, 40000, 5, 25000), scale: 1 / 65535, offset: 0 };
  const a = predict(softmax, 3, true);
  assert.deepEqual([...a.predicted], [1, 0]);
  assert.ok(Math.abs(a.confidence[0] - 1) < 1e-6 && Math.abs(a.confidence[1] - 40000 / 65535) < 1e-6);
  const logits = { values: Uint16Array.of(100, 300, 200), scale: 0.01, offset: -2 };
  const b = predict(logits, 3, false);
  const shares = [1, 3, 2].map(Math.exp);
  assert.deepEqual([...b.predicted], [1]);
  assert.ok(Math.abs(b.confidence[0] - shares[1] / (shares[0] + shares[1] + shares[2])) < 1e-6);
});

/** A network of three states in the same epochs; slice e of state s holds 6 times the number 10 s + e. */
function network() {
  const one = announcement();
  delete one.splits.train;
  one.splits.test.slices = [];
  const slices = (s) =>
    Array.from({ length: EPOCHS }, (_, e) => ({ url: `state/${10 * s + e}`, scale: 0.5, offset: s }));
  one.alignment = alignmentNote({ states: [0, 1, 2].map((s) => ({ slices: slices(s) })) });
  return one;
}

test("a state's slice is asked for by its number", async () => {
  const tensors = openTensors(network(), "/");
  assert.equal(tensors.slice("test", 3, 2), null);
  const { values, scale, offset } = await tensors.load("test", 3, 2);
  assert.deepEqual([values[0], scale, offset], [23, 0.5, 2]);
  assert.equal(tensors.slice("test", 3, 2)?.values, values);
  assert.equal(tensors.slice("test", 3, 1), null);
});

test("states stream in from where the reader is: this epoch's states and this state's epochs before all others", async () => {
  const tensors = openTensors(network(), "/");
  const come = [];
  await tensors.streamStates(
    () => [1, 4],
    (state, epoch) => come.push([state, epoch]),
  );
  assert.equal(new Set(come.map(String)).size, 3 * EPOCHS);
  const near = asked.slice(0, 3 + EPOCHS - 1).map((url) => Number(url.split("/").at(-1)));
  assert.ok(
    near.every((at) => Math.floor(at / 10) === 1 || (at % 10 >= 3 && at % 10 <= 5)),
    String(near),
  );
  assert.deepEqual(near.slice(0, 1), [14]);
});

test("a network that was left is streamed no further", async () => {
  const tensors = openTensors(network(), "/");
  const done = tensors.streamStates(
    () => [0, 0],
    () => tensors.close(),
  );
  await assert.rejects(done, { name: "AbortError" });
  assert.ok(asked.length < 3 * EPOCHS);
});

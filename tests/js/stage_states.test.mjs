import assert from "node:assert/strict";
import { test } from "node:test";
import { createStates } from "../../assets/js/stage/states.mjs";
import { randomFrame } from "../../assets/js/tour/frame.mjs";
import { projectSlice } from "../../assets/js/tour/project.mjs";
import { alignmentNote, tensorsOf } from "./fakes.mjs";

const K = 4;
const N = 7;
const EPOCHS = 3;
const CLASSES = [false, false, true, true];

/** A network of four states with random points and turns; values are stored as the server sends them. */
function network({ start = 0 } = {}) {
  const note = alignmentNote({ k: K, states: CLASSES.map((classes, i) => ({ name: `s${i}`, classes })) });
  const turns = new Float64Array(CLASSES.length * K * K);
  CLASSES.forEach((_, s) => turns.set(randomFrame(K, 100 + s), s * K * K));
  const slices = new Map();
  for (let s = 0; s < CLASSES.length; s++) {
    for (let e = 0; e < EPOCHS; e++) {
      const values = Uint16Array.from({ length: N * K }, (_, i) => (7919 * (i + 1) * (s + 2) * (e + 3)) % 65536);
      slices.set(`${e}/${s}`, { values, scale: 3e-5, offset: -1 });
    }
  }
  const tensors = tensorsOf({ slice: (_, e, s) => slices.get(`${e}/${s}`) ?? null });
  return { note, turns, slices, tensors, states: createStates(note, turns, start) };
}

/** Where the corners put the points. */
function picture({ states, tensors }, matrix, epoch) {
  const out = new Float64Array(2 * N);
  for (const { matrix: seen, weight, a, b, t } of states.corners(tensors, "test", epoch, matrix)) {
    const one = projectSlice(
      new Float32Array(2 * N),
      seen,
      K,
      N,
      a.values,
      weight * a.scale,
      weight * a.offset,
      b.values,
      weight * b.scale,
      weight * b.offset,
      t,
    );
    one.forEach((x, i) => (out[i] += x));
  }
  return out;
}

const near = (a, b, within = 1e-5) =>
  a.forEach((x, i) => assert.ok(Math.abs(x - b[i]) < within, `${i}: ${x}, ${b[i]}`));

test("the picture is the mean of four slices, weighted by layer and epoch", () => {
  const net = network();
  const frame = randomFrame(K, 3);
  net.states.seek(1.25, false);
  const wanted = new Float64Array(2 * N);
  for (const [s, ws] of [
    [1, 0.75],
    [2, 0.25],
  ]) {
    for (const [e, we] of [
      [0, 0.6],
      [1, 0.4],
    ]) {
      const { values, scale, offset } = net.slices.get(`${e}/${s}`);
      for (let i = 0; i < N; i++)
        for (let j = 0; j < K; j++)
          for (let c = 0; c < 2; c++)
            wanted[2 * i + c] += ws * we * (values[i * K + j] * scale + offset) * frame[j * K + c];
    }
  }
  near(picture(net, frame, 0.4), wanted);
});

for (const naive of [false, true]) {
  test(`no point jumps where a state is passed, forwards or backwards${naive ? ", naive too" : ""}`, () => {
    const net = network();
    net.states.setNaive(naive);
    const frame = randomFrame(K, 4);
    for (let s = 1; s < CLASSES.length - 1; s++) {
      net.states.seek(s, false);
      const at = picture(net, frame, 1.5);
      for (const beside of [s - 1e-7, s + 1e-7]) {
        net.states.seek(beside, false);
        near(picture(net, frame, 1.5), at);
      }
    }
  });

  test(`the points that are pulled are the points that are drawn${naive ? ", naive too" : ""}`, () => {
    const net = network({ start: 1.7 });
    net.states.setNaive(naive);
    const frame = randomFrame(K, 5);
    const rows = net.states.rows(net.tensors, "test", 1.3, N);
    const wanted = new Float64Array(2 * N);
    for (let i = 0; i < N; i++)
      for (let j = 0; j < K; j++) for (let c = 0; c < 2; c++) wanted[2 * i + c] += rows[i * K + j] * frame[j * K + c];
    near(picture(net, frame, 1.3), wanted);
  });
}

test("switching between aligned and naive keeps the picture of the state, and coming back returns the frame", () => {
  const net = network({ start: 1 });
  const frame = randomFrame(K, 6);
  const before = picture(net, frame, 0);
  const seen = net.states.setNaive(true)(frame);
  near(picture(net, seen, 0), before);
  near(net.states.setNaive(false)(seen), frame, 1e-12);
  assert.deepEqual(net.states.setNaive(false)(frame), frame);
});

test("naive, a state is seen in its own axes", () => {
  const net = network({ start: 2 });
  net.states.setNaive(true);
  const frame = randomFrame(K, 7);
  const { values, scale, offset } = net.slices.get("0/2");
  const turn = net.turns.subarray(2 * K * K, 3 * K * K);
  const wanted = new Float64Array(2 * N);
  for (let i = 0; i < N; i++) {
    for (let own = 0; own < K; own++) {
      let value = 0; // turned coordinates times the turn's transpose
      for (let j = 0; j < K; j++) value += (values[i * K + j] * scale + offset) * turn[own * K + j];
      for (let c = 0; c < 2; c++) wanted[2 * i + c] += value * frame[own * K + c];
    }
  }
  near(picture(net, frame, 0), wanted);
});

test("a few points are placed where the picture has them", () => {
  for (const naive of [false, true]) {
    const net = network({ start: 2 });
    net.states.setNaive(naive);
    const frame = randomFrame(K, 8);
    const all = picture(net, frame, 1);
    const out = new Float32Array(9);
    assert.ok(net.states.place(net.tensors, "test", 1, 2, frame, [5, 0], out, 1, 4));
    near([out[1], out[2], out[5], out[6]], [all[10], all[11], all[0], all[1]]);
    assert.deepEqual([out[0], out[3], out[4], out[7], out[8]], [0, 0, 0, 0, 0]);
  }
});

test("vectors that each state has are placed like points; one that is none is not a number", () => {
  const net = network({ start: 1.5 });
  const frame = randomFrame(K, 9);
  const vectors = new Float32Array(CLASSES.length * EPOCHS * 2 * K).fill(NaN);
  for (let s = 0; s < CLASSES.length; s++) {
    for (let e = 0; e < EPOCHS; e++) {
      const { values, scale, offset } = net.slices.get(`${e}/${s}`);
      for (let j = 0; j < K; j++) vectors[((s * EPOCHS + e) * 2 + 0) * K + j] = values[3 * K + j] * scale + offset;
    }
  }
  const placed = net.states.placeVectors(vectors, EPOCHS, 2, 0.5, frame);
  const all = picture(net, frame, 0.5);
  near([placed[0], placed[1]], [all[6], all[7]]);
  assert.ok(Number.isNaN(placed[2]) && Number.isNaN(placed[3]));
});

test("playing goes from input to softmax, rests at each state, and ends there", () => {
  const { states } = network({ start: 3 });
  states.play(true);
  assert.equal(states.position, 0);
  let rests = 0;
  let seconds = 0;
  for (; states.playing && seconds < 60; seconds += 0.05) {
    const before = states.position;
    states.advance(0.05, () => true);
    assert.ok(states.position >= before && states.position - before < 0.1);
    if (states.position === before && Number.isInteger(before)) rests++;
  }
  assert.equal(states.position, 3);
  assert.ok(rests > 20 && !states.moving);
});

test("playing waits for data that has not come", () => {
  const { states } = network();
  states.play(true);
  for (let i = 0; i < 100; i++) states.advance(0.05, () => false);
  assert.equal(states.position, 0);
  assert.ok(states.playing);
});

test("a step leads to the next state, two steps to the one behind; seeking ends playing", () => {
  const { states } = network({ start: 0.4 });
  states.play(true);
  states.step(1, true);
  assert.ok(!states.playing);
  states.step(1, true);
  for (let i = 0; i < 200; i++) states.advance(0.02, () => true);
  assert.equal(states.position, 2);
  states.step(-9, false);
  assert.equal(states.position, 0);
});

test("handles show where the coordinates are classes, and fade in on the way there", () => {
  const { states } = network();
  const shown = [0, 1, 1.25, 2, 3].map((at) => (states.seek(at, false), states.handles));
  assert.deepEqual(shown, [0, 0, 0.25, 1, 1]);
});

test("what is needed is what the picture is made of, each once", () => {
  const { states } = network({ start: 1.5 });
  assert.deepEqual(states.needs(0.5), [
    [0, 1],
    [1, 1],
    [0, 2],
    [1, 2],
  ]);
  states.seek(2, false);
  assert.deepEqual(states.needs(1), [[1, 2]]);
  const net = network({ start: 1.5 });
  net.slices.delete("1/2");
  assert.equal(net.states.corners(net.tensors, "test", 0.5, randomFrame(K, 1)), null);
  assert.ok(net.states.corners(net.tensors, "test", 0, randomFrame(K, 1)));
  assert.throws(() => net.states.rows(net.tensors, "test", 0.5, N), /have not come/);
});

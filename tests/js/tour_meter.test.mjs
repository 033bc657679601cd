import assert from "node:assert/strict";
import { test } from "node:test";
import { completeTour, seenAtStops, stopColumns, stopsOf } from "../../assets/js/tour/complete.mjs";
import { completeFrame, orthonormalError, randomFrame } from "../../assets/js/tour/frame.mjs";
import {
  STEP,
  averageRanks,
  createMeter,
  createRanking,
  drawnSquares,
  pairPartner,
  planeDistance,
} from "../../assets/js/tour/meter.mjs";
import { normals } from "../../assets/js/tour/random.mjs";
import { assertClose, golden } from "./golden.mjs";

/** @param {ArrayLike<number>} columns (p, 2), or (p, 1) of one dimension @param {number} p */
const frameOf = (columns, p) => completeFrame(p === 1 ? [columns[0], 0] : columns, p);

/** @param {number} m @param {number} p @param {ArrayLike<number>} rows */
function meterOf(m, p, rows) {
  const meter = createMeter();
  meter.begin(m, p).set(rows);
  meter.ready();
  return meter;
}

test("a meter tells what it tells in Python, frame by frame", () => {
  for (const { p, m, rows, looks } of golden("meter").cases) {
    const meter = meterOf(m, p, rows);
    for (const [k, { columns, drawn, seen, turned, rho, share }] of looks.entries()) {
      const frame = frameOf(columns, p);
      meter.look(frame);
      const where = `p=${p} look ${k}`;
      assertClose(meter.drawn(frame).slice(0, m), drawn, 1e-9, `${where} drawn`);
      assertClose([meter.rho(meter.drawn(frame))], [rho[0]], 1e-12, `${where} ρ of the frame`);
      assertClose(meter.seen(frame).slice(0, m), seen, 1e-9, `${where} seen`);
      assertClose([meter.rho(meter.seen(frame))], [rho[1]], 1e-12, `${where} ρ seen`);
      assertClose([meter.turned, meter.share(frame)], [turned, share], 1e-9, `${where} turned and share`);
    }
  }
});

test("ranks and pairs are those of Python", () => {
  const { ranks, pairs } = golden("meter");
  for (const { values, equal, ranks: wanted } of ranks) {
    const m = values.length;
    assertClose(
      averageRanks(new Float64Array(m), Float64Array.from(values), m, new Float64Array(2 * m), equal),
      wanted,
      0,
    );
  }
  for (const { m, partners } of pairs)
    assert.deepEqual(
      partners.map((/** @type {number} */ _, /** @type {number} */ k) => pairPartner(k, m)),
      partners,
    );
});

test("a complete tour is that of Python", () => {
  for (const { p, m, centred, most, rows, shares, columns, visited, seen } of golden("complete").cases) {
    const tour = completeTour(Float64Array.from(rows), m, p, centred, most);
    assert.ok(tour);
    assert.equal(tour.stops, shares.length);
    assertClose(tour.shares, shares, 1e-12, `p=${p} shares`);
    for (let k = 0; k < tour.stops; k++) assertClose(stopColumns(tour, k), columns[k], 1e-9, `p=${p} stop ${k}`);
    assertClose(
      seenAtStops(new Float64Array(m), tour, Float64Array.from(rows), m, (k) => visited[k]),
      seen,
      1e-9,
      `p=${p} seen`,
    );
  }
});

for (const p of [1, 2, 3, 10, 64]) {
  test(`squared drawn lengths add up to the squared length over all stops, p = ${p}`, () => {
    const m = 70;
    const rows = normals(3, p, m * p);
    for (let i = 0; i < m * p; i++) rows[i] *= i % (7 * p) < p ? 0 : 1 + (i % p); // every seventh stands still
    const tour = completeTour(rows, m, p);
    assert.ok(tour);
    assert.equal(tour.stops, stopsOf(p));
    const [sum, one, squares] = [0, 0, 0].map(() => new Float64Array(m));
    for (let k = 0; k < tour.stops; k++) {
      const frame = completeFrame(stopColumns(tour, k), p);
      assert.ok(orthonormalError(frame, p) < 1e-12);
      drawnSquares(one, rows, m, p, frame);
      if (2 * k + 1 >= p && p > 1) seenAtStops(one, tour, rows, m, (stop) => stop === k); // the last, of a line alone
      for (let i = 0; i < m; i++) sum[i] += one[i];
    }
    for (let i = 0; i < m; i++) for (let j = 0; j < p; j++) squares[i] += rows[i * p + j] ** 2;
    assertClose(sum, squares, 1e-10 * Math.max(...squares), "squares");
    assert.ok(Math.abs(tour.shares.reduce((a, b) => a + b, 0) - 1) < 1e-12);
    for (let k = 1; k < tour.stops; k++) assert.ok(tour.shares[k] <= tour.shares[k - 1] + 1e-12);
    const seen = seenAtStops(new Float64Array(m), tour, rows, m, () => true);
    assert.ok(Math.abs(createRanking()(squares, seen, m) - 1) < 1e-9);
  });
}

test("of a thousand dimensions the leading planes are found: those of the motion, at right angles, and what they show is told of all points", () => {
  const [n, p, most] = [900, 1000, 6];
  const [along, across] = [normals(5, 1, 5 * p), normals(6, 2, n * 5)];
  const rows = normals(7, 3, n * p).map((x) => 0.01 * x);
  for (let i = 0; i < n; i++) for (let d = 0; d < 5; d++) for (let j = 0; j < p; j++) rows[i * p + j] += (across[i * 5 + d] * along[d * p + j]) / (1 + d); // prettier-ignore
  const tour = completeTour(rows, n, p, false, most);
  assert.ok(tour && tour.stops === most && tour.directions.length === 2 * most * p);
  for (let k = 0; k < most; k++) assert.ok(orthonormalError(completeFrame(stopColumns(tour, k), p), p) < 1e-9);
  const shown = tour.shares.reduce((a, b) => a + b, 0);
  assert.ok(shown > 0.999 && shown < 1, `${shown}`);
  const squares = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) squares[i] += rows[i * p + j] ** 2;
  const seen = seenAtStops(new Float64Array(n), tour, rows, n, () => true);
  const sum = (/** @type {Float64Array} */ of) => of.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum(seen) / sum(squares) - shown) < 1e-9);
  assert.ok(createRanking()(squares, seen, n) > 0.999);
});

test("where nothing moves there is nothing to show", () => {
  assert.equal(completeTour(new Float64Array(12), 4, 3), null);
  assert.equal(completeTour(new Float64Array(12).fill(1 / 3), 4, 3, true), null);
  assert.equal(completeTour(new Float64Array(0), 0, 3), null);
  assert.equal(completeTour(Float64Array.of(1, NaN, 3), 1, 3), null);
  assert.equal(completeTour(new Float64Array(36), 4, 9, false, 2), null);
  assert.equal(completeTour(new Float64Array(36).fill(1 / 3), 4, 9, true, 2), null);
  assert.equal(completeTour(new Float64Array(0), 0, 9, false, 2), null);
});

test("a frame that stands still adds nothing, and a turn of the picture in itself is none", () => {
  const meter = meterOf(40, 10, normals(1, 2, 400));
  const [first, second] = [randomFrame(10, 1), randomFrame(10, 2)];
  meter.look(first);
  meter.look(second);
  const before = meter.seen(second).slice();
  for (let k = 0; k < 100; k++) meter.look(second);
  assertClose(meter.seen(second), before, 0);
  const spun = first.slice();
  for (let i = 0; i < 10; i++) [spun[10 * i], spun[10 * i + 1]] = [-spun[10 * i + 1], spun[10 * i]];
  assert.ok(planeDistance(first, spun, 10) < 1e-7);
  assert.ok(planeDistance(first, second, 10) > STEP);
});

test("a meter that begins anew has forgotten, and takes no new room for as many", () => {
  const meter = meterOf(40, 10, normals(1, 2, 400));
  meter.look(randomFrame(10, 1));
  meter.look(randomFrame(10, 2));
  const room = meter.rows.buffer;
  meter.begin(30, 10).set(normals(5, 5, 300));
  meter.ready();
  assert.equal(meter.turned, 0);
  assert.equal(meter.rows.buffer, room);
  const frame = randomFrame(10, 3);
  meter.look(frame);
  assertClose(meter.seen(frame).slice(0, 30), meter.drawn(frame).slice(0, 30), 0);
  assert.ok(Number.isNaN(meterOf(1, 3, [1, 2, 3]).rho(Float64Array.of(1))), "one displacement has no order");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { saidOfShading } from "../../assets/js/points/dot_controls.mjs";
import { DENSE, crowding, isDense, layersOf, opacityOf, shadeRows, tonesOf } from "../../assets/js/points/shading.mjs";
import { asChoice } from "../../assets/js/state/dot_choice.mjs";

const SIDE = 128;
const VIEW = { left: 0, top: 0, width: SIDE, height: SIDE, x0: 0, x1: SIDE, y0: 0, y1: SIDE, kx: 1, ky: 1 };
const all = (n) => Uint32Array.from({ length: n }, (_, i) => i);
/** Points at given places, y up. */
const at = (...places) => Float32Array.from(places.flat());
const RED_BLUE = Uint8Array.of(255, 0, 0, 255, 0, 0, 255, 255, 255, 190, 190, 255, 190, 190, 255, 255);

/** RGBA of a pixel of a shaded picture, from the top left. */
function shade(positions, ids, { diameter = 3, crowded = 0, alone = 0.3 } = {}) {
  const layers = layersOf(all(ids.length), ids, 4);
  const tones = tonesOf(crowded, alone, layers[0].length > 0);
  const out = shadeRows({ positions, palette: RED_BLUE, ids }, layers, tones, VIEW, diameter, SIDE, 0, SIDE);
  return (x, y) => [...out.slice(4 * (y * SIDE + x), 4 * (y * SIDE + x) + 4)];
}

test("more than fifty thousand points are shaded, unless the reader has said otherwise", () => {
  assert.deepEqual([isDense(DENSE, null), isDense(DENSE + 1, null)], [false, true]);
  assert.deepEqual([isDense(10, true), isDense(1e6, false)], [true, false]);
  for (const kept of [undefined, 1, "yes", null]) assert.equal(asChoice({ shading: kept }).shading, null);
  assert.equal(asChoice({ shading: false }).shading, false);
  assert.deepEqual(
    [saidOfShading(true, false, true), saidOfShading(true, true, true), saidOfShading(false, true, true), saidOfShading(false, false, false)],
    ["above 50,000", "on", "off", "not in this browser"],
  ); // prettier-ignore
});

test("opacity grows by the logarithm of how many lie over each other, up to full", () => {
  const tone = { alone: 0.3, full: Math.log(1000) };
  assert.equal(opacityOf(1, tone), 0.3);
  assert.equal(opacityOf(0.5, tone), 0.15);
  assert.ok(
    Math.abs(opacityOf(10, tone) - (0.3 + 0.7 / 3)) < 1e-9 && Math.abs(opacityOf(100, tone) - (0.3 + 1.4 / 3)) < 1e-9,
  );
  assert.deepEqual([opacityOf(1000, tone), opacityOf(1e6, tone)], [1, 1]);
});

test("crowding is what a point meets on average, whatever the size of the picture", () => {
  const n = 60_000;
  const even = Float32Array.from({ length: 2 * n }, (_, j) =>
    j % 2 ? (j * 0.754877666) % SIDE : (j * 0.569840291) % SIDE,
  );
  const over = Math.log((n * Math.PI * 9) / 4 / SIDE ** 2); // points, times what one covers
  assert.ok(Math.abs(crowding(even, all(n), VIEW, 3) - over) < 0.1);
  const large = { ...VIEW, width: 4 * SIDE, height: 4 * SIDE, kx: 4, ky: 4 };
  assert.ok(Math.abs(crowding(even, all(n), large, 12) - crowding(even, all(n), VIEW, 3)) < 1e-9);
  const heap = even.map((place, j) => (j < n ? 5.5 : place)); // half of them on one place
  assert.ok(crowding(heap, all(n), VIEW, 3) > over + 3);
  assert.equal(crowding(at([1, 1], [50, 50], [99, 3]), all(3), VIEW, 3), 0, "each alone");
  for (const none of [crowding(even, [], VIEW, 3), crowding(even.map(() => NaN), all(n), VIEW, 3), crowding(even, all(n), { ...VIEW, width: 0 }, 3)])
    assert.equal(none, 0); // prettier-ignore
});

test("what is opaque follows the crowding: dense pictures keep apart what is denser still", () => {
  const opaque = (crowded) => Math.exp(tonesOf(crowded, 0.3, false)[1].full);
  assert.ok(Math.abs(opaque(0) - 8) < 1e-9, "eight at least");
  assert.ok(opaque(Math.log(300)) > 1000 && opaque(Math.log(300)) < 3000);
});

test("where classes meet their colours mix, by how many there are", () => {
  const places = [...Array(3).fill([20.5, 20.5]), [20.5, 20.5], [60.5, 60.5]];
  const pixel = shade(at(...places), Uint8Array.of(0, 0, 0, 1, 1));
  const [r, g, b, a] = pixel(20, SIDE - 21);
  assert.deepEqual([r, g, b], [191, 0, 64]);
  assert.ok(Math.abs(a / 255 - (0.3 + (0.7 * Math.log(4)) / Math.log(8))) < 0.01);
  assert.deepEqual(pixel(60, SIDE - 61), [0, 0, 255, 76]);
  assert.deepEqual(pixel(90, 90), [0, 0, 0, 0]);
});

test("a single selected point is seen on any number of others", () => {
  const n = 5000;
  const ids = new Uint8Array(n).fill(2);
  ids[17] = 1; // the only one that does not stand back
  const pixel = shade(new Float32Array(2 * n).fill(40.5), ids, { crowded: Math.log(n) });
  const [r, g, b, a] = pixel(40, SIDE - 41);
  assert.ok(b > 220 && r < 60 && g < 50, `${[r, g, b]}`);
  assert.ok(a > 240);
});

test("a picture is the same, however many of its rows are made at once", () => {
  const n = 400;
  const positions = Float32Array.from({ length: 2 * n }, (_, j) => (j * 37.77) % SIDE);
  const ids = Uint8Array.from({ length: n }, (_, i) => i % 4);
  const of = [{ positions, palette: RED_BLUE, ids }, layersOf(all(n), ids, 4), tonesOf(1, 0.3, true), VIEW, 5, SIDE];
  const rows = (from, many) => shadeRows(.../** @type {[any, any, any, any, number, number]} */ (of), from, many);
  const whole = rows(0, SIDE);
  const pieces = [0, 50, 100].flatMap((from) => [...rows(from, Math.min(50, SIDE - from))]);
  assert.deepEqual([...whole], pieces);
  assert.ok(whole.some((value) => value > 0));
});

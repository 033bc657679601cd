import assert from "node:assert/strict";
import { test } from "node:test";
import { HEIGHT, placeLabels } from "../../assets/js/points/labels.mjs";

const PLOT = { left: 0, top: 0, width: 600, height: 400 };
const widthOf = (/** @type {string} */ text) => 6 + 8 * text.length;

/** @param {[number, number][]} places @param {string[]} [names] */
const endsAt = (places, names = places.map((_, i) => String(i))) =>
  places.map(([x, y], i) => ({ x, y, name: names[i], left: x < 300 }));

/** Boxes of labels. @param {ReturnType<typeof endsAt>} ends @param {ReturnType<typeof placeLabels>} labels */
const boxes = (ends, labels) =>
  labels.map(({ of, dx, dy, width }) => {
    const { x, y } = ends[of[0]];
    return [x + dx, y + dy, x + dx + width, y + dy + HEIGHT];
  });

test("names that have room stand outward, beside their ends", () => {
  const ends = endsAt([[100, 200], [500, 200]]); // prettier-ignore
  const [left, right] = placeLabels(ends, PLOT, widthOf);
  assert.ok(left.dx + left.width < 0 && right.dx > 0);
  assert.ok(!left.led && !right.led);
});

test("ends that lie on one another share one name, in their order", () => {
  const ends = endsAt([[300, 200], [302, 201], [100, 100], [299, 203]], ["1", "2", "0", "3"]); // prettier-ignore
  const labels = placeLabels(ends, PLOT, widthOf);
  assert.deepEqual(labels.map(({ text }) => text).sort(), ["0", "1 2 3"]);
  const many = placeLabels(endsAt(Array.from({ length: 12 }, () => [300, 200])), PLOT, widthOf);
  assert.equal(many[0].text, "0 1 2 3 4 5 +6");
});

test("what is in hand keeps its own name first", () => {
  const ends = endsAt([[300, 200], [300, 200]]).map((one, i) => ({ ...one, first: i === 1 })); // prettier-ignore
  assert.deepEqual(placeLabels(ends, PLOT, widthOf)[0].of, [1, 0]);
});

test("no two names lie over each other, and none is cut off, wherever ends are", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 200; round++) {
    const spread = 20 + 300 * random();
    const ends = endsAt(
      Array.from({ length: 14 }, () => [300 + spread * (random() - 0.5), 200 + spread * (random() - 0.5)]),
      Array.from({ length: 14 }, (_, i) => ["Ankle boot", "7", "truck", "T-shirt/top"][i % 4] + i),
    );
    const all = boxes(ends, placeLabels(ends, PLOT, widthOf));
    all.forEach((a, i) => {
      assert.ok(a[0] >= 0 && a[1] >= 0 && a[2] <= PLOT.width && a[3] <= PLOT.height);
      for (const b of all.slice(i + 1))
        assert.ok(a[0] >= b[2] || b[0] >= a[2] || a[1] >= b[3] || b[1] >= a[3], `${a} and ${b}`);
    });
  }
});

test("a place is kept while it is free", () => {
  const before = new Map();
  const crowded = endsAt([[300, 200], [318, 203]]); // prettier-ignore
  const first = placeLabels(crowded, PLOT, widthOf, before);
  const moved = crowded.map((one) => ({ ...one, x: one.x + 3 }));
  assert.deepEqual(
    placeLabels(moved, PLOT, widthOf, before).map(({ place }) => place),
    first.map(({ place }) => place),
  );
});

test("names keep off what others have drawn: off names always, off rings where there is another place", () => {
  const [end] = endsAt([[300, 200]]);
  const at = (around) => {
    const labels = placeLabels([{ ...end, name: "group" }], PLOT, widthOf, new Map(), HEIGHT, around);
    return labels.map(({ dx, dy, width }) => [300 + dx, 200 + dy, 300 + dx + width, 200 + dy + HEIGHT])[0];
  };
  const [free] = [at({ names: [], rings: [] })];
  const off = (/** @type {number[]} */ box) =>
    !(box[0] < free[2] && free[0] < box[2] && box[1] < free[3] && free[1] < box[3]);
  assert.ok(off(at({ names: [free], rings: [] })) && off(at({ names: [], rings: [free] })));
  assert.equal(at({ names: [[0, 0, 900, 900]], rings: [] }), undefined, "none where all is taken");
  assert.deepEqual(at({ names: [], rings: [[0, 0, 900, 900]] }), free);
});

test("names of several words are told apart where they are said together", () => {
  const ends = endsAt([[300, 200], [301, 200]]); // prettier-ignore
  const said = (...names) => placeLabels(ends.map((end, i) => ({ ...end, name: names[i] })), PLOT, widthOf)[0].text; // prettier-ignore
  assert.deepEqual([said("3", "5"), said("tails, 5 points", "3")], ["3 5", "tails, 5 points · 3"]);
});

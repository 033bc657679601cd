import assert from "node:assert/strict";
import { test } from "node:test";
import { createSplitImages } from "../../assets/js/points/split_images.mjs";
import { tally } from "../../assets/js/points/tally.mjs";
import { tensor } from "./fakes.mjs";

const POINTS = { n: 4, ids: Int32Array.of(7, 8, 9, 10), labels: Uint16Array.of(0, 1, 1, 0) };

test("points are counted by group, selected ones with what they are taken for", () => {
  const said = { predicted: Uint16Array.of(1, 1, 0, 0) };
  const attacked = { ...POINTS, groups: Uint16Array.of(0, 1, 2, 0) };
  const sources = [
    { split: "train", points: POINTS, said: null },
    { split: "test", points: attacked, said },
  ];
  const { totals, counts, selected } = tally(sources, 3, new Set([9, 99]));
  assert.deepEqual([totals, counts], [[4, 3, 1], [0, 1, 1]]); // prettier-ignore
  assert.deepEqual(selected, [
    { id: 9, split: "train", index: 2, label: 1, predicted: -1 },
    { id: 9, split: "test", index: 2, label: 1, predicted: 0 },
  ]);
});

test("without a selection nothing is listed", () => {
  const { totals, counts, selected } = tally([{ split: "test", points: POINTS, said: null }], 2, new Set());
  assert.deepEqual([totals, counts, selected], [[2, 2], [0, 0], []]); // prettier-ignore
});

/** Images that come when they are told to. */
function imagesOf() {
  const heard = { arrived: 0, failed: /** @type {unknown[]} */ ([]) };
  const images = createSplitImages({ arrived: () => heard.arrived++, failed: (error) => heard.failed.push(error) });
  /** @type {{split: string, done: (values: Uint8Array) => void, failed: (error: unknown) => void}[]} */
  const asked = [];
  const fetch = (/** @type {string} */ split) => new Promise((done, failed) => asked.push({ split, done, failed }));
  return { images, heard, asked, fetch };
}
const SPLITS = { train: { images: tensor({ shape: [2, 1, 1, 1] }) }, test: { images: null } };
const settled = () => new Promise((done) => setImmediate(done));

test("images are fetched when they are wanted, once, and only where there are some", async () => {
  const { images, heard, asked, fetch } = imagesOf();
  images.begin(SPLITS, fetch);
  assert.deepEqual(images.all, { train: null });
  await images.fetch(["test"]);
  images.fetch();
  images.fetch(["train"]);
  assert.deepEqual(asked.map((one) => one.split), ["train"]); // prettier-ignore
  asked[0].done(Uint8Array.of(1, 2));
  await settled();
  assert.equal(heard.arrived, 1);
  assert.deepEqual(images.of("train"), { values: Uint8Array.of(1, 2), h: 1, w: 1, c: 1 });
  await images.fetch();
  assert.equal(asked.length, 1);
});

test("images of a run that has been left are not shown with another", async () => {
  const { images, heard, asked, fetch } = imagesOf();
  images.begin(SPLITS, fetch);
  images.fetch();
  images.begin(SPLITS, fetch);
  asked[0].done(Uint8Array.of(1, 2));
  await settled();
  assert.deepEqual([images.of("train"), heard.arrived], [null, 0]);
  images.fetch();
  assert.equal(asked.length, 2);
});

test("after a failure, which is said, they may be asked for again", async () => {
  const { images, heard, asked, fetch } = imagesOf();
  images.begin(SPLITS, fetch);
  images.fetch();
  asked[0].failed("gone");
  await settled();
  assert.deepEqual(heard.failed, ["gone"]);
  images.fetch();
  assert.equal(asked.length, 2);
});

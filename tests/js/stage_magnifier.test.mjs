import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, momentsOf } from "../../assets/js/stage/extent.mjs";
import { createMagnifier, differs, keptInSight, zoomAbout } from "../../assets/js/stage/magnifier.mjs";

/** A picture of points at the given places. */
const picture = (/** @type {number[]} */ places, visible = (/** @type {number} */ _) => true) => ({
  points: { n: places.length / 2 },
  positions: Float32Array.from(places),
  visible,
});
function magnifierOf() {
  /** @type {string[]} */
  const heard = [];
  const magnifier = createMagnifier({ changed: (what) => heard.push(what), wake: () => {} });
  magnifier.begin(false);
  return { magnifier, heard };
}
const CROSS = picture([0.1, 0, -0.1, 0, 0, 0.1, 0, -0.1]);

test("what is zoomed about stays where it is, within the limits", () => {
  const zoom = zoomAbout({ x: 0, y: 0, k: 1 }, 0.5, 0.4, -0.2);
  assert.deepEqual(zoom, { x: 0.2, y: -0.1, k: 2 });
  assert.equal((0.4 - zoom.x) * zoom.k, 0.4, "it is as far from the middle of the picture as before");
  assert.equal(zoomAbout(zoom, 1e-9, 0, 0).k, 60);
  assert.equal(zoomAbout(zoom, 1e9, 0, 0).k, 0.5);
});

test("a panel of a grid goes to where its points are, and stays there while they stay in sight", () => {
  const reach = 1;
  const far = picture([0.31, 0.3, 0.29, 0.3, 0.3, 0.31, 0.3, 0.29]); // a thousand handles reach 0.05, the points less
  const zoom = keptInSight({ x: 0, y: 0, k: 1 }, [far], reach);
  assert.ok(Math.hypot(zoom.x - 0.3, zoom.y - 0.3) < 1e-6 && zoom.k > 8, JSON.stringify(zoom));
  assert.equal(keptInSight(zoom, [far], reach), zoom, "nothing is to be done");
  const nearly = picture([0.312, 0.302, 0.292, 0.302, 0.302, 0.312, 0.302, 0.292]);
  assert.equal(keptInSight(zoom, [nearly], reach), zoom, "it does not breathe");
  const wide = picture([1, 0, -1, 0, 0, 1, 0, -1]);
  assert.ok(keptInSight(zoom, [far, wide], reach).k < 1.5, "all panels of a row are kept in sight");
  const hidden = picture([5, 5, -5, -5], () => false);
  assert.equal(keptInSight(zoom, [hidden], reach), zoom, "what is hidden is no matter");
});

test("a hundredth is not a zoom", () => {
  const { magnifier } = magnifierOf();
  magnifier.set({ x: 0.005, y: 0, k: 1.005 });
  assert.equal(magnifier.zoomed, false);
  magnifier.pan(0.02, 0);
  assert.equal(magnifier.zoomed, true);
  assert.ok(differs({ x: 0, y: 0, k: 2 }, { x: 0, y: 0, k: 1 }));
});

test("each zoom asks for other axes once, and is said", () => {
  const { magnifier, heard } = magnifierOf();
  magnifier.settle();
  magnifier.about(0.5, 0, 0);
  assert.equal(magnifier.moved, true);
  magnifier.settle();
  assert.equal(magnifier.moved, false);
  assert.deepEqual(heard, ["zoom"]);
});

test("hidden points have no extent", () => {
  const half = picture([0, 0, 4, 4], (i) => i === 0);
  assert.deepEqual(momentsOf([half, picture([2, 0])]), { n: 2, x: 1, y: 0, square: 2 });
  assert.deepEqual(boundsOf([half, picture([2, 1])]), { left: 0, right: 2, bottom: 0, top: 1 });
  assert.deepEqual(momentsOf([]), { n: 0, x: 0, y: 0, square: 0 });
});

test("points that are fitted fill the narrower side", () => {
  const { magnifier } = magnifierOf();
  magnifier.fit([picture([1, 1, 3, 2])], 2, 1);
  const { x, y, k } = magnifier.zoom;
  assert.deepEqual([x, y], [2, 1.5]);
  assert.ok(Math.abs(k - 1 / (1.05 * 0.5)) < 1e-9, `${k}`);
  const before = { ...magnifier.zoom };
  magnifier.fit([picture([1, 1], () => false)], 1, 1);
  assert.deepEqual(magnifier.zoom, before, "nothing is drawn: nothing to fit");
});

test("where it follows, small pictures grow until they fill it, and then stay", () => {
  const { magnifier } = magnifierOf();
  magnifier.begin(true);
  for (let i = 0; i < 200; i++) magnifier.advance(1 / 30, [CROSS], 1, 0);
  const k = magnifier.zoom.k;
  assert.ok(k > 3 && k < 6, `${k}`);
  magnifier.settle();
  magnifier.advance(1 / 30, [CROSS], 1, 0);
  assert.equal(magnifier.moved, false, "within bounds nothing is done");
  assert.equal(magnifier.zoomed, false, "it was not the reader who zoomed");
});

test("it goes after the middle of the points, but not where there are handles", () => {
  const off = picture([0.6, 0, 0.4, 0, 0.5, 0.1, 0.5, -0.1]);
  const follow = (/** @type {number} */ handles) => {
    const { magnifier } = magnifierOf();
    magnifier.begin(true);
    for (let i = 0; i < 300; i++) magnifier.advance(1 / 30, [off], 1, handles);
    return magnifier.zoom;
  };
  const free = follow(0);
  assert.ok(Math.abs(free.x - 0.5) < 0.3 / free.k);
  const held = follow(1);
  assert.deepEqual([held.x, held.y], [0, 0]);
  assert.ok(held.k <= 1, "nothing is magnified out of their sight");
});

test("at once is one step", () => {
  const { magnifier } = magnifierOf();
  magnifier.begin(true);
  magnifier.advance(0, [CROSS], 1, 0);
  const { k } = magnifier.zoom;
  magnifier.advance(0, [CROSS], 1, 0);
  assert.equal(magnifier.zoom.k, k);
});

test("who zooms is not followed any more, until he asks for it", () => {
  const { magnifier } = magnifierOf();
  magnifier.begin(true);
  magnifier.pan(0.1, 0);
  assert.equal(magnifier.following, false);
  magnifier.follow();
  assert.equal(magnifier.following, true);
});

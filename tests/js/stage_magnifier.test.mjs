import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, boxInSight, isBox } from "../../assets/js/stage/extent.mjs";
import { createMagnifier, differs, fitted, keptInSight, zoomAbout } from "../../assets/js/stage/magnifier.mjs";

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
  magnifier.begin();
  return { magnifier, heard };
}
/** @type {import("../../assets/js/stage/magnifier.mjs").Frame} */
const FRAME = { width: 800, height: 500, free: [34, 14, 50, 52], names: 0, reach: 1 };
const CROSS = { left: -0.1, right: 0.1, bottom: -0.1, top: 0.1 };

/** Where a box is in a frame, in px from its edges: top, right, bottom, left. @param {typeof CROSS} box @param {{x: number, y: number, k: number}} zoom */
function gapsOf(box, { x, y, k }, { width, height, reach } = FRAME) {
  const scale = (Math.min(width, height) * k) / (2 * reach);
  return [
    height / 2 - (box.top - y) * scale,
    width / 2 - (box.right - x) * scale,
    height / 2 + (box.bottom - y) * scale,
    width / 2 + (box.left - x) * scale,
  ];
}

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
  assert.deepEqual(boundsOf([half, picture([2, 1])]), { left: 0, right: 2, bottom: 0, top: 1 });
  assert.equal(isBox(boundsOf([picture([1, 1], () => false)])), false);
});

test("handles are in sight as far as they show", () => {
  const points = [picture([0.1, 0.1, 0.2, 0.2])];
  const seen = Float64Array.of(1, 0, 0, -1, 9, 9);
  const box = (/** @type {number} */ share) => boxInSight(points, { seen, count: 2, share });
  assert.deepEqual(box(0), boundsOf(points));
  const { left, right, bottom, top } = box(1);
  assert.deepEqual([left, right, bottom], [0, 1, -1], "the third row has no handle");
  assert.ok(Math.abs(top - 0.2) < 1e-6);
  assert.ok(Math.abs(box(0.5).right - 0.6) < 1e-6);
});

test("a box is fitted to whichever side is the tighter one, beside what lies at the edges", () => {
  for (const box of [CROSS, { left: -3, right: 3, bottom: 0, top: 0.1 }, { left: 1, right: 1.2, bottom: -4, top: 0 }]) {
    const gaps = gapsOf(box, fitted(box, FRAME, 1));
    FRAME.free.forEach((free, side) => assert.ok(gaps[side] >= free - 1e-6, `${gaps}`));
    const [across, up] = [gaps[1] + gaps[3] - 14 - 52, gaps[0] + gaps[2] - 34 - 50];
    assert.ok(Math.min(across, up) < 1e-6, `one side is full: ${gaps}`);
    assert.ok(Math.abs(gaps[0] - 34 - (gaps[2] - 50)) < 1e-6, "as much room above as below");
  }
});

test("what it follows fills most of the shorter side, and then it stays", () => {
  const { magnifier } = magnifierOf();
  for (let i = 0; i < 200; i++) magnifier.advance(1 / 30, CROSS, FRAME);
  const [top, , bottom] = gapsOf(CROSS, magnifier.zoom);
  assert.ok((FRAME.height - top - bottom) / FRAME.height >= 0.7);
  magnifier.settle();
  for (const share of [1, 1.05, 0.95, 0.92]) {
    const other = { left: -0.1 * share, right: 0.1 * share, bottom: -0.1 * share, top: 0.1 * share };
    magnifier.advance(1 / 30, other, FRAME);
    assert.equal(magnifier.moved, false, `within bounds nothing is done: ${share}`);
  }
  assert.equal(magnifier.zoomed, false, "it was not the reader who zoomed");
});

test("it goes by and by, but never lets anything be cut off", () => {
  const { magnifier } = magnifierOf();
  magnifier.advance(0, CROSS, FRAME);
  const { k } = magnifier.zoom;
  const small = { left: -0.05, right: 0.05, bottom: -0.05, top: 0.05 };
  magnifier.advance(1 / 30, small, FRAME);
  assert.ok(magnifier.zoom.k > k && magnifier.zoom.k < 1.3 * k, "a thirtieth of a second is a small step");
  assert.ok(magnifier.going);
  const large = { left: -2, right: 1, bottom: -1, top: 3 };
  magnifier.advance(1 / 30, large, FRAME);
  assert.ok(Math.min(...gapsOf(large, magnifier.zoom)) >= 5.9, `${gapsOf(large, magnifier.zoom)}`);
});

test("a box that comes and goes a little does not make the picture breathe", () => {
  const { magnifier } = magnifierOf();
  magnifier.advance(0, CROSS, FRAME);
  let changes = 0;
  for (let i = 0; i < 600; i++) {
    const size = 0.1 * (1 + 0.08 * Math.sin(i / 7));
    magnifier.settle();
    magnifier.advance(1 / 30, { left: -size, right: size, bottom: -size, top: size }, FRAME);
    changes += Number(magnifier.moved);
  }
  assert.equal(changes, 0);
});

test("at once is one step", () => {
  const { magnifier } = magnifierOf();
  magnifier.advance(0, CROSS, FRAME);
  const before = { ...magnifier.zoom };
  magnifier.advance(0, CROSS, FRAME);
  assert.deepEqual(magnifier.zoom, before);
});

test("who zooms is not followed any more, until he asks for it", () => {
  const { magnifier } = magnifierOf();
  magnifier.pan(0.1, 0);
  assert.equal(magnifier.following, false);
  magnifier.follow();
  assert.equal(magnifier.following, true);
});

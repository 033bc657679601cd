import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_VECTORS, asVectors, paintDots, paintRings } from "../../assets/js/points/dots.mjs";
import { toldOfPoints } from "../../assets/js/picture/picture_form.mjs";
import { paintGroups, paintHandles } from "../../assets/js/picture/over_points.mjs";
import { inLines, layOut, paintSheet, viewInBox } from "../../assets/js/picture/sheet.mjs";
import { SvgPen } from "../../assets/js/picture/svg_pen.mjs";
import { widthOf } from "../../assets/js/picture/pen.mjs";

const VIEW = { left: 0, top: 0, width: 400, height: 200, x0: -2, x1: 2, y0: -1, y1: 1, kx: 100, ky: 100 };
const LOOK = {
  ground: "#ffffff", ink: "#000000", quiet: "#555555", type: 11, caption: true, legend: true, names: true, rings: true,
  dots: 1, scale: 1, vector: true, resolve: (/** @type {string} */ color) => color,
}; // prettier-ignore

/** Three points, of which the last is outside, the second selected. @type {import("../../assets/js/points/dots.mjs").Dots} */
const DOTS = {
  positions: Float32Array.of(0, 0, 1, 0.5, 9, 9),
  palette: Uint8Array.of(255, 0, 0, 209, 0, 0, 255, 23),
  ids: Uint8Array.of(0, 1, 0),
  order: Uint32Array.of(1, 0, 2),
  size: 4,
  imageSize: 20,
  images: null,
  shaded: false,
  chosen: (i) => i === 1,
};

/** @param {number} rows @param {number} columns */
function subject(rows, columns) {
  const part = { aspect: () => 0.5, view: (/** @type {any} */ box) => viewInBox(VIEW, box), paint: (/** @type {any} */ pen, /** @type {any} */ at) => paintDots(pen, at, DOTS) }; // prettier-ignore
  return {
    caption: () => "MNIST, softmax, 2 points, epoch 3.25 (between recorded ones)",
    legend: () => ["shoe", "boot", "a name that is long enough for a line"].map((text) => ({ color: "#ff0000", text })),
    parts: Array.from({ length: rows }, () => Array.from({ length: columns }, () => part)),
    rows: rows > 1 ? ["t-SNE", "UMAP"] : [],
    columns: columns > 1 ? ["Training points", "Test points"] : [],
    fit() {},
  };
}

test("a sheet is as high as its pictures want to be, and nothing on it lies over anything else", () => {
  const sheet = layOut(subject(2, 2), LOOK, 400);
  const boxes = sheet.boxes.flat();
  assert.equal(boxes.length, 4);
  for (const box of boxes) {
    assert.ok(Math.abs(box.height / box.width - 0.5) < 1e-9);
    assert.ok(box.left >= 0 && box.left + box.width <= 400 && box.top + box.height <= sheet.height);
  }
  assert.ok(sheet.boxes[0][1].left > sheet.boxes[0][0].left + sheet.boxes[0][0].width);
  assert.ok(sheet.boxes[1][0].top > sheet.boxes[0][0].top + sheet.boxes[0][0].height);
  const bottom = sheet.boxes[1][0].top + sheet.boxes[1][0].height;
  for (const { top } of sheet.legend) assert.ok(top > bottom && top < sheet.height);
  assert.ok(sheet.caption.every((line) => widthOf(line, LOOK.type) <= 380));
});

test("with a height of its own, as a film has, the legend stands beside the pictures", () => {
  const sheet = layOut(subject(1, 2), LOOK, 1280, 720);
  const [first, second] = sheet.boxes[0];
  assert.equal(sheet.height, 720);
  assert.ok(first.top + first.height <= 720 && sheet.caption.length === 1);
  for (const { left } of sheet.legend) assert.ok(left > second.left + second.width);
});

test("a film's caption is one line, of which the time is never cut off", () => {
  const many = { ...subject(1, 1), caption: () => `MNIST, softmax, ${"only label:cat, ".repeat(9)}epoch 3.25` };
  const [line, ...more] = layOut(many, { ...LOOK, type: 15 }, 500, 400).caption;
  assert.ok(line.endsWith("…, epoch 3.25") && widthOf(line, 15) <= 480, line);
  assert.equal(more.length, 0);
});

test("a caption that is longer than the sheet is wide goes on in another line, and loses no word", () => {
  const lines = inLines(subject(1, 1).caption(), 160, 11);
  assert.ok(lines.length > 1 && lines.every((line) => widthOf(line, 11) <= 160));
  assert.equal(lines.join(" "), subject(1, 1).caption());
});

test("a box of another shape shows all that the picture shows, on one scale", () => {
  const at = viewInBox(VIEW, { left: 10, top: 20, width: 100, height: 100 });
  assert.ok(at.kx === 25 && at.ky === 25 && at.x0 === -2 && at.x1 === 2 && at.y0 === -2 && at.y1 === 2);
});

test("points that are in sight are drawn, those of a strong colour and a faint one in their order; a ring is around the selected", () => {
  const pen = new SvgPen(400, 200);
  paintDots(pen, VIEW, DOTS);
  paintRings(pen, VIEW, DOTS, "#000000");
  const circles = pen.file("").match(/<circle[^>]*>/g) ?? [];
  assert.equal(circles.length, 3);
  assert.match(circles[0], /cx="300" cy="50" r="2" fill="#0000ff"/);
  assert.match(circles[1], /cx="200" cy="100" r="2" fill="#ff0000"/);
  assert.match(circles[2], /cx="300" cy="50" r="3.6" fill="none"/);
});

test("a whole sheet as SVG has the points of all its pictures, and each of its words", () => {
  const pen = new SvgPen(400, 300);
  const one = subject(2, 2);
  paintSheet(pen, one, layOut(one, LOOK, 400), LOOK);
  const file = pen.file("x");
  assert.equal(file.match(/<circle[^>]*r="2"/g)?.length, 8);
  for (const word of ["MNIST, softmax", "t-SNE", "UMAP", "Training points", "shoe", "boot"])
    assert.ok(file.includes(word), word);
});

test("more points than a program opens with ease, and images, are embedded, which is told", () => {
  const many = { ...DOTS, order: new Uint32Array(MOST_VECTORS + 1) };
  assert.ok(asVectors(DOTS) && !asVectors(many));
  assert.ok(!asVectors({ ...DOTS, images: { images: new Uint8Array(3), h: 1, w: 1, c: 1 } }));
  const taken = /** @type {any} */ ({ points: 60_000, images: false });
  const wish = /** @type {any} */ ({ format: "svg", dpi: 300 });
  assert.match(toldOfPoints(taken, wish), /60,000 points, more than the 20,000 .* embedded as a picture of 300 dpi/);
  assert.equal(toldOfPoints(taken, { ...wish, format: "png" }), "");
  assert.equal(toldOfPoints({ ...taken, points: 20_000 }, wish), "");
  assert.match(
    toldOfPoints({ ...taken, points: 20, shaded: true }, wish),
    /^Points that are shaded by density are embedded/,
  );
});

test("a group's name lies over no name of a class, however near their ends are", () => {
  const pen = new SvgPen(400, 200);
  const marks = [{ i: 0, name: "ankle boot", color: "#ff0000", muted: false }];
  const around = paintHandles(pen, VIEW, Float64Array.of(0.5, 0.2), /** @type {any} */ (marks), 1, LOOK);
  const groups = [{ text: "round ones, 12 points", color: "#00ff00", x: 0.45, y: 0.18 }];
  paintGroups(pen, VIEW, groups, LOOK, around);
  const size = LOOK.type - 1;
  const boxes = [...pen.file("").matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]+)</g)].map(([, x, y, text]) => {
    return { left: +x, right: +x + widthOf(text, size, true), top: +y - size, bottom: +y, text };
  });
  assert.deepEqual(boxes.map(({ text }) => text).sort(), ["ankle boot", "round ones, 12 points"]);
  const [a, b] = boxes;
  assert.ok(a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top, JSON.stringify(boxes));
});

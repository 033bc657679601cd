import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { paperOf } from "../../assets/js/picture/paper.mjs";
import { withDpi } from "../../assets/js/picture/png.mjs";

/** A chunk without its check sum, which is not looked at. @param {string} kind @param {Buffer} data */
function chunk(kind, data) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(kind), data, Buffer.alloc(4)]);
}

/** A PNG of one pixel. */
const PNG = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
  chunk("IHDR", Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])),
  chunk("IDAT", deflateSync(Buffer.from([0, 7]))),
  chunk("IEND", Buffer.alloc(0)),
]);

test("a PNG says its resolution in a chunk right behind its header, with the check sum that readers ask for", () => {
  const made = Buffer.from(withDpi(PNG, 300));
  assert.equal(made.length, PNG.length + 21);
  assert.equal(made.toString("latin1", 37, 41), "pHYs");
  assert.equal(made.readUInt32BE(41), 11_811); // dots a metre
  assert.equal(made.readUInt32BE(45), 11_811);
  assert.equal(made[49], 1);
  assert.equal(made.readUInt32BE(50), 0x78a53f76); // as zlib has it
  assert.deepEqual(made.subarray(54), PNG.subarray(33));
  assert.throws(() => withDpi(Buffer.from("GIF89a"), 300), /must be a PNG, got 6 bytes/);
});

test("a width in millimetres and its resolution make the pixels, and the px in which it is laid out", () => {
  const paper = paperOf({ width: 180, unit: "mm", dpi: 300 }, 0.5);
  assert.deepEqual(paper.pixels, [2126, 1063]);
  assert.deepEqual(paper.mm, [180, 90]);
  assert.equal(paper.width, 2126 / paper.scale);
  assert.ok(Math.abs(paper.width - (180 / 25.4) * 96) < 0.2);
  assert.deepEqual(paperOf({ width: 1920, unit: "px", dpi: 96 }, 0.5).pixels, [1920, 960]);
  assert.equal(paperOf({ width: 1920, unit: "px", dpi: 96 }, 0.5).scale, 1);
});

test("what cannot be drawn is refused in words", () => {
  const of = (/** @type {number} */ width, /** @type {"mm"|"px"} */ unit, /** @type {number} */ dpi) => () => paperOf({ width, unit, dpi }, 1); // prettier-ignore
  assert.throws(of(180, "mm", 10), /36 to 2,400 dpi; it is 10/);
  assert.throws(of(NaN, "mm", 300), /number above 0; it is missing/);
  assert.throws(of(400, "px", 600), /400 pixels at 600 dpi are 16.9 mm: nothing could be read. Take at least 43 mm/);
  assert.throws(of(2000, "mm", 600), /more than a browser can draw/);
});

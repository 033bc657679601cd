import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { fitText, fontOf, readColor, widthOf } from "../../assets/js/picture/pen.mjs";
import { PdfPen } from "../../assets/js/picture/pdf_pen.mjs";
import { SvgPen } from "../../assets/js/picture/svg_pen.mjs";

/** A dot, a line, a ring, a word: what all drawings are made of. @param {any} pen @param {string} word */
function draw(pen, word = "shoe & <boot>") {
  pen.save();
  pen.beginPath();
  pen.rect(5, 5, 90, 40);
  pen.clip();
  pen.fillStyle = "#3f90da";
  pen.globalAlpha = 0.82;
  for (const x of [10, 20, 30]) {
    pen.beginPath();
    pen.arc(x, 20, 1.5, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.restore();
  pen.strokeStyle = "rgb(255, 0, 0)";
  pen.beginPath();
  pen.moveTo(0, 0);
  pen.lineTo(50, 25);
  pen.stroke();
  pen.beginPath();
  pen.arc(50, 25, 6, 0, 2 * Math.PI);
  pen.stroke();
  pen.font = fontOf(10, true);
  pen.textAlign = "right";
  pen.fillStyle = "#000000";
  pen.fillText(word, 90, 40);
}

const noText = () => {
  throw new Error("Helvetica has these letters");
};

/** What a page of a PDF says, and the file as text. @param {Uint8Array} file */
function read(file) {
  const text = Buffer.from(file).toString("latin1");
  const start = text.indexOf("stream\n") + 7;
  const length = Number(/Length (\d+)/.exec(text)?.[1]);
  return { text, page: inflateSync(file.subarray(start, start + length)).toString("latin1") };
}

test("an SVG has a circle for each point, in groups of one opacity, and no text becomes mark-up", () => {
  const pen = new SvgPen(96, 48);
  draw(pen);
  const file = pen.file("a < b");
  assert.equal(file.match(/<circle [^>]*r="1.5"/g)?.length, 3);
  assert.equal(file.match(/<g fill-opacity="0.82">/g)?.length, 1);
  assert.equal(file.match(/<g[ >]/g)?.length, file.match(/<\/g>/g)?.length);
  assert.match(file, /width="25.4mm" height="12.7mm" viewBox="0 0 96 48"/);
  assert.match(file, /stroke="#ff0000" stroke-width="1"/);
  assert.match(file, /font-weight="bold" text-anchor="end"[^>]*>shoe &#38; &#60;boot&#62;</);
  assert.match(file, /<title>a &#60; b<\/title>/);
});

test("a PDF has one page of the right size, a round dot for each point, and a table that finds every object", async () => {
  const pen = new PdfPen(96, 48, noText);
  draw(pen);
  const { text, page } = read(await pen.file("Ω"));
  assert.ok(text.startsWith("%PDF-1.7\n") && text.endsWith("%%EOF\n"));
  assert.match(text, /MediaBox \[0 0 72 36\]/);
  assert.match(text, /Title <FEFF03a9>/);
  assert.equal(page.match(/^[\d.]+ 20 m [\d.]+ 20 l S$/gm)?.length, 3);
  assert.match(page, /3 w\n1 J/); // as wide as the dots, with round ends
  assert.equal(page.match(/^q$/gm)?.length, page.match(/^Q$/gm)?.length);
  assert.ok(page.includes(Buffer.from("shoe & <boot>").toString("hex")));
  const table = Number(/startxref\n(\d+)/.exec(text)?.[1]);
  const rows = text.slice(table).match(/^\d{10} 00000 n $/gm) ?? [];
  assert.ok(rows.length >= 7);
  rows.forEach((row, i) => assert.ok(text.slice(Number(row.slice(0, 10))).startsWith(`${i + 1} 0 obj\n`)));
});

test("what Helvetica has no letters for is put into a PDF as a picture of it", async () => {
  /** @type {string[]} */
  const asked = [];
  const pixels = { width: 1, height: 1, data: Uint8ClampedArray.of(9, 8, 7, 128) };
  const pen = new PdfPen(96, 48, (text) => (asked.push(text), { pixels, width: 20, height: 10 }));
  draw(pen, "猫 → dog");
  const { text, page } = read(await pen.file("x"));
  assert.deepEqual(asked, ["猫 → dog"]);
  assert.match(page, /q 20 0 0 -10 70 45 cm \/I0 Do Q/); // its end at 90, its middle at 40
  assert.match(text, /Subtype \/Image[^>]*DeviceRGB \/SMask 8 0 R/);
});

test("colours are read as styles write them, and others are refused", () => {
  assert.deepEqual(readColor("#3f90da"), [63, 144, 218, 1]);
  assert.deepEqual(readColor(" rgba(1, 2, 3, 0.5)"), [1, 2, 3, 0.5]);
  assert.throws(() => readColor("var(--x)"), /a colour must be "#rrggbb" or "rgb\(…\)", got "var\(--x\)"/);
});

test("a pen of vectors draws whole circles only, and type of our own", () => {
  const pen = new SvgPen(9, 9);
  assert.throws(() => pen.arc(0, 0, 1, 0, 1), /whole circle/);
  pen.font = "italic 3em x";
  assert.throws(() => pen.fillText("a", 0, 0), /must be one of fontOf, got "italic 3em x"/);
});

test("text is measured as Helvetica's, and cut where there is no room", () => {
  assert.equal(widthOf("AV", 10), 13.34);
  assert.equal(widthOf("é", 10), widthOf("e", 10));
  assert.equal(fitText("ankle boot", 200, 10), "ankle boot");
  const cut = fitText("ankle boot", 30, 10);
  assert.ok(cut.endsWith("…") && widthOf(cut, 10) <= 30 && cut.length > 2);
});

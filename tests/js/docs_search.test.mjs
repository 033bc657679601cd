import assert from "node:assert/strict";
import { test } from "node:test";

import { parts, search, wordsOf } from "../../assets/js/docs/search.mjs";

const section = (heading, text, page = "A page") => ({ path: "/a", page, anchor: "x", heading, text });
const SECTIONS = [
  section("Install", "One needs Python. The tour comes with it.", "Tutorial"),
  section("The tour", "A tour turns a frame; the frame is a matrix. ρ says how much."),
  section("Attacks", "Perturbations, step by step: `--epsilon` bounds them."),
];
const headings = (question) => search(SECTIONS, question).map(({ section: { heading } }) => heading);

test("a heading counts more than words in a text", () => {
  assert.deepEqual(headings("tour"), ["The tour", "Install"]);
});

test("all words must be there, as beginnings of words", () => {
  assert.deepEqual(headings("tour matr"), ["The tour"]);
  assert.deepEqual(headings("our"), []);
  assert.deepEqual(headings("tour attacks"), []);
});

test("neither case nor what stands between words matters", () => {
  assert.deepEqual(headings("EPSILON"), ["Attacks"]);
  assert.deepEqual(headings("--epsilon bounds"), ["Attacks"]);
  assert.deepEqual(headings("ρ"), ["The tour"]);
});

test("a question without a word finds nothing, and letters of patterns are only letters", () => {
  for (const question of ["", "  ", "()", "[.*", "\\", "<b>x</b> ("]) assert.deepEqual(headings(question), []);
  assert.deepEqual(wordsOf("gt embed --method"), ["gt", "embed", "method"]);
});

test("words side by side come before the same words apart", () => {
  const apart = section("One", "random words in a view");
  const together = section("Two", "a random view");
  const found = search([apart, together], "random view").map((one) => one.section.heading);
  assert.deepEqual(found, ["Two", "One"]);
});

test("what was asked for is marked, and the pieces are the whole text", () => {
  const text = "Tours: a tour of tourists, detour";
  const made = parts(text, ["tour", "tourist"]);
  assert.equal(made.map((one) => one.text).join(""), text);
  assert.deepEqual(
    made.filter((one) => one.hit).map((one) => one.text),
    ["Tour", "tour", "tourist"],
  );
});

test("a snippet of a long text is around the first word, and short", () => {
  const text = `${"before ".repeat(80)}needle ${"behind ".repeat(80)}`;
  const [{ snippet }] = search([section("H", text)], "needle");
  const said = snippet.map((one) => one.text).join("");
  assert.ok(said.includes("needle") && said.length < 200, said);
  assert.ok(said.startsWith("… ") && said.endsWith(" …"), said);
});

test("at most a dozen sections are found", () => {
  assert.equal(
    search(
      Array.from({ length: 40 }, (_, i) => section(`H ${i}`, "word")),
      "word",
    ).length,
    12,
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { parse } from "../../assets/js/method/formula.mjs";

/** As text, with the elements' names. */
const said = (nodes) =>
  nodes.map(({ tag, text, of }) => (text !== undefined ? `${tag}:${text}` : `${tag}(${said(of)})`)).join(" ");

test("letters, numbers, words and signs are told apart", () => {
  assert.equal(said(parse('σ = 2.5 " for all" x')), "mi:σ mo:= mn:2.5 mtext:\u00a0for\u00a0all mi:x"); // MathML would trim spaces
});

test("indices go below and above, to what stands before them", () => {
  assert.equal(said(parse("r_i^2 G^T")), "msubsup(mi:r mi:i mn:2) msup(mi:G mi:T)");
  assert.equal(said(parse("~x_{i j}")), "msub(mover(mi:x mo:˜) mrow(mi:i mi:j))");
});

test("fractions, roots and groups nest", () => {
  assert.equal(said(parse("{1 + x}⁄{√{y}}")), "mfrac(mrow(mn:1 mo:+ mi:x) mrow(msqrt(mrow(mi:y))))");
});

test("a matrix has rows and cells; outside of one a comma is a sign", () => {
  assert.equal(said(parse("(x, y)")), "mo:( mi:x mo:, mi:y mo:)");
  const cell = (x) => `mtd(${x})`;
  assert.equal(
    said(parse("[a, −1; b_1, 2]")),
    `mrow(mo:[ mtable(mtr(${cell("mi:a")} ${cell("mo:− mn:1")}) mtr(${cell("msub(mi:b mn:1)")} ${cell("mn:2")})) mo:])`,
  );
});

test("what is open, or has nothing to go with, is an error that shows the formula", () => {
  for (const wrong of ["{a", "a}", "[a, b", "x_", "a ]", "~", "√", "{a}⁄"])
    assert.throws(() => parse(wrong), new RegExp(`^SyntaxError: formula: .*`), wrong);
});

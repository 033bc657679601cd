import assert from "node:assert/strict";
import { test } from "node:test";
import { NotUnderstood, parse, write } from "../../assets/js/filter/language.mjs";

/** What a text is read as, in short. @param {string} text */
const short = (text) =>
  parse(text).map(({ negated, name, at, values }) => [
    `${negated ? "-" : ""}${name ?? "?"}${at === null ? "" : `@${at}`}`,
    ...values.map(({ op, text: said, to }) => `${op}${said}${to === undefined ? "" : `|${to}`}`),
  ]);

test("terms side by side, alternatives with commas, quotes around what has spaces", () => {
  assert.deepEqual(short('label:cat,"sports car" -predicted:dog confidence:<0.6 id:17 fluffy'), [
    ["label", "=cat", "=sports car"],
    ["-predicted", "=dog"],
    ["confidence", "<0.6"],
    ["id", "=17"],
    ["?", "=fluffy"],
  ]);
  assert.deepEqual(short('!"sepal length":>=-5.5  "a \\"b\\" c"'), [["-sepal length", ">=-5.5"], ["?", '=a "b" c']]); // prettier-ignore
  assert.deepEqual(short("  "), []);
});

test("an epoch stands behind the name, and a range between two dots", () => {
  assert.deepEqual(short("predicted@40:dog id:3..9 day:2024-01..2024-03 x:-2..-1"), [
    ["predicted@40", "=dog"],
    ["id", "..3|9"],
    ["day", "..2024-01|2024-03"],
    ["x", "..-2|-1"],
  ]);
  assert.deepEqual(short('name:"a..b"'), [["name", "=a..b"]]);
});

test("what is written reads as the same", () => {
  const all = [
    'label:cat,"sports car" -predicted@40:dog confidence:<0.6 fluffy',
    '"sepal length":-5..7.5 -"two words" x:missing name:"missing" y:"a,b" z:>"2 3"',
    'a:"q\\"uo\\\\te" b:"" any@3:x c:"<5" d:"a..b"',
  ];
  for (const text of all) {
    const bare = (/** @type {string} */ one) => parse(one).map((term) => ({ ...term, from: 0, to: 0 }));
    assert.deepEqual(bare(write(parse(text))), bare(text), text);
  }
});

/** @type {[string, RegExp][]} */
const ODD = [
  ['label:"cat', /quote is not closed/],
  ["label:", /write a value behind label:/],
  ["label:cat,", /write a value behind label:/],
  ["confidence:<", /write a value behind confidence:/],
  [":cat", /a name must stand before the colon/],
  ["-", /behind the minus/],
  ["(a b)", /must all hold/],
  ["a | b", /must all hold/],
  ["<0.6", /a name and a colon must stand before “<”/],
  ["predicted@last:dog", /number of an epoch.*“last” came/],
  ["predicted@40", /write a colon and a value behind predicted@40/],
  ["@4:x", /cannot begin a term/],
];

test("what is not understood says what could be, and where", () => {
  for (const [text, message] of ODD)
    assert.throws(
      () => parse(text),
      (/** @type {any} */ error) => {
        assert.ok(error instanceof NotUnderstood && error.from <= text.length, text);
        return message.test(error.message) || assert.fail(`${text}: ${error.message}`);
      },
    );
});

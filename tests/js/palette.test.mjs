/** Colours that stand for something are told apart with the three common colour-vision deficiencies, and without. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import {
  ATTACKED,
  CONFIDENCE,
  NEUTRAL,
  VERDICTS,
  classColors,
  freeGroupColor,
  groupColor,
  groupColors,
} from "../../assets/js/points/palette.mjs";
import { COLORS, MOST } from "../../assets/js/state/kept_groups.mjs";
import { EYES, contrast, nearest, seen } from "./vision.mjs";

const SURFACES = ["#ffffff", "#191d23"]; // of light and dark
const text = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const named = (colors) => Object.fromEntries(colors.map((color, i) => [i, color]));
/** Variables of one theme in a style sheet. */
function variables(sheet, theme, ...names) {
  const rules = text(`assets/css/${sheet}`)
    .split(theme === "dark" ? '[data-bs-theme="dark"] {' : ":root {")[1]
    .split("}")[0];
  return Object.fromEntries(
    names.map((name) => [
      name,
      new RegExp(`--gt-${name}: (#[0-9a-f]{6});`).exec(rules)?.[1] ?? assert.fail(`${sheet}: no ${name}`),
    ]),
  );
}
/** Of each file of a method its name and colour. */
const folder = new URL("../../gt/embed/methods/", import.meta.url);
const methods = Object.fromEntries(
  readdirSync(folder)
    .filter((file) => file.endsWith(".py") && file !== "__init__.py")
    .map((file) => {
      const said = readFileSync(new URL(file, folder), "utf8");
      return [file, /\bcolor="(#[0-9a-f]{6})"/.exec(said)?.[1] ?? assert.fail(`${file}: no colour`)];
    }),
);
/** Colours of embeddings that no method of ours made. */
const elsewhere = /\nELSEWHERE = \(([^)]*)\)/.exec(text("gt/figures/palette.py"))?.[1].match(/#[0-9a-f]{6}/g) ?? [];

/** Each with the least distance in OKLab between two of its colours, for any of the four eyes: just under what holds. */
const PALETTES = {
  "the classes and the attacked points": [named([...classColors(10), ATTACKED]), 0.066],
  "four classes": [named(classColors(10).slice(0, 4)), 0.1],
  "two classes": [named(classColors(2)), 0.24],
  "correct and wrong": [named(VERDICTS), 0.15],
  "methods that are compared": [methods, 0.09],
  "methods and what was imported": [{ ...methods, ...named(elsewhere) }, 0.072],
  "low, none and high in light": [variables("92-network.css", "light", "heat-low", "heat-zero", "heat-high"), 0.25],
  "low, none and high in dark": [variables("92-network.css", "dark", "heat-low", "heat-zero", "heat-high"), 0.2],
  "the first and the last layer in light": [variables("87-attack.css", "light", "network-first", "network-last"), 0.38],
  "the first and the last layer in dark": [variables("87-attack.css", "dark", "network-first", "network-last"), 0.26],
};

for (const [what, [colors, least]] of Object.entries(PALETTES)) {
  test(`${what} are told apart by every eye`, () => {
    for (const [eye, matrix] of Object.entries(EYES)) {
      const { distance, pair } = nearest(colors, matrix);
      assert.ok(distance >= least, `${eye}: ${pair} are ${distance.toFixed(4)} apart, less than ${least}`);
    }
  });
}

test("all methods are compared, and three colours of what was imported", () => {
  assert.ok(Object.keys(methods).length >= 8);
  assert.equal(elsewhere.length, 3);
});

test("more confidence is lighter for every eye, step by step", () => {
  for (const [eye, matrix] of Object.entries(EYES)) {
    const light = CONFIDENCE.map((color) => seen(color, matrix)[0]);
    light.slice(1).forEach((l, i) => assert.ok(l - light[i] > 0.015, `${eye}: ${CONFIDENCE[i]} and the next`));
  }
});

test("every colour of a class, an attack and a verdict is at least 3 : 1 on its ground, light and dark", () => {
  const colors = [...[10, 11, 20, 47, 80].flatMap((k) => classColors(k)), ATTACKED, NEUTRAL, ...VERDICTS];
  for (const color of colors) {
    for (const surface of SURFACES) assert.ok(contrast(color, surface) >= 3, `${color} on ${surface}`);
  }
});

test("to an eye without a deficiency the classes are twice as far apart", () => {
  const { distance, pair } = nearest(named([...classColors(10), ATTACKED]), EYES.normal);
  assert.ok(distance >= 0.13, `${pair}: ${distance}`);
});

test("colours of groups are 3 : 1 on light and dark, and no two are alike", () => {
  const colors = Array.from({ length: COLORS }, (_, color) => groupColor(color));
  assert.equal(groupColor(COLORS), undefined);
  for (const color of colors)
    for (const surface of SURFACES) assert.ok(contrast(color, surface) >= 3, `${color} on ${surface}`);
  const { distance, pair } = nearest(named(colors), EYES.normal);
  assert.ok(distance >= 0.09, `${pair}: ${distance}`);
});

test("the colour of a new group is that of no class and of no other group, however many there are of both", () => {
  for (const k of [1, 2, 4, 10, 11, 20, 47, 80]) {
    for (const attack of [null, {}]) {
      const classes = groupColors({ classes: Array(k).fill(""), attack });
      /** @type {number[]} */
      const taken = [];
      for (let i = 0; i < MOST; i++) taken.push(freeGroupColor(classes, taken));
      assert.equal(new Set([...classes, ...taken.map(groupColor)]).size, classes.length + MOST, `${k} classes`);
      if (k <= 10) {
        const { distance, pair } = nearest(named([...classes, ...taken.map(groupColor)]), EYES.normal);
        assert.ok(distance >= 0.085, `${k} classes, ${pair}: ${distance}`);
      }
    }
  }
  assert.equal(freeGroupColor(classColors(10), [10, 11, 13]), 12, "the colour that is free again");
});

test("the check finds red and green that only one of the eyes takes for one colour", () => {
  const pair = { red: "#c44e20", green: "#7a7a1e" };
  assert.ok(nearest(pair, EYES.normal).distance > 0.15);
  assert.ok(nearest(pair, EYES.deutan).distance < 0.06, String(nearest(pair, EYES.deutan).distance));
  assert.ok(nearest({ blue: "#1f5fc0", grey: "#eef0f2", azure: "#2463c4" }, EYES.normal).pair === "blue and azure");
});

test("a matrix keeps what has no colour", () => {
  for (const matrix of Object.values(EYES)) {
    const [light, a, b] = seen("#808080", matrix);
    assert.ok(Math.abs(light - seen("#808080", EYES.normal)[0]) < 1e-3 && Math.hypot(a, b) < 1e-3);
  }
});

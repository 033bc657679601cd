import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { nearestState, shapeText, transitionAt } from "../../assets/js/data/layers.mjs";
import { EYES, contrast, nearest } from "./vision.mjs";

test("a shape is said as people write it", () => {
  assert.deepEqual([[10, 24, 24], [50], []].map(shapeText), ["10×24×24", "50", "1"]);
});

test("the layer at hand is the one being passed, and at rest the one that made the state", () => {
  assert.deepEqual(
    [0, 0.3, 1, 1.01, 1.99, 2, 2.5, 3].map((at) => transitionAt(at, 3)),
    [0, 0, 0, 1, 1, 1, 2, 2],
  );
  assert.deepEqual(
    [-1, 0, 0.49, 0.51, 3, 9].map((at) => nearestState(at, 4)),
    [0, 0, 0, 1, 3, 3],
  );
});

const sheet = (name) => readFileSync(new URL(`../../assets/css/${name}`, import.meta.url), "utf8");

for (const [theme, start] of [
  ["light", ":root {"],
  ["dark", '[data-bs-theme="dark"] {'],
]) {
  const rules = (name) => sheet(name).split(start)[1].split("}")[0];
  const colour = (name, variable) => {
    const hex = new RegExp(`${variable}: (#[0-9a-f]{3,6});`).exec(rules(name))?.[1] ?? assert.fail(`no ${variable}`);
    return hex.length === 4 ? `#${[...hex.slice(1)].map((c) => c + c).join("")}` : hex;
  };
  const surface = colour("10-variables.css", "--gt-surface");
  const names = [...rules("80-layers.css").matchAll(/--gt-kind-(\w+):/g)].map(([, family]) => family);
  const families = names.map((family) => [family, colour("80-layers.css", `--gt-kind-${family}`)]);

  test(`${theme}: families stand out from the surface`, () => {
    assert.ok(names.length >= 7, names.join());
    for (const [family, hex] of families) assert.ok(contrast(surface, hex) >= 3, `${family} ${hex}`);
  });

  for (const [eye, matrix] of Object.entries(EYES)) {
    test(`${theme}: families are told apart, ${eye} sight`, () => {
      const { distance, pair } = nearest(Object.fromEntries(families), matrix);
      assert.ok(distance > 0.08, `${pair}: ${distance}`);
    });
  }
}

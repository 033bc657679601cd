import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { FAMILIES, kindFamily, nearestState, shapeText, transitionAt } from "../../assets/js/data/layers.mjs";

test("every kind of layer has a family, those nobody knows too", () => {
  const expected = {
    Input: "input", Conv2d: "convolution", ConvTranspose1d: "convolution", MaxPool2d: "pooling", AdaptiveAvgPool2d: "pooling",
    ReLU: "elementwise", GELU: "elementwise", BatchNorm2d: "elementwise", Dropout: "elementwise", Tanh: "elementwise", Softplus: "elementwise",
    Linear: "linear", Softmax: "softmax", LogSoftmax: "softmax", LayerNorm: "other", MultiheadAttention: "other", Block: "other", "": "other",
  }; // prettier-ignore
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((kind) => [kind, kindFamily(kind)])), expected);
});

test("a shape is said as people write it", () => {
  assert.deepEqual([[10, 24, 24], [50], []].map(shapeText), ["10×24×24", "50", "1"]);
});

test("the layer at hand is the one being passed, and at rest the one that made the state", () => {
  assert.deepEqual([0, 0.3, 1, 1.01, 1.99, 2, 2.5, 3].map((at) => transitionAt(at, 3)), [0, 0, 0, 1, 1, 1, 2, 2]);
  assert.deepEqual([-1, 0, 0.49, 0.51, 3, 9].map((at) => nearestState(at, 4)), [0, 0, 0, 1, 3, 3]);
});

/** Linear RGB as seen with a deficiency (Machado, Oliveira, Fernandes 2009, severity 1), rows out of columns. */
const EYES = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};
const apply = (m, v) => [0, 1, 2].map((i) => m[3 * i] * v[0] + m[3 * i + 1] * v[1] + m[3 * i + 2] * v[2]);
const linear = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
const luminance = (hex) => linear(hex).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
function oklab(rgb) {
  const cones = apply([0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619, 0.2817188376, 0.6299787005], rgb);
  return apply([0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099, 0.0259040371, 0.7827717662, -0.808675766], cones.map((c) => Math.cbrt(Math.max(0, c))));
}
const sheet = (name) => readFileSync(new URL(`../../assets/css/${name}`, import.meta.url), "utf8");

for (const [theme, start] of [["light", ":root {"], ["dark", '[data-bs-theme="dark"] {']]) {
  const rules = (name) => sheet(name).split(start)[1].split("}")[0];
  const colour = (name, variable) => {
    const hex = new RegExp(`${variable}: (#[0-9a-f]{3,6});`).exec(rules(name))?.[1] ?? assert.fail(`no ${variable}`);
    return hex.length === 4 ? `#${[...hex.slice(1)].map((c) => c + c).join("")}` : hex;
  };
  const surface = colour("10-variables.css", "--gt-surface");
  const families = Object.keys(FAMILIES).map((family) => [family, colour("80-layers.css", `--gt-kind-${family}`)]);

  test(`${theme}: families stand out from the surface`, () => {
    for (const [family, hex] of families) {
      const [low, high] = [luminance(surface), luminance(hex)].sort((a, b) => a - b);
      assert.ok((high + 0.05) / (low + 0.05) >= 3, `${family} ${hex}`);
    }
  });

  for (const [eye, matrix] of Object.entries(EYES)) {
    test(`${theme}: families are told apart, ${eye} sight`, () => {
      const seen = families.map(([family, hex]) => [family, oklab(apply(matrix, linear(hex)))]);
      seen.forEach(([a, x], i) => {
        for (const [b, y] of seen.slice(i + 1)) assert.ok(Math.hypot(...x.map((c, j) => c - y[j])) > 0.08, `${a} and ${b}`);
      });
    });
  }
}

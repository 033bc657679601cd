// What ESLint looks for in the JavaScript: mistakes, and functions that no longer fit a screen or two.
import js from "@eslint/js";
import globals from "globals";

const LONGEST = 100; // lines of a function; a longer one says why: eslint-disable-next-line ... -- the reason

export default [
  { ignores: ["**/node_modules/**", "**/vendor/**", "**/*.d.mts"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none" }],
      "no-console": "error",
    },
  },
  {
    files: ["assets/js/**/*.mjs"],
    languageOptions: { globals: globals.browser },
    rules: { "max-lines-per-function": ["error", { max: LONGEST, skipComments: true }] },
  },
  {
    files: ["assets/gt_bridge.js"], // a classic script, which older browsers read to the end before they say no
    languageOptions: { globals: globals.browser, sourceType: "script" },
    rules: { "no-var": "off" },
  },
  { files: ["tests/js/**/*.mjs"], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
];

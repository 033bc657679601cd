import assert from "node:assert/strict";
import { test } from "node:test";

import { explanation } from "../../assets/js/meter/explanation.mjs";
import { announced, tourView } from "./fakes.mjs";

const run = announced({ p: 10, embedding: null, alignment: undefined, epochs: [0, 5, 10] });
const view = tourView({ run, states: null });
/** @type {import("../../assets/js/meter/reading.mjs").Told} */
const told = {
  of: { kind: "epochs", fromEpoch: 0, toEpoch: 1, fromState: 0, toState: 0 },
  count: 400, points: 1000, turned: 1.25, motion: 0.2, variance: 0.3, rho: 0.5, seen: 0.6,
}; // prettier-ignore

test("the meter says of how many points it is, in which coordinates, and how far the frame has turned", () => {
  const [rho, seen, draws] = explanation(view, told, false);
  assert.match(rho, /for 400 of 1,000 points that are drawn, how far each moves in all 10 coordinates with/);
  assert.match(seen, /^Seen so far: .* since this motion came up, .* \(1\.3 rad so far\)/);
  assert.match(draws, /^This frame draws 20 % of the squared motion and 30 % of the variance/);
  assert.match(draws, /stops at 5 planes that together draw all of it/);
});

test("at the stops of a complete tour, of pairs, and where a number is missing, it says so", () => {
  /** @type {import("../../assets/js/meter/reading.mjs").Told} */
  const pairs = { ...told, of: { ...told.of, kind: "positions" }, motion: null };
  const [rho, seen, draws] = explanation(tourView({ run: { ...run, p: 2 }, states: null }), pairs, true);
  assert.match(rho, /for 400 pairs of the 1,000 points that are drawn, how far the two are apart in/);
  assert.match(seen, /^Stops so far/);
  assert.match(draws, /^This frame draws 30 % of the variance; .*the one plane that there is/);
});

/** A complete tour as a film: as long as the page's own, and at each moment where that would be. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { placeAt, visitsOf } from "../../assets/js/meter/whole_film.mjs";

/** @param {import("../../assets/js/meter/subject.mjs").Kind} kind */
const subject = (kind) => ({ kind, fromEpoch: 3, toEpoch: 5, fromState: 1, toState: 1 });

test("a still picture is looked at for as long as the page does, next to nothing for a glance", () => {
  const visits = visitsOf(subject("positions"), [0.7, 0.2995, 0.0005], [1, 0.5, 0.25]);
  assert.deepEqual(
    visits.map(({ swing }) => swing),
    [0, 0, 0],
  );
  assert.deepEqual(
    visits.map(({ end }) => +end.toFixed(6)),
    [2.6, 4.7, 5.15],
  );
  assert.deepEqual(placeAt(subject("positions"), visits, 1, 0.7), { epoch: 3, state: 1 });
});

test("a motion is played at each stop that shows some of it, there and back in turns", () => {
  const of = subject("epochs");
  const visits = visitsOf(of, [0.6, 0.0004, 0.3996], [1, 1, 1]);
  assert.deepEqual(
    visits.map(({ swing }) => swing > 0),
    [true, false, true],
  );
  const end = (/** @type {number} */ stop) => visits[stop].end - visits[stop].begin;
  assert.equal(placeAt(of, visits, 0, 0).epoch, 3);
  assert.equal(placeAt(of, visits, 0, end(0)).epoch, 5);
  assert.equal(placeAt(of, visits, 1, 0.1).epoch, 5, "it stays where it was");
  assert.equal(placeAt(of, visits, 2, 0.5).epoch, 5);
  assert.equal(placeAt(of, visits, 2, visits[2].turn + visits[2].swing / 2).epoch, 4);
  assert.equal(placeAt(of, visits, 2, end(2)).epoch, 3);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { towards } from "../../assets/js/method/moved_point.mjs";
import { sentence } from "../../assets/js/method/rotation.mjs";

const IDENTITY = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
/** Rows turned in the plane of the first and the hidden coordinate, which is where a pull to the left goes. */
const turnedBy = (angle) => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return Float64Array.of(c, 0, s, 0, 1, 0, -s, 0, c);
};

test("of a dragged row it is told how much of it is drawn and how much is hidden", () => {
  const drag = { g: turnedBy(Math.PI / 6), before: IDENTITY, pulled: [0, 0] };
  assert.match(
    sentence({ ...drag, last: 0 }),
    /^Row 1 is \(0\.87, 0, 0\.5\): its drawn part has length 0\.87, its hidden part 0\.5\./,
  );
  assert.match(sentence({ ...drag, last: null }), /^Nothing was dragged yet\. The rows are orthonormal to /);
});

test("of pulled points it is told by what angle their plane turned, and how far they are short of the pointer", () => {
  const pulled = sentence({ g: IDENTITY, before: IDENTITY, last: "points", pulled: [0.3, -0.4] });
  assert.match(
    pulled,
    /c̃′ by 0°; the middle is 0\.5 short of the pointer\. The rows are orthonormal to the last bit\.$/,
  );
});

test("an error that is not zero is told as a power of ten", () => {
  const g = IDENTITY.slice();
  g[0] += 1e-9;
  assert.match(sentence({ g, before: IDENTITY, last: null, pulled: [0, 0] }), /orthonormal to \d · 10⁻⁹\.$/);
});

test("a step towards a goal ends at it and not beyond", () => {
  assert.deepEqual(towards([0, 0], [3, 4], 2.5), { at: [1.5, 2], arrived: false });
  assert.deepEqual(towards([0, 0], [3, 4], 50), { at: [3, 4], arrived: true });
  assert.deepEqual(towards([3, 4], [3, 4], 1), { at: [3, 4], arrived: true });
});

// @ts-check
/** Three dimensions seen from the side: where view coordinates (x, y and the hidden z) go on a flat picture. */

const TILT = 0.32; // radians that the eye is above the middle, once it has gone to the side

/**
 * The eye goes around the vertical axis from straight ahead, where the picture is the drawn one, to the right.
 *
 * @param {number} turn radians from straight ahead
 * @returns {(x: number, y: number, z: number) => [number, number, number]} right, up, and towards the eye
 */
export function createCamera(turn) {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const tilt = TILT * sin;
  const [level, rise] = [Math.cos(tilt), Math.sin(tilt)];
  return (x, y, z) => {
    const near = sin * x + cos * z;
    return [cos * x - sin * z, level * y - rise * near, rise * y + level * near];
  };
}

/**
 * Points of the arc from one direction to another, at a radius.
 *
 * @param {ArrayLike<number>} a (3,) @param {ArrayLike<number>} b (3,) neither zero nor opposite
 * @param {number} radius
 * @param {number} count at least 2
 * @returns {[number, number, number][]}
 */
export function arc(a, b, radius, count = 24) {
  const lengthA = Math.hypot(a[0], a[1], a[2]);
  const lengthB = Math.hypot(b[0], b[1], b[2]);
  if (!(lengthA > 0 && lengthB > 0)) return [];
  const u = [0, 1, 2].map((k) => a[k] / lengthA);
  const v = [0, 1, 2].map((k) => b[k] / lengthB);
  const cosine = u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  const across = v.map((x, k) => x - cosine * u[k]);
  const sine = Math.hypot(across[0], across[1], across[2]);
  if (sine < 1e-9) return [];
  const angle = Math.atan2(sine, cosine);
  return Array.from({ length: count }, (_, i) => {
    const t = (angle * i) / (count - 1);
    const at = (/** @type {number} */ k) => radius * (Math.cos(t) * u[k] + (Math.sin(t) * across[k]) / sine);
    return /** @type {[number, number, number]} */ ([at(0), at(1), at(2)]);
  });
}

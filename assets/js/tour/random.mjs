/**
 * Counter-based random numbers: a value is a function of (seed, stream, index) and of nothing else.
 *
 * The tour must take the same path at any frame rate, in JavaScript and in Python, so no generator state may depend on
 * how often it was asked. Every step is 32-bit integer arithmetic, which both languages do exactly alike.
 * Mixing function: "lowbias32" found by C. Wellons's hash prospector (bias 0.17), https://github.com/skeeto/hash-prospector
 */

/** 2 ** 32 divided by the golden ratio, odd: steps through all 32-bit words before one repeats. */
const STEP_HIGH = 0x9e3779b9;
/** Another odd step, so that the two words of one number are unrelated. */
const STEP_LOW = 0x85ebca6b;

/**
 * Avalanche a 32-bit word: each input bit flips each output bit in about half of all cases.
 * @param {number} word any integer; its low 32 bits count
 * @returns {number} an unsigned 32-bit integer
 */
function mix(word) {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A uniform number in [0, 1) with 53 random bits.
 * @param {number} seed integer, taken modulo 2 ** 32
 * @param {number} stream integer, taken modulo 2 ** 32: an independent sequence of the same seed
 * @param {number} index integer, taken modulo 2 ** 32: the place in the sequence
 * @returns {number}
 */
export function uniform(seed, stream, index) {
  const key = mix(mix(seed ^ STEP_HIGH) + Math.imul(stream, STEP_LOW));
  const high = mix(key + Math.imul(index, STEP_HIGH));
  const low = mix(mix(key ^ STEP_LOW) + Math.imul(index, STEP_LOW));
  return ((high >>> 5) * 67108864 + (low >>> 6)) / 9007199254740992;
}

/**
 * Standard normal numbers by Box and Muller (Ann. Math. Stat. 1958, doi:10.1214/aoms/1177706645), two from two uniforms.
 * @param {number} seed integer, taken modulo 2 ** 32
 * @param {number} stream integer, taken modulo 2 ** 32
 * @param {number} count how many, at least 0
 * @param {Float64Array} [out] where to write them, length >= count
 * @returns {Float64Array} out
 */
export function normals(seed, stream, count, out = new Float64Array(count)) {
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, stream, i)));
    const angle = 2 * Math.PI * uniform(seed, stream, i + 1);
    out[i] = radius * Math.cos(angle);
    if (i + 1 < count) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}

// @ts-check
/** A number that is moved at once, or glides there. What the clocks of epochs and of states stand on. */

/** Slow at both ends. @param {number} u 0 to 1 */
export const ease = (u) => u * u * (3 - 2 * u);

/**
 * From one number to another.
 *
 * @param {number} from @param {number} to @param {number} seconds
 */
export function createGlide(from, to, seconds) {
  let u = 0;
  return {
    to,
    get done() {
      return u === 1;
    },
    /** Let time pass. @param {number} dt seconds @returns {number} where it is then */
    advance(dt) {
      u = Math.min(1, u + dt / seconds);
      return u === 1 ? to : from + (to - from) * ease(u);
    },
  };
}

/**
 * A place between 0 and a last one, fractions lie between two of them.
 *
 * @param {object} pace
 * @param {number} pace.near how far counts as one step
 * @param {number} pace.step seconds of such a step @param {number} pace.far seconds of a longer way
 */
export function createPosition({ near, step, far }) {
  let at = 0;
  let last = 0;
  /** @type {ReturnType<typeof createGlide>|null} */
  let glide = null;
  const within = (/** @type {number} */ place) => Math.min(last, Math.max(0, place));

  return {
    get at() {
      return at;
    },
    get last() {
      return last;
    },
    get gliding() {
      return glide !== null;
    },
    /** Other places: stand at one of them. @param {number} place @param {number} end the last one */
    begin(place, end) {
      last = end;
      [at, glide] = [within(place), null];
    },
    /** More places: stay, or go on gliding. @param {number} end the last one */
    extend(end) {
      last = end;
    },
    /** Where it is, or will be when it has arrived. */
    get goal() {
      return glide ? glide.to : at;
    },
    /** Stand at a place. @param {number} place */
    put(place) {
      [at, glide] = [within(place), null];
    },
    /** Stay here. */
    stay() {
      glide = null;
    },
    /** @param {number} place */
    glideTo(place) {
      const to = within(place);
      glide = createGlide(at, to, Math.abs(to - at) <= near ? step : far);
    },
    /** Where steps from here lead; a step during a glide goes on from where that one leads. @param {number} by */
    from: (by) => (glide ? glide.to : by > 0 ? Math.floor(at) : Math.ceil(at)) + by,
    /** Let time pass for what glides. @param {number} dt seconds */
    advance(dt) {
      if (!glide) return;
      at = glide.advance(dt);
      if (glide.done) glide = null;
    },
  };
}

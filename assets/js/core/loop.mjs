// @ts-check
/**
 * One animation loop: runs while something moves, sleeps otherwise, ends by itself when its element
 * has left the page. What a frame costs the main thread is measured all along.
 */

const KEPT = 240; // frames that the figures of `stats` are taken over: four seconds at 60 Hz
const LONGEST = 0.1; // seconds; a hidden tab must not come back with a leap

/**
 * @param {Element} element the loop lives as long as it is in the document
 * @param {(dt: number, now: number) => boolean} frame seconds since the last frame, and the clock in
 *   ms; returns whether anything still moves
 */
export function createLoop(element, frame) {
  const costs = new Float64Array(KEPT);
  let count = 0;
  let request = 0;
  let last = 0;

  /** @param {number} now */
  function tick(now) {
    request = 0;
    if (!element.isConnected) return;
    const dt = last ? Math.min((now - last) / 1000, LONGEST) : 0;
    last = now;
    const start = performance.now();
    const moving = frame(dt, now);
    costs[count++ % KEPT] = performance.now() - start;
    if (moving) wake();
    else last = 0;
  }

  function wake() {
    if (!request) request = requestAnimationFrame(tick);
  }

  return {
    wake,
    stop() {
      cancelAnimationFrame(request);
      request = 0;
      last = 0;
    },
    get running() {
      return request !== 0;
    },
    /** @returns {{count: number, medianMs: number, p95Ms: number}} */
    stats() {
      const sorted = costs.slice(0, Math.min(count, KEPT)).sort();
      const at = (/** @type {number} */ q) => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
      return { count, medianMs: at(0.5), p95Ms: at(0.95) };
    },
    /** Forget what was measured, so that a benchmark can take its own window. */
    resetStats() {
      count = 0;
    },
  };
}

/**
 * Call `left` once, as soon as an element is no longer in the document.
 *
 * @param {Element} element
 * @param {() => void} left
 */
export function whenLeft(element, left) {
  const observer = new MutationObserver(() => {
    if (element.isConnected) return;
    observer.disconnect();
    left();
  });
  for (let above = element.parentNode; above; above = above.parentNode) {
    observer.observe(above, { childList: true });
  }
  return () => observer.disconnect();
}

// @ts-check
/** How large and how opaque the reader wants points to be, whether they are shaded by density and projected on the graphics card: one choice for all pages, which the browser keeps. */

const KEPT = "gt-dots";
const LARGEST = 4; // times the size that points have by themselves; least of one over that
const LEAST = 0.05; // opacity: less is not seen

/** @typedef {{size: number, opacity: number|null, shading: boolean|null, projected: boolean|null}} DotChoice times the automatic size; opacity of a
 * point, whether points are shaded by density, and whether they are projected on the graphics card, null for automatic */

/** @type {Readonly<DotChoice>} */
export const AUTOMATIC = { size: 1, opacity: null, shading: null, projected: null };

/** @type {Set<() => void>} */
const listeners = new Set();

/** @type {DotChoice|null} what is chosen, once it was read */
let chosen = null;

/** A choice within its limits, whatever was kept. @param {any} kept @returns {DotChoice} */
export function asChoice(kept) {
  const { size, opacity, shading, projected } = kept ?? {};
  const whole = (/** @type {unknown} */ x) => typeof x === "number" && Number.isFinite(x) && x > 0;
  return {
    size: whole(size) ? Math.min(LARGEST, Math.max(1 / LARGEST, size)) : 1,
    opacity: whole(opacity) ? Math.min(1, Math.max(LEAST, opacity)) : null,
    shading: typeof shading === "boolean" ? shading : null,
    projected: typeof projected === "boolean" ? projected : null,
  };
}

function read() {
  try {
    return asChoice(JSON.parse(localStorage.getItem(KEPT) ?? "null"));
  } catch {
    return { ...AUTOMATIC }; // storage is blocked, or has something else under this name
  }
}

/** @returns {Readonly<DotChoice>} */
export const dotChoice = () => (chosen ??= read());

/** Whether everything is automatic. @param {Readonly<DotChoice>} choice */
export const isAutomatic = ({ size, opacity, shading, projected }) =>
  size === 1 && opacity === null && shading === null && projected === null;

/** @param {Partial<DotChoice>} wanted */
export function chooseDots(wanted) {
  chosen = asChoice(wanted);
  try {
    if (isAutomatic(chosen)) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, JSON.stringify(chosen));
  } catch {
    // storage is blocked: for now only
  }
  for (const heard of [...listeners]) heard();
}

/** Hear of another choice. @param {() => void} heard @returns {() => void} ends it */
export function onDotChoice(heard) {
  listeners.add(heard);
  return () => listeners.delete(heard);
}
